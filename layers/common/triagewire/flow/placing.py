"""Putting a scored ticket where it belongs: queue, clock, owner, timer, and the load of that
owner.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from triagewire.clock.promise import CalendarKind, Clock
from triagewire.clock.sla import is_breached, raise_to, recompute, start_clock
from triagewire.escalation.timers import next_timer
from triagewire.flow.context import Context
from triagewire.ledger.event import Action, Entry
from triagewire.policy.model import Site, Target
from triagewire.routing.route import Load, choose_member, queue_of
from triagewire.store.loads import put_down, read_loads, shift, take_on
from triagewire.store.table import Write
from triagewire.ticket import REVIEW, Escalation, Status, Ticket
from triagewire.verdict import Urgency, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """The ticket in its place, what the ledger says of it, and the writes that belong to it."""

    ticket: Ticket
    entry: Entry
    writes: tuple[Write, ...]


def standing(ticket: Ticket, verdict: Verdict, site: Site, context: Context) -> tuple[Ticket, str]:
    """The ticket with its verdict, queue and clock, but nobody's yet; and why it is that queue."""
    team, why = queue_of(verdict, site)
    judged = replace(
        ticket,
        verdict=verdict,
        team=team,
        status=Status.OPEN,
        routed_at=ticket.routed_at or context.now,
    )
    return replace(judged, clock=_clock(judged, site, context)), why


def regraded(ticket: Ticket, score: Urgency, team: str, site: Site, context: Context) -> Ticket:
    """The ticket as a person judged it: the only way in which an urgency falls.

    Its clock is measured anew from its first start, so the time it has waited still counts.
    """
    verdict = ticket.verdict or Verdict(
        score=score, topic="other", team=team, confidence=1.0, review=False, candidate=score
    )
    judged = replace(
        ticket,
        team=team,
        verdict=replace(verdict, score=score, team=team, review=False, candidate=score),
    )
    target = target_of(judged, site)
    clock = ticket.clock or start_clock(target.minutes, site.calendar, context.now)
    measured = replace(clock, target_minutes=target.minutes, calendar_kind=target.hours)
    return replace(judged, clock=recompute(measured, site.calendar), escalation=Escalation())


def target_of(ticket: Ticket, site: Site) -> Target:
    """The target of a ticket with a verdict. A review has its own, on the hours of what is
    feared.
    """
    own = site.targets.of(ticket.urgency)
    review = site.targets.review
    if not ticket.in_review:
        return own
    always = CalendarKind.ALWAYS in (own.hours, review.hours)
    return Target(
        minutes=review.minutes, hours=CalendarKind.ALWAYS if always else CalendarKind.SITE
    )


def give(ticket: Ticket, why: str, site: Site, context: Context) -> Placed:
    """Give a standing ticket to the least loaded member on duty, or to the queue if there is none.

    Who holds it already keeps it while it stays in the same queue.
    """
    team = ticket.team or REVIEW
    loads = read_loads(context.tables, ticket.site, team)
    spoken = ticket.verdict.language if ticket.verdict else ""
    group = ticket.verdict.team if ticket.verdict else ""
    member, why_member = choose_member(
        site, team, ticket.urgency, loads, context.now, language=spoken, group=group
    )
    return hand_to(ticket, member, f"{why}; {why_member}", loads, site, context)


def keep(ticket: Ticket, why: str, site: Site, context: Context) -> Placed:
    """Leave a ticket with its owner after its urgency changed; only the owner's load moves."""
    weight = int(ticket.urgency)
    more = weight - ticket.load
    writes: tuple[Write, ...] = ()
    if ticket.assignee and more:
        writes = (shift(context.tables, ticket.site, ticket.team or REVIEW, ticket.assignee, more),)
    after = replace(ticket, load=weight if ticket.assignee else 0)
    return _placed(after, f"{why}; stays with its owner", writes, site)


def hand_to(
    ticket: Ticket,
    member: str | None,
    why: str,
    loads: Mapping[str, Load],
    site: Site,
    context: Context,
) -> Placed:
    """Give a ticket that nobody holds to a member, or to nobody."""
    team = ticket.team or REVIEW
    weight = int(ticket.urgency) if member else 0
    after = replace(ticket, assignee=member, load=weight)
    if member is None:
        return _placed(after, why, (), site)
    load = loads.get(member, Load(member=member))
    write = take_on(context.tables, ticket.site, team, load, weight, context.now)
    return _placed(after, why, (write,), site)


def let_go(ticket: Ticket, context: Context) -> tuple[Ticket, tuple[Write, ...]]:
    """The ticket without its owner, and the write that takes it off their load."""
    if ticket.assignee is None or ticket.team is None:
        return replace(ticket, assignee=None, load=0), ()
    write = put_down(context.tables, ticket.site, ticket.team, ticket.assignee, ticket.load)
    return replace(ticket, assignee=None, load=0), (write,)


def closed(
    ticket: Ticket, outcome: str, context: Context
) -> tuple[Ticket, tuple[Write, ...], Entry]:
    """The ticket resolved: no timer, its weight off its owner, and what the ledger says of it."""
    free, writes = let_go(ticket, context)
    after = replace(
        free,
        assignee=ticket.assignee,
        status=Status.RESOLVED,
        outcome=outcome,
        resolved_at=context.now,
        timer=None,
    )
    clock = ticket.clock
    entry = Entry(
        action=Action.RESOLVED,
        why=outcome,
        detail={
            "team": ticket.team,
            "urgency": int(ticket.urgency),
            "in_time": clock is None or not is_breached(clock, context.now),
        },
    )
    return after, writes, entry


def _clock(ticket: Ticket, site: Site, context: Context) -> Clock:
    """A new clock, or the running one with the shorter target: what has elapsed stays elapsed.

    A new one runs from the receipt: whatever held a message up before it was routed is our delay.
    """
    target = target_of(ticket, site)
    if ticket.clock is None:
        return start_clock(target.minutes, site.calendar, ticket.received_at, kind=target.hours)
    return raise_to(ticket.clock, target.minutes, site.calendar, context.now, kind=target.hours)


def _placed(ticket: Ticket, why: str, writes: tuple[Write, ...], site: Site) -> Placed:
    entry = Entry(
        action=Action.ROUTED,
        why=why,
        detail={
            "team": ticket.team,
            "member": ticket.assignee,
            "urgency": int(ticket.urgency),
            "review": ticket.in_review,
            "due_at": ticket.clock.due_at.isoformat() if ticket.clock else None,
        },
    )
    timed = replace(ticket, timer=next_timer(ticket, site))
    return Placed(ticket=timed, entry=entry, writes=writes)
