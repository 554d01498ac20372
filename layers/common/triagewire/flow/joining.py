"""One ticket out of two: the writes of a merge, whatever led to it."""

from dataclasses import replace

from triagewire.escalation.timers import next_timer
from triagewire.flow.context import Context, Plan
from triagewire.flow.judge import scored
from triagewire.flow.taking import Pair, take_in, with_owner
from triagewire.ledger.event import Entry
from triagewire.routing.merge import Merge, record, sealed
from triagewire.store.tickets import Change


def join(context: Context, pair: Pair, plan: Plan) -> None:
    """Merge a newcomer into an open ticket, which rises with it where it is worse."""
    site = context.site(pair.survivor.site)
    taken = take_in(context, pair)
    after, told = with_owner(context, pair.survivor, taken, site, plan)
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
