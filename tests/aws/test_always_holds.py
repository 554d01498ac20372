"""What holds at every moment of any day, whatever happens in whatever order.

The promises are those of ARCHITECTURE.md, "What always holds".
"""

import json
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.aws.clinic import running
from tests.aws.leaving import all_calls, all_items
from tests.aws.said import (
    APPOINTMENT,
    CHEST_PAIN,
    HOURS,
    MIXED,
    REFILL,
    UNCLEAR,
    WORSE,
)
from tests.aws.senders import by_portal
from tests.aws.wire import Died, Fault
from tests.builders import AT_NIGHT, MONDAY_MORNING, a_policy, a_requester, minutes
from tests.deeds import ACTS, CLINICS, REGRADES, WHO, any_member
from tests.holds import (
    it_is_no_less_urgent,
    its_ledger_tells_where_it_is,
    loads_are_what_is_held,
    nothing_was_told_twice,
    what_is_late_was_told,
)
from tests.strategies import PEOPLE
from triagewire import aws
from triagewire.arrival import Requester
from triagewire.errors import NotFoundError, TriagewireError
from triagewire.flow.looking import visible_ticket
from triagewire.flow.policies import current_policy
from triagewire.flow.presence import Statement, say
from triagewire.ledger.event import Action
from triagewire.policy.model import Policy
from triagewire.policy.roster import Member, Role
from triagewire.store.loads import read_loads
from triagewire.store.tickets import ticket_pk
from triagewire.ticket import Status, Ticket
from triagewire.verdict import Urgency

THREADS = ["", "T-1", "T-2"]
"""None, and two in which everybody writes, as families do."""
TEXTS = [CHEST_PAIN, REFILL, WORSE, APPOINTMENT, HOURS, UNCLEAR, MIXED]
FAULTS = [Fault.REFUSED, Fault.LOST, Fault.DIES_BEFORE, Fault.DIES_AFTER, Fault.CONFLICT]
REGRADED = {Action.REASSIGNED, Action.RESCORED, Action.UNMERGED, Action.PARTED}
ELSEWHERE = "wes"
ROLES = (Role.LEAD, Role.ADMINISTRATOR)
IN_THE_WEST = {ELSEWHERE: Member(name="Wes Tran", teams=("clinical",), roles=ROLES)}
"""Somebody who may see everything of the other site, and nothing here."""


def _with_the_west(policy: Policy) -> Policy:
    west = replace(policy.sites["west"], members=IN_THE_WEST)
    return replace(policy, sites={**policy.sites, "west": west})


POLICIES = [_with_the_west(a_policy(clinic)) for clinic in CLINICS]
SILENT = {Action.REPLY_QUEUED, Action.ANSWERED, Action.REPLY_SENT}

PATIENTS = [part for number, name, born in PEOPLE.values() for part in (number, name, f"{born}")]
"""What may stand in tickets and messages alone, beside the texts."""

misfortunes = st.none() | st.tuples(st.sampled_from(FAULTS), st.integers(0, 12))
type Misfortune = tuple[Fault, int] | None


@dataclass(frozen=True)
class Sent:
    """An event that its sender knows to be stored."""

    event_id: str
    text: str
    who: str
    at: datetime
    thread: str
    body: str

    @property
    def ticket_id(self) -> str:
        """What its sender was told."""
        return str(json.loads(self.body)["ticket_id"])


