"""One ticket out of a series of merges taken out again: what its survivor would be without it.

Each merge kept what its survivor was right before and right after it. What differs between what one
merge made and what the next one found was done by people, and stays. Whatever was merged later is
merged again, into the survivor as it would have been.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime

from triagewire.clock.calendar import Calendar
from triagewire.clock.promise import CalendarKind, Clock
from triagewire.clock.sla import is_breached, recompute, resume
from triagewire.routing.merge import stood
from triagewire.ticket import Escalation, Joined, Status, Stood, Ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """How a site merges: what the parting of two tickets needs of its policy.

    `join` is a survivor with a newcomer in it, in the way and at the time of the newcomer's
    `joined`; `promise` a ticket with both its promises begun anew at an instant.
    """

    join: Callable[[Ticket, Ticket], Ticket]
    promise: Callable[[Ticket, datetime], Ticket]
    calendar: Calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class Parted:
    """The survivor without those that are gone, and the later ones whose `joined` is told anew."""

    survivor: Ticket
    restated: tuple[Ticket, ...]


def part(
    survivor: Ticket, merged: Sequence[Ticket], gone: Collection[str], ways: Ways, now: datetime
) -> Parted:
    """The survivor as if the tickets `gone` had never been merged into it.

    `merged` are all that were, in order, each with its `joined`. What people did stays: status,
    owner, waits, answers, and a verdict that a person gave; so a ticket that a merge has woken or
    reopened stays open.
    """
    would, made = None, None
    restated = []
    for each in merged:
        if would is None and each.id not in gone:
            continue
        joined = _required(each)
        would = joined.before if would is None else _left(made, joined.before, would, ways)
        made = joined.made
        if each.id in gone:
            would = _stays_open(survivor, joined.before, made, would, joined.at, ways)
            continue
        before, would = would, _again(survivor, each, would, ways)
        if (before, would) != (joined.before, made):
            anew = replace(joined, before=before, made=would)
            restated.append(replace(each, joined=anew))
    if would is None:
        return Parted(survivor=survivor, restated=())
    after = _as_stood(survivor, _left(made, stood(survivor), would, ways))
    left = tuple(each for each in survivor.merged_from if each not in gone)
    told = _told(survivor, after, now)
    return Parted(
        survivor=replace(after, merged_from=left, escalation=told), restated=tuple(restated)
    )


def alone(merged: Ticket, survivor_id: str) -> Ticket:
    """A merged ticket as one of its own, with nothing promised yet: both its promises run from its
    own receipt. It is linked to its survivor: two that were told apart stay apart.
    """
    return replace(
        merged,
        status=Status.ROUTED,
        merged_into=None,
        joined=None,
        clock=None,
        resolution=None,
        routed_at=None,
        escalation=Escalation(),
        linked=(*merged.linked, survivor_id),
    )


def same_call(one: Ticket, other: Ticket) -> bool:
    """Whether two tickets are a recording and the words of the same call."""
    known = one.thread_hash and (one.source, one.thread_hash) == (other.source, other.thread_hash)
    return bool(known) and (one.awaits or other.awaits)


def _required(merged: Ticket) -> Joined:
    if merged.joined is None:
        raise ValueError(f"ticket {merged.id} does not say how it was merged")
    return merged.joined


def _again(survivor: Ticket, newcomer: Ticket, would: Stood, ways: Ways) -> Stood:
    """What a merge makes of a survivor that stands otherwise than it stood."""
    joined = _required(newcomer)
    if would == joined.before:
        return joined.made
    return stood(ways.join(_as_stood(survivor, would), newcomer))


def _as_stood(ticket: Ticket, at_the_time: Stood) -> Ticket:
    named = {each.name: getattr(at_the_time, each.name) for each in fields(Stood)}
    return replace(ticket, **named)


def _stays_open(
    survivor: Ticket, before: Stood, made: Stood, would: Stood, at: datetime, ways: Ways
) -> Stood:
    """The survivor without the merge that opened it again: people have seen it open, so its
    promises go on from there.
    """
    if made.status is before.status:
        return would
    if before.status is Status.RESOLVED:
        began = made.clock.started_at if made.clock else at
        return stood(ways.promise(_as_stood(survivor, would), began))
    return replace(
        would,
        clock=would.clock and resume(would.clock, ways.calendar, at),
        resolution=would.resolution and resume(would.resolution, ways.calendar, at),
    )


def _left(made: Stood | None, found: Stood, would: Stood, ways: Ways) -> Stood:
    """What would stand, after what people did between what was made and what was found."""
    if made is None:
        return would
    judged = found.verdict != made.verdict
    kept = {
        each.name: getattr(found, each.name)
        for each in fields(Stood)
        if getattr(found, each.name) != getattr(made, each.name) or each.name == "status"
    }
    if judged:
        kept |= {"team": found.team, "skill": found.skill}
    clocks = {
        name: _clock_left(
            getattr(made, name), getattr(found, name), getattr(would, name), judged, ways.calendar
        )
        for name in ("clock", "resolution")
    }
    return replace(would, **(kept | clocks))


def _clock_left(
    made: Clock | None, found: Clock | None, would: Clock | None, judged: bool, calendar: Calendar
) -> Clock | None:
    """The clock that would run, with the waits and answers of people and, where a person judged,
    their target.
    """
    if found == made and not judged:
        return would
    if found is None or made is None or would is None or found.started_at != made.started_at:
        return found  # a promise of its own began meanwhile
    if would.stopped_at is not None:
        return would  # it was kept before, and what is gone owes nothing
    own = judged or _target(found) != _target(made)
    target, kind = _target(found if own else would)
    counted_from, carried = _carried(found if _carried(found) != _carried(made) else would)
    moved = replace(
        found,
        started_at=would.started_at,
        target_minutes=target,
        calendar_kind=kind,
        pauses=tuple(each for each in found.pauses if each.ends > would.started_at),
        counted_from=counted_from,
        carried_seconds=carried,
        stopped_at=None,
    )
    return replace(recompute(moved, calendar), stopped_at=found.stopped_at)


def _target(clock: Clock) -> tuple[int, CalendarKind]:
    return clock.target_minutes, clock.calendar_kind


def _carried(clock: Clock) -> tuple[datetime | None, float]:
    return clock.counted_from, clock.carried_seconds


def _told(before: Ticket, after: Ticket, now: datetime) -> Escalation:
    """What people were told, without what is no longer so: a promise that is not due yet is
    reminded of and breached in its own time, and one that still is late is not told again.
    """
    told = before.escalation
    late = told.breached_at if _is_late(after.clock, now) else None
    unsettled = told.resolution_breached_at if _is_late(after.resolution, now) else None
    ended = (late, unsettled) == (None, None)
    return replace(
        told,
        breached_at=late,
        resolution_breached_at=unsettled,
        reminded_at=told.reminded_at if _is_half(after.clock, now) else None,
        resolution_reminded_at=(
            told.resolution_reminded_at if _is_half(after.resolution, now) else None
        ),
        level=0 if ended else told.level,
        told_at=None if ended else told.told_at,
    )


def _is_late(clock: Clock | None, now: datetime) -> bool:
    return clock is not None and is_breached(clock, now)


def _is_half(clock: Clock | None, now: datetime) -> bool:
    return clock is not None and clock.remind_at <= now
