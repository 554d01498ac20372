"""The calendar feed of who is on call: its link opens one site, and programs can read its text."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import a_policy
from tests.unit.escalation.test_on_call import ROTA, WEEKEND, clinic, local, wall
from triagewire.errors import NotFoundError
from triagewire.escalation.feed import calendar_text, feed_for
from triagewire.escalation.feed_tokens import feed_token
from triagewire.escalation.links import acknowledge_token
from triagewire.policy.model import Policy
from triagewire.policy.roster import Override, PartRota

KEY = b"k" * 64
NOW = local("2026-03-04T12:00")
NORTH = clinic()


def group(feed: int = 1) -> Policy:
    """A group whose northern clinic has a feed of this number."""
    return a_policy(site=clinic(replace(ROTA, feed=feed)))


def test_the_link_of_a_site_opens_its_feed() -> None:
    text = feed_for(group(), KEY, "north", feed_token(KEY, "north", 1), NOW)

    assert "SUMMARY:On call: dr-okafor (North Clinic)\r\n" in text


@pytest.mark.parametrize(
    ("site", "token"),
    [
        ("north", feed_token(KEY, "west", 1)),
        ("north", feed_token(b"another key", "north", 1)),
        ("north", feed_token(KEY, "north", 2)),
        ("north", feed_token(KEY, "north", 1).upper()),
        ("north", acknowledge_token(KEY, "TICKETAAAAAAAAAAAAAAAAAAAA", "dr-okafor", NOW)),
        ("nowhere", feed_token(KEY, "nowhere", 1)),
        ("nowhere", feed_token(KEY, "nowhere", 0)),
    ],
    ids=[
        "of another site",
        "of another key",
        "of another number",
        "in other letters",
        "an acknowledge link",
        "of no site",
        "of no site and no feed",
    ],
)
def test_every_other_link_finds_nothing(site: str, token: str) -> None:
    with pytest.raises(NotFoundError, match="no such path"):
        feed_for(group(), KEY, site, token, NOW)


@given(st.text(), st.text())
def test_whatever_the_path_holds_is_answered_the_same(site: str, token: str) -> None:
    with pytest.raises(NotFoundError, match="no such path"):
        feed_for(group(), KEY, site, token, NOW)


def test_another_number_in_the_policy_closes_every_link_given_out_before() -> None:
    with pytest.raises(NotFoundError):
        feed_for(group(feed=2), KEY, "north", feed_token(KEY, "north", 1), NOW)


def test_number_nought_is_no_feed() -> None:
    with pytest.raises(NotFoundError):
        feed_for(group(feed=0), KEY, "north", feed_token(KEY, "north", 0), NOW)


def events(text: str) -> list[dict[str, str]]:
    """The events of a calendar, their lines unfolded."""
    whole = text.replace("\r\n ", "")
    return [
        dict(line.split(":", 1) for line in each.split("\r\n") if ":" in line)
        for each in whole.split("BEGIN:VEVENT\r\n")[1:]
    ]


def test_the_feed_shows_sixty_days_of_whole_shifts_in_utc() -> None:
    found = events(calendar_text("north", NORTH, NOW))

    assert (found[0]["DTSTART"], found[0]["DTEND"]) == ("20260302T130000Z", "20260309T120000Z")
    assert found[-1]["DTSTART"] < f"{NOW + timedelta(days=60):%Y%m%dT%H%M%SZ}" <= found[-1]["DTEND"]


def test_a_shift_keeps_its_uid_when_somebody_takes_it_over() -> None:
    week = Override(
        member="dr-vance", begins=wall("2026-03-09T08:00"), ends=wall("2026-03-16T08:00")
    )

    before = events(calendar_text("north", NORTH, NOW))
    after = events(calendar_text("north", clinic(replace(ROTA, overrides=(week,))), NOW))

    assert [each["UID"] for each in after] == [each["UID"] for each in before]
    assert before[1]["SUMMARY"] != after[1]["SUMMARY"]


def test_a_shift_keeps_its_uid_while_it_lasts() -> None:
    first, later = (
        events(calendar_text("north", NORTH, NOW + timedelta(days=at)))[0] for at in (0, 3)
    )

    assert first["UID"] == later["UID"]


def test_no_two_shifts_have_the_same_uid() -> None:
    uids = [each["UID"] for each in events(calendar_text("north", NORTH, NOW))]

    assert len(set(uids)) == len(uids)


def test_a_gap_is_shown_as_nobody() -> None:
    found = events(calendar_text("north", clinic(dr_lind={"away": True}), NOW))

    assert [each["SUMMARY"] for each in found[:2]] == [
        "On call: dr-okafor (North Clinic)",
        "On call: NOBODY (North Clinic)",
    ]


def test_names_can_hold_whatever_the_format_gives_a_meaning() -> None:
    name = "Lind; Åsa, MD\\PhD\r\nBEGIN:VEVENT " + "é" * 60
    site = clinic(dr_lind={"name": name})

    text = calendar_text("north", site, NOW)

    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert text.count("BEGIN:VEVENT\r\n") == text.count("END:VEVENT\r\n")
    assert "SUMMARY:On call: Lind\\; Åsa\\, MD\\\\PhD BEGIN:VEVENT éé" in text.replace("\r\n ", "")


def test_parts_of_the_week_are_events_of_their_own() -> None:
    weekend = PartRota(week=WEEKEND, rota=("dr-osei",), since=date(2026, 3, 2))

    found = events(calendar_text("north", clinic(replace(ROTA, also={"weekend": weekend})), NOW))

    assert [each["SUMMARY"] for each in found[:2]] == [
        "On call: dr-okafor (North Clinic)",
        "On call: dr-osei (North Clinic)",
    ]


def test_the_feed_names_staff_by_the_roster_and_nothing_else_of_them() -> None:
    text = calendar_text("north", clinic(dr_okafor={"name": "Ngozi Okafor"}), NOW)

    assert "Ngozi Okafor" in text
    assert "dr-okafor" not in text


def test_the_calendar_begins_and_ends_as_the_format_asks() -> None:
    lines = calendar_text("north", NORTH, datetime.fromisoformat("2026-03-04T12:00Z")).split("\r\n")

    assert (lines[0], lines[-2], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR", "")
    assert "DTSTAMP:20260304T120000Z" in lines