class ClinicDay(RuleBasedStateMachine):
    """A clinic to which anything happens in any order."""

    def __init__(self) -> None:
        super().__init__()
        self._open = ExitStack()
        self.clinic = self._open.enter_context(running())
        self.sent: list[Sent] = []
        self.seen: list[dict[str, object]] = []
        self.before: dict[str, Ticket] = {}

    def teardown(self) -> None:
        self._recover()
        self._open.close()

    @initialize(night=st.booleans())
    def opens(self, night: bool) -> None:
        self.clinic.now = AT_NIGHT if night else MONDAY_MORNING
        self.clinic.publish(POLICIES[0])

    @rule(
        text=st.sampled_from(TEXTS),
        who=st.sampled_from(sorted(PEOPLE)),
        thread=st.sampled_from(THREADS),
        trouble=misfortunes,
    )
    def somebody_writes(self, text: str, who: str, thread: str, trouble: Misfortune) -> None:
        event_id, at = f"evt-{len(self.sent)}", self.clinic.now
        event = by_portal(text, at, event_id, who=_person(who), thread_id=thread)
        self._under(trouble, lambda: self.clinic.post(event))
        # The sender repeats until it has a 2xx.
        answer = self.clinic.post(event)
        assert answer["statusCode"] == 202
        self.sent.append(Sent(event_id, text, who, at, thread, answer["body"]))

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def a_sender_repeats_an_event(self, data: st.DataObject) -> None:
        sent = data.draw(st.sampled_from(self.sent))
        who, thread = _person(sent.who), sent.thread
        event = by_portal(sent.text, self.clinic.now, sent.event_id, who=who, thread_id=thread)
        before = len(self.clinic.tickets())

        answer = self.clinic.post(event)

        assert (answer["statusCode"], answer["body"]) == (202, sent.body)
        assert len(self.clinic.tickets()) == before

    @rule(trouble=misfortunes)
    def the_stream_hands_over_a_batch(self, trouble: Misfortune) -> None:
        records = self.clinic.records()
        self.seen += records
        self._under(trouble, lambda: self.clinic.hand_over(records))

    @precondition(lambda self: self.seen)
    @rule(data=st.data())
    def the_stream_hands_over_an_old_record(self, data: st.DataObject) -> None:
        assert self.clinic.hand_over([data.draw(st.sampled_from(self.seen))]) == []

    @rule(later=st.integers(1, 90), trouble=misfortunes)
    def time_passes_until_the_next_sweep(self, later: int, trouble: Misfortune) -> None:
        self.clinic.now += minutes(later)
        self._under(trouble, self.clinic.sweep)

    @rule(
        what=st.sampled_from(sorted(ACTS)),
        which=st.integers(0, 23),
        chance=st.integers(0, 47),
        trouble=misfortunes,
    )
    def a_member_acts(self, what: str, which: int, chance: int, trouble: Misfortune) -> None:
        unfinished = [ticket for ticket in self.clinic.tickets() if ticket.timer]
        if unfinished:
            ticket = unfinished[which % len(unfinished)]
            context, member = self.clinic._desk(any_member(ticket, chance))
            deed = partial(ACTS[what], context, member, ticket, chance // 2)
            self._under(trouble, deed)
            if what in REGRADES:
                self.before.clear()

    @rule(who=st.sampled_from(WHO), away=st.booleans(), trouble=misfortunes)
    def somebody_goes_or_comes(self, who: str, away: bool, trouble: Misfortune) -> None:
        context, member = self.clinic._desk(who)
        statement = Statement(member=who, away=away)
        self._under(trouble, lambda: say(context, member, "north", statement))

    @rule(policy=st.sampled_from(POLICIES), trouble=misfortunes)
    def another_policy_is_published(self, policy: Policy, trouble: Misfortune) -> None:
        self._under(trouble, lambda: self.clinic.publish(policy))
        current_policy.cache_clear()

    @invariant()
    def every_open_ticket_has_a_timer_and_every_ledger_is_whole(self) -> None:
        self.clinic.check()

    @invariant()
    def every_line_holds(self) -> None:
        tickets = {ticket.id: ticket for ticket in self.clinic.tickets()}
        ledgers = self.clinic.ledgers()
        answered = [sent.ticket_id for sent in self.sent]
        assert set(answered) <= set(tickets)
        assert len(set(answered)) == len(answered)
        for ticket in tickets.values():
            events = ledgers[ticket_pk(ticket.id)]
            received = [event.action for event in events].count(Action.RECEIVED)
            assert received == (ticket.id in answered)
            it_is_no_less_urgent(ticket, self.before.get(ticket.id, ticket))
            its_ledger_tells_where_it_is(ticket, events)
            nothing_was_told_twice(events)
            _it_is_one_persons(ticket, tickets)
            _no_robot_spoke_beside_urgency(ticket, [event.action for event in events])
        loads_are_what_is_held(tickets.values(), read_loads(aws.tables(), "north"))
        self.before = tickets

    @invariant()
    def no_word_and_no_identity_is_outside_of_tickets_and_messages(self) -> None:
        left = "\n".join(said for _, said in (*all_calls(self.clinic), *all_items(self.clinic)))
        assert [each for each in (*PATIENTS, *TEXTS) if each in left] == []

    def nobody_sees_what_is_another_sites(self) -> None:
        """Not even who may see all of theirs."""
        context, stranger = self.clinic._desk(ELSEWHERE)
        for ticket in self.clinic.tickets():
            with pytest.raises(NotFoundError):
                visible_ticket(context, stranger, ticket.id)

    def _recover(self) -> None:
        """The troubles end: soon all is scored, and every urgent ticket was heard or paged."""
        self.clinic.settle()
        for _ in range(2):
            self.clinic.sweep(self.clinic.now + minutes(6))
        self.clinic.settle()
        self.clinic.check()
        for ticket in self.clinic.tickets():
            assert ticket.status is not Status.NEW
            if ticket.must_page and ticket.escalation.acknowledged_at is None:
                assert ticket.escalation.paged_at is not None
                assert self.clinic.now - ticket.escalation.paged_at <= minutes(6)
            what_is_late_was_told(ticket, self.clinic.now)
        self.nobody_sees_what_is_another_sites()
        self.clinic.check()

    def _under(self, trouble: Misfortune, deed: object) -> None:
        """Do something while one call to AWS goes wrong; whoever died is replaced by a new one."""
        fault, nth = trouble or (Fault.REFUSED, -1)
        with (
            self.clinic.wire.faulty(fault, nth),
            suppress(Died, ClientError, ReadTimeoutError, TriagewireError),
        ):
            deed()  # type: ignore[operator]


def _it_is_one_persons(ticket: Ticket, tickets: Mapping[str, Ticket]) -> None:
    merged = [tickets[each] for each in ticket.merged_from]
    assert len({each.requester.patient_id for each in (ticket, *merged)}) == 1


def _no_robot_spoke_beside_urgency(ticket: Ticket, actions: list[Action]) -> None:
    """A milder message that was answered may have come before the worse one that was merged, and
    before a person said that it is worse.
    """
    judged = REGRADED & set(actions)
    urgent = ticket.verdict is not None and ticket.verdict.score is Urgency.CLINICAL_URGENT
    if (urgent or ticket.in_review) and not ticket.merged_from and not judged:
        assert not SILENT & set(actions)


def _person(who: str) -> Requester:
    patient_id, name, born = PEOPLE[who]
    return a_requester(patient_id=patient_id, name=name, date_of_birth=born)


ClinicDay.TestCase.settings = settings(max_examples=8, stateful_step_count=20)
TestClinicDay = ClinicDay.TestCase
