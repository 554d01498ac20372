"""Who is at work: shifts in site time, leave, who is away, and when somebody is next."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import AT_NIGHT, EIGHT_TO_FIVE, MEMBERS, MONDAY_MORNING, ZONE, a_site
from triagewire.clock.calendar import WEEKDAYS, Holiday, Interval, next_open
from triagewire.policy.model import Site
from triagewire.policy.roster import Leave, Member, Role
from triagewire.routing.duty import is_absent, next_on_duty, on_duty, shift_ends, team_on_duty

MONDAY = date(2026, 3, 2)
FIVE_O_CLOCK = datetime(2026, 3, 2, 22, 0, tzinfo=UTC)
"""17:00 in New York, when the clinic closes."""
TUESDAY_AT_EIGHT = datetime(2026, 3, 3, 13, 0, tzinfo=UTC)
ROUND_THE_CLOCK = dict.fromkeys(WEEKDAYS, (Interval(time(0), time(0)),))
UNTIL_SIX = {"mon": (Interval(time(18), time(0)),), "tue": (Interval(time(0), time(6)),)}

instants = st.datetimes(
    min_value=datetime(2026, 1, 1),  # noqa: DTZ001 the strategy adds the zone
    max_value=datetime(2027, 12, 31),  # noqa: DTZ001
    timezones=st.just(UTC),
)


def test_a_member_without_a_shift_of_their_own_works_the_hours_of_the_site() -> None:
    assert on_duty(a_site(), "nick", MONDAY_MORNING)
    assert not on_duty(a_site(), "nick", AT_NIGHT)


def test_a_shift_of_ones_own_counts_instead() -> None:
    site = _with(nick=replace(MEMBERS["nick"], week={"tue": (Interval(time(0), time(8)),)}))

    assert on_duty(site, "nick", AT_NIGHT)
    assert not on_duty(site, "nick", MONDAY_MORNING)


def test_whom_the_roster_marks_away_is_not_on_duty() -> None:
    site = _with(nick=replace(MEMBERS["nick"], away=True))

    assert not on_duty(site, "nick", MONDAY_MORNING)


def test_who_has_said_that_they_are_away_is_not_on_duty() -> None:
    away = frozenset({"nick"})

    assert not on_duty(a_site(), "nick", MONDAY_MORNING, away)
    assert "nick" not in team_on_duty(a_site(), "clinical", MONDAY_MORNING, away)


def test_whom_the_roster_does_not_have_is_not_on_duty() -> None:
    assert not on_duty(a_site(), "left-last-year", MONDAY_MORNING)


def test_on_a_holiday_nobody_is_on_duty() -> None:
    founders = Holiday(MONDAY, "founders' day")

    assert not on_duty(a_site(holidays=(founders,)), "nick", MONDAY_MORNING)


def test_hours_are_those_of_the_site_and_not_of_the_server() -> None:
    eight_in_new_york = datetime(2026, 3, 2, 13, 30, tzinfo=UTC)
    west = a_site(zone="America/Los_Angeles")

    assert on_duty(a_site(), "nick", eight_in_new_york)
    assert not on_duty(west, "nick", eight_in_new_york)


def test_leave_counts_in_the_days_of_the_site_with_the_first_and_the_last() -> None:
    week_off = (Leave(begins=MONDAY, ends=date(2026, 3, 6)),)
    site = _with(nick=replace(MEMBERS["nick"], leave=week_off, week=ROUND_THE_CLOCK))
    midnight = datetime(2026, 3, 2, 0, 0, tzinfo=ZoneInfo(ZONE))

    assert on_duty(site, "nick", midnight - timedelta(seconds=1))
    assert not on_duty(site, "nick", midnight)
    assert not on_duty(site, "nick", midnight + timedelta(days=5, seconds=-1))
    assert on_duty(site, "nick", midnight + timedelta(days=5))


def test_only_who_is_given_work_is_on_duty_for_a_team() -> None:
    lead = Member(name="Nora Quist", teams=("clinical",), roles=(Role.LEAD,))

    assert "nora" not in team_on_duty(_with(nora=lead), "clinical", MONDAY_MORNING)


def test_a_shift_ends_with_its_hours() -> None:
    assert shift_ends(a_site(), "nick", MONDAY_MORNING) == FIVE_O_CLOCK


def test_a_shift_that_goes_on_past_midnight_ends_in_the_morning() -> None:
    site = _with(nick=replace(MEMBERS["nick"], week=UNTIL_SIX))
    evening = datetime(2026, 3, 2, 20, 0, tzinfo=ZoneInfo(ZONE))

    assert shift_ends(site, "nick", evening) == evening + timedelta(hours=10)


def test_a_shift_ends_when_leave_begins() -> None:
    from_tuesday = (Leave(begins=date(2026, 3, 3), ends=date(2026, 3, 9)),)
    site = _with(nick=replace(MEMBERS["nick"], leave=from_tuesday, week=ROUND_THE_CLOCK))

    assert shift_ends(site, "nick", MONDAY_MORNING) == datetime(2026, 3, 3, 5, 0, tzinfo=UTC)


def test_who_does_not_work_now_has_no_shift_that_ends() -> None:
    assert shift_ends(a_site(), "nick", AT_NIGHT) is None
    assert shift_ends(a_site(), "left-last-year", MONDAY_MORNING) is None


def test_a_shift_round_the_clock_has_no_end() -> None:
    site = _with(nick=replace(MEMBERS["nick"], week=ROUND_THE_CLOCK))

    assert shift_ends(site, "nick", MONDAY_MORNING) is None


def test_while_somebody_is_at_work_somebody_is_next_on_duty_at_once() -> None:
    assert next_on_duty(a_site(), "clinical", MONDAY_MORNING) == MONDAY_MORNING


def test_at_night_the_team_is_next_on_duty_when_the_first_of_them_begins() -> None:
    assert next_on_duty(a_site(), "clinical", AT_NIGHT) == TUESDAY_AT_EIGHT
    early = _with(nell=replace(MEMBERS["nell"], week={"tue": (Interval(time(6), time(12)),)}))
    assert next_on_duty(early, "clinical", AT_NIGHT) == TUESDAY_AT_EIGHT - timedelta(hours=2)


def test_who_is_on_leave_is_expected_after_it() -> None:
    off = (Leave(begins=MONDAY, ends=date(2026, 3, 3)),)
    site = _with(pia=replace(MEMBERS["pia"], leave=off))

    assert next_on_duty(site, "portal", MONDAY_MORNING) == TUESDAY_AT_EIGHT + timedelta(days=1)


def test_a_team_of_which_nobody_is_expected_is_looked_at_again_within_the_hours() -> None:
    everybody = frozenset({"pia"})

    later = next_on_duty(a_site(), "portal", MONDAY_MORNING, everybody)
    assert later == MONDAY_MORNING + timedelta(hours=1)
    assert next_on_duty(a_site(), "nobody's", AT_NIGHT) == TUESDAY_AT_EIGHT


@given(instants, st.sets(st.sampled_from(["nick", "nell", "rhea"])))
def test_a_team_is_on_duty_when_it_was_said_to_be_next(at: datetime, away: set[str]) -> None:
    site = _with(nell=replace(MEMBERS["nell"], week=UNTIL_SIX))
    gone = frozenset(away)

    expected = next_on_duty(site, "clinical", at, gone)

    assert expected >= at
    if len(away) < 3:
        assert any(team_on_duty(site, "clinical", expected, gone))
        if expected > at:
            just_before = max(at, expected - timedelta(seconds=1))
            assert not any(team_on_duty(site, "clinical", just_before, gone))


@given(instants)
def test_who_is_on_duty_works_until_their_shift_ends_and_not_beyond(at: datetime) -> None:
    site = _with(nick=replace(MEMBERS["nick"], week=UNTIL_SIX))

    ends = shift_ends(site, "nick", at)

    assert (ends is not None) == on_duty(site, "nick", at)
    if ends is not None:
        assert on_duty(site, "nick", ends - timedelta(microseconds=1))
        assert not on_duty(site, "nick", ends)


@given(instants)
def test_without_shifts_of_their_own_members_are_next_on_duty_when_the_site_opens(
    at: datetime,
) -> None:
    assert next_on_duty(a_site(), "clinical", at) == next_open(a_site().calendar, at)


def _with(**members: Member) -> Site:
    return a_site(members=MEMBERS | members)


@pytest.mark.parametrize(
    ("member_id", "changes", "absent"),
    [
        pytest.param("nick", {}, False, id="at work"),
        pytest.param("nick", {"week": {"tue": EIGHT_TO_FIVE}}, False, id="only off shift"),
        pytest.param("nick", {"away": True}, True, id="marked away"),
        pytest.param("nick", {"leave": (Leave(begins=MONDAY, ends=MONDAY),)}, True, id="on leave"),
        pytest.param("nobody", {}, True, id="not on the roster"),
    ],
)
def test_who_is_only_off_shift_is_not_absent(
    member_id: str, changes: dict[str, Any], absent: bool
) -> None:
    members = MEMBERS | {"nick": replace(MEMBERS["nick"], **changes)}

    assert is_absent(a_site(members=members), member_id, MONDAY_MORNING) is absent


def test_who_has_said_that_they_are_away_is_absent() -> None:
    assert is_absent(a_site(), "nick", MONDAY_MORNING, frozenset({"nick"}))
