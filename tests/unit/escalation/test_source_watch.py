"""When the owner of a source is told that it is silent or limited, and that it is over."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import ZONE, a_source, minutes
from tests.strategies import instants
from triagewire.channels.source import Source
from triagewire.channels.source_state import SourceState
from triagewire.clock.calendar import Calendar, Holiday, Interval, elapsed
from triagewire.escalation.bundle import Bundle
from triagewire.escalation.notice import NoticeKind, SourceNotice
from triagewire.escalation.source_watch import CALM, Look, look
from triagewire.ladder import Way

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")
WITH_LUNCH = (Interval(time(8), time(12)), Interval(time(13), time(17)))
HOURS = Calendar(
    zone=ZONE,
    week=dict.fromkeys(WEEKDAYS, WITH_LUNCH),
    holidays=(Holiday(date(2026, 3, 4), "Founders' day"),),
)
VOICEMAIL = replace(a_source("phone", "twilio"), silent_after_minutes=180)
MONDAY = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
"""09:00 in New York."""


def seen(
    state: SourceState, now: datetime, source: Source = VOICEMAIL, calendar: Calendar = HOURS
) -> list[Look]:
    return list(look(source, state, calendar, "director", now))


def told(
    state: SourceState, now: datetime, source: Source = VOICEMAIL, calendar: Calendar = HOURS
) -> list[NoticeKind]:
    found = seen(state, now, source, calendar)
    return [each.notice.kind for each in found if each.notice is not None]


def marked(state: SourceState, marks: Mapping[str, datetime | None]) -> SourceState:
    changes: dict[str, datetime | None] = dict(marks)
    return replace(state, **changes)


def local(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}-05:00").astimezone(UTC)


@pytest.mark.parametrize(
    ("given_at", "silent_at"),
    [
        pytest.param("2026-03-02T08:30", "2026-03-02T11:30", id="within a morning"),
        pytest.param("2026-03-02T10:00", "2026-03-02T14:00", id="lunch does not count"),
        pytest.param("2026-03-02T16:00", "2026-03-03T10:00", id="the night does not count"),
        pytest.param("2026-03-03T16:00", "2026-03-05T10:00", id="a holiday does not count"),
        pytest.param("2026-02-27T16:30", "2026-03-02T10:30", id="a weekend does not count"),
        pytest.param("2026-03-01T12:00", "2026-03-02T11:00", id="a message at the weekend"),
    ],
)
def test_silence_is_measured_in_the_site_s_hours(given_at: str, silent_at: str) -> None:
    state, due = SourceState(given_at=local(given_at)), local(silent_at)

    assert told(state, due - timedelta(milliseconds=1)) == []
    assert told(state, due) == [NoticeKind.SOURCE_SILENT]


def test_a_change_of_the_clocks_moves_the_hours_with_the_site() -> None:
    # Friday 16:00 EST to Monday 10:00 EDT: the clocks went forward in the night to Sunday.
    state = SourceState(given_at=datetime(2026, 3, 6, 21, 0, tzinfo=UTC))

    assert told(state, datetime(2026, 3, 9, 13, 59, tzinfo=UTC)) == []
    assert told(state, datetime(2026, 3, 9, 14, 0, tzinfo=UTC)) == [NoticeKind.SOURCE_SILENT]


def test_a_source_that_may_be_silent_is_never_missed() -> None:
    quiet = replace(VOICEMAIL, silent_after_minutes=None)

    assert seen(SourceState(), MONDAY, quiet) == []
    assert seen(SourceState(given_at=MONDAY - timedelta(days=300)), MONDAY, quiet) == []


def test_of_a_source_that_never_gave_anything_silence_begins_when_it_is_first_looked_for() -> None:
    (first,) = seen(SourceState(), MONDAY)

    assert (first.notice, first.marks) == (None, {"watched_since": MONDAY})
    state = marked(SourceState(), first.marks)
    assert told(state, MONDAY + minutes(179)) == []
    # From 09:00, with an hour of lunch.
    assert told(state, MONDAY + minutes(240)) == [NoticeKind.SOURCE_SILENT]


def test_silence_is_told_once_and_its_end_once() -> None:
    state = SourceState(given_at=local("2026-03-02T08:30"))
    (silent,) = seen(state, local("2026-03-02T11:30"))
    state = marked(state, silent.marks)
    assert seen(state, local("2026-03-02T11:31")) == []
    assert seen(state, local("2026-03-20T11:31")) == []

    state = replace(state, given_at=local("2026-03-20T12:00"))
    (heard,) = seen(state, local("2026-03-20T12:01"))
    assert heard.notice is not None
    assert heard.notice.kind is NoticeKind.SOURCE_HEARD
    state = marked(state, heard.marks)
    assert seen(state, local("2026-03-20T12:02")) == []

    assert told(state, local("2026-03-23T11:00")) == [NoticeKind.SOURCE_SILENT]


def test_a_silence_that_no_longer_matters_is_forgotten_without_a_word() -> None:
    told_of = SourceState(given_at=MONDAY, told_silent=MONDAY)

    (forgotten,) = seen(told_of, MONDAY, replace(VOICEMAIL, silent_after_minutes=None))

    assert (forgotten.notice, forgotten.marks) == (None, {"told_silent": None})


def test_the_first_limited_call_is_told_once() -> None:
    state = SourceState(given_at=MONDAY, limited_since=MONDAY, limited_at=MONDAY)
    (limited,) = seen(state, MONDAY + minutes(1))

    assert limited.notice is not None
    assert limited.notice.kind is NoticeKind.SOURCE_LIMITED
    state = marked(state, limited.marks)
    assert seen(replace(state, limited_at=MONDAY + minutes(2)), MONDAY + minutes(2)) == []


def test_an_episode_is_over_after_five_calm_minutes() -> None:
    last = MONDAY + minutes(3)
    state = SourceState(given_at=MONDAY, limited_since=MONDAY, limited_at=last, told_limited=MONDAY)

    assert seen(state, last + CALM - timedelta(milliseconds=1)) == []
    (over,) = seen(state, last + CALM)
    assert over.notice is not None
    assert over.notice.kind is NoticeKind.SOURCE_UNLIMITED
    assert over.seen == {"limited_at": last}
    assert seen(marked(state, over.marks), last + CALM + minutes(1)) == []


def test_an_episode_that_nobody_was_told_of_is_told_before_it_is_over() -> None:
    state = SourceState(given_at=MONDAY, limited_since=MONDAY, limited_at=MONDAY)

    assert told(state, MONDAY + minutes(30)) == [NoticeKind.SOURCE_LIMITED]


@given(given_at=instants, waits=st.lists(st.integers(1, 2_000), min_size=1, max_size=20))
def test_however_often_one_looks_silence_is_told_once_and_only_when_it_is_true(
    given_at: datetime, waits: list[int]
) -> None:
    state, now, notices = SourceState(given_at=given_at), given_at, 0
    for wait in waits:
        now += minutes(wait)
        for each in seen(state, now):
            assert elapsed(HOURS, given_at, now) >= minutes(180)
            notices += each.notice is not None
            state = marked(state, each.marks)

    assert notices == (elapsed(HOURS, given_at, now) >= minutes(180))


def a_notice(kind: NoticeKind) -> SourceNotice:
    state = SourceState(given_at=local("2026-03-02T08:30"))
    (silent,) = seen(state, local("2026-03-02T11:30"))
    assert silent.notice is not None
    return replace(silent.notice, kind=kind)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (
            NoticeKind.SOURCE_SILENT,
            "SOURCE SILENT for director: north/phone (twilio)\n"
            "nothing has come for 180 minutes of the site's hours, since 2026-03-02 13:30 UTC",
        ),
        (
            NoticeKind.SOURCE_HEARD,
            "SOURCE HEARD for director: north/phone (twilio)\n"
            "no longer silent: something came at 2026-03-02 13:30 UTC",
        ),
        (
            NoticeKind.SOURCE_LIMITED,
            "SOURCE LIMITED for director: north/phone (twilio)\n"
            "over 600 messages a minute, answered 429 since 2026-03-02 13:30 UTC",
        ),
        (
            NoticeKind.SOURCE_UNLIMITED,
            "SOURCE UNLIMITED for director: north/phone (twilio)\n"
            "no longer limited; the last call over the limit was near 2026-03-02 13:30 UTC",
        ),
    ],
)
def test_a_notice_says_which_source_what_and_since_when(kind: NoticeKind, text: str) -> None:
    assert a_notice(kind).text("https://desk.clinic.example", lambda _: "") == text


def test_a_subscription_can_filter_by_kind_site_source_and_person() -> None:
    notice = a_notice(NoticeKind.SOURCE_SILENT)
    bundle = Bundle(person=notice.person, site=notice.site, notices=(notice,))

    assert bundle.attributes(Way.EMAIL) == {
        "notice": "north/phone-source_silent-20260302T133000",
        "kind": "source_silent",
        "site": "north",
        "source": "phone",
        "person": "director",
        "way": "email",
        "count": "1",
        "copy": "first",
    }
