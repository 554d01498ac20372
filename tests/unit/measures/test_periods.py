"""Periods are whole days of a site's wall, whatever its clocks do."""

import itertools
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triagewire.errors import InvalidFieldError
from triagewire.measures.measure import Kind, figure_of, percentile
from triagewire.measures.period import MOST_DAYS, Period, day_of, month_of, week_name, week_of

ZONES = ("America/New_York", "Europe/Berlin", "America/Sao_Paulo", "Asia/Beirut", "UTC")
DATES = st.dates(min_value=date(2015, 1, 1), max_value=date(2030, 12, 31))


@st.composite
def periods(draw: st.DrawFn) -> Period:
    first = draw(DATES)
    return Period(first=first, last=first + timedelta(days=draw(st.integers(0, 40))))


@given(periods(), st.sampled_from(ZONES))
def test_the_days_of_a_period_follow_each_other_without_gap_or_overlap(
    period: Period, zone: str
) -> None:
    moments = period.moments(zone)

    assert len(moments) == period.days + 1
    assert (moments[0], moments[-1]) == (period.begins(zone), period.ends(zone))
    hours = [(b - a) / timedelta(hours=1) for a, b in itertools.pairwise(moments)]
    assert set(hours) <= {23.0, 24.0, 25.0}
    for day, begins in zip(period.dates(), moments, strict=False):
        assert day_of(day).begins(zone) == begins


@given(periods(), st.sampled_from(ZONES))
def test_the_period_before_ends_where_this_one_begins(period: Period, zone: str) -> None:
    assert period.before.ends(zone) == period.begins(zone)
    assert period.before.days == period.days


@given(DATES)
def test_a_month_ends_where_the_next_one_begins(day: date) -> None:
    month = month_of(day)

    assert month.first.day == 1
    assert month.first <= day <= month.last
    assert month_of(month.last + timedelta(days=1)).first == month.last + timedelta(days=1)


@given(DATES)
def test_a_week_is_seven_days_from_monday_and_has_one_name(day: date) -> None:
    week = week_of(day)

    assert (week.first.weekday(), week.days) == (0, 7)
    assert {week_name(each) for each in week.dates()} == {week_name(day)}


def test_a_day_is_an_hour_shorter_when_the_clocks_go_forward() -> None:
    day = day_of(date(2026, 3, 8))

    assert day.begins("America/New_York") == datetime(2026, 3, 8, 5, tzinfo=UTC)
    assert day.ends("America/New_York") == datetime(2026, 3, 9, 4, tzinfo=UTC)


def test_where_the_clocks_skip_midnight_the_day_begins_when_they_go_on() -> None:
    assert day_of(date(2018, 11, 4)).begins("America/Sao_Paulo") == datetime(
        2018, 11, 4, 3, tzinfo=UTC
    )
    assert day_of(date(2018, 11, 3)).ends("America/Sao_Paulo") == datetime(
        2018, 11, 4, 3, tzinfo=UTC
    )


@pytest.mark.parametrize("days", [-1, MOST_DAYS])
def test_a_slip_of_the_pen_is_no_period(days: int) -> None:
    first = date(2026, 3, 1)

    with pytest.raises(InvalidFieldError, match="to"):
        Period(first=first, last=first + timedelta(days=days))


@given(st.lists(st.floats(0, 1e6, allow_nan=False), min_size=1, max_size=60), st.integers(1, 100))
def test_a_percentile_is_the_smallest_value_that_so_many_do_not_exceed(
    values: list[float], percent: int
) -> None:
    found = percentile(sorted(values), percent)

    def reached(least: float) -> bool:
        return 100 * sum(each <= least for each in values) >= percent * len(values)

    assert found in values
    assert reached(found)
    assert not any(reached(each) for each in values if each < found)


@pytest.mark.parametrize("kind", [Kind.SPREAD, Kind.SHARE, Kind.MEAN])
def test_without_a_sample_there_is_no_figure(kind: Kind) -> None:
    assert figure_of(kind, []) == (0, None, None)


def test_a_sum_of_nothing_is_zero() -> None:
    assert figure_of(Kind.SUM, []) == (0, 0, None)
