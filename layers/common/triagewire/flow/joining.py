"""One ticket out of two: the writes of a merge, whatever led to it."""

from dataclasses import dataclass, replace

from triagewire.clock.promise import Clock
from triagewire.clock.segments import asked_again
from triagewire.clock.sla import recompute, resume
from triagewire.escalation.timers import next_timer
from triagewire.flow.context import Context, Plan
from triagewire.flow.insisting import adds_nothing
from triagewire.flow.judge import scored
from triagewire.flow.placing import give, keep, let_go, response_target, standing
from triagewire.ledger.event import Entry
from triagewire.policy.model import Site
from triagewire.routing.merge import WHY, Merge, merge, record
from triagewire.store.tickets import Change
from triagewire.ticket import Ticket
from triagewire.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A newcomer, as it was stored and as it was judged, and the ticket that takes it in."""

    before: Ticket
    newcomer: Ticket
    survivor: Ticket
    why: str = WHY
    other_sender: bool = False


def join(context: Context, pair: Pair, plan: Plan) -> None:
    """Merge a newcomer into an open ticket, which rises with it where it is worse."""
    site = context.site(pair.survivor.site)
    merged = merge(pair.survivor, pair.newcomer, pair.why, other_sender=pair.other_sender)
    after, entries = _clocks_of_both(merged.survivor, pair, site, context), [merged.survivor_entry]
    if merged.worse and after.verdict is not None:
        after, entry = _raised(context, after, after.verdict, site, plan)
        entries.append(entry)
    after = replace(after, timer=next_timer(after, site))
    add_merge(plan, pair, replace(merged, survivor=after), tuple(entries))


def keep_record(context: Context, pair: Pair, plan: Plan) -> None:
    """Put a newcomer on a ticket, open or resolved, of which nothing else moves."""
    kept = record(pair.survivor, pair.newcomer, pair.why, other_sender=pair.other_sender)
    site = context.site(pair.survivor.site)
    after = replace(kept.survivor, timer=next_timer(kept.survivor, site))
    add_merge(plan, pair, replace(kept, survivor=after), (kept.survivor_entry,))


def add_merge(plan: Plan, pair: Pair, merged: Merge, entries: tuple[Entry, ...]) -> None:
    """Both changes of a merge, the survivor's first: it is the ticket that people work on."""
    told = [scored(pair.newcomer.verdict)] if pair.newcomer.verdict else []
    plan.changes.append(Change(before=pair.survivor, after=merged.survivor, entries=entries))
    plan.changes.append(
        Change(before=pair.before, after=merged.merged, entries=(*told, merged.merged_entry))
    )


def _clocks_of_both(survivor: Ticket, pair: Pair, site: Site, context: Context) -> Ticket:
    """The survivor's promises with a newcomer in it: who was answered and writes again is owed
    another response; else what runs counts from the earlier receipt.
    """
    clock, resolution = pair.survivor.clock, pair.survivor.resolution
    if clock is not None and clock.stopped_at is not None:
        nothing_new = pair.newcomer.verdict is not None and adds_nothing(pair.newcomer.verdict)
        if pair.newcomer.quiet or nothing_new:
            return survivor
        target = response_target(survivor, site)
        return asked_again(survivor, target, site.calendar, pair.newcomer.received_at)
    return replace(
        survivor,
        clock=clock and _earliest(clock, pair.newcomer, site, context),
        resolution=resolution and _earliest(resolution, pair.newcomer, site, context),
    )


def _earliest(clock: Clock, newcomer: Ticket, site: Site, context: Context) -> Clock:
    """The running clock, from the newcomer's receipt if that came first: a message that was held
    up, or read late from quarantine, has waited as long as it has.
    """
    running = resume(clock, site.calendar, context.now)
    if newcomer.received_at >= running.started_at:
        return running
    return recompute(replace(running, started_at=newcomer.received_at), site.calendar)


def _raised(
    context: Context, survivor: Ticket, verdict: Verdict, site: Site, plan: Plan
) -> tuple[Ticket, Entry]:
    """A survivor that became more urgent: with its owner if it stays in the queue, else
    given anew.
    """
    raised, why = standing(survivor, verdict, site, context)
    if raised.team == survivor.team and survivor.assignee is not None:
        placed = keep(raised, f"a worse message came in; {why}", site, context)
    else:
        _, writes = let_go(survivor, context)
        plan.writes.extend(writes)
        free = replace(raised, assignee=None, load=0, assigned_at=None, accepted_at=None)
        placed = give(free, f"a worse message came in; {why}", site, context)
    plan.writes.extend(placed.writes)
    return placed.ticket, placed.entry
