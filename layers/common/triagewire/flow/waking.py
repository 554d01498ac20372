"""The end of a wait: the clocks go on and the ticket weighs on its owner again."""

from dataclasses import replace

from triagewire.clock.segments import awake
from triagewire.errors import ConflictError
from triagewire.escalation.timers import next_timer
from triagewire.flow.context import Context, Plan
from triagewire.flow.placing import give, reweighed
from triagewire.ledger.event import Action, Entry
from triagewire.policy.model import Site
from triagewire.store.table import Write
from triagewire.store.tickets import Change
from triagewire.ticket import Ticket


def wake_due(context: Context, ticket: Ticket) -> bool:
    """End the wait of a ticket whose timer says so; False if somebody else changed it first."""
    site, plan = context.site(ticket.site), Plan()
    entry = Entry(action=Action.WOKEN, why="its waiting time is over")
    up = up_again(ticket, site, context)
    after, writes, told = _with_somebody(up, site, context)
    plan.writes.extend(writes)
    plan.changes.append(Change(before=ticket, after=after, entries=(entry, *told)))
    try:
        plan.commit(context)
    except ConflictError:
        return False
    return True


def up_again(ticket: Ticket, site: Site, context: Context) -> Ticket:
    """The ticket awake, with its owner; who has not taken it up has as long for that as at first.

    The load and the timer are left to the caller.
    """
    up = awake(ticket, site.calendar, context.now)
    untouched = up.assignee is not None and up.accepted_at is None
    return replace(up, assigned_at=context.now) if untouched else up


def weighing(ticket: Ticket, site: Site, context: Context) -> tuple[Ticket, tuple[Write, ...]]:
    """The ticket with the timer and the weight that it has now, and the write of that weight."""
    after, writes = reweighed(ticket, context)
    return replace(after, timer=next_timer(after, site)), writes


def _with_somebody(
    up: Ticket, site: Site, context: Context
) -> tuple[Ticket, tuple[Write, ...], tuple[Entry, ...]]:
    """A ticket that has woken, with the owner who had it, or with a new one."""
    if up.assignee is not None:
        return *weighing(up, site, context), ()
    placed = give(up, "it waited, and nobody holds it", site, context)
    return placed.ticket, placed.writes, (placed.entry,)
