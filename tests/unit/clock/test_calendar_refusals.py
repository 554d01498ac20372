"""Calendars and questions that make no sense are refused by the name of the field."""

from datetime import UTC, date, datetime, time

import pytest

from tests.unit.clock.clinics import NINE_TO_FIVE, at, on_weekdays
from triagewire.clock.calendar import Calendar, Holiday, Interval, add, is_open
from triagewire.errors import InvalidFieldError


@pytest.mark.parametrize("minutes", [-1, 366 * 24 * 60 + 1])
def test_an_absurd_number_of_minutes_is_refused(minutes: int) -> None:
    with pytest.raises(InvalidFieldError, match=r"^minutes: "):
        add(on_weekdays(), at("2026-11-18T10:00Z"), minutes)


def test_an_instant_without_a_time_zone_is_refused_by_its_name() -> None:
    naive = datetime(2026, 11, 18, 10)  # noqa: DTZ001 - the defect under test

    with pytest.raises(InvalidFieldError, match=r"^start: has no time zone"):
        add(on_weekdays(), naive, 5)


@pytest.mark.parametrize("zone", ["Mars/Olympus", "America", "", "/etc/localtime", "../secret"])
def test_an_unknown_zone_is_refused(zone: str) -> None:
    with pytest.raises(ValueError, match=r"^zone: not the name of an IANA time zone"):
        on_weekdays(zone)


def test_overlapping_intervals_are_refused_by_their_day() -> None:
    hours = (Interval(time(9), time(13)), Interval(time(12, 59), time(17)))

    with pytest.raises(ValueError, match=r"^week\.mon: two intervals overlap"):
        on_weekdays(hours=hours)


def test_intervals_that_touch_are_two_shifts_and_no_overlap() -> None:
    hours = (Interval(time(9), time(13)), Interval(time(13), time(0)))

    assert is_open(on_weekdays(hours=hours), at("2026-11-18T13:00-05:00"))


def test_hours_that_run_backwards_are_refused() -> None:
    with pytest.raises(ValueError, match=r"^closes: must be later than opens"):
        Interval(time(22), time(6))


def test_hours_with_a_time_zone_of_their_own_are_refused() -> None:
    with pytest.raises(ValueError, match="wall-clock text"):
        Interval(time(9, tzinfo=UTC), time(17))


def test_a_closed_part_that_runs_backwards_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^closed_until: the closed part"):
        Holiday(date(2026, 12, 24), "Christmas Eve", closed_from=time(15), closed_until=time(12))


@pytest.mark.parametrize("week", [{}, {"mon": ()}])
def test_a_week_without_hours_is_an_error_and_not_every_hour(
    week: dict[str, tuple[Interval, ...]],
) -> None:
    with pytest.raises(ValueError, match=r"^week: no day has any opening hours"):
        Calendar("Europe/London", week)


def test_a_day_by_another_name_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^week: the days are named mon, tue"):
        Calendar("Europe/London", {"monday": NINE_TO_FIVE})
