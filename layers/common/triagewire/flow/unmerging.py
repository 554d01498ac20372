"""Two tickets that were merged, apart again: a person has seen that they are not one need.

Both tickets, their ledgers, the load of their owners, and the locks that made them one are written
in one transaction that holds only on the versions it was decided from.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from triagewire.access import Principal
from triagewire.errors import ForbiddenTransitionError
from triagewire.escalation.timers import next_timer
from triagewire.flow.acting import act
from triagewire.flow.context import Context, Plan
from triagewire.flow.linking import need_id
from triagewire.flow.placing import give, let_go, reweighed, standing
from triagewire.flow.promising import promised_again
from triagewire.flow.taking import Pair, take_in, take_in_by_hand, take_up
from triagewire.flow.telling_apart import tell_apart
from triagewire.ledger.event import Action, Detail, Entry
from triagewire.policy.model import Site
from triagewire.routing.merge import WHY, record, sealed
from triagewire.routing.queueing import may_own
from triagewire.routing.unmerge import Ways, alone, part, same_call
from triagewire.states import require_status
from triagewire.store.tickets import Change, load_ticket, load_tickets
from triagewire.ticket import AT_WORK, Status, Ticket
from triagewire.verdict import Verdict

MOST_RESTATED = 30
"""A transaction takes a hundred items; each ticket that is told anew is two of them."""
WHY_CALL = "it is a part of the same call"
TOO_OLD = "it was merged before merges could be undone"
GOES_WITH_WORDS = "a recording goes with the words of its call"


class UnmergeReason(StrEnum):
    """Why a merge is undone. A code, because free text could carry PHI into the ledger."""

    OTHER_PERSON = "other_person"
    OTHER_NEED = "other_need"
    BY_MISTAKE = "by_mistake"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Going:
    """A merged ticket that is to go, its verdict, what of the same call goes with it, and the
    tickets of its message's further needs, which are linked to its survivor.
    """

    ticket: Ticket
    verdict: Verdict
    call: tuple[Ticket, ...]
    needs: tuple[Ticket, ...]

    @property
    def by_hand(self) -> bool:
        """Whether a person had merged it."""
        return self.ticket.joined is not None and self.ticket.joined.by_hand

    @property
    def ids(self) -> frozenset[str]:
        """All that go."""
        return frozenset({self.ticket.id, *(each.id for each in self.call)})


def unmerge(
    context: Context,
    principal: Principal,
    ticket_id: str,
    merged_id: str,
    reason: UnmergeReason,
    *,
    seen: int | None = None,
) -> Ticket:
    """Take a merged ticket out of its survivor again; returns the survivor.

    The survivor is as if it had never been merged, but for what people did; the other one stands in
    the queue of its own verdict, with the time it has waited. Raises NotNowError for what is not
    merged into it, for a part of a call, and for a survivor that is closed for good.
    """

    def decide(ticket: Ticket, site: Site, plan: Plan) -> tuple[Ticket, tuple[Entry, ...]]:
        require_status(ticket, *AT_WORK, Status.WAITING, Status.RESOLVED)
        found = load_tickets(context.tables, ticket.merged_from)
        merged = [found[each] for each in ticket.merged_from if each in found]
        going = _going(context, ticket, merged, merged_id)
        parted = part(ticket, merged, going.ids, ways_of(context, site), context.now)
        if len(parted.restated) > MOST_RESTATED:
            raise ForbiddenTransitionError("unmerge: take apart first what was merged after it")
        after, placed = _survivor(parted.survivor, ticket, going, site, context, plan)
        plan.changes.extend(_own_again(going, ticket, reason, site, context, plan))
        plan.changes.extend(_relinked(each, ticket, going) for each in going.needs)
        for each in parted.restated:
            plan.changes.append(_restated(found[each.id], each, ticket, going))
        staying = [each for each in merged if each.id not in going.ids]
        two_people = reason is UnmergeReason.OTHER_PERSON
        plan.writes.extend(tell_apart(context, going.ticket, after, staying, two_people=two_people))
        return after, (_told(ticket, after, going, reason), *placed)

    return act(context, principal, ticket_id, decide, seen=seen)


def _going(context: Context, survivor: Ticket, merged: Sequence[Ticket], merged_id: str) -> _Going:
    """What is to go. Raises ForbiddenTransitionError where it cannot."""
    ticket = next((each for each in merged if each.id == merged_id), None)
    if ticket is None:
        raise ForbiddenTransitionError(_not_merged(context, survivor, merged_id))
    call = tuple(each for each in merged if each is not ticket and same_call(each, ticket))
    if ticket.verdict is None or any(not each.awaits for each in call):
        raise ForbiddenTransitionError(f"unmerge: {GOES_WITH_WORDS}")
    by_hand = ticket.joined is not None and ticket.joined.by_hand
    if same_call(ticket, survivor) and not by_hand:
        raise ForbiddenTransitionError("unmerge: the two are parts of the same call")
    first = min(merged.index(each) for each in (ticket, *call))
    if any(each.joined is None for each in merged[first:]):
        raise ForbiddenTransitionError(f"unmerge: {TOO_OLD}")
    wanted = {need_id(ticket, need) for need in ticket.verdict.others} & set(survivor.linked)
    needs = load_tickets(context.tables, sorted(wanted)).values()
    return _Going(ticket=ticket, verdict=ticket.verdict, call=call, needs=tuple(needs))


def _not_merged(context: Context, survivor: Ticket, merged_id: str) -> str:
    """Why it cannot go; its state only where it was told apart from this very ticket."""
    other = load_ticket(context.tables, merged_id) if merged_id in survivor.linked else None
    if other is None:
        return "unmerge: it was not merged into this ticket"
    return f"unmerge: it is {other.status.value}, not merged"


def ways_of(context: Context, site: Site) -> Ways:
    """How this site merges, for what was merged after the one that goes."""

    def join(survivor: Ticket, newcomer: Ticket) -> Ticket:
        joined = newcomer.joined
        if joined is None or joined.recorded:
            return record(survivor, newcomer, WHY).survivor
        then = replace(context, now=joined.at)
        pair = Pair(
            before=newcomer, newcomer=newcomer, survivor=survivor, other_sender=joined.other_sender
        )
        if joined.by_hand:
            return take_in_by_hand(then, pair).merged.survivor
        if survivor.status is Status.RESOLVED:
            return take_up(then, pair).survivor
        return take_in(then, pair).merged.survivor

    def promise(ticket: Ticket, at: datetime) -> Ticket:
        return promised_again(ticket, site, at)

    return Ways(join=join, promise=promise, calendar=site.calendar)


def _survivor(
    parted: Ticket, before: Ticket, going: _Going, site: Site, context: Context, plan: Plan
) -> tuple[Ticket, tuple[Entry, ...]]:
    """The survivor in the queue that it would stand in, with its owner if they may work there."""
    needs = {each.id for each in going.needs}
    linked = (*(each for each in parted.linked if each not in needs), going.ticket.id)
    apart = replace(parted, linked=tuple(dict.fromkeys(linked)))
    owner, team = apart.assignee, apart.team or ""
    if not apart.is_open:
        return replace(apart, timer=next_timer(apart, site)), ()
    if team == before.team or (owner and may_own(site, owner, team)):
        kept, writes = reweighed(apart, context)
        plan.writes.extend(writes)
        return replace(kept, timer=next_timer(kept, site)), ()
    free, off = let_go(apart, context)
    plan.writes.extend(off)
    if free.status is Status.WAITING:  # who has it then is asked when it wakes
        return replace(free, timer=next_timer(free, site)), ()
    again = Status.REOPENED if free.status is Status.REOPENED else Status.ROUTED
    why = "what had brought it to another queue was taken out of it"
    placed = give(replace(free, status=again, declined=()), why, site, context)
    plan.writes.extend(placed.writes)
    return placed.ticket, (placed.entry,)


def _told(before: Ticket, after: Ticket, going: _Going, reason: UnmergeReason) -> Entry:
    return Entry(
        action=Action.UNMERGED,
        why=reason.value,
        detail={
            "ticket": going.ticket.id,
            "urgency_before": int(before.urgency),
            "urgency": int(after.urgency),
            "team_before": before.team,
            "team": after.team,
            "member": after.assignee,
        },
    )


def _own_again(
    going: _Going, survivor: Ticket, reason: UnmergeReason, site: Site, context: Context, plan: Plan
) -> list[Change]:
    """The parted ticket in the queue of its own verdict, with an owner, and its call with it."""
    own = alone(going.ticket, (survivor.id, *(each.id for each in going.needs)))
    own = replace(own, hold=survivor.hold)
    if going.by_hand and own.team in site.teams:
        stands, why = replace(own, declined=(), stands_in_for=None), "it stands where it stood"
    else:
        stands, why = standing(own, going.verdict, site, context)
    placed = give(stands, f"parted from {survivor.id}; {why}", site, context)
    plan.writes.extend(placed.writes)
    held: dict[str, Detail] = {"held": True} if survivor.hold is not None else {}
    parted = Entry(action=Action.PARTED, why=reason.value, detail={"from": survivor.id, **held})
    after, entries, calls = placed.ticket, [parted, placed.entry], []
    for each in going.call:
        kept = record(after, each, WHY_CALL)
        merged = sealed(kept, after, context.now)
        calls.append(Change(before=each, after=merged, entries=(kept.merged_entry,)))
        entries.append(kept.survivor_entry)
        after = kept.survivor
    return [Change(before=going.ticket, after=after, entries=tuple(entries)), *calls]


def _relinked(need: Ticket, survivor: Ticket, going: _Going) -> Change:
    """The ticket of a further need, linked to the message that it came with."""
    lead = going.ticket.id
    linked = tuple(lead if each == survivor.id else each for each in need.linked)
    entry = Entry(
        action=Action.LINKED,
        why="the message that it is a further need of has a ticket of its own again",
        detail={"of": lead},
    )
    return Change(before=need, after=replace(need, linked=linked), entries=(entry,))


def _restated(before: Ticket, after: Ticket, survivor: Ticket, going: _Going) -> Change:
    """One that was merged later, with its survivor as it would have been."""
    entry = Entry(
        action=Action.RESTATED,
        why="another ticket was taken out of its survivor",
        detail={"ticket": going.ticket.id, "of": survivor.id},
    )
    return Change(before=before, after=after, entries=(entry,))
