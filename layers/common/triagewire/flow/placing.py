"""Putting a scored ticket where it belongs: queue, clock, owner, timer, and the load of that
owner.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from triagewire.clock.promise import Clock, TargetKind
from triagewire.clock.segments import settled
from triagewire.clock.sla import is_breached
from triagewire.escalation.timers import next_timer
from triagewire.flow.choosing import choose
from triagewire.flow.context import Context
from triagewire.flow.continuity import acting_member, remember
from triagewire.flow.promising import measured_anew, promised, target_of, told_of
from triagewire.flow.queueing import destination
from triagewire.ledger.event import Action, Entry
from triagewire.message import Message
from triagewire.policy.model import Site
from triagewire.replies.satisfaction import surveyed
from triagewire.routing.balance import Load
from triagewire.store.loads import put_down, shift, take_on
from triagewire.store.table import Write
from triagewire.ticket import Status, Ticket
from triagewire.verdict import Urgency, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """The ticket in its place, what the ledger says of it, and the writes that belong to it."""

    ticket: Ticket
    entry: Entry
    writes: tuple[Write, ...]


def standing(
    ticket: Ticket, verdict: Verdict, site: Site, context: Context, message: Message | None = None
) -> tuple[Ticket, str]:
    """The ticket with its verdict, queue and clock, but nobody's yet; and why it is that queue.

    `message` is what its requester said first, where the caller has it.
    """
    to = destination(context, ticket, verdict, site, message)
    judged = replace(
        ticket,
        verdict=verdict,
        team=to.team,
        skill=to.skill,
        stands_in_for=None,
        status=Status.ROUTED if ticket.status is Status.NEW else ticket.status,
        routed_at=ticket.routed_at or context.now,
    )
    return promised(judged, site, context), to.why


def regraded(ticket: Ticket, score: Urgency, team: str, site: Site, context: Context) -> Ticket:
    """The ticket as a person judged it: the only way in which an urgency falls.

    Its clock is measured anew from its first start, so the time it has waited still counts. Where
    it rose after an answer, that answer was to less: another response is promised from now on.
    """
    verdict = ticket.verdict or Verdict(
        score=score, topic="other", team=team, confidence=1.0, review=False, candidate=score
    )
    judged = replace(
        ticket,
        team=team,
        verdict=replace(verdict, score=score, team=team, review=False, candidate=score),
    )
    answered = ticket.clock is not None and ticket.clock.stopped_at is not None
    rose = judged.urgency > ticket.urgency
    measured = {
        kind: measured_anew(clock, target_of(judged, site, kind), site, context)
        for kind, clock in (
            (TargetKind.FIRST_RESPONSE, None if answered and rose else ticket.clock),
            (TargetKind.RESOLUTION, ticket.resolution),
        )
    }
    clock, resolution = measured[TargetKind.FIRST_RESPONSE], measured[TargetKind.RESOLUTION]
    told = told_of(judged.escalation, clock, resolution, context.now)
    return replace(judged, clock=clock, resolution=resolution, escalation=told)


def give(ticket: Ticket, why: str, site: Site, context: Context) -> Placed:
    """Give a standing ticket to whoever the balance chooses; to the queue of its team, and a moment
    to look again, if there is nobody. Who stands in for the team gets it in their own queue.
    """
    choice, loads = choose(ticket, site, context)
    own = ticket.stands_in_for or ticket.team
    there = replace(
        ticket,
        team=choice.team,
        stands_in_for=None if choice.team == own else own,
        try_at=choice.try_at,
    )
    return hand_to(there, choice.member, f"{why}; {choice.why}", loads, site, context)


def keep(ticket: Ticket, why: str, site: Site, context: Context) -> Placed:
    """Leave a ticket with its owner after its urgency changed; only the owner's load moves."""
    after, writes = reweighed(ticket, context)
    return _placed(after, f"{why}; stays with its owner", writes, site)


def reweighed(ticket: Ticket, context: Context) -> tuple[Ticket, tuple[Write, ...]]:
    """The ticket with the weight that it has now, and the write that moves its owner's load: for
    one that begins to wait, wakes, or changed its urgency.
    """
    after = replace(ticket, load=weight_of(ticket))
    more = after.load - ticket.load
    if not ticket.assignee or not more:
        return after, ()
    return after, (shift(context.tables, ticket.site, ticket.assignee, more),)


def weight_of(ticket: Ticket) -> int:
    """What a ticket weighs on its owner: its urgency, and nothing while it waits for others."""
    waits = ticket.status is Status.WAITING
    return 0 if waits or ticket.assignee is None else int(ticket.urgency)


def hand_to(
    ticket: Ticket,
    member: str | None,
    why: str,
    loads: Mapping[str, Load],
    site: Site,
    context: Context,
) -> Placed:
    """Give a ticket that nobody holds to a member, or to nobody: who had taken it up has it no
    more.
    """
    held = replace(
        ticket,
        status=Status.ROUTED if ticket.status is Status.ACCEPTED else ticket.status,
        assignee=member,
        assigned_at=context.now if member else None,
        accepted_at=None,
        try_at=None if member else ticket.try_at,
    )
    after = replace(held, load=weight_of(held))
    if member is None:
        return _placed(after, why, (), site)
    load = loads.get(member) or Load(member=member)
    load = replace(load, recent=load.given(context.now, site.fairness))
    write = take_on(context.tables, ticket.site, load, after.load, context.now)
    return _placed(after, why, (write,), site)


def let_go(ticket: Ticket, context: Context) -> tuple[Ticket, tuple[Write, ...]]:
    """The ticket without its owner, and the write that takes it off their load."""
    free = replace(ticket, assignee=None, load=0, assigned_at=None, accepted_at=None)
    if ticket.assignee is None or not ticket.load:
        return free, ()
    return free, (put_down(context.tables, ticket.site, ticket.assignee, ticket.load),)


def closed(
    ticket: Ticket, outcome: str, context: Context
) -> tuple[Ticket, tuple[Write, ...], Entry]:
    """The ticket resolved, its weight off its owner, who did it kept for the requester's next one,
    and what the ledger says of it.
    """
    free, off = let_go(ticket, context)
    person = acting_member(context)
    answered_now = context.now if person else None  # no robot gives a first response
    after = replace(
        settled(free, context.now),
        assignee=ticket.assignee,
        status=Status.RESOLVED,
        outcome=outcome,
        resolved_at=context.now,
        responded_at=ticket.responded_at or answered_now,
        wake_at=None,
    )
    site = context.site(ticket.site)
    after = surveyed(after, site, context.now)
    after = replace(after, timer=next_timer(after, site))
    entry = Entry(
        action=Action.RESOLVED,
        why=outcome,
        detail={
            "team": ticket.team,
            "urgency": int(ticket.urgency),
            "in_time": _kept(ticket.clock, context.now),
            "resolution_in_time": _kept(ticket.resolution, context.now),
        },
    )
    return after, (*off, *remember(context, ticket, person)), entry


def _kept(clock: Clock | None, now: datetime) -> bool:
    return clock is None or not is_breached(clock, now)


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
