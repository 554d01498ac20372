"""The single next moment at which a ticket needs the system's attention.

Every open ticket has one, so nothing is forgotten even when a function died half-way.
"""

from datetime import datetime, timedelta

from triagewire.clock.calendar import add, is_open
from triagewire.clock.promise import CalendarKind
from triagewire.policy.model import Ladder, Site
from triagewire.ticket import Status, Ticket, Timer, TimerKind, scoring_timer


def urgent_ladder(site: Site, ticket: Ticket) -> Ladder:
    """The ladder of pages: by whether the site was open when the ticket was last routed or
    paged.
    """
    at = ticket.escalation.paged_at or ticket.routed_at or ticket.received_at
    return site.ladders.urgent if is_open(site.calendar, at) else site.ladders.urgent_after_hours


def next_timer(ticket: Ticket, site: Site) -> Timer | None:
    """The earliest thing that is still to be done for a ticket, or None when nobody is owed
    anything.
    """
    if ticket.status is Status.NEW:
        return scoring_timer(ticket)
    if ticket.status is Status.WAITING:
        return ticket.timer
    if ticket.status is not Status.OPEN:
        return None
    return min(_candidates(ticket, site), key=lambda timer: timer.at)


def due_in_order(ticket: Ticket, site: Site, now: datetime) -> tuple[Timer, ...]:
    """All that is to be done for a ticket at `now`, one of a kind, for one may fail again and again
    and the others wait for none: a page first, then what its timer says.
    """
    timer = ticket.timer
    if timer is None or ticket.status is not Status.OPEN:
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
    found = []
    if ticket.must_page:
        found.append(_page(ticket, site))
    if ticket.clock is not None and told.reminded_at is None and told.breached_at is None:
        found.append(Timer(at=ticket.clock.remind_at, kind=TimerKind.REMIND))
    if ticket.clock is not None and told.breached_at is None:
        found.append(Timer(at=ticket.clock.due_at, kind=TimerKind.BREACH))
    if told.breached_at is not None:
        found.append(_ladder(ticket, site, told.told_at or told.breached_at))
    return found


def _ladder(ticket: Ticket, site: Site, told_at: datetime) -> Timer:
    """The next step after a breach, in the hours that the promise counts: nobody is woken at night
    for what may wait until the morning.
    """
    wait = site.ladders.breach.wait_minutes
    if ticket.clock is not None and ticket.clock.calendar_kind is CalendarKind.SITE:
        return Timer(at=add(site.calendar, told_at, wait), kind=TimerKind.LADDER)
    return Timer(at=told_at + timedelta(minutes=wait), kind=TimerKind.LADDER)


def _page(ticket: Ticket, site: Site) -> Timer:
    """Now if nobody was paged yet, then again after the ladder's wait; an acknowledgement buys a
    longer silence.
    """
    told = ticket.escalation
    at = ticket.routed_at or ticket.received_at
    if told.acknowledged_at is not None:
        at = told.acknowledged_at + timedelta(minutes=site.ladders.acknowledged_minutes)
    elif told.paged_at is not None:
        at = told.paged_at + timedelta(minutes=urgent_ladder(site, ticket).wait_minutes)
    return Timer(at=at, kind=TimerKind.PAGE)
