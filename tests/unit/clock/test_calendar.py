"""Opening hours and open time, on tables of named days."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from tests.unit.clock.clinics import (
    NINE_TO_FIVE,
    WITH_LUNCH_BREAK,
    at,
    every_day,
    on_weekdays,
)
from triagewire.clock.calendar import (
    ALWAYS,
    Calendar,
    Holiday,
    Interval,
    add,
    elapsed,
    is_open,
    local,
    next_open,
)
from triagewire.errors import InvalidFieldError

CHRISTMAS_EVE = Holiday(date(2026, 12, 24), "Christmas Eve", closed_from=time(12))
CHRISTMAS = Holiday(date(2020, 12, 25), "Christmas Day", every_year=True)
LATE_OPENING = Holiday(date(2026, 11, 18), "Staff training", closed_until=time(11))
FUNERAL = Holiday(date(2026, 11, 18), "Funeral", closed_from=time(15), closed_until=time(16))
FIRE_DRILL = Holiday(date(2026, 11, 18), "Fire drill", closed_from=time(10), closed_until=time(11))


def case(why: str, *values: object) -> object:
    return pytest.param(*values, id=why)


@pytest.mark.parametrize(
    ("calendar", "start", "minutes", "due"),
    [
        case(
            "within one day",
            on_weekdays(),
            "2026-11-18T10:00-05:00",
            120,
            "2026-11-18T12:00-05:00",
        ),
        case(
            "Friday 16:00 carries over the weekend",
            on_weekdays(),
            "2026-11-20T16:00-05:00",
            120,
            "2026-11-23T10:00-05:00",
        ),
        case(
            "time that ends exactly at closing is due at closing and not the next morning",
            on_weekdays(),
            "2026-11-20T16:00-05:00",
            60,
            "2026-11-20T17:00-05:00",
        ),
        case(
            "a start on Saturday counts from Monday's opening",
            on_weekdays(),
            "2026-11-21T12:00-05:00",
            30,
            "2026-11-23T09:30-05:00",
        ),
        case(
            "the lunch break does not count",
            on_weekdays(hours=WITH_LUNCH_BREAK),
            "2026-11-18T11:30-05:00",
            60,
            "2026-11-18T14:00-05:00",
        ),
        case(
            "intervals may be listed in any order",
            on_weekdays(hours=WITH_LUNCH_BREAK[::-1]),
            "2026-11-18T11:30-05:00",
            60,
            "2026-11-18T14:00-05:00",
        ),
        case(
            "Christmas Eve closes at noon and Christmas Day is closed",
            on_weekdays(holidays=(CHRISTMAS_EVE, CHRISTMAS)),
            "2026-12-24T11:00-05:00",
            120,
            "2026-12-28T10:00-05:00",
        ),
        case(
            "a late opening starts the day at eleven",
            on_weekdays(holidays=(LATE_OPENING,)),
            "2026-11-18T09:00-05:00",
            60,
            "2026-11-18T12:00-05:00",
        ),
        case(
            "a closure in the middle of an interval leaves both ends",
            on_weekdays(holidays=(FIRE_DRILL,)),
            "2026-11-18T09:30-05:00",
            60,
            "2026-11-18T11:30-05:00",
        ),
        case(
            "an afternoon closure leaves the morning and the lunch break as they are",
            on_weekdays(hours=WITH_LUNCH_BREAK, holidays=(FUNERAL,)),
            "2026-11-18T11:00-05:00",
            180,
            "2026-11-18T16:30-05:00",
        ),
        case(
            "two closures of one day add up",
            on_weekdays(holidays=(LATE_OPENING, FIRE_DRILL)),
            "2026-11-18T08:00-05:00",
            60,
            "2026-11-18T12:00-05:00",
        ),
        case(
            "nothing to wait for is due at once, even at night",
            on_weekdays(),
            "2026-11-18T03:00-05:00",
            0,
            "2026-11-18T03:00-05:00",
        ),
        case(
            "every hour counts over the weekend for clinical urgent",
            ALWAYS,
            "2026-11-20T18:05-05:00",
            15,
            "2026-11-20T18:20-05:00",
        ),
    ],
)
def test_a_target_is_due_when_its_open_minutes_have_gone(
    calendar: Calendar, start: str, minutes: int, due: str
) -> None:
    assert add(calendar, at(start), minutes) == at(due)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        case("open at the instant of opening", "2026-11-18T09:00-05:00", True),
        case("closed at the instant of closing", "2026-11-18T17:00-05:00", False),
        case("open in between", "2026-11-18T16:59:59-05:00", True),
        case("closed on a day without hours", "2026-11-21T12:00-05:00", False),
    ],
)
def test_a_site_is_open_within_its_hours(moment: str, expected: bool) -> None:
    assert is_open(on_weekdays(), at(moment)) is expected


def test_an_instant_is_open_whatever_offset_states_it() -> None:
    assert is_open(on_weekdays(), datetime.fromisoformat("2026-11-18T23:00+09:00"))


def test_the_next_opening_of_an_open_site_is_now() -> None:
    now = at("2026-11-18T10:07-05:00")

    assert next_open(on_weekdays(), now) == now


def test_the_next_opening_after_friday_evening_is_monday_morning() -> None:
    calendar = on_weekdays()

    opens = next_open(calendar, at("2026-11-20T17:00-05:00"))

    assert opens == at("2026-11-23T09:00-05:00")


def test_a_hold_over_the_weekend_counts_the_one_hour_that_was_open() -> None:
    held = elapsed(on_weekdays(), at("2026-11-20T16:00-05:00"), at("2026-11-23T09:00-05:00"))

    assert held == timedelta(hours=1)


def test_no_time_has_gone_when_the_end_is_before_the_start() -> None:
    start = at("2026-11-18T10:00-05:00")

    assert elapsed(on_weekdays(), start, start - timedelta(seconds=2)) == timedelta(0)


def test_a_recurring_closure_of_29_february_skips_common_years() -> None:
    calendar = every_day("Europe/London", NINE_TO_FIVE)
    leap_day = Holiday(date(2024, 2, 29), "Inventory", every_year=True)
    closing = Calendar(calendar.zone, calendar.week, (leap_day,))

    year_2027 = elapsed(closing, at("2027-02-28T00:00Z"), at("2027-03-02T00:00Z"))
    year_2028 = elapsed(closing, at("2028-02-28T00:00Z"), at("2028-03-01T00:00Z"))

    assert (year_2027, year_2028) == (timedelta(hours=16), timedelta(hours=8))


def test_the_site_reads_the_time_on_its_own_clock() -> None:
    here = local(on_weekdays("America/Los_Angeles"), at("2026-11-18T17:00Z"))

    assert here.isoformat() == "2026-11-18T09:00:00-08:00"


def test_results_are_utc() -> None:
    due = add(on_weekdays(), datetime.fromisoformat("2026-11-18T10:00-05:00"), 5)

    assert due.tzinfo is UTC


def test_a_promise_may_span_years_at_a_site_with_few_hours() -> None:
    one_hour_a_week = Calendar("Europe/London", {"mon": (Interval(time(9), time(10)),)})

    due = add(one_hour_a_week, at("2026-01-05T09:00Z"), 150 * 60)

    assert due == at("2026-01-05T10:00Z") + timedelta(weeks=149)


def test_a_site_that_never_opens_again_is_an_error_and_not_a_loop() -> None:
    closures = tuple(Holiday(date(2026, 1, day), "Closed", every_year=True) for day in range(1, 32))
    january_only = Calendar("Europe/London", {"mon": NINE_TO_FIVE}, closures)
    never = Calendar(
        "Europe/London",
        {"mon": NINE_TO_FIVE},
        tuple(
            Holiday(date(2024, 1, 1) + timedelta(days=day), "Closed", every_year=True)
            for day in range(366)
        ),
    )

    assert next_open(january_only, at("2026-01-01T00:00Z")) == at("2026-02-02T09:00Z")
    with pytest.raises(InvalidFieldError, match="no opening within two years"):
        add(never, at("2026-01-01T00:00Z"), 1)


def test_a_promise_that_takes_more_than_a_century_is_refused() -> None:
    a_minute_a_week = Calendar("UTC", {"mon": (Interval(time(8), time(8, 1)),)})

    with pytest.raises(InvalidFieldError, match="takes more than a century"):
        add(a_minute_a_week, at("2026-01-01T00:00Z"), 6000)


def test_a_site_that_never_opens_is_closed() -> None:
    shut = tuple(Holiday(date(2026, 11, 16 + day), "Flood") for day in range(7))

    assert not is_open(on_weekdays(holidays=shut), at("2026-11-18T10:00-05:00"))
