"""What staff do with work of their own: take it, take it up, answer, let it wait, go on with it."""

from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

from triagewire.access import Principal
from triagewire.clock.calendar import add
from triagewire.clock.promise import PauseReason
from triagewire.clock.segments import answered, asleep
from triagewire.clock.sla import is_breached
from triagewire.errors import ForbiddenTransitionError, InvalidFieldError
from triagewire.escalation.timers import next_timer
from triagewire.flow.acting import act
from triagewire.flow.context import Context, Plan
from triagewire.flow.continuity import remember
from triagewire.flow.placing import hand_to
from triagewire.flow.waking import up_again, weighing
from triagewire.ledger.event import Action, Entry
from triagewire.policy.model import Site
from triagewire.states import require_status
from triagewire.store.loads import read_loads
from triagewire.ticket import AT_WORK, Status, Ticket

LONGEST_WAIT = timedelta(days=90)
"""So long a ticket may wait for somebody outside; what takes longer is looked at in between."""


class Answer(StrEnum):
    """How a person answered the requester.

    There is none for a message left on a machine: whom nobody reached has not been answered.
    """

    CALLED = "called"
    WROTE = "wrote"
    IN_PERSON = "in_person"


def claim(
    context: Context, principal: Principal, ticket_id: str, *, seen: int | None = None
) -> Ticket:
    """Take a ticket of the queue. Raises NotNowError if somebody else holds it."""

    def decide(ticket: Ticket, site: Site, plan: Plan) -> tuple[Ticket, tuple[Entry, ...]]:
        require_status(ticket, *AT_WORK, Status.WAITING)
        return _own(ticket, principal, site, context, plan)

    return act(context, principal, ticket_id, decide, seen=seen)


def accept(
    context: Context, principal: Principal, ticket_id: str, *, seen: int | None = None
) -> Ticket:
    """Take up what one was given; what nobody holds is claimed by that.

    Raises NotNowError if somebody else holds it, or if it waits.
    """

    def decide(ticket: Ticket, site: Site, plan: Plan) -> tuple[Ticket, tuple[Entry, ...]]:
        require_status(ticket, *AT_WORK)
        return _own(ticket, principal, site, context, plan)

    return act(context, principal, ticket_id, decide, seen=seen)


def respond(
    context: Context,
    principal: Principal,
    ticket_id: str,
    how: Answer,
    *,
    seen: int | None = None,
) -> Ticket:
    """Say that a person has answered the requester: the promise of that is kept, and pages end.

    A ticket that nobody holds is theirs from then on. One under review stays there, and one that
    waits goes on waiting. Answering what has been answered changes nothing.
    """

    def decide(ticket: Ticket, site: Site, plan: Plan) -> tuple[Ticket, tuple[Entry, ...]]:
        require_status(ticket, *AT_WORK, Status.WAITING)
        if ticket.assignee and ticket.clock and ticket.clock.stopped_at:
            return ticket, ()
        held, taken = taken_up(ticket, principal, site, context, plan)
        plan.writes.extend(remember(context, ticket, principal.id))
        after = answered(held, context.now)
        entry = Entry(
            action=Action.RESPONDED,
            why=how.value,
            detail={
                "team": ticket.team,
                "urgency": int(ticket.urgency),
                "in_time": ticket.clock is None or not is_breached(ticket.clock, context.now),
            },
        )
        return replace(after, timer=next_timer(after, site)), (*taken, entry)

    return act(context, principal, ticket_id, decide, seen=seen)


def wait(
    context: Context,
    principal: Principal,
    ticket_id: str,
    reason: PauseReason,
    until: datetime | None = None,
    *,
    seen: int | None = None,
) -> Ticket:
    """Let a ticket wait for somebody outside: its clocks stand and it weighs nothing, until then or
    until its requester writes. Without `until` the site's policy says how long.

    Raises InvalidFieldError for a time that is past or too far away, and NotNowError for what may
    not wait: clinical urgent work, and what a person has yet to judge.
    """

    def decide(ticket: Ticket, site: Site, plan: Plan) -> tuple[Ticket, tuple[Entry, ...]]:
        require_status(ticket, *AT_WORK)
        _require_patient(ticket)
        wake_at = _checked(until, context.now) if until else _usual(reason, site, context.now)
        slept = asleep(ticket, reason, wake_at, context.now)
        held, taken = taken_up(slept, principal, site, context, plan)
        after, writes = weighing(held, site, context)
        plan.writes.extend(writes)
        detail = {"until": wake_at.isoformat()}
        return after, (*taken, Entry(action=Action.PAUSED, why=reason.value, detail=detail))

    return act(context, principal, ticket_id, decide, seen=seen)


