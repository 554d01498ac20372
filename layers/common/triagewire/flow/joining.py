"""One ticket out of two: the writes of a merge, whatever led to it."""

from dataclasses import replace

from triagewire.escalation.timers import next_timer
from triagewire.flow.context import Context, Plan
from triagewire.flow.judge import scored
from triagewire.flow.placing import give, keep, let_go, reweighed
from triagewire.flow.taking import Pair, TakenIn, take_in
from triagewire.ledger.event import Entry
from triagewire.policy.model import Site
from triagewire.routing.merge import Merge, record, sealed
from triagewire.routing.presence import with_time_again
from triagewire.store.tickets import Change
from triagewire.ticket import Status, Ticket


def join(context: Context, pair: Pair, plan: Plan) -> None:
    """Merge a newcomer into an open ticket, which rises with it where it is worse."""
    site = context.site(pair.survivor.site)
    taken = take_in(context, pair)
    after, told = _with_owner(context, pair.survivor, taken, site, plan)
    after = replace(after, timer=next_timer(after, site))
    entries = (taken.merged.survivor_entry, *told)
    add_merge(context, plan, pair, replace(taken.merged, survivor=after), entries)


def keep_record(context: Context, pair: Pair, plan: Plan) -> None:
    """Put a newcomer on a ticket, open or resolved, of which nothing else moves."""
    kept = record(pair.survivor, pair.newcomer, pair.why, other_sender=pair.other_sender)
    site = context.site(pair.survivor.site)
    after = replace(kept.survivor, timer=next_timer(kept.survivor, site))
    add_merge(context, plan, pair, replace(kept, survivor=after), (kept.survivor_entry,))


def add_merge(
    context: Context, plan: Plan, pair: Pair, merged: Merge, entries: tuple[Entry, ...]
) -> None:
    """Both changes of a merge, the survivor's first: it is the ticket that people work on."""
    told = [scored(pair.newcomer.verdict)] if pair.newcomer.verdict else []
    plan.changes.append(Change(before=pair.survivor, after=merged.survivor, entries=entries))
    plan.changes.append(
        Change(
            before=pair.before,
            after=sealed(merged, pair.survivor, context.now),
            entries=(*told, merged.merged_entry),
        )
    )


def _with_owner(
    context: Context, before: Ticket, taken: TakenIn, site: Site, plan: Plan
) -> tuple[Ticket, tuple[Entry, ...]]:
    """The survivor with an owner: the one it had if it stays in its queue, else given anew."""
    after = _woken(taken.merged.survivor, before, context)
    if not taken.merged.worse and (after.assignee or before.status is not Status.WAITING):
        kept, writes = reweighed(after, context)
        plan.writes.extend(writes)
        return kept, ()
    why = f"a worse message came in; {taken.why}" if taken.merged.worse else "its requester wrote"
    if after.team == before.team and after.assignee is not None:
        placed = keep(after, why, site, context)
    else:
        free, writes = let_go(after, context)
        plan.writes.extend(writes)
        placed = give(free, why, site, context)
    plan.writes.extend(placed.writes)
    return placed.ticket, (placed.entry,)


def _woken(survivor: Ticket, before: Ticket, context: Context) -> Ticket:
    """The survivor without its wait; who has not taken it up has as long for that as at first."""
    if before.status is not Status.WAITING:
        return survivor
    return replace(with_time_again(survivor, context.now), wake_at=None)
