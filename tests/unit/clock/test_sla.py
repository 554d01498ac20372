"""The promised time of a ticket, on days with names."""

from dataclasses import replace
from datetime import time, timedelta

import pytest

from tests.unit.clock.clinics import ALL_DAY, at, every_day, on_weekdays
from triagewire.clock.calendar import ALWAYS, Interval
from triagewire.clock.explain import explain
from triagewire.clock.promise import CalendarKind, Clock
from triagewire.clock.sla import (
    counted,
    earliest,
    expected_by,
    is_breached,
    pause,
    raise_to,
    recompute,
    resume,
    start_clock,
)
from triagewire.errors import ForbiddenTransitionError, InvalidFieldError

CLINIC = on_weekdays()
WEDNESDAY_TEN = at("2026-11-18T10:00-05:00")
FRIDAY_FOUR = at("2026-11-20T16:00-05:00")


def a_clock(target_minutes: int = 240) -> Clock:
    return start_clock(target_minutes, CLINIC, WEDNESDAY_TEN)


def test_the_reminder_of_an_odd_target_falls_on_the_half_minute() -> None:
    clock = start_clock(15, CLINIC, WEDNESDAY_TEN)

    assert clock.remind_at == WEDNESDAY_TEN + timedelta(minutes=7, seconds=30)


def test_a_calendar_that_never_closes_makes_a_clock_that_counts_every_hour() -> None:
    assert start_clock(5, ALWAYS, FRIDAY_FOUR).calendar_kind is CalendarKind.ALWAYS


def test_a_site_that_never_closes_may_still_let_its_tickets_wait() -> None:
    hospital = every_day("America/New_York", ALL_DAY)
    clock = start_clock(60, hospital, WEDNESDAY_TEN, kind=CalendarKind.SITE)

    waiting = pause(clock, WEDNESDAY_TEN + timedelta(minutes=10))

    assert waiting.paused_at == WEDNESDAY_TEN + timedelta(minutes=10)


@pytest.mark.parametrize("target", [0, -5])
def test_a_target_below_a_minute_is_refused(target: int) -> None:
    with pytest.raises(InvalidFieldError, match=r"^target_minutes: "):
        start_clock(target, CLINIC, WEDNESDAY_TEN)


def test_time_before_a_pause_stays_counted() -> None:
    waiting = pause(a_clock(), WEDNESDAY_TEN + timedelta(minutes=90))

    gone = counted(waiting, CLINIC, WEDNESDAY_TEN + timedelta(hours=5))

    assert gone == timedelta(minutes=90)


def test_a_reminder_that_was_due_before_the_pause_keeps_its_time() -> None:
    clock = a_clock()

    waiting = pause(clock, WEDNESDAY_TEN + timedelta(hours=3))
    resumed = resume(waiting, CLINIC, WEDNESDAY_TEN + timedelta(hours=4))

    assert resumed.remind_at == clock.remind_at
    assert resumed.due_at == clock.due_at + timedelta(hours=1)


def test_a_clock_paused_at_the_instant_it_is_due_stays_due_then() -> None:
    clock = a_clock()

    resumed = resume(pause(clock, clock.due_at), CLINIC, clock.due_at + timedelta(hours=1))

    assert resumed.due_at == clock.due_at


def test_a_clock_paused_in_time_never_breaches() -> None:
    waiting = pause(a_clock(), WEDNESDAY_TEN + timedelta(hours=3))

    assert not is_breached(waiting, WEDNESDAY_TEN + timedelta(days=30))


def test_a_clock_paused_after_its_breach_stays_breached() -> None:
    late = WEDNESDAY_TEN + timedelta(hours=5)

    assert is_breached(pause(a_clock(), late), late)


def test_a_running_clock_breaches_at_its_due_time() -> None:
    clock = a_clock()

    before, due = clock.due_at - timedelta.resolution, clock.due_at

    assert (is_breached(clock, before), is_breached(clock, due)) == (False, True)


def test_pausing_twice_changes_nothing() -> None:
    waiting = pause(a_clock(), WEDNESDAY_TEN + timedelta(hours=1))

    assert pause(waiting, WEDNESDAY_TEN + timedelta(hours=2)) == waiting


def test_resuming_a_running_clock_changes_nothing() -> None:
    clock = a_clock()

    assert resume(clock, CLINIC, WEDNESDAY_TEN + timedelta(hours=2)) == clock


def test_a_host_whose_clock_is_behind_cannot_make_a_pause_run_backwards() -> None:
    clock = a_clock()

    waiting = pause(clock, WEDNESDAY_TEN - timedelta(seconds=3))
    resumed = resume(waiting, CLINIC, WEDNESDAY_TEN - timedelta(seconds=2))

    assert resumed.due_at == clock.due_at


def test_a_clock_that_counts_every_hour_cannot_be_paused() -> None:
    urgent = start_clock(5, ALWAYS, WEDNESDAY_TEN)

    with pytest.raises(ForbiddenTransitionError):
        pause(urgent, WEDNESDAY_TEN)


