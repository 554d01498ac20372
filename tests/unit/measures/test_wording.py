"""Figures in words."""

from dataclasses import replace
from datetime import date

import pytest

from triagewire.measures.catalogue import BY_ID
from triagewire.measures.measure import Figure, Unit
from triagewire.measures.period import Period, day_of
from triagewire.measures.wording import change_told, met_told, period_told, target_told, value_told

RESPONSE = BY_ID["first_response"]
MISROUTES = BY_ID["misroutes"]
SATISFACTION = BY_ID["satisfaction"]


@pytest.mark.parametrize(
    ("value", "unit", "told"),
    [
        (None, Unit.MINUTES, "no tickets"),
        (0.0, Unit.MINUTES, "0 min"),
        (25.0, Unit.MINUTES, "25 min"),
        (25.26, Unit.MINUTES, "25.3 min"),
        (239.0, Unit.MINUTES, "239 min"),
        (240.0, Unit.MINUTES, "4 h"),
        (3.25, Unit.SECONDS, "3.2 s"),
        (300.0, Unit.SECONDS, "5 min"),
        (0.0243, Unit.SHARE, "2.4 %"),
        (0.0043, Unit.SHARE, "0.43 %"),
        (1.0, Unit.SHARE, "100 %"),
        (12_345.0, Unit.TICKETS, "12,345"),
        (4.26, Unit.POINTS, "4.3 of 5"),
        (1.3, Unit.PER_TICKET, "1.3 a ticket"),
    ],
)
def test_a_value_is_told_in_a_unit_that_people_think_in(
    value: float | None, unit: Unit, told: str
) -> None:
    assert value_told(value, unit) == told


@pytest.mark.parametrize(
    ("now", "before", "told"),
    [
        (0.02, 0.11, "-9 points"),
        (0.11, 0.02, "+9 points"),
        (0.11, 0.11, "the same"),
        (None, 0.11, ""),
        (0.11, None, ""),
    ],
)
def test_a_change_of_shares_is_told_in_points(
    now: float | None, before: float | None, told: str
) -> None:
    assert change_told(MISROUTES, Figure(9, now), Figure(9, before)) == told


def test_a_change_that_rounds_to_nothing_is_none() -> None:
    handoffs = BY_ID["handoffs"]
    assert change_told(handoffs, Figure(9, 0.421), Figure(9, 0.424)) == "the same"
    assert change_told(handoffs, Figure(9, 0.41), Figure(9, 0.43)) == "-0.02 a ticket"


def test_a_target_that_is_just_reached_is_kept_only_where_it_says_at_least() -> None:
    assert target_told(MISROUTES) == "below 3 %"
    assert met_told(MISROUTES, Figure(100, 0.03)) == "NO"
    assert target_told(SATISFACTION) == "at least 4 of 5"
    assert met_told(SATISFACTION, Figure(100, 4.0)) == "yes"


def test_without_a_figure_or_a_target_nothing_is_kept_or_broken() -> None:
    assert met_told(MISROUTES, Figure(0, None)) == ""
    assert met_told(replace(RESPONSE, target=None), Figure(9, 5.0)) == ""


def test_a_period_is_told_by_its_days() -> None:
    assert period_told(day_of(date(2026, 3, 2))) == "2 March 2026"
    week = Period(first=date(2026, 2, 23), last=date(2026, 3, 1))
    assert period_told(week) == "23 February 2026 to 1 March 2026"
