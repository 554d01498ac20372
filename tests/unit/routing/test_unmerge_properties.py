"""Whatever was merged comes apart in any order, and what people did meanwhile stays."""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any, cast

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import (
    MONDAY_MORNING,
    a_published_policy,
    a_requester,
    a_site,
    a_ticket,
    a_verdict,
    for_review,
)
from tests.strategies import channels
from triagewire.clock.promise import PauseReason
from triagewire.clock.segments import answered, asleep, awake, settled
from triagewire.flow.context import Context
from triagewire.flow.placing import regraded, standing
from triagewire.flow.taking import Pair, take_in, take_in_by_hand, take_up
from triagewire.flow.unmerging import ways_of
from triagewire.policy.targets import Target, Targets
from triagewire.routing.merge import WHY, record, sealed, stood
from triagewire.routing.unmerge import alone, part
from triagewire.ticket import Status, Ticket
from triagewire.verdict import Urgency, Verdict

SETTLING = Targets(
    **{each.name: Target(minutes=600) for each in fields(Targets)}  # the same for every urgency
)
SITE = a_site(resolution=SETTLING)
POLICY = a_published_policy(site=SITE)
SHORT = a_requester(name=None, date_of_birth=None, patient_id=None)


def context_at(now: datetime) -> Context:
    """The surroundings of a decision that reads and writes nothing."""
    return Context(tables=cast("Any", None), policy=POLICY, now=now, actor="system")


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A message that is merged: what it is, how late it was read, and whether a person merged it,
    who found it in a queue.
    """

    verdict: Verdict
    channel: Any
    late: timedelta
    recorded: bool
    stated: bool
    by_hand: bool


type Act = Callable[[Ticket, datetime], Ticket]


def _answer(ticket: Ticket, now: datetime) -> Ticket:
    return answered(ticket, now) if ticket.is_open else ticket


def _wait(ticket: Ticket, now: datetime) -> Ticket:
    if not ticket.at_work or ticket.must_page or ticket.in_review:
        return ticket
    return asleep(ticket, PauseReason.PAYER, now + timedelta(days=1), now)


def _wake(ticket: Ticket, now: datetime) -> Ticket:
    return awake(ticket, SITE.calendar, now)


def _regrade(ticket: Ticket, now: datetime) -> Ticket:
    if not ticket.at_work:
        return ticket
    return regraded(ticket, Urgency.ADMINISTRATIVE_STANDARD, "scheduling", SITE, context_at(now))


def _resolve(ticket: Ticket, now: datetime) -> Ticket:
    if not ticket.is_open or ticket.in_review:
        return ticket
    return replace(settled(ticket, now), status=Status.RESOLVED, resolved_at=now)


verdicts = st.one_of(st.integers(2, 5).map(a_verdict), st.just(for_review(candidate=5, score=2)))
newcomers = st.builds(
    Newcomer,
    verdict=verdicts,
    channel=channels,
    late=st.integers(0, 90).map(lambda past: timedelta(minutes=past)),
    recorded=st.booleans(),
    stated=st.booleans(),
    by_hand=st.booleans(),
)
acts: st.SearchStrategy[Act] = st.sampled_from([_answer, _wait, _wake, _regrade, _resolve])
gaps = st.integers(1, 200).map(lambda past: timedelta(minutes=past))
series = st.lists(st.tuples(gaps, newcomers), min_size=1, max_size=5)
days = st.lists(st.tuples(gaps, newcomers | acts), min_size=1, max_size=8)


class History:
    """A ticket, what was merged into it, and the time."""

    def __init__(self, verdict: Verdict) -> None:
        self.now = MONDAY_MORNING
        bare = a_ticket(verdict, id="FIRST", requester=SHORT, clock=None, resolution=None)
        self.ticket, _ = standing(bare, verdict, SITE, context_at(self.now))
        self.merged: dict[str, Ticket] = {}

    def take(self, newcomer: Newcomer, name: str) -> Ticket:
        """Merge a newcomer as the flow does; returns it as it came."""
        came = a_ticket(
            newcomer.verdict,
            at=self.now - newcomer.late,
            id=name,
            channels=(newcomer.channel,),
            requester=a_requester() if newcomer.stated else SHORT,
            routed_at=self.now,
            clock=None,
            timer=None,
        )
        before, context = self.ticket, context_at(self.now)
        pair = Pair(before=came, newcomer=came, survivor=before)
        if newcomer.by_hand and before.is_open and not before.in_review and not came.in_review:
            assert came.verdict is not None
            came, _ = standing(came, came.verdict, SITE, context)
            merged = take_in_by_hand(context, replace(pair, before=came, newcomer=came)).merged
        elif newcomer.recorded or before.status is Status.CLOSED:
            merged = record(before, came, WHY)
        elif before.status is Status.RESOLVED:
            merged = take_up(context, pair)
        else:
            merged = take_in(context, pair).merged
        self.ticket = merged.survivor
        self.merged[name] = sealed(merged, before, self.now)
        return came

    def part(self, name: str) -> Ticket:
        """Take one out again; returns it as a ticket of its own."""
        context, listed = context_at(self.now), [self.merged[each] for each in self.left]
        parted = part(self.ticket, listed, {name}, ways_of(context, SITE), self.now)
        self.ticket = parted.survivor
        self.merged |= {each.id: each for each in parted.restated}
        own = alone(self.merged[name], (self.ticket.id,))
        joined = self.merged[name].joined
        assert own.verdict is not None
        assert joined is not None
        return own if joined.by_hand else standing(own, own.verdict, SITE, context)[0]

    @property
    def left(self) -> tuple[str, ...]:
        """What is still merged into it, in order."""
        return self.ticket.merged_from


def played(first: Verdict, events: list[tuple[timedelta, Newcomer | Act]]) -> History:
    history = History(first)
    for number, (gap, event) in enumerate(events):
        history.now += gap
        if isinstance(event, Newcomer):
            history.take(event, f"N{number}")
        else:
            history.ticket = event(history.ticket, history.now)
    return history


def owed(ticket: Ticket) -> tuple[object, ...]:
    """How it stands; of a promise that is over, when it ended: nobody waits for it any more."""
    clocks = (ticket.clock, ticket.resolution)
    bare = stood(replace(ticket, clock=None, resolution=None))
    return bare, *(clock and (clock.stopped_at or clock) for clock in clocks)


@given(verdicts, series, st.data())
@settings(max_examples=100, deadline=None)
def test_merged_and_taken_apart_in_any_order_is_as_if_nothing_had_happened(
    first: Verdict, events: list[tuple[timedelta, Newcomer | Act]], data: st.DataObject
) -> None:
    history = played(first, events)

    for name in data.draw(st.permutations(history.left)):
        history.part(name)

    assert stood(history.ticket) == stood(History(first).ticket)


@given(verdicts, series, st.data())
@settings(max_examples=100, deadline=None)
def test_one_that_is_taken_out_might_as_well_never_have_been_merged(
    first: Verdict, events: list[tuple[timedelta, Newcomer | Act]], data: st.DataObject
) -> None:
    gone = data.draw(st.integers(0, len(events) - 1))
    history, never = played(first, events), History(first)
    for number, (gap, event) in enumerate(events):
        never.now += gap
        if number != gone and isinstance(event, Newcomer):
            never.take(event, f"N{number}")

    history.part(f"N{gone}")

    assert stood(history.ticket) == stood(never.ticket)
    assert {each: history.merged[each].joined for each in history.left} == {
        each: never.merged[each].joined for each in never.left
    }


@given(verdicts, newcomers, gaps)
@settings(max_examples=50, deadline=None)
def test_a_parted_ticket_has_its_own_urgency_and_the_promises_of_its_own_receipt(
    first: Verdict, newcomer: Newcomer, gap: timedelta
) -> None:
    history = played(first, [(gap, newcomer)])

    own = history.part("N0")

    fresh = a_ticket(newcomer.verdict, at=history.now - newcomer.late, clock=None)
    never, _ = standing(fresh, newcomer.verdict, SITE, context_at(history.now))
    assert (own.verdict, own.team, own.urgency) == (newcomer.verdict, never.team, never.urgency)
    assert (own.clock, own.resolution) == (never.clock, never.resolution)
    assert (own.status, own.channels) == (Status.ROUTED, (newcomer.channel,))


@given(verdicts, days, st.data())
@settings(max_examples=150, deadline=None)
def test_whatever_people_did_the_order_of_taking_apart_does_not_matter(
    first: Verdict, events: list[tuple[timedelta, Newcomer | Act]], data: st.DataObject
) -> None:
    one, other = played(first, events), played(first, events)

    for name in data.draw(st.permutations(one.left)):
        one.part(name)
    for name in reversed(other.left):
        other.part(name)

    assert owed(one.ticket) == owed(other.ticket)


@given(verdicts, days, st.data())
@settings(max_examples=150, deadline=None)
def test_what_people_did_stays_and_nothing_at_work_stands_still(
    first: Verdict, events: list[tuple[timedelta, Newcomer | Act]], data: st.DataObject
) -> None:
    history = played(first, events)
    before = history.ticket

    for name in data.draw(st.permutations(history.left)):
        history.part(name)

    after = history.ticket
    assert (after.status, after.responded_at) == (before.status, before.responded_at)
    assert after.received_at == MONDAY_MORNING
    for clock in (after.clock, after.resolution):
        assert clock is not None
        assert not after.at_work or clock.running or clock.stopped_at
        assert clock.remind_at <= clock.due_at
    if before.at_work:
        assert after.resolution is not None
        assert after.resolution.stopped_at is None
