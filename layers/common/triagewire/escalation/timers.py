"""The single next moment at which a ticket needs the system's attention.

Every open ticket has one, so nothing is forgotten even when a function died half-way.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from triagewire.automated import AutomationState
from triagewire.clock.calendar import advance, next_open
from triagewire.clock.promise import CalendarKind
from triagewire.escalation.ladders import (
    breach_wait,
    next_forewarning,
    overdue,
    page_due,
    rests_until,
    silent_until,
)
from triagewire.policy.model import Site
from triagewire.policy.retention import Retention
from triagewire.retention import RELEASE_GRACE
from triagewire.routing.duty import on_duty, shift_ends
from triagewire.routing.queueing import after_hours_owner
from triagewire.ticket import REVIEW, Status, Ticket, Timer, TimerKind, scoring_timer


def next_timer(ticket: Ticket, site: Site) -> Timer | None:
    """The earliest thing that is still to be done for a ticket, or None when nobody is owed
    anything and nothing is left to be closed or purged.
    """
    if ticket.status is Status.NEW:
        return scoring_timer(ticket)
    if ticket.status is Status.WAITING:
        return Timer(at=ticket.wake_at or ticket.received_at, kind=TimerKind.WAKE)
    if ticket.status is Status.RESOLVED:
        return min(_of_resolved(ticket, site), key=lambda timer: timer.at)
    if ticket.status is Status.CLOSED:
        return purge_timer(ticket, site.retention)
    if not ticket.at_work:
        return None
    return min(_candidates(ticket, site), key=lambda timer: timer.at)


def purge_timer(ticket: Ticket, retention: Retention) -> Timer | None:
    """When the words of a closed ticket are to be purged; None where they are kept, held or gone.
    A purge that has begun is ended, whatever the policy says by then.
    """
    if ticket.status is not Status.CLOSED or ticket.purged_at is not None:
        return None
    if ticket.purging_since is not None:
        return Timer(at=ticket.purging_since, kind=TimerKind.PURGE)
    if ticket.hold is not None or ticket.closed_at is None or retention.kept is None:
        return None
    at = ticket.closed_at + retention.kept
    if ticket.unheld_at is not None:
        at = max(at, ticket.unheld_at + RELEASE_GRACE)
    return Timer(at=at, kind=TimerKind.PURGE)


def _of_resolved(ticket: Ticket, site: Site) -> Iterator[Timer]:
    resolved = ticket.resolved_at or ticket.received_at
    yield Timer(at=resolved + timedelta(days=site.close_after_days), kind=TimerKind.CLOSE)
    if ticket.survey is not None and ticket.survey.due_at is not None:
        yield Timer(at=ticket.survey.due_at, kind=TimerKind.SURVEY)


def due_in_order(ticket: Ticket, site: Site, now: datetime) -> tuple[Timer, ...]:
    """All that is to be done for a ticket at `now`, one of a kind, for one may fail again and again
    and the others wait for none: a page first, then what its timer says.
    """
    timer = ticket.timer
    if timer is not None and ticket.status is Status.RESOLVED:
        # A question that fails again and again keeps no ticket from closing, and none is put late.
        return tuple(each for each in _of_resolved(ticket, site) if each.at <= now)[:1]
    if timer is None or not ticket.at_work:
        return () if timer is None else (timer,)
    due = [each for each in _candidates(ticket, site) if each.at <= now]
    pages = [each for each in due if each.kind is TimerKind.PAGE]
    ordered = (*pages, timer, *sorted(due, key=lambda each: each.at))
    first: dict[TimerKind, Timer] = {}
    for each in ordered:
        first.setdefault(each.kind, each)
    return tuple(first.values())


def _candidates(ticket: Ticket, site: Site) -> list[Timer]:
    told = ticket.escalation
    # Of what is due at one moment the owner comes first: the reminder is for the new one.
    found = [*_of_owner(ticket, site), *_of_response(ticket, site), *_of_resolution(ticket)]
    if overdue(ticket):
        since = told.told_at or told.resolution_breached_at or told.breached_at
        found.append(_ladder(ticket, site, since or ticket.received_at))
    program = ticket.automation
    if program is not None and program.state is AutomationState.REQUESTED:
        found.append(Timer(at=program.due_at, kind=TimerKind.TAKE_BACK))
    if told.bounced_at is not None and told.bounce_told_at is None:
        found.append(Timer(at=told.bounced_at, kind=TimerKind.BOUNCED))
    # Whatever was left out above: nothing that is open is ever without a timer.
    return found or [_ladder(ticket, site, told.told_at or ticket.routed_at or ticket.received_at)]


def _of_response(ticket: Ticket, site: Site) -> Iterator[Timer]:
    """Pages, reminder, forewarnings and breach: all of it until a person has answered."""
    told, clock = ticket.escalation, ticket.clock
    if clock is not None and clock.stopped_at is not None:
        return
    if ticket.must_page:
        yield Timer(at=page_due(ticket, site), kind=TimerKind.PAGE)
    if clock is None or told.breached_at is not None:
        return
    if told.reminded_at is None:
        yield Timer(at=clock.remind_at, kind=TimerKind.REMIND)
    if clock.paused_at is None and (soon := next_forewarning(ticket, site)):
        yield Timer(at=soon[1], kind=TimerKind.FOREWARN)
    yield Timer(at=clock.due_at, kind=TimerKind.BREACH)


def _of_resolution(ticket: Ticket) -> Iterator[Timer]:
    told, clock = ticket.escalation, ticket.resolution
    if clock is None or clock.stopped_at is not None or told.resolution_breached_at is not None:
        return
    if told.resolution_reminded_at is None:
        yield Timer(at=clock.remind_at, kind=TimerKind.REMIND_RESOLUTION)
    yield Timer(at=clock.due_at, kind=TimerKind.BREACH_RESOLUTION)


def accept_by(ticket: Ticket, site: Site, since: datetime) -> datetime:
    """Until when a ticket that somebody got at `since` waits for them to take it up."""
    return _later(ticket, site, since, timedelta(minutes=site.presence.accept_minutes))


def _of_owner(ticket: Ticket, site: Site) -> Iterator[Timer]:
    """When to look for an owner again, or when it returns from one who has not taken it up: after
    the policy's time, or with the end of the shift, or of the night on call, in which they got it.
    """
    if ticket.assignee is None and ticket.try_at is not None:
        # Many are tried at the moment at which a shift begins: a more urgent one comes first.
        first = timedelta(milliseconds=int(ticket.urgency))
        yield Timer(at=ticket.try_at - first, kind=TimerKind.ASSIGN)
    if ticket.assignee and ticket.assigned_at and not ticket.accepted_at:
        if ends := shift_ends(site, ticket.assignee, ticket.assigned_at):
            yield Timer(at=ends, kind=TimerKind.RETURN)
        elif opens := _night_ends(ticket, site, ticket.assigned_at):
            yield Timer(at=opens, kind=TimerKind.RETURN)
        # Who must be paged until somebody hears is not left to the owner alone anyway.
        if not ticket.must_page:
            yield Timer(at=accept_by(ticket, site, ticket.assigned_at), kind=TimerKind.RETURN)


def _night_ends(ticket: Ticket, site: Site, since: datetime) -> datetime | None:
    """When the site opens, for what its owner got as the provider on call of a closed one and has
    only till then: who pages, or who does not work by day.
    """
    owner = after_hours_owner(site, ticket.urgency, since, ticket.team or REVIEW)
    if owner is None or owner != ticket.assignee:
        return None
    opens = next_open(site.calendar, since)
    return opens if ticket.must_page or not on_duty(site, owner, opens) else None


def _later(ticket: Ticket, site: Site, since: datetime, wait: timedelta) -> datetime:
    """So much later, in the hours that the promise counts."""
    if ticket.clock is not None and ticket.clock.calendar_kind is CalendarKind.SITE:
        return advance(site.calendar, since, wait)
    return since + wait


def _ladder(ticket: Ticket, site: Site, told_at: datetime) -> Timer:
    """The next step after a breach, in the hours that the promise counts: nobody is woken at night
    for what may wait until the morning. Not before the site opens again where everybody has heard
    today, and not while an acknowledgement holds.
    """
    heard = ticket.escalation.acknowledged_at
    waits = [
        _later(ticket, site, told_at, breach_wait(ticket, site)),
        rests_until(ticket, site),
        silent_until(ticket, site, heard) if heard else None,
    ]
    return Timer(at=max(each for each in waits if each), kind=TimerKind.LADDER)
