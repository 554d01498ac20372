"""A clinic in memory to which anything happens: the real flows over `tests.memory`, with a clock
that is an argument, hosts whose clocks differ, and processes that die between two writes.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from tests.aws.said import APPOINTMENT, CHEST_PAIN, HOURS, MIXED, REFILL, UNCLEAR, WORSE
from tests.builders import (
    MEMBERS,
    MONDAY_MORNING,
    TARGETS,
    a_policy,
    a_requester,
    a_site,
    a_stamp,
    an_arrival,
    minutes,
)
from tests.memory import Memory
from tests.strategies import PEOPLE
from triagewire.access import Principal
from triagewire.clock.calendar import Holiday
from triagewire.clock.promise import CalendarKind, PauseReason
from triagewire.errors import TriagewireError
from triagewire.escalation.notice import Notice, SourceNotice
from triagewire.flow import presence, staff, working
from triagewire.flow.context import Context
from triagewire.flow.escalate import act
from triagewire.flow.handing import Handoff, HandoffReason
from triagewire.flow.presence import Statement
from triagewire.flow.receive import receive
from triagewire.flow.reclocking import reclock
from triagewire.flow.returning import drain
from triagewire.flow.triage import triage
from triagewire.flow.unmerging import UnmergeReason, unmerge
from triagewire.ledger.event import Event
from triagewire.policy.model import Member, Presence, PublishedPolicy, Role, Site, Target
from triagewire.store.codec import read_blob
from triagewire.store.ledger import read_events
from triagewire.store.policies import publish
from triagewire.store.table import Tables
from triagewire.store.tickets import TICKET, ticket_pk
from triagewire.ticket import REVIEW, Ticket
from triagewire.verdict import Urgency

TEXTS = (REFILL, CHEST_PAIN, WORSE, APPOINTMENT, HOURS, UNCLEAR, MIXED)
TEAMS = ("clinical", "billing", "scheduling", "it", REVIEW)
WHO = ("nick", "nell", "bela", "sami", "rhea", "director")
STRETCHES = (1, 4, 9, 31, 62, 130, 700, 4000)
"""Minutes; the last ones are a night and a weekend."""
SKEWS = (0, 0, 0, 0, -1, -4, 2)
"""By how many minutes the clock of the host that acts differs."""
SETTLING = Target(minutes=600)
RESOLUTION = replace(
    TARGETS,
    clinical_urgent=Target(minutes=240, hours=CalendarKind.ALWAYS),
    clinical_standard=SETTLING,
    administrative_urgent=SETTLING,
    administrative_standard=SETTLING,
    self_serve=SETTLING,
    review=SETTLING,
)


class Died(BaseException):
    """The process was killed: nothing of it catches this."""


def a_clinic(**changes: Any) -> Site:  # noqa: ANN401
    """A site that promises to settle needs too, and where untaken work returns after an hour."""
    director = Member(name="Dr Vance", roles=(Role.ADMINISTRATOR,))
    usual: dict[str, Any] = {
        "members": {**MEMBERS, "director": director},
        "resolution": RESOLUTION,
        "presence": Presence(accept_minutes=60),
        "close_after_days": 3,
    }
    return a_site(**(usual | changes))


CLINICS = (
    a_clinic(),
    a_clinic(holidays=(Holiday(date=MONDAY_MORNING.date() + timedelta(days=1), name="Closed"),)),
    a_clinic(
        zone="America/Denver", members={**MEMBERS, "nell": replace(MEMBERS["nell"], away=True)}
    ),
)
"""What the policy may be changed to: hours, zone and people."""


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that happens. The numbers choose among what is there, so that any of them can."""

    what: str
    one: int = 0
    other: int = 0
    skew: int = 0
    dies_at: int | None = None


