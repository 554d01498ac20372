"""A clinic in memory to which anything happens: the real flows, with a clock that is an argument,
hosts whose clocks differ, and processes that die between two writes.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ops.simulation.table import Memory
from tests.aws.said import APPOINTMENT, CHEST_PAIN, HOURS, MIXED, REFILL, UNCLEAR, WORSE
from tests.builders import (
    KEYS,
    MONDAY_MORNING,
    a_policy,
    a_requester,
    a_stamp,
    an_arrival,
    minutes,
)
from tests.deeds import ACTS, CLINICS, WHO, Act, any_member
from tests.strategies import PEOPLE
from triagewire.access import Principal
from triagewire.errors import TriagewireError
from triagewire.escalation.bundle import Bundle
from triagewire.flow import presence
from triagewire.flow.context import Context
from triagewire.flow.escalate import act
from triagewire.flow.presence import Statement
from triagewire.flow.receive import receive
from triagewire.flow.reclocking import reclock
from triagewire.flow.triage import triage
from triagewire.ladder import Way
from triagewire.ledger.event import Event
from triagewire.policy.model import PublishedPolicy
from triagewire.store.ledger import read_events
from triagewire.store.policies import publish
from triagewire.store.sealed import read_sealed
from triagewire.store.table import Tables
from triagewire.store.tickets import TICKET, ticket_pk
from triagewire.ticket import Ticket

TEXTS = (REFILL, CHEST_PAIN, WORSE, APPOINTMENT, HOURS, UNCLEAR, MIXED)
STRETCHES = (1, 4, 9, 31, 62, 130, 700, 4000)
"""Minutes; the last ones are a night and a weekend."""
SKEWS = (0, 0, 0, 0, -1, -4, 2)
"""By how many minutes the clock of the host that acts differs."""


class Died(BaseException):
    """The process was killed: nothing of it catches this."""


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that happens. The numbers choose among what is there, so that any of them can.

    Before its write number `at` (from 0) its process dies, or `meanwhile` happens elsewhere.
    """

    what: str
    one: int = 0
    other: int = 0
    skew: int = 0
    at: int | None = None
    meanwhile: "Deed | None" = None


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
        self.memory.before = self._interrupted(deed)
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

    def on_ticket(self, deed: Deed, act: Act) -> None:
        """Let somebody do something with a ticket that is not over yet."""
        tickets = [each for each in self.tickets() if each.timer]
        if tickets:
            ticket = tickets[deed.one % len(tickets)]
            who = any_member(ticket, deed.other)
            context = self.context(deed.skew, f"staff:{who}")
            act(context, Principal(id=who, policy=self.policy.policy), ticket, deed.other // 2)

    # What can be seen of it

    @property
    def tables(self) -> Tables:
        """Where all of it is kept."""
        client: Any = self.memory
        return Tables(client=client, tickets="tickets", ledger="ledger", keys=KEYS)

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
        stored = [item for (_, sk), item in items if sk == TICKET]
        found = [read_sealed(self.tables, item, "document", Ticket) for item in stored]
        return sorted(found, key=lambda ticket: (ticket.received_at, ticket.id))

    def ledger(self, ticket_id: str) -> list[Event]:
        """What is recorded of a ticket."""
        return list(read_events(self.tables, ticket_pk(ticket_id)))

    def _interrupted(self, deed: Deed) -> Callable[[], None]:
        """What comes before each write of a deed."""
        left = [-1 if deed.at is None else deed.at]

        def before() -> None:
            left[0] -= 1
            if left[0] != -1 or deed.at is None:
                return
            if deed.meanwhile is None:
                raise Died
            with suppress(TriagewireError):
                DEEDS[deed.meanwhile.what](self, deed.meanwhile)

        return before

    def _publish(self, bundle: Bundle, _way: Way) -> None:
        self.memory.before()
        self.notices += [notice.id for notice in bundle.notices]


def _living() -> None:
    """A process that goes on."""


def _by_staff(act: Act) -> Callable[[Days, Deed], None]:
    return lambda days, deed: days.on_ticket(deed, act)


DEEDS: Mapping[str, Callable[[Days, Deed], None]] = {
    "write": Days.write,
    "pass": Days.pass_time,
    "policy": Days.republish,
    "presence": Days.somebody_says,
    **{what: _by_staff(act) for what, act in ACTS.items()},
}
"""Everything that can happen."""
