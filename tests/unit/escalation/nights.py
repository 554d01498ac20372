"""A clinic in memory in which every call to the tables and every publish can go wrong: what comes
in, is routed, paged, acknowledged and told at the opening, by the real flows.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from botocore.exceptions import ClientError, ReadTimeoutError

from ops.simulation.table import Memory
from tests.builders import (
    AT_NIGHT,
    KEYS,
    a_policy,
    a_requester,
    a_site,
    a_stamp,
    an_arrival,
    minutes,
)
from tests.deeds import ACTS
from triagewire.access import Principal
from triagewire.arrival import Requester
from triagewire.errors import TriagewireError
from triagewire.escalation.bundle import Bundle
from triagewire.flow.context import Context
from triagewire.flow.escalate import act
from triagewire.flow.receive import receive
from triagewire.flow.survivor import last_of_chain
from triagewire.flow.sweeping import sweep
from triagewire.flow.triage import triage
from triagewire.ladder import Way
from triagewire.ledger.event import Event
from triagewire.policy.model import PublishedPolicy
from triagewire.store.ledger import read_events
from triagewire.store.outbox import BOX, NOTICE, due_boxes
from triagewire.store.sealed import read_sealed
from triagewire.store.table import Tables
from triagewire.store.tickets import TICKET
from triagewire.ticket import Ticket

WRITES = frozenset({"put_item", "update_item", "transact_write_items", "publish"})
READS = frozenset({"get_item", "batch_get_item", "query"})
TROUBLES = (TriagewireError, ClientError, ReadTimeoutError)


class Died(BaseException):
    """The process was killed: nothing of it catches this."""


class Fault(StrEnum):
    """What befalls a call. `lost` was done, but its answer never came."""

    REFUSED = "refused"
    THROTTLED = "throttled"
    LOST = "lost"
    DIES_BEFORE = "dies before"
    DIES_AFTER = "dies after"


@dataclass(slots=True)
class Wire:
    """The tables behind a wire that fails on demand, with the topics at its end."""

    memory: Memory = field(default_factory=Memory)
    calls: list[str] = field(default_factory=list)
    messages: list[list[tuple[str, str]]] = field(default_factory=list)
    fault: Callable[[int, str], Fault | None] = field(default=lambda _number, _call: None)
    struck: int = 0

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        """One operation of the client."""
        direct = getattr(self.memory, operation)
        return lambda **arguments: self.carry(operation, lambda: direct(**arguments))

    def publish(self, bundle: Bundle, way: Way) -> None:
        """Tell a topic."""
        names = [(notice.id, way.value) for notice in bundle.notices]
        self.carry("publish", lambda: self.messages.append(names))

    @property
    def sent(self) -> list[tuple[str, str]]:
        """The ids of all notices that got through, and by which way."""
        return [each for message in self.messages for each in message]

    def carry(self, operation: str, send: Callable[[], Any]) -> Any:  # noqa: ANN401
        """Pass a call on, or do to it what was asked for."""
        fault = self.fault(len(self.calls), operation)
        self.calls.append(operation)
        self.struck += fault is not None
        if fault is Fault.REFUSED:
            raise _error("InternalServerError", operation)
        if fault is Fault.THROTTLED:
            raise _error("ThrottlingException", operation)
        if fault is Fault.DIES_BEFORE:
            raise Died
        answer = send()
        if fault is Fault.DIES_AFTER:
            raise Died
        if fault is Fault.LOST:
            raise ReadTimeoutError(endpoint_url="https://aws.example")
        return answer


def _error(code: str, operation: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "injected"}}, operation)


@dataclass(slots=True)
class Night:
    """What comes in at a clinic, and what becomes of it."""

    wire: Wire = field(default_factory=Wire)
    now: datetime = AT_NIGHT
    policy: PublishedPolicy = field(
        default_factory=lambda: PublishedPolicy(version=1, policy=a_policy(a_site()))
    )
    streamed: list[str] = field(default_factory=list)
    unheard: list[tuple[str, str]] = field(default_factory=list)
    written: int = 0

    # What happens

    def write(self, text: str) -> None:
        """Somebody writes; who gets no 2xx sends it again and again."""
        self.written += 1
        self.unheard.append((f"evt-{self.written}", text))
        self.send()

    def send(self) -> None:
        """The senders that have no answer yet try once more."""
        for event, text in list(self.unheard):
            with under_way():
                arrival = an_arrival(event_id=event, text=text, requester=_who(event))
                self.streamed.append(receive(self.tables, arrival, a_stamp(self.now)))
                self.unheard.remove((event, text))

    def route(self, skew: float = 0) -> None:
        """The stream hands over what is new, and once more what score_route did not finish."""
        for ticket_id in list(self.streamed):
            with under_way():
                self.hand_over(ticket_id, skew)
                self.streamed.remove(ticket_id)

    def hand_over(self, ticket_id: str, skew: float = 0) -> None:
        """score_route gets one record, perhaps not for the first time."""
        context = self.context("system:score_route", skew)
        ticket = triage(context, ticket_id) or last_of_chain(context, ticket_id)
        if ticket is not None:
            act(context, ticket.id)

    def sweep(self, skew: float = 0) -> None:
        """escalate runs once."""
        with under_way():
            sweep(self.context("system:escalate", skew))

    def acts(self, what: str, ticket: Ticket, who: str) -> None:
        """A member of staff does something with a ticket."""
        with under_way():
            context = self.context(f"staff:{who}")
            ACTS[what](context, Principal(id=who, policy=self.policy.policy), ticket, 0)

    def heal(self) -> None:
        """The troubles end: senders, stream and schedule come again for as long as claims last."""
        self.wire.fault = lambda _number, _call: None
        for _ in range(8):
            self.now += minutes(1)
            self.send()
            self.route()
            self.sweep()

    # What can be seen of it

    @property
    def tables(self) -> Tables:
        """Where all of it is kept."""
        client: Any = self.wire
        return Tables(client=client, tickets="tickets", ledger="ledger", keys=KEYS)

    def context(self, actor: str, skew: float = 0) -> Context:
        """The surroundings of a process on a host whose clock differs by so many minutes."""
        return Context(
            tables=self.tables,
            policy=self.policy,
            now=self.now + minutes(skew),
            actor=actor,
            identity_key=b"k" * 64,
            publish=self.wire.publish,
        )

    def tickets(self) -> list[Ticket]:
        """All tickets, in the order in which they came."""
        items = self.wire.memory.tables["tickets"].items()
        stored = [item for (_, sk), item in items if sk == TICKET]
        found = [read_sealed(self.tables, item, "document", Ticket) for item in stored]
        return sorted(found, key=lambda ticket: (ticket.received_at, ticket.id))

    def subjects(self) -> set[str]:
        """All of which the ledger has events."""
        return {pk for pk, _ in self.wire.memory.tables.get("ledger", {})}

    def ledger(self, subject: str) -> list[Event]:
        """What is recorded of a subject, from the first event on."""
        return list(read_events(self.tables, subject))

    def waiting(self) -> set[str]:
        """The ids of the notices that lie in the outbox, due or not."""
        places = self.wire.memory.tables["tickets"]
        return {sk.removeprefix(NOTICE) for _, sk in places if sk.startswith(NOTICE)}

    def left_to_tell(self) -> list[str]:
        """Who is still to be told of something that is due."""
        return [box.person for box, _ in due_boxes(self.tables, self.now)]

    def forgotten(self) -> list[str]:
        """The boxes in which something lies, and at which nobody will look."""
        places = self.wire.memory.tables["tickets"]
        full = {pk for pk, sk in places if sk.startswith(NOTICE)}
        return [pk for pk in full if "timer_due" not in places.get((pk, BOX), {})]


@contextmanager
def under_way() -> Iterator[None]:
    """A process that may fail, or be killed, and is replaced."""
    with suppress(Died, *TROUBLES):
        yield


def _who(event: str) -> Requester:
    return a_requester(patient_id=f"MRN-{event}", email=None, phone=None, name=f"Patient {event}")
