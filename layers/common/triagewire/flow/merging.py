"""Two tickets made one by a person who has seen that they are one need; `unmerging` undoes it.

Both tickets, their ledgers and the loads of both owners are written in one transaction that holds
only on the versions it was decided from: of two who merge at once one wins.
"""

from dataclasses import replace

from triagewire.access import Principal
from triagewire.clock.segments import awake
from triagewire.errors import ForbiddenTransitionError
from triagewire.escalation.timers import next_timer
from triagewire.flow.acting import act, require_known, require_named
from triagewire.flow.context import Context, Plan
from triagewire.flow.looking import visible_ticket
from triagewire.flow.placing import let_go
from triagewire.flow.returning import drain
from triagewire.flow.taking import Pair, take_in_by_hand, with_owner
from triagewire.ledger.event import Action, Entry
from triagewire.policy.model import Site
from triagewire.routing.hand_merge import MergeReason, who_differs
from triagewire.routing.merge import sealed
from triagewire.states import require_status
from triagewire.store.ledger import read_events
from triagewire.store.tickets import Change, ticket_pk
from triagewire.ticket import AT_WORK, Status, Ticket

TOLD_APART = "other_person"
"""The reason of an unmerge after which the two are never one again."""


def merge_in(
    context: Context,
    principal: Principal,
    ticket_id: str,
    other_id: str,
    reason: MergeReason,
    *,
    seen: int | None = None,
    other_seen: int | None = None,
) -> Ticket:
    """Merge another open ticket of the same person and site into this one; returns the one.

    It has the higher urgency of the two and the clocks that are due first; where the other one is
    worse it goes to that one's queue and pages anew. `seen` and `other_seen` are the versions that
    this was decided on. Raises NotFoundError for a ticket that is not theirs to work on, and
    NotNowError for two people, for what is under review, and for what is not open.
    """
    freed: list[Ticket] = []

    def decide(ticket: Ticket, site: Site, plan: Plan) -> tuple[Ticket, tuple[Entry, ...]]:
        require_named(ticket, ticket_id, "merge")
        require_status(ticket, *AT_WORK, Status.WAITING)
        other = _other(context, principal, ticket, other_id)
        require_known(context, other, other_id, other_seen)
        _require_one_need(context, ticket, other)
        freed[:] = [other]
        free, off = let_go(awake(other, site.calendar, context.now), context)
        plan.writes.extend(off)
        pair = Pair(before=other, newcomer=free, survivor=ticket, why=reason.value)
        taken = take_in_by_hand(context, pair)
        after, told = with_owner(context, ticket, taken, site, plan)
        after = replace(after, timer=next_timer(after, site))
        merged = replace(taken.merged, survivor=after)
        gone = sealed(merged, ticket, context.now)
        plan.changes.append(Change(before=other, after=gone, entries=(merged.merged_entry,)))
        return after, (merged.survivor_entry, *told)

    survivor = act(context, principal, ticket_id, decide, seen=seen)
    for other in freed:
        if other.assignee is not None and other.team is not None:
            drain(context, other.site, other.team)
    return survivor


def _other(context: Context, principal: Principal, ticket: Ticket, other_id: str) -> Ticket:
    """The other ticket, if the principal may work on it too."""
    other = visible_ticket(context, principal, other_id, to_work=True)
    if other_id == ticket.id:
        raise ForbiddenTransitionError("merge: a ticket cannot be merged into itself")
    if other.id == ticket.id:
        raise ForbiddenTransitionError("merge: it is a part of this ticket already")
    if other.id != other_id:
        raise ForbiddenTransitionError(f"merge: it was merged into {other.id}: name that one")
    return other


def _require_one_need(context: Context, ticket: Ticket, other: Ticket) -> None:
    """Refuse what is no open need of the same person. Raises ForbiddenTransitionError."""
    if other.site != ticket.site:
        raise ForbiddenTransitionError("merge: the other ticket is of another site")
    if other.status not in (*AT_WORK, Status.WAITING):
        raise ForbiddenTransitionError(f"merge: the other ticket is {other.status.value}")
    if ticket.in_review or other.in_review:
        raise ForbiddenTransitionError("merge: a ticket under review is decided first")
    if why := who_differs(ticket.requester, other.requester):
        raise ForbiddenTransitionError(f"merge: they may be two people: {why}")
    if _were_told_apart(context, ticket, other):
        raise ForbiddenTransitionError("merge: a person has said that they are two people")


def _were_told_apart(context: Context, ticket: Ticket, other: Ticket) -> bool:
    """Whether a person took the two apart because they are of two people."""
    if other.id not in ticket.linked:
        return False
    return any(
        event.action in (Action.UNMERGED, Action.PARTED)
        and event.why == TOLD_APART
        and other.id in (event.detail.get("ticket"), event.detail.get("from"))
        for event in read_events(context.tables, ticket_pk(ticket.id))
    )
