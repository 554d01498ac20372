"""A handoff: where a ticket may go, what it becomes there, and what the ledger says of it."""

from dataclasses import dataclass, replace
from enum import StrEnum

from triagewire.access import Principal
from triagewire.clock.segments import asked_again, awake
from triagewire.clock.sla import earliest, start_clock
from triagewire.errors import InvalidFieldError
from triagewire.flow.context import Context, Plan
from triagewire.flow.labelling import checked_topic, labelled
from triagewire.flow.noting import note_on
from triagewire.flow.placing import Placed, give, hand_to, let_go, regraded
from triagewire.flow.promising import response_target
from triagewire.label import Basis
from triagewire.ledger.event import Action, Entry
from triagewire.ledger.routes import routes_of
from triagewire.policy.model import Site
from triagewire.routing.duty import on_duty
from triagewire.states import require_status
from triagewire.store.ledger import read_events
from triagewire.store.loads import read_loads
from triagewire.store.presence import away_members
from triagewire.store.tickets import ticket_pk
from triagewire.ticket import AT_WORK, REVIEW, Status, Ticket
from triagewire.verdict import Urgency


class HandoffReason(StrEnum):
    """Why a ticket changes hands. A code, because free text could carry PHI into the ledger."""

    WRONG_TEAM = "wrong_team"
    REVIEWED = "reviewed"
    NEEDS_CLINICIAN = "needs_clinician"
    NEEDS_OTHER_SKILL = "needs_other_skill"
    SHIFT_ENDS = "shift_ends"
    WORKLOAD = "workload"
    RESCORED = "rescored"


