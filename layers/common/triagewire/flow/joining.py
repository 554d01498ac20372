"""One ticket out of two: the writes of a merge, whatever led to it."""

from dataclasses import dataclass, replace

from triagewire.clock.promise import Clock
from triagewire.clock.segments import asked_again
from triagewire.clock.sla import resume, since
from triagewire.escalation.timers import next_timer
from triagewire.flow.context import Context, Plan
from triagewire.flow.insisting import adds_nothing
from triagewire.flow.judge import scored
from triagewire.flow.placing import give, keep, let_go, response_target, reweighed, standing
from triagewire.ledger.event import Entry
from triagewire.policy.model import Site
from triagewire.routing.merge import WHY, Merge, merge, record, sealed
from triagewire.store.tickets import Change
from triagewire.ticket import Status, Ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A newcomer, as it was stored and as it was judged, and the ticket that takes it in."""

    before: Ticket
    newcomer: Ticket
    survivor: Ticket
    why: str = WHY
    other_sender: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenIn:
    """A merge whose survivor stands in its queue with its promises, and still has the owner it had;
    `why` says why it is that queue, where a worse newcomer asked for it.
    """

    merged: Merge
    why: str = ""


def join(context: Context, pair: Pair, plan: Plan) -> None:
    """Merge a newcomer into an open ticket, which rises with it where it is worse."""
    site = context.site(pair.survivor.site)
    taken = take_in(context, pair)
    after, told = _with_owner(context, pair.survivor, taken, site, plan)
    after = replace(after, timer=next_timer(after, site))
    entries = (taken.merged.survivor_entry, *told)
    add_merge(context, plan, pair, replace(taken.merged, survivor=after), entries)


def take_in(context: Context, pair: Pair) -> TakenIn:
    """A newcomer merged into an open ticket, but for the owner."""
    site = context.site(pair.survivor.site)
    merged = merge(pair.survivor, pair.newcomer, pair.why, other_sender=pair.other_sender)
    after = _clocks_of_both(merged.survivor, pair, site, context)
    if not merged.worse or after.verdict is None:
        return TakenIn(merged=replace(merged, survivor=after))
    raised, why = standing(after, after.verdict, site, context)
    return TakenIn(merged=replace(merged, survivor=raised), why=why)


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


def _clocks_of_both(survivor: Ticket, pair: Pair, site: Site, context: Context) -> Ticket:
    """The survivor's promises with a newcomer in it, none of them waiting any more: who was
    answered and writes again is owed another response; else what runs counts from the receipt of
    a message that was held up, or read late from quarantine, if that came first.
    """

    def going_on(clock: Clock | None) -> Clock | None:
        if clock is None:
            return None
        running = resume(clock, site.calendar, context.now)
        return since(running, site.calendar, pair.newcomer.received_at)

    clock, resolution = going_on(pair.survivor.clock), going_on(pair.survivor.resolution)
    up = replace(survivor, clock=clock, resolution=resolution)
    if clock is None or clock.stopped_at is None or _is_nod(pair.newcomer):
        return up
    target = response_target(up, site)
    return asked_again(up, target, site.calendar, pair.newcomer.received_at)


def _is_nod(newcomer: Ticket) -> bool:
    return newcomer.verdict is not None and adds_nothing(newcomer.verdict)


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
    untouched = survivor.assignee is not None and survivor.accepted_at is None
    assigned_at = context.now if untouched else survivor.assigned_at
    return replace(survivor, wake_at=None, assigned_at=assigned_at)
