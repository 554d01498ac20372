"""Who is there for a ticket, which queues somebody's room is for, and when nobody is left."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import AT_NIGHT, MEMBERS, MONDAY_MORNING, TEAMS, a_site, a_ticket, minutes
from triagewire.policy.roster import AfterHours, Leave, Member
from triagewire.routing.presence import (
    Attendance,
    is_there,
    nobody_left,
    queues_served,
    roster_digest,
)

NOBODY: frozenset[str] = frozenset()
SITE = a_site()
OF_NICK = a_ticket(assignee="nick")


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)),  # noqa: DTZ001 made aware below
    st.none() | st.integers(1, 5000),
    st.integers(0, 10_000),
)
def test_somebody_is_away_from_when_they_said_it_until_the_time_they_said(
    since: datetime, until: int | None, later: int
) -> None:
    gone = since.replace(tzinfo=UTC)
    back = None if until is None else gone + minutes(until)
    said = Attendance(member="nick", away_since=gone, until=back)

    assert said.away(gone + minutes(later)) is (until is None or later < until)


def test_who_never_said_anything_is_not_away() -> None:
    assert not Attendance(member="nick").away(MONDAY_MORNING)


def test_an_owner_on_duty_is_there_until_they_say_that_they_are_away() -> None:
    assert is_there(OF_NICK, SITE, MONDAY_MORNING, NOBODY)
    assert not is_there(OF_NICK, SITE, MONDAY_MORNING, frozenset({"nick"}))


def test_nobody_is_there_for_a_ticket_that_nobody_holds() -> None:
    assert not is_there(a_ticket(), SITE, MONDAY_MORNING, NOBODY)


def test_the_provider_on_call_is_there_at_night_where_the_policy_gives_them_such_tickets() -> None:
    held = a_ticket(assignee="dr-okafor")
    night = replace(SITE, after_hours={"clinical_standard": AfterHours.ON_CALL})

    assert is_there(held, night, AT_NIGHT, NOBODY)
    assert not is_there(held, night, AT_NIGHT, frozenset({"dr-okafor"}))
    assert not is_there(held, SITE, AT_NIGHT, NOBODY)


def test_room_that_somebody_has_is_for_all_their_teams_and_for_those_they_stand_in_for() -> None:
    teams = {**TEAMS, "portal": replace(TEAMS["portal"], fallback="scheduling")}
    nick = replace(MEMBERS["nick"], teams=("clinical", "scheduling"))
    site = replace(SITE, teams=teams, members={**MEMBERS, "nick": nick})

    # Rhea is in review and clinical.
    assert queues_served(site, "clinical") == ("clinical", "scheduling", "portal", "review")
    assert queues_served(site, "billing") == ("billing",)


@pytest.mark.parametrize(
    ("declined", "left"),
    [((), False), (("nick", "nell"), False), (("nick", "nell", "rhea"), True)],
)
def test_nobody_is_left_once_all_who_are_given_work_have_declined(
    declined: tuple[str, ...], left: bool
) -> None:
    assert nobody_left(a_ticket(declined=declined), SITE) is left


def test_a_roster_is_another_one_when_somebody_works_at_other_times_or_for_another_team() -> None:
    leave = (Leave(begins=date(2026, 3, 2), ends=date(2026, 3, 2)),)
    ill = replace(MEMBERS["nick"], leave=leave)
    moved = replace(MEMBERS["nick"], teams=("billing",))
    gone = {name: each for name, each in MEMBERS.items() if name != "nick"}
    turned = dict(reversed(MEMBERS.items()))
    renamed = {**MEMBERS, "nick": Member(name="Nicolas Abara", teams=("clinical",))}
    known = roster_digest(SITE)

    assert roster_digest(a_site(members={**MEMBERS, "nick": ill})) != known
    assert roster_digest(a_site(members=gone)) != known
    assert roster_digest(a_site(members={**MEMBERS, "nick": moved})) != known
    assert roster_digest(a_site(members=turned)) == known
    assert roster_digest(a_site(members=renamed)) == known
