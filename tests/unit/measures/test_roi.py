"""What the desk is worth: from what was measured before and now, and never from nothing."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import OFFICE_WEEK, ZONE
from triagewire.clock.calendar import Calendar, Holiday
from triagewire.measures.measure import Figure
from triagewire.measures.money import CURRENCIES, saving_of, savings_together
from triagewire.measures.period import Period
from triagewire.measures.report import By, Cell, Report, Trust
from triagewire.measures.roi import (
    BROKEN,
    DIFFERS,
    NEVER_OPEN,
    NO_TICKETS,
    Line,
    Roi,
    missing_of,
    open_days,
    roi_of,
    together,
)
from triagewire.policy.measures import Before, HourlyRates, Measuring

MARCH = Period(first=date(2026, 3, 1), last=date(2026, 3, 31))
APRIL_1 = datetime(2026, 4, 1, 6, 0, tzinfo=UTC)
FIGURES = {
    "received": Figure(420, 420.0),
    "first_response": Figure(400, 61.0, 300.0),
    "triage_hours": Figure(500, 44.0),
    "misroutes": Figure(390, 0.025),
    "satisfaction": Figure(60, 4.3),
    "clinical_admin_hours": Figure(90, 22.0),
}
TOLD = Measuring(
    before=Before(
        response_minutes=540,
        triage_hours=6.5,
        misroutes=0.11,
        satisfaction=3.4,
        clinical_admin_hours=9,
    ),
    hourly_rates=HourlyRates(triage=24, clinical=52),
)


def a_report(figures: dict[str, Figure] = FIGURES, site: str = "north") -> Report:
    return Report(
        period=MARCH,
        site=site,
        made_at=APRIL_1,
        trust=Trust(until=APRIL_1, checkpoint=9_000),
        cells=(Cell(by=By.ALL, of="", figures=figures),),
    )


def line(roi: Roi, id_: str) -> Line:
    return next(each for each in roi.lines if each.measure.id == id_)


def test_hours_are_those_of_a_day_on_which_the_site_is_open() -> None:
    found = line(roi_of(a_report(), TOLD, 22), "triage_hours")

    assert (found.before, found.now.value) == (6.5, 2.0)
    assert found.measure.name.endswith("on an open day")


def test_money_is_the_hours_of_all_open_days_at_the_rate_of_who_worked_them() -> None:
    triage, clinical = roi_of(a_report(), TOLD, 22).savings

    assert (triage.hours, triage.amount) == (99.0, 2_376.0)  # (6.5 - 2) x 22 x 24
    assert (clinical.hours, clinical.amount) == (176.0, 9_152.0)  # (9 - 1) x 22 x 52


def test_more_hours_than_before_are_money_lost() -> None:
    figures = FIGURES | {"triage_hours": Figure(500, 154.0)}

    triage, _ = roi_of(a_report(figures), TOLD, 22).savings

    assert triage.amount == -264.0  # (6.5 - 7) x 22 x 24


def test_what_nobody_entered_is_named_and_makes_no_money() -> None:
    found = roi_of(a_report(), Measuring(), 22)

    assert [*missing_of(found)] == [
        "enter measures.before.response_minutes in the policy",
        "enter measures.before.triage_hours in the policy",
        "enter measures.before.misroutes in the policy",
        "enter measures.before.satisfaction in the policy",
        "enter measures.before.clinical_admin_hours in the policy",
        "enter measures.hourly_rates.triage in the policy",
        "enter measures.hourly_rates.clinical in the policy",
    ]
    assert {each.amount for each in found.savings} == {None}
    assert line(found, "first_response").now.value == 61.0


@pytest.mark.parametrize(
    ("figures", "days", "why"),
    [(FIGURES | {"received": Figure(0, 0.0)}, 22, NO_TICKETS), (FIGURES, 0, NEVER_OPEN)],
)
def test_a_site_that_did_not_work_has_saved_nothing(
    figures: dict[str, Figure], days: int, why: str
) -> None:
    found = roi_of(a_report(figures), TOLD, days)

    assert line(found, "triage_hours").now.value is None
    assert found.savings[0].hours is None
    assert why in [*missing_of(found)]


def test_a_ledger_that_does_not_verify_saves_nothing() -> None:
    report = replace(a_report(), trust=Trust(until=APRIL_1, checkpoint=9_000, faults=("altered",)))

    found = roi_of(report, TOLD, 22)

    assert [each.hours for each in found.savings] == [None, None]
    assert BROKEN in [*missing_of(found)]


def test_the_hours_of_a_group_are_those_of_all_its_sites() -> None:
    north = roi_of(a_report(), TOLD, 22)
    south = replace(roi_of(a_report(), TOLD, 11), site="south")

    found = together(a_report(site=""), (north, south))

    hours = line(found, "triage_hours")
    assert (hours.before, hours.now.value) == (13.0, 6.0)
    assert found.savings[0].amount == 2_376.0 + 660.0
    assert line(found, "first_response").before == 540


def test_medians_of_different_sites_are_not_added_up() -> None:
    north = roi_of(a_report(), TOLD, 22)
    other = Measuring(before=replace(TOLD.before, response_minutes=90))
    south = replace(roi_of(a_report(), other, 22), site="south")

    found = line(together(a_report(site=""), (north, south)), "first_response")

    assert (found.before, found.missing) == (None, (DIFFERS,))


def test_a_site_that_misses_something_is_named_in_the_groups_savings() -> None:
    north = roi_of(a_report(), TOLD, 22)
    south = replace(roi_of(a_report(), Measuring(), 22), site="south")

    triage, _ = together(a_report(site=""), (north, south)).savings

    assert triage.amount == 2_376.0
    assert "south: enter measures.before.triage_hours in the policy" in triage.missing


def test_two_currencies_are_not_added_up() -> None:
    dollars = roi_of(a_report(), TOLD, 22).savings[0]
    euros = replace(dollars, currency="EUR")

    found = savings_together([("north", dollars), ("south", euros)])

    assert (found.amount, found.missing) == (None, (CURRENCIES,))
    assert found.hours == 198.0


@given(
    before=st.floats(0, 100),
    now=st.floats(0, 100),
    days=st.integers(0, 400),
    rate=st.floats(0, 500),
)
def test_money_has_the_sign_of_the_hours_saved(
    before: float, now: float, days: int, rate: float
) -> None:
    found = saving_of(
        name="x", hours=(before, now), days=days, rate=rate, currency="USD", missing=()
    )

    assert found.amount is not None
    assert found.amount == 0 or (found.amount > 0) == (before > now)


def calendar(*holidays: Holiday) -> Calendar:
    return Calendar(zone=ZONE, week=OFFICE_WEEK, holidays=holidays)


@pytest.mark.parametrize(
    ("since", "until", "days"),
    [
        (None, APRIL_1, 22),
        (datetime(2026, 3, 16, 4, 0, tzinfo=UTC), APRIL_1, 12),
        (datetime(2026, 3, 16, 16, 0, tzinfo=UTC), APRIL_1, 11),  # it went live at noon
        (None, datetime(2026, 3, 31, 18, 0, tzinfo=UTC), 21),  # the last day is not over
        (None, None, 0),
    ],
)
def test_days_count_that_were_whole_and_are_signed_for(
    since: datetime | None, until: datetime | None, days: int
) -> None:
    assert open_days(calendar(), MARCH, since, until) == days


def test_a_holiday_is_no_open_day_and_half_of_one_is() -> None:
    whole = Holiday(date=date(2026, 3, 17), name="a day off")
    half = Holiday(date=date(2026, 3, 18), name="an afternoon off", closed_from=time(12))

    assert open_days(calendar(whole, half), MARCH, None, APRIL_1) == 21
