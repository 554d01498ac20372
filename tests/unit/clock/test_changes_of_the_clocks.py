"""Days on which a site's clock jumps ahead, is set back, or reads the same time twice."""

from datetime import date, time, timedelta

import pytest

from tests.unit.clock.clinics import at, every_day
from triagewire.clock.calendar import Calendar, Interval, is_open, local, next_open, open_hours

NIGHT = (Interval(time(0), time(6)),)
LONDON = every_day("Europe/London", NIGHT)
NEW_YORK = every_day("America/New_York", NIGHT)
LOS_ANGELES = every_day("America/Los_Angeles", NIGHT)
LORD_HOWE = every_day("Australia/Lord_Howe", NIGHT)


def case(why: str, *values: object) -> object:
    return pytest.param(*values, id=why)


@pytest.mark.parametrize(
    ("calendar", "day", "hours"),
    [
        case("an ordinary night", NEW_YORK, date(2026, 3, 7), 6),
        case("New York in spring loses the hour from two", NEW_YORK, date(2026, 3, 8), 5),
        case("New York in autumn has the hour from one twice", NEW_YORK, date(2026, 11, 1), 7),
        case("Los Angeles in spring", LOS_ANGELES, date(2026, 3, 8), 5),
        case("Los Angeles in autumn", LOS_ANGELES, date(2026, 11, 1), 7),
        case("London in spring, three weeks later", LONDON, date(2026, 3, 29), 5),
        case("London in autumn, a week earlier", LONDON, date(2026, 10, 25), 7),
        case("Lord Howe moves by half an hour in October", LORD_HOWE, date(2026, 10, 4), 5.5),
        case("Lord Howe moves back in April", LORD_HOWE, date(2026, 4, 5), 6.5),
        case("a day of 23 hours", every_day("America/New_York"), date(2026, 3, 8), 23),
        case("a day of 25 hours", every_day("America/New_York"), date(2026, 11, 1), 25),
        case("a gap at midnight", every_day("America/Havana", NIGHT), date(2026, 3, 8), 5),
        case("a repeat before midnight", every_day("Asia/Beirut"), date(2026, 10, 24), 25),
    ],
)
def test_a_change_of_the_clocks_makes_a_day_as_long_as_it_really_is(
    calendar: Calendar, day: date, hours: float
) -> None:
    [(opens, closes)] = open_hours(calendar, day)

    assert closes - opens == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("opens", "closes", "first", "last"),
    [
        case("opening in the gap", time(2, 30), time(5), "T07:00Z", "T09:00Z"),
        case("closing in the gap", time(0), time(2, 30), "T05:00Z", "T07:00Z"),
    ],
)
def test_a_wall_time_that_does_not_exist_is_the_instant_the_clocks_jump(
    opens: time, closes: time, first: str, last: str
) -> None:
    calendar = every_day("America/New_York", (Interval(opens, closes),))

    hours = open_hours(calendar, date(2026, 3, 8))

    assert hours == [(at("2026-03-08" + first), at("2026-03-08" + last))]


def test_hours_that_lie_wholly_in_the_gap_do_not_exist() -> None:
    calendar = every_day("America/New_York", (Interval(time(2), time(3)),))

    assert open_hours(calendar, date(2026, 3, 8)) == []


def test_opening_at_a_repeated_wall_time_is_the_first_of_the_two() -> None:
    calendar = every_day("America/New_York", (Interval(time(1, 30), time(2)),))

    hours = open_hours(calendar, date(2026, 11, 1))

    assert hours == [(at("2026-11-01T01:30-04:00"), at("2026-11-01T02:00-05:00"))]


def test_a_day_that_began_before_its_clock_was_set_back_over_midnight_stays_open() -> None:
    sundays = Calendar("America/Goose_Bay", {"sun": (Interval(time(0), time(0)),)})
    saturday_again = at("2010-11-06T23:30-04:00")

    assert local(sundays, saturday_again).weekday() == 5
    assert is_open(sundays, saturday_again)
    assert next_open(sundays, saturday_again) == saturday_again
