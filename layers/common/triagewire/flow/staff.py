"""What staff do with a ticket: claim, acknowledge, reassign, resolve, reopen.

Every action checks the principal on the server, holds only on the version it was decided from, and
stands in the ledger with who and why.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from triagewire.access import Principal
from triagewire.clock.sla import earliest, resume, start_clock
from triagewire.errors import ConflictError, ForbiddenTransitionError, InvalidFieldError
from triagewire.escalation.timers import next_timer
from triagewire.flow.context import Context, Plan
from triagewire.flow.looking import visible_ticket
from triagewire.flow.placing import closed, give, hand_to, let_go, regraded, target_of
from triagewire.ledger.event import Action, Entry
from triagewire.message import Direction, Message
from triagewire.policy.model import Site
from triagewire.store.loads import read_loads
from triagewire.store.messages import add_message
from triagewire.store.tickets import Change
from triagewire.ticket import REVIEW, Escalation, Status, Ticket
from triagewire.verdict import Urgency

ATTEMPTS = 5


class HandoffReason(StrEnum):
    """Why a ticket changes hands. A code, because free text could carry PHI into the ledger."""

    WRONG_TEAM = "wrong_team"
    REVIEWED = "reviewed"
    NEEDS_CLINICIAN = "needs_clinician"
    NEEDS_OTHER_SKILL = "needs_other_skill"
    SHIFT_ENDS = "shift_ends"
    WORKLOAD = "workload"


class Outcome(StrEnum):
    """How a ticket ended."""

    ANSWERED = "answered"
    DONE = "done"
    CALLED_BACK = "called_back"
    SENT_TO_EMERGENCY_CARE = "sent_to_emergency_care"
    NOT_NEEDED = "not_needed"


class ReopenReason(StrEnum):
    """Why a resolved ticket is open again."""

    REQUESTER_WROTE_AGAIN = "requester_wrote_again"
    RESOLVED_BY_MISTAKE = "resolved_by_mistake"
    NOT_FINISHED = "not_finished"


@dataclass(frozen=True, slots=True, kw_only=True)
class Handoff:
    """Where a ticket goes: a team, a member of it, or both; out of review also what it is.

    `score` regrades it: only a person lowers an urgency. `note` is for colleagues; it may be PHI.
    """

    reason: HandoffReason
    team: str | None = None
    member: str | None = None
    score: Urgency | None = None
    note: str = ""


type Decision = Callable[[Ticket, Site, Plan], tuple[Ticket, tuple[Entry, ...]]]


def claim(context: Context, principal: Principal, ticket_id: str) -> Ticket:
    """Take a ticket of the queue. Raises ForbiddenTransitionError if somebody else holds it."""

    def decide(ticket: Ticket, site: Site, plan: Plan) -> tuple[Ticket, tuple[Entry, ...]]:
        _require_status(ticket, Status.OPEN, Status.WAITING)
        if ticket.assignee == principal.id:
            return ticket, ()
        if ticket.assignee is not None:
            raise ForbiddenTransitionError(f"held by {ticket.assignee}: reassign it with a reason")
        loads = read_loads(context.tables, ticket.site, ticket.team or "")
        placed = hand_to(ticket, principal.id, "claimed", loads, site, context)
        plan.writes.extend(placed.writes)
        entry = Entry(action=Action.CLAIMED, why="taken from the queue")
        return placed.ticket, (entry,)

    return _change(context, principal, ticket_id, decide)


def acknowledge(context: Context, principal: Principal, ticket_id: str) -> Ticket:
    """Say that a page was heard: it stops the pages for a while, and is no first response.

    Acknowledging what somebody has acknowledged changes nothing; the ticket says who it was.
    """

    def decide(ticket: Ticket, site: Site, _plan: Plan) -> tuple[Ticket, tuple[Entry, ...]]:
        if not ticket.must_page:
            raise ForbiddenTransitionError("acknowledge: only an open clinical urgent ticket pages")
        if ticket.escalation.acknowledged_at is not None:
            return ticket, ()
        told = replace(ticket.escalation, acknowledged_at=context.now, acknowledged_by=principal.id)
        after = replace(ticket, escalation=told)
        entry = Entry(action=Action.ACKNOWLEDGED, why="a person has heard the page")
        return replace(after, timer=next_timer(after, site)), (entry,)

    return _change(context, principal, ticket_id, decide)


def reassign(context: Context, principal: Principal, ticket_id: str, handoff: Handoff) -> Ticket:
    """Hand a ticket to another team or member. Leaving the review queue takes a score.

    One that goes into review gets the review's clock beside its own: the earlier one counts.
    Raises InvalidFieldError for a team or member that the site does not have.
    """

    def decide(ticket: Ticket, site: Site, plan: Plan) -> tuple[Ticket, tuple[Entry, ...]]:
        _require_status(ticket, Status.OPEN, Status.WAITING)
        team = handoff.team or ticket.team or ""
        _check(handoff, team, ticket, site)
        free, off = let_go(ticket, context)
        plan.writes.extend(off)
        moved = _moved(free, handoff, team, site, context)
        why = f"handed over: {handoff.reason.value}"
        if handoff.member:
            loads = read_loads(context.tables, ticket.site, team)
            placed = hand_to(moved, handoff.member, why, loads, site, context)
        else:
            placed = give(moved, why, site, context)
        plan.writes.extend(placed.writes)
        _note(context, ticket, handoff.note, principal, plan)
        return placed.ticket, (_handoff_entry(ticket, handoff, team), placed.entry)

    return _change(context, principal, ticket_id, decide)


def resolve(context: Context, principal: Principal, ticket_id: str, outcome: Outcome) -> Ticket:
    """Close a ticket with its outcome; its owner's load falls in the same step."""

    def decide(ticket: Ticket, _site: Site, plan: Plan) -> tuple[Ticket, tuple[Entry, ...]]:
        _require_status(ticket, Status.OPEN, Status.WAITING)
        if ticket.in_review:
            raise ForbiddenTransitionError("resolve: a ticket under review is reassigned first")
        after, off, entry = closed(ticket, outcome.value, context)
        plan.writes.extend(off)
        return after, (entry,)

    return _change(context, principal, ticket_id, decide)


