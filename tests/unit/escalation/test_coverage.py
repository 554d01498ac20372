"""Who is on call from when to when, where nobody is, and how evenly the turns fall."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.strategies import instants
from tests.unit.escalation.test_on_call import DOCTORS, ROTA, WEEKEND, ZONES, clinic, local, wall
from triagewire.clock.calendar import Interval
from triagewire.escalation.coverage import (
    evenness,
    gaps,
    shares,
    shifts,
    unreachable,
    whole_shifts,
)
from triagewire.escalation.on_call import on_call, turn_at
from triagewire.ladder import Way
from triagewire.policy.roster import Leave, OnCall, Override, PartRota, Swap, TurnUnit

MONDAY = local("2026-03-02T08:00")
HOURS = timedelta(hours=2)
FOUR_WEEKS = timedelta(days=28)
doctors = st.sampled_from(sorted(DOCTORS))
days = st.dates(date(2025, 12, 1), date(2028, 2, 1))
seats = st.lists(doctors, min_size=1, max_size=4).map(tuple)
units = st.sampled_from(TurnUnit)
handovers = st.times().map(lambda at: at.replace(microsecond=0, fold=0))
weeks = st.sampled_from(
    [WEEKEND, {"wed": (Interval(time(2), time(2, 30)), Interval(time(20), time(0)))}]
)


@st.composite
def overrides(draw: st.DrawFn) -> Override:
    """Somebody who takes over for up to twelve days."""
    begins = datetime.combine(draw(days), draw(handovers))
    ends = begins + timedelta(minutes=draw(st.integers(1, 12 * 1440)))
    return Override(member=draw(doctors), begins=begins, ends=ends)


@st.composite
def plans(draw: st.DrawFn) -> OnCall:
    """A rota with a part of the week, overrides and a swap, all at random."""
    several = st.lists(overrides(), max_size=4).map(tuple)
    turns = {"every": st.integers(1, 10), "unit": units, "since": days, "handover": handovers}
    swaps = st.lists(st.builds(Swap, one=days, other=days), max_size=2).map(tuple)
    part = st.builds(PartRota, rota=seats, week=weeks, swaps=swaps, **turns)
    also = st.dictionaries(st.just("part"), part)
    plan = st.builds(OnCall, rota=seats, also=also, overrides=several, swaps=swaps, **turns)
    return draw(plan)


leaves = st.builds(
    lambda begins, length: (Leave(begins=begins, ends=begins + timedelta(days=length)),),
    days,
    st.integers(0, 40),
)


@settings(max_examples=60)
@given(plans(), st.sampled_from(ZONES), leaves, instants, st.integers(1, 40), st.data())
def test_shifts_say_of_every_instant_what_a_page_would_find(
    plan: OnCall,
    zone: str,
    leave: tuple[Leave, ...],
    since: datetime,
    length: int,
    data: st.DataObject,
) -> None:
    site = clinic(plan, zone, dr_lind={"leave": leave})
    until = since + timedelta(days=length)

    found = shifts(site, since, until)

    assert (found[0].begins, found[-1].ends) == (since, until)
    assert all(one.ends == other.begins for one, other in pairwise(found))
    at = since + data.draw(st.floats(0, 0.999)) * (until - since)
    [covering] = [each for each in found if each.begins <= at < each.ends]
    assert covering.member == on_call(site, at)


@settings(max_examples=30)
@given(plans(), st.sampled_from(ZONES), instants, st.integers(0, 20 * 1440))
def test_a_shift_begins_at_the_same_instant_whenever_one_looks(
    plan: OnCall, zone: str, since: datetime, later: int
) -> None:
    site = clinic(plan, zone)
    until = since + timedelta(days=40)

    early = list(whole_shifts(site, since, until))
    late = list(whole_shifts(site, since + timedelta(minutes=later), until))

    assert late == early[-len(late) :]


@given(
    st.sampled_from(ZONES), handovers, st.integers(1, 3), days, instants, st.integers(0, 3 * 1440)
)
def test_no_handover_is_undone(
    zone: str, handover: time, every: int, since: date, at: datetime, later: int
) -> None:
    rota = replace(ROTA, handover=handover, every=every, unit=TurnUnit.DAYS, since=since)
    site = clinic(rota, zone)

    turns = [turn_at(site, at + timedelta(minutes=passed)).number for passed in (0, later)]

    assert turns == sorted(turns)


@settings(max_examples=30)
@given(st.sampled_from(ZONES), handovers, days)
def test_every_handover_of_a_year_happens_and_happens_once(
    zone: str, handover: time, since: date
) -> None:
    site = clinic(replace(ROTA, handover=handover, unit=TurnUnit.DAYS, since=since), zone)

    found = list(whole_shifts(site, MONDAY, MONDAY + timedelta(days=366)))

    numbers = [each.turn.number for each in found]
    assert numbers == list(range(numbers[0], numbers[-1] + 1))
    assert len(numbers) in (366, 367, 368)
    walls = [each.begins.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for each in found]
    late = [at for at in walls if at.time() != handover]
    assert all(at.time() > handover and at - handover_on(at, handover) <= HOURS for at in late)
    assert len(late) <= 2  # where the clocks jump over it, and only there


def handover_on(at: datetime, handover: time) -> datetime:
    """The wall time of a handover on the day of another."""
    return datetime.combine(at, handover)


def test_each_week_is_a_shift_of_its_own() -> None:
    found = shifts(clinic(), MONDAY, MONDAY + FOUR_WEEKS)

    assert [each.member for each in found] == [
        *("dr-okafor", "dr-lind", "dr-vance", "dr-okafor"),
        "dr-lind",  # the clocks went forward: four weeks of hours end an hour later
    ]
    assert {each.ends - each.begins for each in found[1:4]} == {timedelta(days=7)}
    assert found[0].ends - found[0].begins == timedelta(days=7, hours=-1)


def test_a_weekend_of_its_own_cuts_the_week() -> None:
    weekend = PartRota(week=WEEKEND, rota=("dr-osei",), since=date(2026, 3, 2))
    site = clinic(replace(ROTA, also={"weekend": weekend}))

    found = shifts(site, MONDAY, MONDAY + timedelta(days=7))

    assert [(each.member, each.turn.rota) for each in found] == [
        ("dr-okafor", ""),
        ("dr-osei", "weekend"),
        ("dr-lind", ""),  # the hour that the clocks took is at the end of the seven days
    ]


def test_a_leave_is_a_gap_that_says_whose_turn_it_would_be() -> None:
    leave = (Leave(begins=date(2026, 3, 4), ends=date(2026, 3, 5)),)

    [gap] = gaps(shifts(clinic(dr_okafor={"leave": leave}), MONDAY, MONDAY + FOUR_WEEKS))

    assert gap.member is None
    assert gap.turn.member == "dr-okafor"
    assert (gap.begins, gap.ends) == (local("2026-03-04T00:00"), local("2026-03-06T00:00"))


def test_a_leave_without_end_is_looked_at_no_further_than_asked() -> None:
    leave = (Leave(begins=date(2026, 3, 4), ends=date.max),)

    found = gaps(shifts(clinic(dr_okafor={"leave": leave}), MONDAY, MONDAY + FOUR_WEEKS))

    assert [each.turn.member for each in found] == ["dr-okafor", "dr-okafor"]


def test_an_override_closes_the_gap() -> None:
    leave = (Leave(begins=date(2026, 3, 4), ends=date(2026, 3, 5)),)
    cover = Override(
        member="dr-osei", begins=wall("2026-03-04T00:00"), ends=wall("2026-03-06T00:00")
    )
    site = clinic(replace(ROTA, overrides=(cover,)), dr_okafor={"leave": leave})

    assert gaps(shifts(site, MONDAY, MONDAY + FOUR_WEEKS)) == ()


def test_who_is_on_call_without_a_way_of_their_own_is_named_once() -> None:
    site = clinic(dr_lind={"ways": {Way.SMS: "+15550100101"}})

    found = shifts(site, MONDAY, MONDAY + FOUR_WEEKS)

    assert unreachable(site, found) == ("dr-okafor", "dr-vance")


def test_hours_nights_and_weekends_are_counted_for_each_person() -> None:
    site = clinic(replace(ROTA, rota=("dr-okafor", "dr-lind")))

    found = shares(site, shifts(site, MONDAY, MONDAY + FOUR_WEEKS))

    assert found["dr-okafor"].hours + found["dr-lind"].hours == 28 * 24
    assert found["dr-lind"].weekends == 2 * 48
    assert found["dr-lind"].nights == 2 * 7 * 8


def test_who_is_named_and_never_on_call_is_counted_too() -> None:
    weekend = PartRota(week=WEEKEND, rota=("dr-osei",), since=date(2026, 3, 2))
    site = clinic(replace(ROTA, also={"weekend": weekend}))

    found = shares(site, shifts(site, MONDAY, MONDAY + timedelta(days=2)))

    assert found["dr-okafor"].hours == 48
    assert found["dr-osei"].hours == 0


@pytest.mark.parametrize(
    ("hours", "index"),
    [([168, 168], 1.0), ([336, 168], 0.5), ([336, 0], 0.0), ([0, 0], 1.0), ([], 1.0)],
    ids=["the same", "one has twice as many", "one has none", "nobody has any", "nobody there"],
)
def test_hours_are_even_when_everybody_has_the_same(hours: list[float], index: float) -> None:
    assert evenness(hours) == index


def test_shifts_of_no_time_are_none() -> None:
    wednesday = MONDAY + timedelta(days=2)
    assert shifts(clinic(), wednesday, wednesday) == ()
    assert shifts(clinic(), MONDAY, MONDAY - timedelta(days=1)) == ()