def resume(
    context: Context, principal: Principal, ticket_id: str, *, seen: int | None = None
) -> Ticket:
    """Go on with a ticket that waits, at once; one that nobody holds is theirs from then on."""

    def decide(ticket: Ticket, site: Site, plan: Plan) -> tuple[Ticket, tuple[Entry, ...]]:
        require_status(ticket, Status.WAITING)
        up = up_again(ticket, site, context)
        held, taken = taken_up(up, principal, site, context, plan)
        after, writes = weighing(held, site, context)
        plan.writes.extend(writes)
        return after, (Entry(action=Action.RESUMED, why="a person goes on with it"), *taken)

    return act(context, principal, ticket_id, decide, seen=seen)


def _own(
    ticket: Ticket, principal: Principal, site: Site, context: Context, plan: Plan
) -> tuple[Ticket, tuple[Entry, ...]]:
    """The ticket in the hands of the principal, who has taken it up."""
    if ticket.assignee not in (None, principal.id):
        raise ForbiddenTransitionError(f"held by {ticket.assignee}: reassign it with a reason")
    if not principal.may_own(ticket.site, ticket.team):
        raise ForbiddenTransitionError(
            "emergency access takes nothing over: answer it, or hand it to somebody of the site"
        )
    return taken_up(ticket, principal, site, context, plan)


def taken_up(
    ticket: Ticket, principal: Principal, site: Site, context: Context, plan: Plan
) -> tuple[Ticket, tuple[Entry, ...]]:
    """The ticket of who works on it: nobody's becomes the principal's, and what they were given is
    taken up by that. What another holds, or they have taken up, is left as it is, and so is
    everything for who came in an emergency: they leave again.
    """
    if not principal.may_own(ticket.site, ticket.team):
        return ticket, ()
    if ticket.assignee is None:
        loads = read_loads(context.tables, ticket.site)
        placed = hand_to(ticket, principal.id, "claimed", loads, site, context)
        plan.writes.extend(placed.writes)
        detail = placed.entry.detail
        entry = Entry(action=Action.CLAIMED, why="taken from the queue", detail=detail)
        return _accepted(placed.ticket, site, context), (entry,)
    if ticket.assignee == principal.id and ticket.accepted_at is None:
        entry = Entry(action=Action.ACCEPTED, why="its owner has taken it up")
        return _accepted(ticket, site, context), (entry,)
    return ticket, ()


def _accepted(ticket: Ticket, site: Site, context: Context) -> Ticket:
    """The ticket taken up by its owner; one that waits goes on waiting."""
    status = ticket.status if ticket.status is Status.WAITING else Status.ACCEPTED
    after = replace(ticket, status=status, accepted_at=context.now)
    return replace(after, timer=next_timer(after, site))


def _require_patient(ticket: Ticket) -> None:
    """Refuse to let that wait which must not."""
    if ticket.must_page:
        raise ForbiddenTransitionError("wait: clinical urgent work never waits")
    if ticket.in_review:
        raise ForbiddenTransitionError("wait: a ticket under review is decided first")


def _checked(until: datetime, now: datetime) -> datetime:
    if until <= now:
        raise InvalidFieldError("until", "must not be in the past")
    if until > now + LONGEST_WAIT:
        raise InvalidFieldError("until", f"must be within {LONGEST_WAIT.days} days")
    return until


def _usual(reason: PauseReason, site: Site, now: datetime) -> datetime:
    """When the site looks again at what waits for so somebody."""
    minutes: int = getattr(site.waits, reason.value)
    return add(site.calendar, now, minutes)