def test_a_raise_keeps_the_elapsed_time_and_the_pauses() -> None:
    three_hours_in = WEDNESDAY_TEN + timedelta(hours=3)
    waited = resume(pause(a_clock(480), three_hours_in), CLINIC, at("2026-11-18T14:00-05:00"))

    raised = raise_to(waited, 210, CLINIC, at("2026-11-18T14:10-05:00"))

    assert counted(raised, CLINIC, at("2026-11-18T14:10-05:00")) == timedelta(hours=3, minutes=10)
    assert raised.due_at == at("2026-11-18T14:30-05:00")


def test_a_raise_to_clinical_urgent_counts_from_the_first_message() -> None:
    raised = raise_to(
        a_clock(), 5, CLINIC, WEDNESDAY_TEN + timedelta(hours=1), kind=CalendarKind.ALWAYS
    )

    assert raised.calendar_kind is CalendarKind.ALWAYS
    assert raised.due_at == WEDNESDAY_TEN + timedelta(minutes=5)


def test_a_raise_ends_the_pause() -> None:
    waiting = pause(a_clock(), WEDNESDAY_TEN + timedelta(hours=1))

    raised = raise_to(waiting, 120, CLINIC, WEDNESDAY_TEN + timedelta(hours=2))

    assert raised.paused_at is None
    assert raised.due_at == WEDNESDAY_TEN + timedelta(hours=3)


def test_a_clock_that_counts_every_hour_still_does_after_a_raise() -> None:
    review = start_clock(15, CLINIC, FRIDAY_FOUR, kind=CalendarKind.ALWAYS)

    raised = raise_to(review, 5, CLINIC, FRIDAY_FOUR)

    assert raised.calendar_kind is CalendarKind.ALWAYS


def test_a_ticket_without_a_clock_brings_none_to_a_merge() -> None:
    assert earliest(None, a_clock()) == a_clock()
    assert earliest(None, None) is None


def test_a_waiting_clock_runs_again_when_it_meets_a_running_one() -> None:
    waiting = pause(a_clock(120), WEDNESDAY_TEN + timedelta(minutes=10))

    merged = earliest(waiting, a_clock(240))

    assert merged == replace(waiting, paused_at=None, paused_for=None)


def test_two_waiting_clocks_wait_on() -> None:
    waiting = pause(a_clock(120), WEDNESDAY_TEN)

    assert earliest(waiting, pause(a_clock(240), WEDNESDAY_TEN)) == waiting


def test_of_two_equal_clocks_that_wait_the_one_that_ran_longer_survives() -> None:
    sooner = pause(a_clock(), WEDNESDAY_TEN + timedelta(minutes=1))
    later = pause(a_clock(), WEDNESDAY_TEN + timedelta(minutes=2))

    assert earliest(sooner, later) == earliest(later, sooner) == later


def test_new_hours_of_the_site_measure_the_same_history_again() -> None:
    late_clinic = on_weekdays(hours=(Interval(time(12), time(20)),))

    moved = recompute(a_clock(), late_clinic)

    assert moved.started_at == WEDNESDAY_TEN
    assert moved.due_at == at("2026-11-18T16:00-05:00")


def test_the_requester_is_told_the_time_on_the_site_clock() -> None:
    clock = start_clock(240, CLINIC, at("2026-11-20T16:00:20-05:00"))

    assert expected_by(clock, CLINIC).isoformat() == "2026-11-23T12:01:00-05:00"


def test_an_explanation_names_every_part_of_the_promise() -> None:
    waiting = pause(a_clock(), WEDNESDAY_TEN + timedelta(minutes=30))

    story = explain(waiting, CLINIC, WEDNESDAY_TEN + timedelta(minutes=90))

    assert story == {
        "state": "paused",
        "calendar": "site",
        "target_minutes": 240,
        "elapsed_minutes": 30.0,
        "paused_minutes": 60.0,
        "remaining_minutes": 210.0,
        "started_at": "2026-11-18T15:00:00+00:00",
        "remind_at": "2026-11-18T17:00:00+00:00",
        "due_at": "2026-11-18T19:00:00+00:00",
        "due_at_site": "2026-11-18T14:00:00-05:00",
        "paused_at": "2026-11-18T15:30:00+00:00",
        "paused_for": "requester",
        "stopped_at": None,
    }


@pytest.mark.parametrize(
    ("hours_later", "state", "remaining"),
    [
        pytest.param(1, "running", 180.0, id="time is left"),
        pytest.param(5, "breached", -60.0, id="an hour late"),
    ],
)
def test_an_explanation_says_how_late_a_ticket_is(
    hours_later: int, state: str, remaining: float
) -> None:
    story = explain(a_clock(), CLINIC, WEDNESDAY_TEN + timedelta(hours=hours_later))

    assert (story["state"], story["remaining_minutes"]) == (state, remaining)
