"""Who is on call, turn by turn, in site time."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import a_site
from tests.strategies import instants
from triagewire.clock.calendar import Interval
from triagewire.escalation.on_call import on_call
from triagewire.policy.model import Site
from triagewire.policy.roster import (
    Leave,
    Member,
    OnCall,
    Override,
    PartRota,
    Role,
    Swap,
    TurnUnit,
)

NEW_YORK = "America/New_York"
ZONES = (
    NEW_YORK,
    "Europe/London",
    "Australia/Lord_Howe",  # half an hour
    "Antarctica/Troll",  # two hours
    "Africa/Casablanca",  # back for Ramadan
    "America/Santiago",  # at midnight
)
ROTA = OnCall(rota=("dr-okafor", "dr-lind", "dr-vance"), since=date(2026, 3, 2))
DOCTORS = {
    name: Member(name=name, roles=(Role.LEAD,))
    for name in ("dr-okafor", "dr-lind", "dr-vance", "dr-osei")
}
WHOLE_DAY = (Interval(time(0), time(0)),)
WEEKEND: Mapping[str, tuple[Interval, ...]] = {
    "fri": (Interval(time(17), time(0)),),
    "sat": WHOLE_DAY,
    "sun": WHOLE_DAY,
    "mon": (Interval(time(0), time(8)),),
}


def clinic(on_call: OnCall = ROTA, zone: str = NEW_YORK, **absent: dict[str, Any]) -> Site:
    """A clinic whose doctors are all there, but for what is said of them."""
    members = {
        name: replace(each, **absent.get(name.replace("-", "_"), {}))
        for name, each in DOCTORS.items()
    }
    return a_site(on_call=on_call, zone=zone, members=members)


def wall(text: str) -> datetime:
    """A time as the policy writes it, of no zone yet."""
    return datetime.fromisoformat(text)


def local(text: str, zone: str = NEW_YORK) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize(
    ("at", "who"),
    [
        ("2026-03-02T08:00", "dr-okafor"),
        ("2026-03-09T07:59", "dr-okafor"),
        ("2026-03-09T08:00", "dr-lind"),
        ("2026-03-16T08:00", "dr-vance"),
        ("2026-03-23T08:00", "dr-okafor"),
    ],
    ids=["from the first day", "to the last minute", "the next week", "and on", "and round again"],
)
def test_each_provider_has_a_week_from_handover_to_handover(at: str, who: str) -> None:
    assert on_call(clinic(), local(at)) == who


def test_before_the_rota_begins_somebody_is_on_call_too() -> None:
    assert on_call(clinic(), local("2026-03-02T07:00")) == "dr-vance"


@pytest.mark.parametrize(
    ("every", "unit", "changes"),
    [
        (1, TurnUnit.DAYS, ["2026-03-03", "2026-03-04", "2026-03-05"]),
        (3, TurnUnit.DAYS, ["2026-03-05", "2026-03-08", "2026-03-11"]),
        (2, TurnUnit.WEEKS, ["2026-03-16", "2026-03-30", "2026-04-13"]),
    ],
)
def test_a_turn_lasts_as_many_days_or_weeks_as_the_rota_says(
    every: int, unit: TurnUnit, changes: list[str]
) -> None:
    site = clinic(replace(ROTA, every=every, unit=unit))

    before = [on_call(site, local(f"{day}T07:59")) for day in changes]
    after = [on_call(site, local(f"{day}T08:00")) for day in changes]

    assert before == ["dr-okafor", "dr-lind", "dr-vance"]
    assert after == ["dr-lind", "dr-vance", "dr-okafor"]


@pytest.mark.parametrize(
    "monday",
    ["2026-03-09", "2026-11-02"],
    ids=["after the clocks went forward", "after they went back"],
)
def test_handover_stays_at_eight_on_the_wall_when_the_clocks_change(monday: str) -> None:
    before = on_call(clinic(), local(f"{monday}T07:59"))
    after = on_call(clinic(), local(f"{monday}T08:00"))

    assert before != after


@pytest.mark.parametrize(
    ("zone", "night", "handover"),
    [
        (NEW_YORK, "2026-03-08", time(2, 30)),
        (NEW_YORK, "2026-11-01", time(1, 30)),
        ("Australia/Lord_Howe", "2026-04-05", time(1, 45)),
        ("America/Santiago", "2026-04-04", time(23, 30)),
        ("America/Santiago", "2026-09-06", time(0, 30)),
        ("Antarctica/Troll", "2026-03-29", time(2, 0)),
        ("Africa/Casablanca", "2026-03-22", time(2, 30)),
    ],
)
def test_a_handover_in_the_night_of_the_change_happens_once(
    zone: str, night: str, handover: time
) -> None:
    since = date.fromisoformat(night) - timedelta(days=7)
    rota = OnCall(rota=("dr-okafor", "dr-lind"), since=since, handover=handover)
    evening = local(f"{night}T00:00", zone) - timedelta(hours=6)

    site = clinic(rota, zone)
    watch = [on_call(site, evening + timedelta(minutes=at)) for at in range(0, 36 * 60, 5)]

    assert watch[0] == "dr-okafor"
    assert watch[-1] == "dr-lind"
    assert watch == sorted(watch, key=str, reverse=True)


@given(
    instants,
    st.sampled_from(ZONES),
    st.times().map(lambda at: at.replace(microsecond=0, fold=0)),
    st.integers(1, 20),
)
def test_the_same_turn_lasts_to_its_length_and_then_the_next_one_begins(
    at: datetime, zone: str, handover: time, every: int
) -> None:
    rota = replace(ROTA, handover=handover, every=every, unit=TurnUnit.DAYS)
    site = clinic(rota, zone)
    order = rota.rota

    who = on_call(site, at)
    later = on_call(site, at + timedelta(days=every))
    much_later = on_call(site, at + timedelta(days=every, hours=2))  # a change of the clocks longer

    assert who in order
    following = order[(order.index(who) + 1) % len(order)]
    assert {later, much_later} <= {who, following, order[(order.index(following) + 1) % 3]}
    assert much_later != who


def test_a_part_of_the_week_has_a_rota_of_its_own() -> None:
    weekend = PartRota(week=WEEKEND, rota=("dr-osei",), since=date(2026, 3, 2))
    site = clinic(replace(ROTA, also={"weekend": weekend}))

    times = ("2026-03-06T16:59", "2026-03-06T17:00", "2026-03-09T07:59", "2026-03-09T08:00")

    on = [on_call(site, local(each)) for each in times]
    assert on == ["dr-okafor", "dr-osei", "dr-osei", "dr-lind"]


def test_an_override_goes_before_every_rota_from_its_beginning_until_its_end() -> None:
    weekend = PartRota(week=WEEKEND, rota=("dr-osei",), since=date(2026, 3, 2))
    override = Override(
        member="dr-vance", begins=wall("2026-03-06T12:00"), ends=wall("2026-03-07T09:00")
    )
    site = clinic(replace(ROTA, also={"weekend": weekend}, overrides=(override,)))

    times = ("2026-03-06T11:59", "2026-03-06T12:00", "2026-03-07T08:59", "2026-03-07T09:00")

    on = [on_call(site, local(each)) for each in times]
    assert on == ["dr-okafor", "dr-vance", "dr-vance", "dr-osei"]


def test_of_overrides_that_overlap_the_one_listed_last_holds() -> None:
    begins, ends = wall("2026-03-06T12:00"), wall("2026-03-07T12:00")
    overrides = tuple(
        Override(member=each, begins=begins, ends=ends) for each in ("dr-vance", "dr-osei")
    )

    assert on_call(clinic(replace(ROTA, overrides=overrides)), local("2026-03-07T00:00")) == (
        "dr-osei"
    )


def test_a_swap_exchanges_two_whole_turns_and_no_others() -> None:
    swap = Swap(one=date(2026, 3, 4), other=date(2026, 3, 16))
    site = clinic(replace(ROTA, swaps=(swap,)))

    mondays = ("2026-03-02", "2026-03-09", "2026-03-16", "2026-03-23", "2026-04-06")

    assert [on_call(site, local(f"{each}T12:00")) for each in mondays] == [
        "dr-vance",
        "dr-lind",
        "dr-okafor",
        "dr-okafor",
        "dr-vance",
    ]


@pytest.mark.parametrize(
    "absent",
    [
        {"away": True},
        {"leave": (Leave(begins=date(2026, 3, 4), ends=date(2026, 3, 6)),)},
    ],
    ids=["away", "on leave"],
)
def test_who_is_not_there_leaves_a_gap(absent: dict[str, Any]) -> None:
    site = clinic(dr_okafor=absent)

    assert on_call(site, local("2026-03-05T23:00")) is None
    assert on_call(site, local("2026-03-12T23:00")) == "dr-lind"


def test_leave_ends_at_midnight_of_its_last_day() -> None:
    leave = (Leave(begins=date(2026, 3, 4), ends=date(2026, 3, 6)),)
    site = clinic(dr_okafor={"leave": leave})

    times = ("2026-03-03T23:59", "2026-03-04T00:00", "2026-03-06T23:59", "2026-03-07T00:00")

    on = [on_call(site, local(each)) for each in times]
    assert on == ["dr-okafor", None, None, "dr-okafor"]


def test_who_has_left_the_roster_leaves_a_gap() -> None:
    site = clinic(replace(ROTA, rota=("dr-gone",)))

    assert on_call(site, local("2026-03-05T23:00")) is None


def test_somebody_who_takes_over_closes_the_gap() -> None:
    cover = Override(
        member="dr-osei", begins=wall("2026-03-02T08:00"), ends=wall("2026-03-09T08:00")
    )
    site = clinic(replace(ROTA, overrides=(cover,)), dr_okafor={"away": True})

    assert on_call(site, local("2026-03-05T23:00")) == "dr-osei"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"rota": ()}, "rota"),
        ({"every": 0}, "every"),
        ({"every": 53}, "every"),
        ({"since": date(1, 1, 1)}, "since"),
    ],
)
def test_a_rota_that_cannot_be_meant_is_refused(fields: dict[str, Any], field: str) -> None:
    with pytest.raises(ValueError, match=field):
        replace(ROTA, **fields)


@pytest.mark.parametrize(
    ("begins", "ends", "field"),
    [
        (wall("2026-03-02T00:00"), wall("2026-03-02T00:00"), "ends"),
        (datetime(2026, 3, 2, tzinfo=UTC), wall("2026-03-03T00:00"), "begins"),
        (wall("2026-03-02T00:00"), wall("9999-12-31T00:00"), "ends"),
    ],
    ids=["of no length", "with an offset", "without end"],
)
def test_an_override_that_cannot_be_meant_is_refused(
    begins: datetime, ends: datetime, field: str
) -> None:
    with pytest.raises(ValueError, match=field):
        Override(member="dr-lind", begins=begins, ends=ends)
