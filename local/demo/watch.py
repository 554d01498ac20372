"""Watching the ledger from outside until a message has been dealt with."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime

from triagewire.ledger.event import Action, Event
from triagewire.store.ledger import read_events
from triagewire.store.outbox import due_boxes
from triagewire.store.table import Tables
from triagewire.store.tickets import ticket_pk
from triagewire.verdict import Urgency

DECIDED = frozenset({Action.ROUTED, Action.MERGED, Action.ANSWERED})
POLL_SECONDS = 0.02
PATIENCE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Settled:
    """When a ticket was seen decided (monotonic time), and the tickets that its message became."""

    decided_at: float
    ticket_ids: tuple[str, ...]


def wait_until_settled(tables: Tables, ticket_id: str) -> Settled | None:
    """Wait for the decision, its page, its replies and linked tickets; None if it never came.

    Only then may the clock jump: nothing is under way any more.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    decided_at = None
    while time.monotonic() < deadline:
        events = events_of(tables, ticket_id)
        if decided_at is None and any(event.action in DECIDED for event in events):
            decided_at = time.monotonic()
        pending = _reply_pending(events) or _page_pending(events) or _telling(tables, events)
        if decided_at is not None and not pending:
            children = _children(tables, [*events, *_of_survivor(tables, events)])
            return Settled(decided_at, (ticket_id, *children))
        time.sleep(POLL_SECONDS)
    return None


def events_of(tables: Tables, ticket_id: str) -> list[Event]:
    """The ledger of a ticket."""
    return list(read_events(tables, ticket_pk(ticket_id)))


def _reply_pending(events: list[Event]) -> bool:
    """Whether a reply was queued and is not yet sent."""
    ended = {Action.REPLY_SENT, Action.REPLY_FAILED, Action.REPLY_WITHHELD}
    queued = sum(event.action is Action.REPLY_QUEUED for event in events)
    return queued > sum(event.action in ended for event in events)


def _page_pending(events: list[Event]) -> bool:
    """Whether an urgent ticket was routed and nobody has been paged yet."""
    routed = next((event for event in events if event.action is Action.ROUTED), None)
    if routed is None or routed.detail["review"]:
        return False
    urgent = routed.detail["urgency"] == Urgency.CLINICAL_URGENT
    return urgent and all(event.action is not Action.PAGED for event in events)


def _telling(tables: Tables, events: list[Event]) -> bool:
    """Whether somebody who was paged is being told right now; who waits for a bundle is not."""
    paged = {str(who) for event in events for who in _paged(event)}
    if not paged:
        return False
    due = (box for box, _ in due_boxes(tables, datetime.now(UTC)))
    return any(box.page and box.person in paged for box in due)


def _paged(event: Event) -> list[str]:
    people = event.detail["people"] if event.action is Action.PAGED else []
    return people if isinstance(people, list) else []


def _of_survivor(tables: Tables, events: list[Event]) -> list[Event]:
    """The ledger of the ticket that a message was merged into: its second need is linked there."""
    merged = next((event for event in events if event.action is Action.MERGED), None)
    return events_of(tables, str(merged.detail["into"])) if merged else []


def _children(tables: Tables, events: list[Event]) -> tuple[str, ...]:
    """The linked tickets of further needs, once they are dealt with too."""
    found = [
        str(event.detail["ticket"])
        for event in events
        if event.action is Action.LINKED and "ticket" in event.detail
    ]
    return tuple(each for child in found if wait_until_settled(tables, child) for each in (child,))
