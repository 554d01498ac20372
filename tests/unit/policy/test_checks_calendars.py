"""When a clinic is open: a calendar that could not be meant is refused."""

from datetime import date, timedelta

import pytest

from tests.unit.policy.refusals import FILE, PARK, Edit, found, refused, with_fields


@pytest.mark.parametrize(
    ("fields", "field", "problem", "at"),
    [
        (
            "hours:\n  mon:\n  - { opens: '08:00', closes: '12:00' }\n"
            "  - { opens: '11:30', closes: '17:00' }",
            "hours.mon.1",
            "overlaps 08:00 to 12:00 of the same day: write the two as one",
            "11:30",
        ),
        (
            "hours:\n  mon:\n  - { opens: '08:00', closes: '12:00' }\n"
            "  - { opens: '17:00', closes: '13:00' }",
            "hours.mon.1.closes",
            "must be later than opens",
            "13:00",
        ),
        ("hours: { monday: [] }", "hours.monday", "is no weekday: the days are mon, ", "monday"),
        (
            "hours:\n  { mon: [], tue: [], wed: [], thu: [], fri: [] }",
            "hours.mon",
            "no day has any opening hours: give at least one",
            "mon: [], tue",
        ),
        (
            "holidays:\n- { date: 2026-11-28, name: Thanksgiving }",
            "holidays.0",
            "2026-11-28 is a Saturday, which is closed anyway: look at the date",
            "2026-11-28",
        ),
        (
            "holidays:\n- { date: 2026-12-24, name: Eve, closed_from: '18:00' }",
            "holidays.0",
            "closes no hour that is open on 2026-12-24: look at its times",
            "2026-12-24",
        ),
        (
            "holidays:\n- { date: 2026-12-24, name: Lunch, closed_from: '12:00',"
            " closed_until: '12:30' }",
            "holidays.0",
            "closes no hour that is open on 2026-12-24",
            "2026-12-24",
        ),
        (
            "holidays:\n- { date: 2026-12-24, name: Eve, closed_from: '15:00',"
            " closed_until: '12:00' }",
            "holidays.0.closed_until",
            "the closed part must end later than it begins",
            "2026-12-24",
        ),
        (
            "holidays:\n- { date: 2026-12-25, name: Christmas, every_year: true }\n"
            "- { date: 2028-12-25, name: Christmas Monday }",
            "holidays.1",
            "2028-12-25 is closed by Christmas already: leave one of them out",
            "2028-12-25",
        ),
    ],
)
def test_a_calendar_that_could_not_be_meant_is_refused_with_the_line_of_the_interval(
    edited: Edit, fields: str, field: str, problem: str, at: str
) -> None:
    refused(with_fields(edited, fields), field, problem, at=at)


@pytest.mark.parametrize(
    ("fields", "field", "problem"),
    [
        ("hours: always", "hours", "must be a mapping of fields"),
        ("hours: { mon: 08:00-17:00 }", "hours.mon", "must be a list, as in [ first, second ]"),
        ("hours: { mon: [{ opens: 08:00 }] }", "hours.mon.0.closes", "is missing"),
        (
            "hours: { mon: [{ opens: 08:00, closes: 24:00 }] }",
            "hours.mon.0.closes",
            "must be a time from 00:00 to 23:59, such as 08:30; a day ends at 00:00",
        ),
        (
            "holidays: [{ date: 2026-02-30, name: Leap }]",
            "holidays.0.date",
            "must be a date such as 2026-12-25",
        ),
    ],
)
def test_a_value_of_the_wrong_shape_is_refused_with_the_right_one(
    edited: Edit, fields: str, field: str, problem: str
) -> None:
    refused(with_fields(edited, fields), field, problem, at=fields)


def test_a_site_that_holidays_close_on_every_day_of_the_year_is_refused(edited: Edit) -> None:
    days = (date(2024, 1, 1) + timedelta(days=day) for day in range(366))
    closed = ", ".join(f"{{ date: {day}, name: Closed, every_year: true }}" for day in days)

    folder = with_fields(edited, f"holidays: [{closed}]")

    refused(folder, "holidays", "leave no hour open for two years", at="holidays:")


def test_an_unknown_zone_is_refused_with_its_line(edited: Edit) -> None:
    folder = edited(FILE, "zone: America/New_York", "zone: Americas/New_York")

    refused(folder, "zone", "is no IANA time zone: write one such as America/New_York", at="zone:")


def test_two_closures_of_one_day_that_do_not_touch_are_fine(edited: Edit) -> None:
    holidays = (
        "holidays:\n- { date: 2026-12-24, name: Prayers, closed_until: '09:00' }\n"
        "- { date: 2026-12-24, name: Eve, closed_from: '15:00' }"
    )

    assert found(with_fields(edited, holidays)) == []


def test_a_recurring_holiday_may_fall_on_a_closed_day(edited: Edit) -> None:
    saturday = "holidays:\n- { date: 2027-12-25, name: Christmas, every_year: true }"

    assert found(with_fields(edited, saturday)) == []


def test_a_holiday_may_close_a_day_on_which_only_a_member_works(edited: Edit) -> None:
    with_fields(edited, "holidays:\n- { date: 2026-11-28, name: Fire drill }")
    week = "week: { sat: [{ opens: '09:00', closes: '12:00' }] }"

    assert found(edited(FILE, PARK, f"{PARK}, {week}")) == []
