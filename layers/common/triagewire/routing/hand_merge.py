"""Two open tickets that a person takes for one: whether they may be, and what the one is then."""

from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from triagewire.arrival import Requester, RequesterKind
from triagewire.clock.calendar import Calendar
from triagewire.clock.promise import Clock
from triagewire.clock.sla import earliest, is_breached, resume, since
from triagewire.routing.merge import Merge, merge
from triagewire.routing.person import difference, identities
from triagewire.ticket import Escalation, Ticket


class MergeReason(StrEnum):
    """Why two tickets are one. A code, because free text could carry PHI into the ledger."""

    SAME_NEED = "same_need"
    SENT_TWICE = "sent_twice"
    SAME_CALL = "same_call"


_WORDS = {
    "kind": "one is a patient's and the other of staff",
    "on_behalf": "one was written on behalf of somebody else",
    "patient_id": "their patient ids differ",
    "date_of_birth": "their birth dates differ",
    "name": "their names differ",
}


def who_differs(one: Requester, other: Requester) -> str:
    """Why two requesters may not be taken for one person, without a value of either; "" if they
    may. Of whom anything is known something must be the same: a merge shows the one's words to
    whoever may see the other's.
    """
    if found := difference(one, other):
        return _WORDS[found]
    if set(identities(one)) & set(identities(other)):
        return ""
    if _is_known(one) or _is_known(other):
        return "they share no patient id, mail address or phone"
    return ""


def merge_by_hand(survivor: Ticket, other: Ticket, why: str) -> Merge:
    """Merge a ticket that stands in a queue into another one; the clocks are left to the caller.

    Nobody has written anything new, so pages begin anew only where the other one is worse, or is
    as urgent and nobody has answered its pages yet.
    """
    merged = merge(survivor, other, why)
    told = merged.survivor.escalation
    if not merged.worse:
        unheard = other.must_page and other.escalation.acknowledged_at is None
        told = survivor.escalation.paging_anew if unheard else survivor.escalation
    hand = {"by_hand": True}
    into, of = merged.merged_entry, merged.survivor_entry
    return replace(
        merged,
        survivor=replace(merged.survivor, escalation=told),
        merged_entry=replace(into, detail={**into.detail, **hand}),
        survivor_entry=replace(of, detail={**of.detail, **hand}),
        by_hand=True,
    )


def soonest(
    mine: Clock | None, theirs: Clock | None, calendar: Calendar, now: datetime
) -> Clock | None:
    """One promise for two: it counts from the earlier start and is due no later than either. One
    that is kept stands for none that is still open, and who waits, waits no more.
    """
    mine, theirs = (each and resume(each, calendar, now) for each in (mine, theirs))
    if mine is None or theirs is None:
        return mine or theirs
    if mine.stopped_at is not None and theirs.stopped_at is None:
        return theirs
    if theirs.stopped_at is not None:
        return mine
    return earliest(since(mine, calendar, theirs.started_at), theirs)


def told_before(before: Ticket, after: Ticket, other: Ticket, now: datetime) -> Escalation:
    """How far telling people of the one ticket has got: a breach of which they were told on the
    other one is not told again. Where only the other's promise is still to be kept, what was told
    of the own one, which was, is over.
    """
    told, theirs = after.escalation, other.escalation
    if _is_kept(before.clock) and not _is_kept(after.clock):
        told = replace(
            told, reminded_at=theirs.reminded_at, forewarned=theirs.forewarned, breached_at=None
        )
    late, unsettled = _late(after.clock, now), _late(after.resolution, now)
    return replace(
        told,
        breached_at=told.breached_at or (theirs.breached_at if late else None),
        resolution_breached_at=told.resolution_breached_at
        or (theirs.resolution_breached_at if unsettled else None),
        told_at=told.told_at or (theirs.told_at if late or unsettled else None),
    )


def _is_kept(clock: Clock | None) -> bool:
    return clock is not None and clock.stopped_at is not None


def _late(clock: Clock | None, now: datetime) -> bool:
    return clock is not None and is_breached(clock, now)


def _is_known(requester: Requester) -> bool:
    stated = (requester.name, requester.date_of_birth, *identities(requester))
    return requester.kind is not RequesterKind.UNKNOWN or any(stated)
