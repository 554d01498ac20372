"""When a site is open, and open time measured on its own clock.

A calendar holds wall-clock hours in an IANA zone; every function takes and gives aware UTC.
A wall time stands for the first instant at which the site's clock reads it or later.
So on a day with a gap an hour that does not exist takes no time, and on a day with a repeated hour
an interval that spans it lasts an hour longer: 23 and 25 hour days need no special case.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Self
from zoneinfo import ZoneInfo

from triagewire.errors import InvalidFieldError

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MIDNIGHT = time(0, 0)
DAY = timedelta(days=1)
NOTHING = timedelta(0)
# A promise measured in more than a year of open time is a slip of the pen, not a policy.
MOST_OPEN_TIME = timedelta(days=366)
# Two years: a site that stays closed for longer has no hours, whatever its week says.
LONGEST_CLOSURE_DAYS = 731
# So far ahead nothing is promised: one open minute a week would be counted until the year 9999.
CENTURY = timedelta(days=36525)

type Span = tuple[timedelta, timedelta]
"""Part of one local day: wall-clock offsets from its midnight, begin and end."""


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """Opening hours within one day; `closes` 00:00 is the end of the day.

    Raises ValueError for hours that run backwards or cross midnight.
    """

    opens: time
    closes: time

    def __post_init__(self) -> None:
        _require_plain_times("interval", self.opens, self.closes)
        if self.closes != MIDNIGHT and self.closes <= self.opens:
            raise ValueError(
                "closes: must be later than opens; "
                "00:00 is the end of the day, and hours past midnight belong to the next day"
            )


@dataclass(frozen=True, slots=True)
class Holiday:
    """A closure on one date, of the whole day or from `closed_from` until `closed_until`.

    One of the two alone closes to, or from, the end of the day that it does not name.
    `every_year` repeats it on the same day and month (29 February: in leap years only).
    Raises ValueError for a part that runs backwards.
    """

    date: date
    name: str
    closed_from: time | None = None
    closed_until: time | None = None
    every_year: bool = False

    def __post_init__(self) -> None:
        begins, ends = self.closed_from or MIDNIGHT, self.closed_until or MIDNIGHT
        _require_plain_times("holiday", begins, ends)
        if ends != MIDNIGHT and ends <= begins:
            raise ValueError("closed_until: the closed part must end later than it begins")


@dataclass(frozen=True, slots=True)
class Calendar:
    """The hours of a site: intervals for each weekday (`mon` … `sun`; a missing day is closed).

    Raises ValueError for an unknown zone or weekday, intervals that overlap, and a week without
    any hours: an empty calendar is a mistake and never means every hour.
    """

    zone: str
    week: Mapping[str, tuple[Interval, ...]]
    holidays: tuple[Holiday, ...] = ()

    def __post_init__(self) -> None:
        _zone(self.zone)
        if not set(self.week) <= set(WEEKDAYS):
            raise ValueError(f"week: the days are named {', '.join(WEEKDAYS)}")
        if not any(self.week.values()):
            raise ValueError("week: no day has any opening hours")
        for name, intervals in self.week.items():
            _require_apart(name, intervals)

    @classmethod
    def always(cls, zone: str = "UTC") -> Self:
        """Every hour of every day: for clinical urgent tickets, whose time never stops."""
        return cls(zone=zone, week=dict.fromkeys(WEEKDAYS, (Interval(MIDNIGHT, MIDNIGHT),)))

    @property
    def never_closes(self) -> bool:
        whole_day = (Interval(MIDNIGHT, MIDNIGHT),)
        return not self.holidays and all(self.week.get(day) == whole_day for day in WEEKDAYS)


def local(calendar: Calendar, at: datetime) -> datetime:
    """The same instant as the site's clock reads it."""
    return _utc("at", at).astimezone(_zone(calendar.zone))


def instant(calendar: Calendar, wall: datetime) -> datetime:
    """The first instant at which the site's clock reads a wall time, or later where it jumps."""
    return _instant(wall, _zone(calendar.zone))


def is_open(calendar: Calendar, at: datetime) -> bool:
    """Whether the site is open at this instant; it is closed at the instant it closes."""
    return elapsed(calendar, at, at + timedelta.resolution) > NOTHING


def next_open(calendar: Calendar, at: datetime) -> datetime:
    """The first open instant from `at` on: `at` itself when the site is open then."""
    at = _utc("at", at)
    opens, _ = next(openings(calendar, at))
    return max(opens, at)


def add(calendar: Calendar, start: datetime, minutes: float) -> datetime:
    """The first instant at which `minutes` of open time have elapsed since `start`.

    Raises InvalidFieldError for a negative or absurd number, and for a site without an opening.
    """
    return advance(calendar, start, timedelta(minutes=minutes))


def advance(calendar: Calendar, start: datetime, open_time: timedelta) -> datetime:
    """`add` for an exact length of open time."""
    start = _utc("start", start)
    if not NOTHING <= open_time <= MOST_OPEN_TIME:
        raise InvalidFieldError("minutes", "must be between zero and a year of open time")
    if open_time == NOTHING or calendar.never_closes:
        return start + open_time
    left = open_time
    hours = openings(calendar, start)
    while True:
        opens, closes = next(hours)
        begins = max(opens, start)
        if left <= closes - begins:
            return begins + left
        left -= closes - begins