@dataclass(slots=True)
class Days:
    """The tickets of a clinic, and what happened to them."""

    memory: Memory = field(default_factory=Memory)
    now: datetime = MONDAY_MORNING
    policy: PublishedPolicy = field(init=False)
    notices: list[str] = field(default_factory=list)
    arrived: int = 0

    def __post_init__(self) -> None:
        self.republish(Deed("policy"))

    # What happens

    def happens(self, deed: Deed) -> None:
        """Let it happen: refused, done, or half done because its process died."""
        self.memory.before = _dying(deed.dies_at)
        try:
            with suppress(TriagewireError, Died):
                DEEDS[deed.what](self, deed)
        finally:
            self.memory.before = _living

    def sweep(self, skew: int = 0) -> int:
        """Serve every due ticket once; returns how many were due."""
        context = self.context(skew)
        due = [each.id for each in self.tickets() if each.timer and each.timer.at <= context.now]
        for ticket_id in due:
            act(context, ticket_id)
        reclock(context)
        return len(due)

    def write(self, deed: Deed) -> None:
        """Somebody writes; score_route sees it at once, or dies and leaves it to the sweep."""
        who = sorted(PEOPLE)[deed.other % len(PEOPLE)]
        patient_id, name, born = PEOPLE[who]
        self.arrived += 1
        arrival = an_arrival(
            event_id=f"evt-{self.arrived}",
            text=TEXTS[deed.one % len(TEXTS)],
            requester=a_requester(patient_id=patient_id, name=name, date_of_birth=born),
            thread=f"T-{who}" if deed.other % 2 else None,
        )
        context = self.context(deed.skew)
        stored = receive(self.tables, arrival, a_stamp(context.now))
        triage(context, stored)

    def pass_time(self, deed: Deed) -> None:
        """Minutes or days go by, and the sweep comes."""
        self.now += minutes(STRETCHES[deed.one % len(STRETCHES)])
        self.sweep(deed.skew)

    def republish(self, deed: Deed) -> None:
        """Another policy is in force from now on."""
        policy = a_policy(CLINICS[deed.one % len(CLINICS)])
        version = publish(self.tables, policy, a_stamp(self.now))
        self.policy = PublishedPolicy(version=version, policy=policy, published_at=self.now)

    def somebody_says(self, deed: Deed) -> None:
        """A member says that they are away, or back."""
        who = WHO[deed.other % len(WHO)]
        context = self.context(deed.skew, f"staff:{who}")
        principal = Principal(id=who, policy=self.policy.policy)
        presence.say(context, principal, "north", Statement(member=who, away=deed.one % 3 > 0))

    def on_ticket(self, deed: Deed, do: Callable[[Context, Principal, Ticket], object]) -> None:
        """Let its owner, or anybody, do something with a ticket that is not over yet."""
        tickets = [each for each in self.tickets() if each.timer]
        if tickets:
            ticket = tickets[deed.one % len(tickets)]
            who = WHO[deed.other % len(WHO)] if deed.other % 2 else ticket.assignee or "director"
            context = self.context(deed.skew, f"staff:{who}")
            do(context, Principal(id=who, policy=self.policy.policy), ticket)

    # What can be seen of it

    @property
    def tables(self) -> Tables:
        """Where all of it is kept."""
        client: Any = self.memory
        return Tables(client=client, tickets="tickets", ledger="ledger")

    def context(self, skew: int = 0, actor: str = "system:escalate") -> Context:
        """The surroundings of a process on a host whose clock differs by so many minutes."""
        return Context(
            tables=self.tables,
            policy=self.policy,
            now=self.now + minutes(skew),
            actor=actor,
            identity_key=b"k" * 64,
            publish=self._publish,
        )

    def tickets(self) -> list[Ticket]:
        """All tickets, in the order in which they came."""
        items = self.memory.tables.get("tickets", {}).items()
        found = [read_blob(item, "document", Ticket) for (_, sk), item in items if sk == TICKET]
        return sorted(found, key=lambda ticket: (ticket.received_at, ticket.id))

    def ledger(self, ticket_id: str) -> list[Event]:
        """What is recorded of a ticket."""
        return list(read_events(self.tables, ticket_pk(ticket_id)))

    def _publish(self, notice: Notice | SourceNotice) -> None:
        self.memory.before()
        self.notices.append(notice.id)


def _living() -> None:
    """A process that goes on."""


def _dying(at: int | None) -> Callable[[], None]:
    """A process that dies before its write number `at`."""
    left = [at if at is not None else -1]

    def before() -> None:
        if left[0] == 0:
            raise Died
        left[0] -= 1

    return before


def _move(days: Days, deed: Deed) -> None:
    def do(context: Context, principal: Principal, ticket: Ticket) -> None:
        reasons = list(HandoffReason)
        team = TEAMS[deed.one % len(TEAMS)]
        leaves = ticket.in_review and team != REVIEW
        score = Urgency(1 + deed.other % 5) if leaves or deed.one % 3 == 0 else None
        handoff = Handoff(
            reason=reasons[deed.other % len(reasons)],
            team=team,
            member=WHO[deed.other % len(WHO)] if deed.one % 4 == 1 else None,
            score=None if team == REVIEW else score,
        )
        staff.reassign(context, principal, ticket.id, handoff)

    days.on_ticket(replace(deed, one=deed.one // 2), do)


def _decide(context: Context, principal: Principal, ticket: Ticket) -> None:
    score = Urgency(ticket.received_at.minute % 5 + 1)
    handoff = Handoff(reason=HandoffReason.REVIEWED, team="clinical", score=score)
    staff.decide(context, principal, ticket.id, handoff)


def _unmerge(context: Context, principal: Principal, ticket: Ticket) -> None:
    if ticket.merged_from:
        merged = ticket.merged_from[ticket.version % len(ticket.merged_from)]
        unmerge(context, principal, ticket.id, merged, UnmergeReason.OTHER_NEED)


def _resolve(context: Context, principal: Principal, ticket: Ticket) -> None:
    staff.resolve(context, principal, ticket.id, staff.Outcome.DONE)
    drain(context, ticket.site, ticket.team or REVIEW)


def _wait(context: Context, principal: Principal, ticket: Ticket) -> None:
    until = context.now + minutes(90 if ticket.version % 2 else 5000)
    working.wait(context, principal, ticket.id, PauseReason.REQUESTER, until)


def _by_staff(do: Callable[[Context, Principal, Ticket], object]) -> Callable[[Days, Deed], None]:
    return lambda days, deed: days.on_ticket(deed, do)


DEEDS: Mapping[str, Callable[[Days, Deed], None]] = {
    "write": Days.write,
    "pass": Days.pass_time,
    "policy": Days.republish,
    "presence": Days.somebody_says,
    "move": _move,
    "decide": _by_staff(_decide),
    "wait": _by_staff(_wait),
    "claim": _by_staff(lambda c, p, t: working.claim(c, p, t.id)),
    "accept": _by_staff(lambda c, p, t: working.accept(c, p, t.id)),
    "respond": _by_staff(lambda c, p, t: working.respond(c, p, t.id, working.Answer.CALLED)),
    "resume": _by_staff(lambda c, p, t: working.resume(c, p, t.id)),
    "acknowledge": _by_staff(lambda c, p, t: staff.acknowledge(c, p, t.id)),
    "unmerge": _by_staff(_unmerge),
    "resolve": _by_staff(_resolve),
    "reopen": _by_staff(lambda c, p, t: staff.reopen(c, p, t.id, staff.ReopenReason.NOT_FINISHED)),
}
"""Everything that can happen."""