FIRST_ROUTE_WAS_WRONG = frozenset(
    {
        HandoffReason.WRONG_TEAM,
        HandoffReason.NEEDS_CLINICIAN,
        HandoffReason.NEEDS_OTHER_SKILL,
        HandoffReason.RESCORED,
    }
)
"""The reasons that make a move to another team a misroute."""
TO_THE_LEAD = 3
"""The bounce from which on the lead of the team gets the ticket, whoever was named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handoff:
    """Where a ticket goes: a team, a member of it, or both; out of review also what it is.

    `score` regrades it: only a person lowers an urgency. `topic` and `basis` say of a decision in
    review what it is about and what it rests on. `note` is for colleagues; it may be PHI.
    """

    reason: HandoffReason
    team: str | None = None
    member: str | None = None
    score: Urgency | None = None
    topic: str | None = None
    basis: Basis | None = None
    note: str = ""


def hand_over(
    context: Context,
    principal: Principal,
    ticket: Ticket,
    handoff: Handoff,
    site: Site,
    plan: Plan,
) -> tuple[Ticket, tuple[Entry, ...]]:
    """The ticket where the handoff wants it, and what the ledger says; a decision that ends a
    review is kept as a label. Raises InvalidFieldError and ForbiddenTransitionError.
    """
    require_status(ticket, *AT_WORK, Status.WAITING)
    team = handoff.team or ticket.team or ""
    _check(handoff, team, ticket, site)
    topic = handoff.topic and checked_topic(handoff.topic, ticket, context.policy.policy)
    free, off = let_go(ticket, context)
    plan.writes.extend(off)
    moved = _about(_moved(free, handoff, team, site, context), topic)
    bounced = _is_bounce(ticket, team, context)
    if bounced:
        moved = _bounced(moved, context)
    placed, lead = _placed(moved, handoff, site, context, bounced=bounced)
    plan.writes.extend(placed.writes)
    if handoff.note:
        plan.writes.append(note_on(context, ticket, handoff.note, principal))
    told = labelled(context, principal, ticket, placed.ticket, handoff.basis, plan)
    entry = _handoff_entry(ticket, handoff, team, bounced=bounced, lead=lead)
    return placed.ticket, (entry, *told, placed.entry)


def _placed(
    moved: Ticket, handoff: Handoff, site: Site, context: Context, *, bounced: bool
) -> tuple[Placed, str | None]:
    """The ticket with its new owner, and the lead who got it because it bounced once too often.

    Who was named gets it even when not at work: what they do not take up returns to the queue.
    """
    why = f"handed over: {handoff.reason.value}"
    to_lead = bounced and moved.bounces >= TO_THE_LEAD
    if not to_lead and handoff.member is None:
        return give(moved, why, site, context), None
    away = away_members(context.tables, moved.site, context.now)
    lead = _lead(moved, site, away, context) if to_lead else None
    if to_lead:
        why = f"{why}; handed from team to team {moved.bounces} times"
    member = lead or (None if to_lead else handoff.member)
    if member is None:
        return give(moved, why, site, context), None
    at_work = on_duty(site, member, context.now, away)
    why = f"{why}; for the lead" if lead else why if at_work else f"{why}; {member} is not at work"
    loads = read_loads(context.tables, moved.site)
    return hand_to(moved, member, why, loads, site, context), lead


def _is_bounce(ticket: Ticket, team: str, context: Context) -> bool:
    """Whether a person moves it from team to team; see `ledger.routes` for what that is."""
    if team in (ticket.team, REVIEW):
        return False
    if not ticket.in_review:
        return True
    return routes_of(read_events(context.tables, ticket_pk(ticket.id))).sent_by == team


def _bounced(ticket: Ticket, context: Context) -> Ticket:
    """The ticket after one more bounce; from the third on a lead is to be told."""
    again = replace(ticket, bounces=ticket.bounces + 1)
    if again.bounces < TO_THE_LEAD:
        return again
    told = replace(again.escalation, bounced_at=context.now, bounce_told_at=None)
    return replace(again, escalation=told)


def _lead(ticket: Ticket, site: Site, away: frozenset[str], context: Context) -> str | None:
    """The lead of the team that it came to; None while they are not at work or may not open it:
    then its queue goes on with it, and the lead hears of it.
    """
    lead = site.teams[ticket.team or REVIEW].lead
    allowed = Principal(id=lead, policy=context.policy.policy).may_work(ticket.site, ticket.team)
    return lead if allowed and on_duty(site, lead, context.now, away) else None


def _about(ticket: Ticket, topic: str | None) -> Ticket:
    if not topic or ticket.verdict is None:
        return ticket
    return replace(ticket, verdict=replace(ticket.verdict, topic=topic))


def _check(handoff: Handoff, team: str, ticket: Ticket, site: Site) -> None:
    if team not in site.teams:
        raise InvalidFieldError("team", "is no team of this site")
    if handoff.member is not None:
        member = site.members.get(handoff.member)
        if member is None or team not in member.teams:
            raise InvalidFieldError("member", "is no member of that team")
    if (
        team == ticket.team
        and handoff.member in (None, ticket.assignee)
        and handoff.score in (None, ticket.urgency)
    ):
        raise InvalidFieldError("team", "has it already: name another team or another member")
    _check_score(handoff.score, team, ticket, site)


def _check_score(score: Urgency | None, team: str, ticket: Ticket, site: Site) -> None:
    if team == REVIEW and score is not None:
        raise InvalidFieldError("score", "is what the review is to find: leave it out")
    if ticket.in_review and team != REVIEW and score is None:
        raise InvalidFieldError("score", "is needed to leave the review queue")
    if takes_urgent(team, site):
        return
    if score is Urgency.CLINICAL_URGENT:
        raise InvalidFieldError("team", "does not take what is clinical urgent")
    if ticket.must_page and score is None:
        raise InvalidFieldError("score", "is needed to take a clinical urgent ticket from clinical")


def takes_urgent(team: str, site: Site) -> bool:
    """Whether clinical urgent tickets may stand in the queue of a team without a new score."""
    return team in ("clinical", REVIEW) or "clinical" in site.teams[team].handles


def _moved(free: Ticket, handoff: Handoff, team: str, site: Site, context: Context) -> Ticket:
    """The ticket in its new queue, nobody's yet, with the clock that holds there."""
    going_on = awake(free, site.calendar, context.now)
    status = Status.REOPENED if free.status is Status.REOPENED else Status.ROUTED
    moved = replace(going_on, status=status, declined=(), stands_in_for=None)
    if handoff.score is not None and (free.in_review or handoff.score != free.urgency):
        moved = regraded(moved, handoff.score, team, site, context)
    moved = replace(moved, team=team)
    if team == REVIEW and not free.in_review:
        return _under_review(moved, site, context)
    return moved


def _under_review(ticket: Ticket, site: Site, context: Context) -> Ticket:
    """The ticket on the review's clock, unless its own is due sooner: doubt costs no time. What
    was answered is promised another answer.
    """
    target = response_target(ticket, site)
    if ticket.clock is not None and ticket.clock.stopped_at is not None:
        return asked_again(ticket, target, site.calendar, context.now)
    review = start_clock(target.minutes, site.calendar, context.now, kind=target.hours)
    clock = earliest(ticket.clock, review)
    if clock == ticket.clock:
        return ticket
    reminded = replace(ticket.escalation, reminded_at=None, forewarned=0)
    return replace(ticket, clock=clock, escalation=reminded)


def _handoff_entry(
    ticket: Ticket, handoff: Handoff, team: str, *, bounced: bool, lead: str | None
) -> Entry:
    misroute = bounced and not ticket.in_review and handoff.reason in FIRST_ROUTE_WAS_WRONG
    return Entry(
        action=Action.REASSIGNED,
        why=handoff.reason.value,
        detail={
            "from_team": ticket.team,
            "to_team": team,
            "from_member": ticket.assignee,
            "to_member": lead or handoff.member,
            "to_lead": lead is not None,
            "score_before": int(ticket.urgency),
            "score": int(handoff.score) if handoff.score else None,
            "misroute": misroute,
            "bounce": bounced,
            "note": bool(handoff.note),
        },
    )
