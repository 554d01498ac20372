"""People, an outbox in memory, and the topics at its end: what is told, by the real delivery."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from ops.simulation.table import Memory
from tests.builders import (
    AT_NIGHT,
    KEYS,
    MEMBERS,
    a_policy,
    a_published_policy,
    a_site,
    a_stamp,
    a_ticket,
    a_verdict,
    an_entry,
)
from triagewire.escalation.bundle import Bundle
from triagewire.escalation.notice import AnyNotice, Notice, NoticeKind
from triagewire.flow.context import Context
from triagewire.flow.delivering import deliver_all
from triagewire.ladder import Way
from triagewire.ledger.chain import first_fault
from triagewire.ledger.event import Action, Event
from triagewire.policy.model import Policy, PublishedPolicy
from triagewire.store.ledger import read_events
from triagewire.store.outbox import Box, due_boxes, enqueue, read_box
from triagewire.store.table import Tables, commit
from triagewire.store.tickets import Change, changed, load_ticket
from triagewire.store.told import read_told, told_subject
from triagewire.ticket import Ticket
from triagewire.verdict import Urgency


class Died(BaseException):
    """The process was killed: nothing of it catches this."""


@dataclass(slots=True)
class Post:
    """An outbox, who looks at it, and what came of it. `calls` counts what is asked of AWS."""

    memory: Memory = field(default_factory=Memory)
    policy: PublishedPolicy = field(default_factory=a_published_policy)
    now: datetime = AT_NIGHT
    sent: list[tuple[datetime, Bundle, Way]] = field(default_factory=list)
    broken: set[Way] = field(default_factory=set)
    struck: Callable[[str], None] = field(default=lambda _call: None)
    calls: list[str] = field(default_factory=list)

    @property
    def tables(self) -> Tables:
        """Where all of it is kept, behind a wire that counts."""
        client: Any = self
        return Tables(client=client, tickets="tickets", ledger="ledger", keys=KEYS)

    def __getattr__(self, operation: str) -> Callable[..., dict[str, Any]]:
        """A call of the table's client."""
        real = getattr(self.memory, operation)

        def call(**arguments: Any) -> dict[str, Any]:  # noqa: ANN401
            self.calls.append(operation)
            self.struck(f"before {operation}")
            answer: dict[str, Any] = real(**arguments)
            self.struck(f"after {operation}")
            return answer

        return call

    def context(self, now: datetime | None = None, clock: datetime | None = None) -> Context:
        """The surroundings of somebody who looks, by the clock of their host."""
        return Context(
            tables=self.tables,
            policy=self.policy,
            now=now or self.now,
            actor="system:escalate",
            publish=self.publish,
            wall_clock=(lambda: clock) if clock else None,
        )

    def put(self, *notices: AnyNotice, opens: datetime | None = None) -> None:
        """Put notices into the outbox, 40 in a transaction."""
        for at in range(0, len(notices), 40):
            writes = [
                write
                for each in notices[at : at + 40]
                for write in enqueue(
                    self.tables,
                    each,
                    Box(site=each.site, person=each.person, opens=opens),
                    self.now,
                )
            ]
            commit(self.tables, writes)

    def open_ticket(self, ticket_id: str, score: int = 5, **changes: Any) -> Ticket:  # noqa: ANN401
        """A ticket that people are told of."""
        ticket = a_ticket(a_verdict(score), at=AT_NIGHT, id=ticket_id, version=0, **changes)
        self._store(Change(before=None, after=ticket, entries=(an_entry(),)))
        return ticket

    def change(self, ticket_id: str, **changes: Any) -> None:  # noqa: ANN401
        """Somebody does something with a ticket meanwhile."""
        before = load_ticket(self.tables, ticket_id)
        assert before is not None
        after = replace(before, **changes)
        self._store(Change(before=before, after=after, entries=(an_entry(),)))

    def _store(self, change: Change) -> None:
        commit(self.tables, changed(self.tables, change, a_stamp(self.now))[1])

    def due(self, now: datetime | None = None) -> list[Box]:
        """The boxes that somebody must look at."""
        return [box for box, _ in due_boxes(self.tables, now or self.now)]

    def look(self, now: datetime | None = None, clock: datetime | None = None) -> int:
        """Look at every box that is due; returns how many failed."""
        context = self.context(now, clock)
        return deliver_all(context, self.due(context.now))

    def told(self) -> list[str]:
        """The ids of all notices that went out, in order, once for each message."""
        return [each.id for _, bundle, _ in self.sent if bundle.first for each in bundle.notices]

    def left(self, person: str = "nora") -> list[str]:
        """What still lies in somebody's box."""
        return [each.id for each in read_box(self.tables, Box(site="north", person=person)).notices]

    def ledger(self, person: str = "nora") -> list[Event]:
        """What is recorded of what somebody was told; whole, or the test fails."""
        events = list(read_events(self.tables, told_subject(person)))
        told = read_told(self.tables, person)
        fault = first_fault(told_subject(person), events, told.version, told.ledger_head)
        assert fault is None, fault
        return events

    def recorded(self, action: Action, person: str = "nora") -> list[str]:
        """The notices that the ledger says were told, failed or dropped."""
        return [
            notice
            for event in self.ledger(person)
            if event.action is action
            for notice in _listed(event)
        ]

    @contextmanager
    def dying(self, nth: int) -> Iterator[None]:
        """Let the process die at the `nth` boundary of a write or a publish."""
        left = [nth]

        def struck(boundary: str) -> None:
            if any(each in boundary for each in ("update", "transact", "publish")):
                left[0] -= 1
                if left[0] == -1:
                    raise Died

        self.struck = struck
        try:
            yield
        finally:
            self.struck = lambda _call: None

    def publish(self, bundle: Bundle, way: Way) -> None:
        """The topics."""
        self.calls.append("publish")
        self.struck("before publish")
        if way in self.broken:
            raise ClientError({"Error": {"Code": "InternalError", "Message": "no"}}, "Publish")
        self.sent.append((self.now, bundle, way))
        self.struck("after publish")


def _listed(event: Event) -> Sequence[str]:
    found = event.detail["notices"]
    assert isinstance(found, list)
    return found


def a_notice(kind: NoticeKind = NoticeKind.PAGE, ticket: str = "T1", **changes: Any) -> Notice:  # noqa: ANN401
    """Something to tell nora of a ticket of the clinical team at night."""
    person = changes.get("person", "nora")
    notice = Notice(
        id=f"{ticket}-2-{kind.value}-{person}",
        kind=kind,
        person="nora",
        ticket_id=ticket,
        site="north",
        team="clinical",
        urgency=Urgency.CLINICAL_URGENT,
        elapsed_minutes=0,
        due_at=None,
        assignee=None,
        at=AT_NIGHT,
    )
    return replace(notice, **changes)


def phones(*ways: Way) -> Policy:
    """A group in which nora has these ways."""
    members = {**MEMBERS, "nora": replace(MEMBERS["nora"], ways=dict.fromkeys(ways, "x"))}
    return a_policy(site=a_site(members=members))


def with_ways(*ways: Way) -> Post:
    """Nora with ways of her own, and a ticket."""
    post = Post()
    post.policy = replace(post.policy, policy=phones(*ways))
    post.open_ticket("T1")
    return post


def breach(ticket: str = "T1") -> Notice:
    """An alert."""
    return a_notice(NoticeKind.BREACH, ticket)
