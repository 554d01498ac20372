"""What a merge makes of its survivor under the site's policy, and who has it then.

Apart from the writes of it so that undoing a merge, at the desk, loads no scoring.
"""

from dataclasses import dataclass, replace

from triagewire.clock.promise import Clock
from triagewire.clock.segments import asked_again
from triagewire.clock.sla import resume, since
from triagewire.flow.context import Context, Plan
from triagewire.flow.placing import give, keep, let_go, reweighed, standing
from triagewire.flow.promising import enforced, promised, promised_again, response_target
from triagewire.ledger.event import Entry
from triagewire.policy.model import Site
from triagewire.routing.hand_merge import merge_by_hand, soonest, told_before
from triagewire.routing.merge import WHY, Merge, merge
from triagewire.routing.nods import adds_nothing
from triagewire.routing.presence import with_time_again
from triagewire.states import reopened
from triagewire.ticket import ANSWERED_AUTOMATICALLY, Status, Ticket


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


def take_in(context: Context, pair: Pair) -> TakenIn:
    """A newcomer merged into an open ticket, but for the owner."""
    site = context.site(pair.survivor.site)
    merged = merge(pair.survivor, pair.newcomer, pair.why, other_sender=pair.other_sender)
    after = _clocks_of_both(merged.survivor, pair, site, context)
    if not merged.worse or after.verdict is None:
        return TakenIn(merged=replace(merged, survivor=after))
    raised, why = standing(after, after.verdict, site, context)
    return TakenIn(merged=replace(merged, survivor=raised), why=why)


def take_up(context: Context, pair: Pair) -> Merge:
    """A newcomer merged into a resolved ticket, which is open again and nobody's yet: the promise
    begins with what was written now, and what a robot answered is a person's.
    """
    site = context.site(pair.survivor.site)
    merged = merge(pair.survivor, pair.newcomer, pair.why, other_sender=pair.other_sender)
    answered = pair.survivor.outcome == ANSWERED_AUTOMATICALLY
    quiet = merged.survivor.quiet or answered
    open_again = replace(reopened(merged.survivor, context.now), quiet=quiet)
    verdict = open_again.verdict
    if merged.worse and verdict is not None:
        open_again, _ = standing(open_again, verdict, site, context)
    # What held this message up before it was routed is our delay, as it is for a new ticket.
    promised = promised_again(open_again, site, enforced(pair.newcomer.received_at, site))
    return replace(merged, survivor=promised)


def take_in_by_hand(context: Context, pair: Pair) -> TakenIn:
    """A ticket that stood in a queue merged into an open one, but for the owner: both its promises
    are those that are due first, and where it is worse it stands where that one stood.
    """
    site, now = context.site(pair.survivor.site), context.now
    mine, theirs = pair.survivor, pair.newcomer
    merged = merge_by_hand(mine, theirs, pair.why)
    after = replace(
        merged.survivor,
        clock=soonest(mine.clock, theirs.clock, site.calendar, now),
        resolution=soonest(mine.resolution, theirs.resolution, site.calendar, now),
    )
    if merged.worse:
        home = theirs.stands_in_for or theirs.team
        there = replace(after, team=home, skill=theirs.skill, stands_in_for=None)
        after = promised(there, site, context)
    after = replace(after, escalation=told_before(mine, after, theirs, now))
    why = "it stands where the worse one stood" if merged.worse else ""
    return TakenIn(merged=replace(merged, survivor=after), why=why)


def with_owner(
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


def _clocks_of_both(survivor: Ticket, pair: Pair, site: Site, context: Context) -> Ticket:
    """The survivor's promises with a newcomer in it, none of them waiting any more: who was
    answered and writes again is owed another response; else what runs counts from the receipt of
    a message that was held up, or read late from quarantine, if that came first.
    """
    came = enforced(pair.newcomer.received_at, site)

    def going_on(clock: Clock | None) -> Clock | None:
        if clock is None:
            return None
        return since(resume(clock, site.calendar, context.now), site.calendar, came)

    clock, resolution = going_on(pair.survivor.clock), going_on(pair.survivor.resolution)
    up = replace(survivor, clock=clock, resolution=resolution)
    if clock is None or clock.stopped_at is None or _is_nod(pair.newcomer):
        return up
    target = response_target(up, site)
    return asked_again(up, target, site.calendar, came)


def _is_nod(newcomer: Ticket) -> bool:
    return newcomer.verdict is not None and adds_nothing(newcomer.verdict)


def _woken(survivor: Ticket, before: Ticket, context: Context) -> Ticket:
    """The survivor without its wait; who has not taken it up has as long for that as at first."""
    if before.status is not Status.WAITING:
        return survivor
    return replace(with_time_again(survivor, context.now), wake_at=None)