def elapsed(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """Open time from `start` to `end`; zero when `end` is not later (two hosts' clocks differ)."""
    start, end = _utc("start", start), _utc("end", end)
    if end <= start:
        return NOTHING
    if calendar.never_closes:
        return end - start
    total = NOTHING
    for opens, closes in openings_between(calendar, start, end):
        total += min(closes, end) - max(opens, start)
    return total


def openings(calendar: Calendar, since: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Every stretch of open time that ends after `since`, in order and without end.

    Stretches never overlap; a 24-hour day is one stretch of its own.
    Raises InvalidFieldError when the site stays closed for two years, and after a century.
    """
    # Hours of a day end before the site's clock first reads the next date, so none began earlier.
    day = local(calendar, since).date()
    closed_days, last = 0, day + CENTURY
    while closed_days < LONGEST_CLOSURE_DAYS:
        if day > last:
            raise InvalidFieldError("calendar", "so much open time takes more than a century")
        stretches = [hours for hours in open_hours(calendar, day) if hours[1] > since]
        yield from stretches
        closed_days = 0 if stretches else closed_days + 1
        day += DAY
    raise InvalidFieldError("calendar", "the site has no opening within two years")


def open_hours(calendar: Calendar, day: date) -> list[tuple[datetime, datetime]]:
    """The open stretches of one local day as UTC instants, with the holidays taken out."""
    spans = sorted(_span(hours.opens, hours.closes) for hours in _intervals(calendar, day))
    for holiday in calendar.holidays:
        if _falls_on(holiday, day):
            closed = _span(holiday.closed_from or MIDNIGHT, holiday.closed_until or MIDNIGHT)
            spans = [rest for span in spans for rest in _without(span, closed)]
    zone = _zone(calendar.zone)
    midnight = datetime.combine(day, MIDNIGHT)
    stretches = [
        (_instant(midnight + begins, zone), _instant(midnight + ends, zone))
        for begins, ends in spans
    ]
    # Hours that lie wholly in a gap of the local clock shrink to nothing.
    return [(opens, closes) for opens, closes in stretches if opens < closes]


def closures_on(calendar: Calendar, at: datetime) -> str:
    """The names of the holidays of the local day of an instant, for a reader."""
    day = local(calendar, at).date()
    return " and ".join(each.name for each in calendar.holidays if _falls_on(each, day))


def openings_between(
    calendar: Calendar, start: datetime, end: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """Every stretch of open time that touches the time from `start` to `end`, in order."""
    # Bounded by `end`, so a long closure is simply no open time and not an error. A clock set back
    # over midnight reads yesterday's date again, when today's hours have begun: look a day further.
    day, last = local(calendar, start).date(), local(calendar, end).date() + DAY
    while day <= last:
        for opens, closes in open_hours(calendar, day):
            if opens < end and closes > start:
                yield opens, closes
        day += DAY


def _intervals(calendar: Calendar, day: date) -> tuple[Interval, ...]:
    return calendar.week.get(WEEKDAYS[day.weekday()], ())


def _falls_on(holiday: Holiday, day: date) -> bool:
    if holiday.every_year:
        return (holiday.date.month, holiday.date.day) == (day.month, day.day)
    return holiday.date == day


def _span(begins: time, ends: time) -> Span:
    return _since_midnight(begins), _since_midnight(ends) or DAY


def _since_midnight(clock_time: time) -> timedelta:
    return datetime.combine(date.min, clock_time) - datetime.combine(date.min, MIDNIGHT)


def _without(span: Span, closed: Span) -> list[Span]:
    before = (span[0], min(span[1], closed[0]))
    after = (max(span[0], closed[1]), span[1])
    return [(begins, ends) for begins, ends in (before, after) if begins < ends]


def _instant(wall: datetime, zone: ZoneInfo) -> datetime:
    at = wall.replace(tzinfo=zone).astimezone(UTC)
    if _reading(at, zone) == wall:
        return at
    # The clock jumps over this wall time. The jump is at a whole second between the two instants
    # that `fold` gives: halve the seconds between them until it is found.
    before = wall.replace(tzinfo=zone, fold=1, microsecond=0).astimezone(UTC)
    at = at.replace(microsecond=0)
    while (apart := (at - before) // timedelta(seconds=1)) > 1:
        middle = before + timedelta(seconds=apart // 2)
        if _reading(middle, zone) >= wall:
            at = middle
        else:
            before = middle
    return at


def _reading(at: datetime, zone: ZoneInfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as unknown:
        raise ValueError("zone: not the name of an IANA time zone") from unknown


def _utc(field: str, at: datetime) -> datetime:
    if at.tzinfo is None:
        raise InvalidFieldError(field, "has no time zone")
    return at.astimezone(UTC)


def _require_plain_times(field: str, *times: time) -> None:
    if any(each.tzinfo is not None for each in times):
        raise ValueError(f"{field}: hours are wall-clock text such as '13:30', without a time zone")


def _require_apart(day: str, intervals: tuple[Interval, ...]) -> None:
    spans = sorted(_span(hours.opens, hours.closes) for hours in intervals)
    for (_, ends), (begins, _) in pairwise(spans):
        if begins < ends:
            raise ValueError(f"week.{day}: two intervals overlap")


ALWAYS = Calendar.always()
