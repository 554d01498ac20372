"""What every step needs at hand: the tables, the policy, the time and who is acting."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from triagewire.arrival import Arrival, PatientRecord
from triagewire.channels.ehr.record_server import RecordServer
from triagewire.channels.source import Source
from triagewire.errors import NotFoundError
from triagewire.escalation.addresses import Subscription
from triagewire.escalation.bundle import Bundle
from triagewire.flow.live import count_live
from triagewire.ladder import Way
from triagewire.ledger.event import Entry, Stamp
from triagewire.ledger.routes import Place, handoffs_in
from triagewire.ledger.standing import difference
from triagewire.policy.model import PublishedPolicy, Site
from triagewire.scoring.assistant import Assistant, Question
from triagewire.states import require_transition
from triagewire.store.table import Tables, Write, commit
from triagewire.store.tickets import Change, changed
from triagewire.ticket import Status, Ticket

if TYPE_CHECKING:
    from triagewire.channels.ehr.record_asking import PatientKey


def nobody_to_tell(bundle: Bundle, _way: Way) -> None:
    """The publisher of a context that must not tell anybody anything."""
    raise RuntimeError(f"this function may not send notices, but was asked for {bundle.id}")


def nobody_to_ask(_assistant: Assistant, _question: Question) -> object | None:
    """The assistant of a context that may not call one: it never answers."""
    return None


def no_waiting(_attempt: int) -> None:
    """The pause of a context that tries again at once."""


def no_queue(_pk: str, _sk: str, _wait: timedelta) -> None:
    """The queue of replies of a context that has none: the sweep finds what is due."""


def nothing_to_read(_source: Source, _pointer: str) -> Arrival | None:
    """The reader of a context that has no access to an EHR: a person must read there."""
    return None


def nothing_to_erase(_link: str) -> None:
    """The eraser of a context that must not take any stored file away."""
    raise RuntimeError("this function may not erase stored files")


def no_record_to_read(
    _site: str, _server: RecordServer, _key: "PatientKey", _now: datetime
) -> PatientRecord | None:
    """The reader of a context that has no access to records: they are not known."""
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """One invocation's surroundings. `now` is UTC, read once at the edge.

    `attempt` is how often the decision at hand has lost a race; `wait` is what the edge does before
    the next one, by that number. `later` brings the keys of a message that is to leave back after a
    while, `erase` takes a stored file away. `subscribed` says what hears of pages and alerts;
    without it nobody looks. In debug mode it `notifies` nobody, and what would have been sent is
    recorded so.
    `wall_clock` (UTC) is what claims are held by: `now` stands still, and that of a late invocation
    lies behind; without it they are held by `now`. `sender_address` is what our mail comes from:
    nothing is answered that comes from there. `emergency` says that who acts has emergency access:
    the ledger has it with everything that they do meanwhile.
    """

    tables: Tables
    policy: PublishedPolicy
    now: datetime
    actor: str
    request_id: str = ""
    identity_key: bytes = b""
    sender_address: str = ""
    publish: Callable[[Bundle, Way], None] = field(default=nobody_to_tell)
    read: Callable[[Source, str], Arrival | None] = field(default=nothing_to_read)
    read_record: Callable[[str, RecordServer, "PatientKey", datetime], PatientRecord | None] = (
        field(default=no_record_to_read)
    )
    ask: Callable[[Assistant, Question], object | None] = field(default=nobody_to_ask)
    erase: Callable[[str], None] = field(default=nothing_to_erase)
    wait: Callable[[int], None] = field(default=no_waiting)
    later: Callable[[str, str, timedelta], None] = field(default=no_queue)
    subscribed: Callable[[], Iterable[Subscription]] | None = None
    notifies: bool = True
    wall_clock: Callable[[], datetime] | None = None
    attempt: int = 0
    emergency: bool = False

    def tries(self, most: int) -> Iterator["Context"]:
        """The surroundings of each try of a decision that may lose races, after the wait for it."""
        for attempt in range(most):
            if attempt:
                self.wait(attempt)
            yield replace(self, attempt=attempt)

    @property
    def claimed_at(self) -> datetime:
        """When a claim is taken that is taken now."""
        return self.wall_clock() if self.wall_clock else self.now

    @property
    def stamp(self) -> Stamp:
        """What the ledger says of every change made here."""
        return Stamp(
            at=self.now,
            actor=self.actor,
            policy_version=self.policy.version,
            request_id=self.request_id,
            emergency=self.emergency,
        )

    def site(self, site_id: str) -> Site:
        """A site of the policy. Raises NotFoundError for one that the active policy does not
        have.
        """
        try:
            return self.policy.policy.sites[site_id]
        except KeyError:
            raise NotFoundError(f"the policy has no site {site_id}") from None


@dataclass(slots=True)
class Plan:
    """What a decision wants written, all of it or nothing."""

    changes: list[Change] = field(default_factory=list)
    writes: list[Write] = field(default_factory=list)

    def commit(self, context: Context) -> tuple[Ticket, ...]:
        """Write the plan; returns the tickets as stored. Raises ConflictError, and
        ForbiddenTransitionError for a change of state that there is not, and then writes nothing.
        """
        tickets, writes = [], list(self.writes)
        for change in self.changes:
            require_transition(change.before, change.after)
            counted = replace(change, after=_passed_on(change), entries=_told(change))
            ticket, parts = changed(context.tables, counted, context.stamp)
            tickets.append(ticket)
            writes.extend(parts)
        commit(context.tables, writes)
        for change in self.changes:
            count_live(change, context.actor)
        return tuple(tickets)


def _told(change: Change) -> tuple[Entry, ...]:
    """The entries of a change; the last one also says how the ticket stood before and after it."""
    if change.before is None or not change.entries:
        return change.entries
    *first, last = change.entries
    detail = {**last.detail, **difference(change.before, change.after)}
    return (*first, replace(last, detail=detail))


def _passed_on(change: Change) -> Ticket:
    """The ticket with the handoffs that the ledger will tell of this change."""
    before = change.before
    if before is None or before.status in (Status.NEW, Status.MERGED):
        return change.after  # it has had no place yet
    handoffs = handoffs_in(Place(before.team, before.assignee), change.entries)
    return replace(change.after, handoffs=before.handoffs + handoffs)
