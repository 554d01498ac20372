"""What is wrong with opening hours and closures, each with the place of the interval or the day.

A calendar that cannot be meant is refused when it is read: a promise measured on it would be wrong
for months before anybody looked.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, time, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

from triagewire.clock.calendar import MIDNIGHT, WEEKDAYS, Holiday, Interval
from triagewire.policy.document import Place, Problem
from triagewire.policy.model import Site

FIRST = date(2024, 1, 1)
"""A leap year and the next stand for all: what closes every year does so in these."""

type Week = Mapping[str, tuple[Interval, ...]]


def calendar_problems(site: Site) -> Iterator[Problem]:
    """What is wrong with the calendar of a site and with the weeks of its members."""
    weeks = [member.week for member in site.members.values() if member.week]
    yield from opening_problems(site.zone, site.hours, site.holidays, weeks)
    for member_id, member in site.members.items():
        if member.week:
            yield from week_problems(member.week, ("members", member_id, "week"))


def opening_problems(
    zone: str, hours: Week, holidays: Sequence[Holiday], weeks: Sequence[Week] = ()
) -> Iterator[Problem]:
    """What is wrong with a zone, its `hours` and its `holidays`, in places named so.

    `weeks` are other hours in which the holidays close something: those of members.
    """
    yield from _zone_problems(zone)
    yield from week_problems(hours, ("hours",))
    if any(hours.values()):
        yield from _holiday_problems(holidays, (hours, *weeks))
        if not any(_is_open(hours, holidays, FIRST + timedelta(days=day)) for day in range(731)):
            yield ("holidays",), "leave no hour open for two years: look at those of every year"


def _is_open(hours: Week, holidays: Sequence[Holiday], day: date) -> bool:
    """Whether a day has hours and is no holiday of every year."""
    whole = (each for each in holidays if not (each.closed_from or each.closed_until))
    closed = {(each.date.month, each.date.day) for each in whole if each.every_year}
    return bool(hours.get(WEEKDAYS[day.weekday()])) and (day.month, day.day) not in closed


def _zone_problems(zone: str) -> Iterator[Problem]:
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        yield ("zone",), "is no IANA time zone: write one such as America/New_York"


def week_problems(week: Week, place: Place) -> Iterator[Problem]:
    """What is wrong with the hours of a week that stands at a place."""
    for day in week:
        if day not in WEEKDAYS:
            yield (*place, day), f"is no weekday: the days are {', '.join(WEEKDAYS)}"
    if not any(week.values()):
        yield (
            (*place, *list(week)[:1]),
            "no day has any opening hours: give at least one `{ opens, closes }`",
        )
    for day, intervals in week.items():
        for (_, first), (number, second) in combinations(enumerate(intervals), 2):
            if _overlap(_span(first.opens, first.closes), _span(second.opens, second.closes)):
                told = f"overlaps {_shown(first)} of the same day: write the two as one"
                yield (*place, day, number), told


def _holiday_problems(holidays: Sequence[Holiday], weeks: Sequence[Week]) -> Iterator[Problem]:
    for number, holiday in enumerate(holidays):
        if problem := _closes_nothing(holiday, weeks):
            yield ("holidays", number), problem
    for (_, first), (number, second) in combinations(enumerate(holidays), 2):
        if _same_day(first, second) and _overlap(_closed(first), _closed(second)):
            told = f"{second.date} is closed by {first.name} already: leave one of them out"
            yield ("holidays", number), told


def _closes_nothing(holiday: Holiday, weeks: Sequence[Week]) -> str:
    """What to say of a closure in which nobody works anyway: a date that was mistyped. One that
    comes every year falls on a closed day in some of them.
    """
    if holiday.every_year:
        return ""
    day = WEEKDAYS[holiday.date.weekday()]
    open_then = [_span(each.opens, each.closes) for week in weeks for each in week.get(day, ())]
    if not open_then:
        return f"{holiday.date} is a {holiday.date:%A}, which is closed anyway: look at the date"
    if not any(_overlap(span, _closed(holiday)) for span in open_then):
        return f"closes no hour that is open on {holiday.date}: look at its times"
    return ""


def _same_day(first: Holiday, second: Holiday) -> bool:
    if first.every_year or second.every_year:
        return (first.date.month, first.date.day) == (second.date.month, second.date.day)
    return first.date == second.date


def _closed(holiday: Holiday) -> tuple[timedelta, timedelta]:
    return _span(holiday.closed_from or MIDNIGHT, holiday.closed_until or MIDNIGHT)


def _overlap(one: tuple[timedelta, timedelta], other: tuple[timedelta, timedelta]) -> bool:
    return max(one[0], other[0]) < min(one[1], other[1])


def _span(begins: time, ends: time) -> tuple[timedelta, timedelta]:
    """Wall-clock time since midnight; an end at 00:00 is that of the day."""
    return _since_midnight(begins), _since_midnight(ends) or timedelta(days=1)


def _since_midnight(at: time) -> timedelta:
    return timedelta(hours=at.hour, minutes=at.minute, seconds=at.second)


def _shown(hours: Interval) -> str:
    return f"{hours.opens:%H:%M} to {hours.closes:%H:%M}"
