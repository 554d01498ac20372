"""One ticket out of a series of merges taken out again: what its survivor would be without it.

Each merge kept what its survivor was right before and right after it. What differs between what one
merge made and what the next one found was done by people, and stays. Whatever was merged later is
merged again, into the survivor as it would have been.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from triagewire.clock.calendar import Calendar
from triagewire.clock.promise import CalendarKind, Clock, Pause
from triagewire.clock.sla import is_breached, recompute, resume
from triagewire.routing.merge import stood
from triagewire.ticket import Escalation, Joined, Status, Stood, Ticket

CLOCKS = ("clock", "resolution")


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
        would = _left(survivor, made, joined.before, would or joined.before, ways)
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
    after = _as_stood(survivor, _left(survivor, made, stood(survivor), would, ways))
    left = tuple(each for each in survivor.merged_from if each not in gone)
    told = _told(survivor, after, now)
    return Parted(
        survivor=replace(after, merged_from=left, escalation=told), restated=tuple(restated)
    )


def alone(merged: Ticket, linked: Sequence[str]) -> Ticket:
    """A merged ticket as one of its own, with nothing promised yet: both its promises run from its
    own receipt. One that was merged by hand has the promises that it had. `linked` are the tickets
    beside it, its survivor among them.
    """
    own = replace(
        merged,
        status=Status.ROUTED,
        merged_into=None,
        joined=None,
        linked=tuple(dict.fromkeys((*merged.linked, *linked))),
    )
    if merged.joined is not None and merged.joined.by_hand:
        return own
    return replace(own, clock=None, resolution=None, routed_at=None, escalation=Escalation())


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


def _left(survivor: Ticket, made: Stood | None, found: Stood, would: Stood, ways: Ways) -> Stood:
    """What would stand, after what people did between what was made and what was found."""
    if made is None:
        return would
    judged = found.verdict != made.verdict
    theirs = {
        each.name: getattr(found, each.name)
        for each in fields(Stood)
        if getattr(found, each.name) != getattr(made, each.name) or each.name == "status"
    }
    if judged:
        theirs |= {"team": found.team, "skill": found.skill}
    clocks = {
        name: _clock_left(
            getattr(made, name), getattr(found, name), getattr(would, name), judged, ways.calendar
        )
        for name in CLOCKS
    }
    after = replace(would, **(theirs | clocks))
    return after if after.verdict == found.verdict else _begun(survivor, made, found, after, ways)


def _begun(survivor: Ticket, made: Stood, found: Stood, after: Stood, ways: Ways) -> Stood:
    """What would stand, with the promises that began meanwhile on the target of its own verdict."""
    anew: dict[str, Any] = {}
    for name in CLOCKS:
        was, clock = getattr(made, name), getattr(found, name)
        if clock is None or not _began(was, clock):
            continue
        promised = getattr(ways.promise(_as_stood(survivor, after), clock.started_at), name)
        if promised is not None:
            anew[name] = _measured(clock, *_target(promised), ways.calendar)
    return replace(after, **anew)


def _clock_left(
    made: Clock | None, found: Clock | None, would: Clock | None, judged: bool, calendar: Calendar
) -> Clock | None:
    """The clock that would run, with the waits and answers of people and, where a person judged,
    their target.
    """
    if found == made and not judged:
        return would
    if found is None or would is None or made is None or _began(made, found):
        return found
    if would.stopped_at is not None:
        return would  # it was kept before, and what is gone owes nothing
    # What was answered before a person judged was promised by what the merges had made of it.
    own = (judged and found.stopped_at is None) or _target(found) != _target(made)
    counted_from, carried = _carried(found if _carried(found) != _carried(made) else would)
    moved = replace(
        found,
        started_at=would.started_at,
        pauses=_waits(made, found, would),
        counted_from=counted_from,
        carried_seconds=carried,
    )
    return _measured(moved, *_target(found if own else would), calendar)


def _waits(made: Clock, found: Clock, would: Clock) -> tuple[Pause, ...]:
    """Its own waits, and those that came after the merge."""
    since = (each for each in found.pauses if each not in made.pauses)
    all_of = sorted({*would.pauses, *since})
    return tuple(each for each in all_of if each.ends > would.started_at)


def _began(made: Clock | None, found: Clock) -> bool:
    """Whether a promise of its own began meanwhile."""
    return made is None or found.started_at != made.started_at


def _measured(clock: Clock, minutes: int, kind: CalendarKind, calendar: Calendar) -> Clock:
    """A clock with another target or start, also one that has stopped."""
    going = replace(clock, target_minutes=minutes, calendar_kind=kind, stopped_at=None)
    return replace(recompute(going, calendar), stopped_at=clock.stopped_at)


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
        forewarned=told.forewarned if _is_half(after.clock, now) else 0,
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
