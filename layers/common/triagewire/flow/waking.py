"""The end of a wait: the clocks go on and the ticket weighs on its owner again."""

from dataclasses import replace

from triagewire.clock.segments import awake
from triagewire.errors import ConflictError
from triagewire.escalation.timers import next_timer
from triagewire.flow.context import Context, Plan
from triagewire.flow.placing import Placed, let_go, reweighed
from triagewire.flow.returning import back_to
from triagewire.ledger.event import Action, Entry
from triagewire.policy.model import Site
from triagewire.routing.duty import is_absent
from triagewire.routing.presence import may_keep, with_time_again
from triagewire.store.presence import away_members
from triagewire.store.table import Write
from triagewire.store.tickets import Change
from triagewire.ticket import Ticket


def wake_due(context: Context, ticket: Ticket) -> bool:
    """End the wait of a ticket whose timer says so; False if somebody else changed it first."""
    site, plan = context.site(ticket.site), Plan()
    woken = Entry(action=Action.WOKEN, why="its waiting time is over")
    if _owner_stays(ticket, site, context):
        after, writes = weighing(up_again(ticket, site, context), site, context)
        entries: tuple[Entry, ...] = (woken,)
    else:
        placed = _given_anew(ticket, site, context)
        after, writes, entries = placed.ticket, placed.writes, (woken, placed.entry)
    plan.writes.extend(writes)
    plan.changes.append(Change(before=ticket, after=after, entries=entries))
    try:
        plan.commit(context)
    except ConflictError:
        return False
    return True


def up_again(ticket: Ticket, site: Site, context: Context) -> Ticket:
    """The ticket awake, with its owner; who has not taken it up has as long for that as at first.

    The load and the timer are left to the caller.
    """
    return with_time_again(awake(ticket, site.calendar, context.now), context.now)


def weighing(ticket: Ticket, site: Site, context: Context) -> tuple[Ticket, tuple[Write, ...]]:
    """The ticket with the timer and the weight that it has now, and the write of that weight."""
    after, writes = reweighed(ticket, context)
    return replace(after, timer=next_timer(after, site)), writes


def _owner_stays(ticket: Ticket, site: Site, context: Context) -> bool:
    """Whether there is an owner who goes on with it, if only with their next shift."""
    if ticket.assignee is None or not may_keep(ticket, site):
        return False
    away = away_members(context.tables, ticket.site, context.now)
    return not is_absent(site, ticket.assignee, context.now, away)


def _given_anew(ticket: Ticket, site: Site, context: Context) -> Placed:
    """A ticket that wakes with nobody, or with somebody who is not there."""
    free, off = let_go(ticket, context)
    up = awake(free, site.calendar, context.now)
    gone = "its owner is not there" if ticket.assignee else "nobody holds it"
    placed = back_to(up, ticket.assignee, f"it waited; {gone}", site, context)
    return replace(placed, writes=(*off, *placed.writes))
