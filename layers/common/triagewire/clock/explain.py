"""Why a promise is due when it is: the life of a clock, stretch by stretch.

As values for whoever shows them, and in words on the site's own clock for a person.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Literal, TypedDict

from triagewire.clock.calendar import (
    DAY,
    NOTHING,
    Calendar,
    closures_on,
    elapsed,
    local,
    openings_between,
)
from triagewire.clock.promise import CalendarKind, Clock, Pause, PauseReason
from triagewire.clock.sla import MINUTE, counted, expected_by, hours_of, is_breached

SECOND = timedelta(seconds=1)

type State = Literal["running", "paused", "breached", "stopped"]


class StretchKind(StrEnum):
    """Why time counts, or why it does not. `carried` is what an earlier calendar had counted."""

    COUNTED = "counted"
    CLOSED = "closed"
    HOLIDAY = "holiday"
    PAUSED = "paused"
    CARRIED = "carried"


class MarkKind(StrEnum):
    """What happens at one instant of a clock's life."""

    REMINDER = "reminder"
    DUE = "due"
    CLOCKS_CHANGE = "clocks_change"
    STOPPED = "stopped"
    NOW = "now"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Time of one kind; `total` is what has counted by its end. `name` is that of a holiday."""

    begins: datetime
    ends: datetime
    kind: StretchKind
    total: timedelta
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """An instant between two stretches; `total` is what has counted by then, `shift` by how much
    the site's clock is set ahead (or back, below zero).
    """

    at: datetime
    kind: MarkKind
    total: timedelta
    shift: timedelta = NOTHING


class Explained(TypedDict):
    """A clock in plain values; times are ISO 8601, in UTC unless their name says `site`."""

    state: State
    calendar: CalendarKind
    target_minutes: int
    elapsed_minutes: float
    paused_minutes: float
    remaining_minutes: float
    started_at: str
    remind_at: str
    due_at: str
    due_at_site: str
    paused_at: str | None
    paused_for: PauseReason | None
    stopped_at: str | None


def story(clock: Clock, calendar: Calendar, now: datetime | None = None) -> list[Stretch | Mark]:
    """The life of a clock from its start until it is due, or `now` if that is later.

    One that is paused or stopped is told no further than that it stands.
    """
    told: list[Stretch | Mark] = []
    begins, total = clock.started_at, NOTHING
    if clock.counted_from is not None:
        begins, total = clock.counted_from, timedelta(seconds=clock.carried_seconds)
        told.append(
            Stretch(begins=clock.started_at, ends=begins, kind=StretchKind.CARRIED, total=total)
        )
    until = _told_until(clock, now)
    marks = [each for each in _marks(clock, calendar, begins, until, now) if each.at <= until]
    for stretch in _stretches(clock, calendar, begins, until, [mark.at for mark in marks]):
        told += [replace(mark, total=total) for mark in marks if mark.at == stretch.begins]
        if stretch.kind is StretchKind.COUNTED:
            total += stretch.ends - stretch.begins
        told.append(replace(stretch, total=total))
    told += [replace(mark, total=total) for mark in marks if mark.at == until]
    return told


def in_words(clock: Clock, calendar: Calendar, now: datetime | None = None) -> list[str]:
    """The same as lines for a person, in the site's time; no line holds anything of a ticket."""
    hours = "hours of the day" if clock.calendar_kind is CalendarKind.ALWAYS else "site's hours"
    promised = clock.target_minutes * MINUTE
    lines = [f"{length(promised)} of the {hours}, on the clock of {calendar.zone}"]
    for each in story(clock, calendar, now):
        if isinstance(each, Mark):
            lines.append(f"{_wall(calendar, each.at)}  {_of_mark(each, promised)}")
        else:
            span = f"{_wall(calendar, each.begins)} until {_wall(calendar, each.ends)}"
            lines.append(f"{span}  {_of_stretch(each)}")
    return lines


def explain(clock: Clock, calendar: Calendar, now: datetime) -> Explained:
    """The clock in plain values for a page, an audit or a terminal; no value is PHI.

    `remaining_minutes` is below zero once the clock is breached, and counts open time too.
    """
    gone = counted(clock, calendar, now)
    paused_at = clock.paused_at
    return {
        "state": _state(clock, now),
        "calendar": clock.calendar_kind,
        "target_minutes": clock.target_minutes,
        "elapsed_minutes": _minutes(gone),
        "paused_minutes": _minutes(_waited(clock, calendar, now)),
        "remaining_minutes": _minutes(clock.target_minutes * MINUTE - gone),
        "started_at": clock.started_at.isoformat(),
        "remind_at": clock.remind_at.isoformat(),
        "due_at": clock.due_at.isoformat(),
        "due_at_site": expected_by(clock, calendar).isoformat(),
        "paused_at": None if paused_at is None else paused_at.isoformat(),
        "paused_for": clock.paused_for,
        "stopped_at": None if clock.stopped_at is None else clock.stopped_at.isoformat(),
    }


def length(span: timedelta) -> str:
    """A length of time in words: `2 h 30 min`."""
    minutes, rest = divmod(abs(span), MINUTE)
    hours, minutes = divmod(minutes, 60)
    parts = [f"{hours} h"] if hours else []
    parts += [f"{minutes} min"] if minutes else []
    parts += [f"{rest / SECOND:g} s"] if rest else []
    return " ".join(parts) or "0 min"


def _told_until(clock: Clock, now: datetime | None) -> datetime:
    if clock.stopped_at is not None:
        return clock.stopped_at
    if clock.paused_at is not None:
        return max(clock.paused_at, now or clock.paused_at)
    return max(clock.due_at, now or clock.due_at)


