"""What a site promises on a ticket: the targets that hold for it, and both of its clocks."""

from dataclasses import replace
from datetime import datetime

from triagewire.clock.promise import CalendarKind, Clock, TargetKind
from triagewire.clock.sla import is_breached, raise_to, retarget, start_clock
from triagewire.flow.context import Context
from triagewire.policy.model import Site
from triagewire.policy.targets import Target
from triagewire.ticket import Escalation, Ticket


def target_of(
    ticket: Ticket, site: Site, kind: TargetKind = TargetKind.FIRST_RESPONSE
) -> Target | None:
    """The target of a ticket with a verdict, its team's own before the site's; None where no such
    promise is made. A review has its own, on the hours of what is feared.
    """
    first = kind is TargetKind.FIRST_RESPONSE
    targets = site.targets if first else site.resolution
    if targets is None:
        return None
    team = site.teams.get(ticket.team or "")
    own = (team.targets if first else team.resolution) if team else {}
    wanted = own.get(ticket.urgency.name.lower()) or targets.of(ticket.urgency)
    if not ticket.in_review:
        return wanted
    always = CalendarKind.ALWAYS in (wanted.hours, targets.review.hours)
    return Target(
        minutes=targets.review.minutes, hours=CalendarKind.ALWAYS if always else CalendarKind.SITE
    )


def response_target(ticket: Ticket, site: Site) -> Target:
    """The target of a first response, which every ticket has."""
    return target_of(ticket, site) or site.targets.of(ticket.urgency)


def promised(ticket: Ticket, site: Site, context: Context) -> Ticket:
    """The ticket with both clocks: new ones, or the running ones with the shorter target."""
    return replace(
        ticket,
        clock=_clock(ticket, ticket.clock, TargetKind.FIRST_RESPONSE, site, context),
        resolution=_clock(ticket, ticket.resolution, TargetKind.RESOLUTION, site, context),
    )


def _clock(
    ticket: Ticket, clock: Clock | None, kind: TargetKind, site: Site, context: Context
) -> Clock | None:
    """A new clock, or the running one with the shorter target: what has elapsed stays elapsed.

    A new one runs from the receipt: whatever held a message up before it was routed is our delay.
    On a ticket with another promise it runs from now: the site did not make this one before.
    """
    target = target_of(ticket, site, kind)
    if target is None:
        return clock
    if clock is None:
        begins = context.now if ticket.clock else enforced(ticket.received_at, site)
        return start_clock(target.minutes, site.calendar, begins, kind=target.hours)
    return raise_to(clock, target.minutes, site.calendar, context.now, kind=target.hours)


def promised_again(ticket: Ticket, site: Site, at: datetime) -> Ticket:
    """A reopened ticket with both promises begun anew `at`: nothing of its closed time counts."""

    def begun(kind: TargetKind) -> Clock | None:
        target = target_of(ticket, site, kind)
        if target is None:
            return None
        return start_clock(target.minutes, site.calendar, at, kind=target.hours)

    return replace(
        ticket, clock=begun(TargetKind.FIRST_RESPONSE), resolution=begun(TargetKind.RESOLUTION)
    )


def enforced(received: datetime, site: Site) -> datetime:
    """When a promise begins: with the receipt, but not before the site began to promise."""
    return max(received, site.enforce_from) if site.enforce_from else received


def measured_anew(
    clock: Clock | None, target: Target | None, site: Site, context: Context
) -> Clock | None:
    """A clock with another target, from its first start; one that is missing begins now, and a
    promise that was kept stays as it is.
    """
    if target is None:
        return None
    if clock is None:
        return start_clock(target.minutes, site.calendar, context.now, kind=target.hours)
    return retarget(clock, target.minutes, site.calendar, context.now, kind=target.hours)


def told_of(
    told: Escalation, clock: Clock | None, resolution: Clock | None, now: datetime
) -> Escalation:
    """An escalation that begins anew, except that no breach which still stands is told twice, nor
    anybody of it twice on a day.
    """
    late = clock is not None and told.breached_at is not None and is_breached(clock, now)
    unsettled = resolution is not None and is_breached(resolution, now)
    return Escalation(
        breached_at=told.breached_at if late else None,
        resolution_breached_at=told.resolution_breached_at if unsettled else None,
        bounced_at=told.bounced_at,
        bounce_told_at=told.bounce_told_at,
        told_at=now if late or (unsettled and told.resolution_breached_at) else None,
        told=told.told,
        told_on=told.told_on,
    )