def reopen(context: Context, principal: Principal, ticket_id: str, reason: ReopenReason) -> Ticket:
    """Open a resolved ticket again, with a new clock, for somebody who is on duty."""

    def decide(ticket: Ticket, site: Site, plan: Plan) -> tuple[Ticket, tuple[Entry, ...]]:
        _require_status(ticket, Status.RESOLVED)
        target = target_of(ticket, site)
        fresh = replace(
            ticket,
            status=Status.OPEN,
            assignee=None,
            load=0,
            outcome=None,
            resolved_at=None,
            routed_at=context.now,
            clock=start_clock(target.minutes, site.calendar, context.now, kind=target.hours),
            escalation=Escalation(),
            reopened=ticket.reopened + 1,
        )
        placed = give(fresh, f"reopened: {reason.value}", site, context)
        plan.writes.extend(placed.writes)
        return placed.ticket, (Entry(action=Action.REOPENED, why=reason.value), placed.entry)

    return _change(context, principal, ticket_id, decide)


def _change(context: Context, principal: Principal, ticket_id: str, decide: Decision) -> Ticket:
    """Read, check, decide, write; again from the start when somebody else was quicker."""
    for _ in range(ATTEMPTS):
        ticket = visible_ticket(context, principal, ticket_id, to_work=True)
        plan = Plan()
        after, entries = decide(ticket, context.site(ticket.site), plan)
        if not entries:
            return ticket
        plan.changes.append(Change(before=ticket, after=after, entries=entries))
        try:
            return plan.commit(context)[0]
        except ConflictError:
            continue
    raise ConflictError(f"ticket {ticket_id} is changing too fast: try again")


def _require_status(ticket: Ticket, *allowed: Status) -> None:
    if ticket.status not in allowed:
        needed = " or ".join(status.value for status in allowed)
        raise ForbiddenTransitionError(f"the ticket is {ticket.status.value}, not {needed}")


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
    if team == REVIEW and handoff.score is not None:
        raise InvalidFieldError("score", "is what the review is to find: leave it out")
    if ticket.in_review and team != REVIEW and handoff.score is None:
        raise InvalidFieldError("score", "is needed to leave the review queue")
    if ticket.must_page and handoff.score is None and not _takes_urgent(team, site):
        raise InvalidFieldError("score", "is needed to take a clinical urgent ticket from clinical")


def _takes_urgent(team: str, site: Site) -> bool:
    """Whether clinical urgent tickets may stand in the queue of a team without a new score."""
    return team in ("clinical", REVIEW) or "clinical" in site.teams[team].handles


def _moved(free: Ticket, handoff: Handoff, team: str, site: Site, context: Context) -> Ticket:
    """The ticket in its new queue, nobody's yet, with the clock that holds there."""
    clock = free.clock and resume(free.clock, site.calendar, context.now)
    moved = replace(free, clock=clock, status=Status.OPEN, handoffs=free.handoffs + 1)
    if handoff.score is not None and (free.in_review or handoff.score != free.urgency):
        moved = regraded(moved, handoff.score, team, site, context)
    moved = replace(moved, team=team)
    if team == REVIEW and not free.in_review:
        return _under_review(moved, site, context)
    return moved


def _under_review(ticket: Ticket, site: Site, context: Context) -> Ticket:
    """The ticket on the review's clock, unless its own is due sooner: doubt costs no time."""
    target = target_of(ticket, site)
    review = start_clock(target.minutes, site.calendar, context.now, kind=target.hours)
    clock = earliest(ticket.clock, review)
    if clock == ticket.clock:
        return ticket
    reminded = replace(ticket.escalation, reminded_at=None)
    return replace(ticket, clock=clock, escalation=reminded)


def _handoff_entry(ticket: Ticket, handoff: Handoff, team: str) -> Entry:
    return Entry(
        action=Action.REASSIGNED,
        why=handoff.reason.value,
        detail={
            "from_team": ticket.team,
            "to_team": team,
            "from_member": ticket.assignee,
            "to_member": handoff.member,
            "score_before": int(ticket.urgency),
            "score": int(handoff.score) if handoff.score else None,
            "misroute": handoff.reason is HandoffReason.WRONG_TEAM and team != ticket.team,
            "note": bool(handoff.note),
        },
    )


def _note(context: Context, ticket: Ticket, note: str, principal: Principal, plan: Plan) -> None:
    if not note:
        return
    message = Message(
        ticket_id=ticket.id,
        at=context.now,
        number=ticket.version,  # other than any other note's, even of the same millisecond
        direction=Direction.NOTE,
        channel=ticket.channels[0],
        text=note,
        author=principal.id,
    )
    plan.writes.append(add_message(context.tables, message))
