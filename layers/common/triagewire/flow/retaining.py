"""Bringing closed tickets under the policy of now: those that were closed before it said when their
words are purged have no timer, or a later one.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from triagewire.escalation.timers import purge_timer
from triagewire.flow.context import Context, Plan
from triagewire.flow.former import retention_of
from triagewire.ledger.event import Action, Entry
from triagewire.store.closed import all_tickets
from triagewire.store.ledger import read_events
from triagewire.store.tickets import Change, load_ticket, ticket_pk
from triagewire.ticket import Status, Ticket, Timer, TimerKind

WHY = "an operator applied the policy to what was closed before"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A closed ticket, since when it is closed, and the purge timer that it should have; `differs`
    from the one that it has.
    """

    ticket: Ticket
    closed_at: datetime | None
    timer: Timer | None

    @property
    def differs(self) -> bool:
        """Whether there is anything to do."""
        return self.ticket.timer != self.timer


def wanted(context: Context) -> Iterator[Wanted]:
    """Every closed ticket that has its words, with the timer that the policy of now asks for."""
    for ticket in all_tickets(context.tables):
        if ticket.status is Status.CLOSED and ticket.purged_at is None:
            yield _wanted(context, ticket)


def held_tickets(context: Context) -> Iterator[Ticket]:
    """Every ticket on which a legal hold stands."""
    return (ticket for ticket in all_tickets(context.tables) if ticket.hold is not None)


def time(context: Context, found: Wanted) -> bool:
    """Give a ticket the timer that it should have; whether it was given one, or lost it.

    Raises ConflictError for one that has changed meanwhile.
    """
    ticket = load_ticket(context.tables, found.ticket.id)
    if ticket is None or ticket.status is not Status.CLOSED or ticket.purged_at is not None:
        return False
    now = _wanted(context, ticket)
    if not now.differs:
        return False
    at = now.timer.at.isoformat() if now.timer else None
    entry = Entry(action=Action.PURGE_TIMED, why=WHY, detail={"at": at})
    after = replace(ticket, closed_at=now.closed_at, timer=now.timer)
    Plan(changes=[Change(before=ticket, after=after, entries=(entry,))]).commit(context)
    return True


def _wanted(context: Context, ticket: Ticket) -> Wanted:
    since = ticket.closed_at or _closed_at(context, ticket)
    timer = purge_timer(replace(ticket, closed_at=since), retention_of(context, ticket))
    return Wanted(ticket=ticket, closed_at=since, timer=timer)


def _closed_at(context: Context, ticket: Ticket) -> datetime | None:
    """Since when a ticket is closed that an earlier version closed: its ledger knows."""
    events = read_events(context.tables, ticket_pk(ticket.id))
    return next((each.at for each in events if each.action is Action.CLOSED), None)


def is_due(found: Wanted, now: datetime) -> bool:
    """Whether the words of a ticket would go at once."""
    timer = found.timer
    return timer is not None and timer.kind is TimerKind.PURGE and timer.at <= now