def _marks(
    clock: Clock, calendar: Calendar, begins: datetime, until: datetime, now: datetime | None
) -> Iterator[Mark]:
    found = [*_changes_of_the_clocks(calendar, begins, until)]
    # While a clock stands, what it would be due at is no fact yet.
    stands = clock.paused_at or clock.stopped_at
    for kind, at in (
        (MarkKind.REMINDER, clock.remind_at),
        (MarkKind.DUE, clock.due_at),
        (MarkKind.STOPPED, clock.stopped_at),
        (MarkKind.NOW, now),
    ):
        planned = kind in (MarkKind.REMINDER, MarkKind.DUE)
        if at is not None and at >= begins and not (planned and stands and at > stands):
            found.append(Mark(at=at, kind=kind, total=NOTHING))
    yield from sorted(found, key=lambda mark: mark.at)


def _changes_of_the_clocks(calendar: Calendar, begins: datetime, until: datetime) -> Iterator[Mark]:
    day = begins
    while day < until:
        later = min(day + DAY, until)
        before, after = _offset(calendar, day), _offset(calendar, later)
        if before != after:
            at = _changed_at(calendar, day, later)
            yield Mark(at=at, kind=MarkKind.CLOCKS_CHANGE, total=NOTHING, shift=after - before)
        day = later


def _changed_at(calendar: Calendar, before: datetime, after: datetime) -> datetime:
    offset = _offset(calendar, before)
    first = before.replace(microsecond=0)
    seconds = range((after - first) // SECOND + 1)
    return first + SECOND * bisect_right(
        seconds, 0, key=lambda each: _offset(calendar, first + SECOND * each) != offset
    )


def _offset(calendar: Calendar, at: datetime) -> timedelta:
    return local(calendar, at).utcoffset() or NOTHING


def _stretches(
    clock: Clock, calendar: Calendar, begins: datetime, until: datetime, cuts: list[datetime]
) -> Iterator[Stretch]:
    """The time from `begins` to `until`, cut where its kind changes and where a mark stands."""
    hours = hours_of(clock, calendar)
    layers = (
        (StretchKind.PAUSED, _pauses(clock, until)),
        (StretchKind.COUNTED, [*openings_between(hours, begins, until)]),
        (StretchKind.HOLIDAY, [*openings_between(replace(hours, holidays=()), begins, until)]),
    )
    edges = {begins, until, *cuts}
    edges |= {edge for _, spans in layers for span in spans for edge in span}
    held: Stretch | None = None
    for since, to in pairwise(sorted(edge for edge in edges if begins <= edge <= until)):
        kind = next((kind for kind, spans in layers if _within(spans, since)), StretchKind.CLOSED)
        name = closures_on(hours, since) if kind is StretchKind.HOLIDAY else ""
        fresh = Stretch(begins=since, ends=to, kind=kind, total=NOTHING, name=name)
        if held and (held.kind, held.name) == (kind, name) and since not in cuts:
            held = replace(held, ends=to)
            continue
        if held:
            yield held
        held = fresh
    if held:
        yield held


def _pauses(clock: Clock, until: datetime) -> list[tuple[datetime, datetime]]:
    pauses = [*clock.pauses]
    if clock.paused_at is not None:
        pauses.append(Pause(begins=clock.paused_at, ends=max(clock.paused_at, until)))
    return [(pause.begins, pause.ends) for pause in pauses]


def _within(spans: list[tuple[datetime, datetime]], at: datetime) -> bool:
    number = bisect_right(spans, at, key=lambda span: span[0]) - 1
    return number >= 0 and at < spans[number][1]


def _wall(calendar: Calendar, at: datetime) -> str:
    wall = local(calendar, at)
    seconds = f"{wall::%S}" if wall.second else ""
    return f"{wall:%a %Y-%m-%d %H:%M}{seconds}{wall:%:z}"


def _of_stretch(stretch: Stretch) -> str:
    took, total = length(stretch.ends - stretch.begins), length(stretch.total)
    said = {
        StretchKind.COUNTED: f"open: {took} counted, {total} in all",
        StretchKind.CLOSED: "closed: does not count",
        StretchKind.HOLIDAY: f"closed for {stretch.name}: does not count",
        StretchKind.PAUSED: "paused: does not count",
        StretchKind.CARRIED: f"by the hours of then: {total} in all",
    }
    return said[stretch.kind]


def _of_mark(mark: Mark, promised: timedelta) -> str:
    left = promised - mark.total
    stands = f"{length(left)} left" if left > NOTHING else f"{length(left)} late"
    way = "ahead" if mark.shift > NOTHING else "back"
    said = {
        MarkKind.REMINDER: f"reminder: {length(mark.total)} gone",
        MarkKind.DUE: f"due: {length(mark.total)} gone",
        MarkKind.CLOCKS_CHANGE: f"the clocks are set {way} by {length(mark.shift)}",
        MarkKind.STOPPED: f"stopped: {length(mark.total)} gone",
        MarkKind.NOW: f"now: {length(mark.total)} gone, {stands}",
    }
    return said[mark.kind]


def _waited(clock: Clock, calendar: Calendar, now: datetime) -> timedelta:
    """Open time that did not count, because the ticket waited for somebody outside."""
    until = min(now, clock.stopped_at or now)
    pauses = [*clock.pauses]
    if clock.paused_at is not None:
        pauses.append(Pause(begins=clock.paused_at, ends=until))
    hours = hours_of(clock, calendar)
    return sum((elapsed(hours, each.begins, min(each.ends, until)) for each in pauses), NOTHING)


def _state(clock: Clock, now: datetime) -> State:
    if is_breached(clock, now):
        return "breached"
    if clock.stopped_at is not None:
        return "stopped"
    return "running" if clock.paused_at is None else "paused"


def _minutes(span: timedelta) -> float:
    return round(span / MINUTE, 2)
