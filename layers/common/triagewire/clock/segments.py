"""How the two promises of a ticket go on when it waits, wakes, is answered, is reopened or settled.

Each function gives the ticket with both clocks moved; the timer is left to the caller.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from triagewire.clock.calendar import Calendar
from triagewire.clock.promise import Clock, PauseReason
from triagewire.clock.sla import pause, resume, start_clock, stop
from triagewire.policy.targets import Target
from triagewire.states import awake_status
from triagewire.ticket import Status, Ticket


def asleep(ticket: Ticket, reason: PauseReason, wake_at: datetime, now: datetime) -> Ticket:
    """The ticket while it waits for somebody outside; its clocks stand until `wake_at` (UTC).

    Raises ForbiddenTransitionError for a clock that counts every hour.
    """
    paused = _both(ticket, lambda clock: pause(clock, now, reason))
    return replace(paused, status=Status.WAITING, wake_at=wake_at)


def awake(ticket: Ticket, calendar: Calendar, now: datetime) -> Ticket:
    """The ticket after its wait, with the owner who had it; one that did not wait is unchanged."""
    if ticket.status is not Status.WAITING:
        return ticket
    resumed = _both(ticket, lambda clock: resume(clock, calendar, now))
    return replace(resumed, status=awake_status(ticket), wake_at=None)


def answered(ticket: Ticket, now: datetime) -> Ticket:
    """The ticket after a person answered its requester; a robot's text never comes here."""
    clock = ticket.clock and stop(ticket.clock, now)
    return replace(ticket, clock=clock, responded_at=ticket.responded_at or now)


def asked_again(ticket: Ticket, target: Target, calendar: Calendar, at: datetime) -> Ticket:
    """The ticket after its requester wrote `at`, once they had been answered: a promise of the next
    response begins, and what was told about the last one is over.
    """
    if ticket.clock is None or ticket.clock.stopped_at is None:
        return ticket
    told = replace(ticket.escalation.paging_anew, reminded_at=None, forewarned=0, breached_at=None)
    clock = start_clock(target.minutes, calendar, at, kind=target.hours)
    return replace(ticket, clock=clock, escalation=told)


def settled(ticket: Ticket, now: datetime) -> Ticket:
    """The ticket with both promises kept or given up."""
    return _both(ticket, lambda clock: stop(clock, now))


def _both(ticket: Ticket, change: Callable[[Clock], Clock]) -> Ticket:
    return replace(
        ticket,
        clock=ticket.clock and change(ticket.clock),
        resolution=ticket.resolution and change(ticket.resolution),
    )
