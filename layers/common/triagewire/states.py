"""Which state of a ticket may follow which: one table, and every write goes through it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from triagewire.errors import ForbiddenTransitionError
from triagewire.ticket import Escalation, Status, Ticket

NEW, ROUTED, ACCEPTED, WAITING = Status.NEW, Status.ROUTED, Status.ACCEPTED, Status.WAITING
RESOLVED, REOPENED, CLOSED, MERGED = Status.RESOLVED, Status.REOPENED, Status.CLOSED, Status.MERGED

TRANSITIONS: Mapping[Status, frozenset[Status]] = {
    # An article may answer it, and what repeats an open ticket is merged into that.
    NEW: frozenset({ROUTED, RESOLVED, MERGED}),
    # What is open a person may merge into another one.
    ROUTED: frozenset({ACCEPTED, WAITING, RESOLVED, MERGED}),
    # Handed over or returned, it is routed again.
    ACCEPTED: frozenset({ROUTED, WAITING, RESOLVED, MERGED}),
    WAITING: frozenset({ROUTED, ACCEPTED, RESOLVED, MERGED}),
    RESOLVED: frozenset({REOPENED, CLOSED}),
    REOPENED: frozenset({ROUTED, ACCEPTED, WAITING, RESOLVED, MERGED}),
    CLOSED: frozenset(),
    # A person may undo a merge.
    MERGED: frozenset({ROUTED}),
}
"""What each state may become; that a ticket stays in its state is always legal."""


def require_transition(before: Ticket | None, after: Ticket) -> None:
    """Refuse a change of state that the table does not have; a ticket begins as `new`.

    Raises ForbiddenTransitionError, which names the present state and what may follow it.
    """
    if before is None:
        if after.status is not NEW:
            raise ForbiddenTransitionError("a ticket begins as new")
        return
    if after.status is before.status or after.status in TRANSITIONS[before.status]:
        return
    follows = sorted(each.value for each in TRANSITIONS[before.status])
    legal = f"it may become {' or '.join(follows)}" if follows else "nothing follows that"
    raise ForbiddenTransitionError(
        f"the ticket is {before.status.value} and cannot become {after.status.value}: {legal}"
    )


def awake_status(ticket: Ticket) -> Status:
    """The state of a ticket that waits no more: taken up only if an owner had done so before."""
    return Status.ACCEPTED if ticket.assignee and ticket.accepted_at else Status.ROUTED


def reopened(ticket: Ticket, now: datetime) -> Ticket:
    """A resolved ticket open again: nobody's, nothing told of it yet, and its promises still to be
    begun anew.
    """
    return replace(
        ticket,
        status=Status.REOPENED,
        assignee=None,
        load=0,
        assigned_at=None,
        accepted_at=None,
        declined=(),
        outcome=None,
        resolved_at=None,
        routed_at=now,
        survey=replace(ticket.survey, due_at=None) if ticket.survey else None,
        escalation=Escalation(),
        reopened=ticket.reopened + 1,
    )


def require_status(ticket: Ticket, *allowed: Status) -> None:
    """Refuse an action on a ticket in any other state.

    Raises ForbiddenTransitionError, which names the present state and those that it needs.
    """
    if ticket.status not in allowed:
        needed = " or ".join(sorted(status.value for status in allowed))
        raise ForbiddenTransitionError(f"the ticket is {ticket.status.value}, not {needed}")
