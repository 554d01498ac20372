"""What becomes of a promise, told as the days on which others got it wrong.

The clinic is open from nine to five on weekdays in New York unless a case says otherwise; its
tickets are promised in its own hours. Each case ends with the instant at which the promise is due.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time
from functools import partial

import pytest

from tests.unit.clock.clinics import (
    NINE_TO_FIVE,
    WITH_LUNCH_BREAK,
    at,
    every_day,
    on_weekdays,
)
from triagewire.clock.calendar import WEEKDAYS, Calendar, Holiday, Interval
from triagewire.clock.promise import CalendarKind, Clock, PauseReason
from triagewire.clock.sla import (
    counted,
    earliest,
    is_breached,
    pause,
    raise_to,
    recalendared,
    resume,
    since,
    start_clock,
    stop,
)

CLINIC = on_weekdays()
NIGHT = (Interval(time(0), time(6)),)
CHRISTMAS = Holiday(date(2020, 12, 25), "Christmas Day", every_year=True)
CHRISTMAS_EVE = Holiday(date(2026, 12, 24), "Christmas Eve", closed_from=time(12))
SNOW = Holiday(date(2026, 11, 18), "Snow", closed_from=time(11))
# Wednesday 18 November 2026 is the day of most cases; Friday the 20th that of weekends.
WEDNESDAY = "2026-11-18T10:00-05:00"

type Step = Callable[[Clock], Clock]


def waits(since: str, until: str) -> Step:
    return lambda clock: resume(pause(clock, at(since), PauseReason.PAYER), CLINIC, at(until))


def goes_to_sleep(since: str) -> Step:
    return lambda clock: pause(clock, at(since))


def rises(target: int, when: str, kind: CalendarKind = CalendarKind.SITE) -> Step:
    return lambda clock: raise_to(clock, target, CLINIC, at(when), kind=kind)


def becomes_urgent(target: int, when: str) -> Step:
    return rises(target, when, CalendarKind.ALWAYS)


def is_answered(when: str) -> Step:
    return lambda clock: stop(clock, at(when))


def meets(target: int, started: str) -> Step:
    return lambda clock: earliest(clock, start_clock(target, CLINIC, at(started))) or clock


def gets_hours(calendar: Calendar, when: str) -> Step:
    return lambda clock: recalendared(clock, CLINIC, calendar, at(when))


def case(
    name: str,
    target: int,
    start: str,
    *steps: Step,
    due: str,
    calendar: Calendar = CLINIC,
    kind: CalendarKind = CalendarKind.SITE,
) -> object:
    return pytest.param(target, start, steps, due, calendar, kind, id=name)


@pytest.mark.parametrize(
    ("target", "start", "steps", "due", "calendar", "kind"),
    [
        case(
            "what comes in on Friday at four is due on Monday",
            *(120, "2026-11-20T16:00-05:00"),
            due="2026-11-23T10:00-05:00",
        ),
        case(
            "a billing question of Friday evening begins on Monday",
            *(60, "2026-11-20T18:05-05:00"),
            due="2026-11-23T10:00-05:00",
        ),
        case(
            "chest pain on Friday evening does not",
            *(15, "2026-11-20T18:05-05:00"),
            kind=CalendarKind.ALWAYS,
            due="2026-11-20T18:20-05:00",
        ),
        case(
            "lunch does not count",
            *(60, "2026-11-18T11:30-05:00"),
            calendar=on_weekdays(hours=WITH_LUNCH_BREAK),
            due="2026-11-18T14:00-05:00",
        ),
        case(
            "the afternoon of Christmas Eve and Christmas Day do not count",
            *(120, "2026-12-24T11:00-05:00"),
            calendar=on_weekdays(holidays=(CHRISTMAS_EVE, CHRISTMAS)),
            due="2026-12-28T10:00-05:00",
        ),
        case(
            "a closure of one day is passed over",
            *(120, "2026-11-17T16:00-05:00"),
            calendar=on_weekdays(holidays=(Holiday(date(2026, 11, 18), "Moving house"),)),
            due="2026-11-19T10:00-05:00",
        ),
        case(
            "the hour that New York loses in spring takes no time",
            *(180, "2026-03-08T00:30-05:00"),
            calendar=every_day("America/New_York", NIGHT),
            due="2026-03-08T04:30-04:00",
        ),
        case(
            "the hour that New York has twice in autumn takes two",
            *(180, "2026-11-01T00:30-04:00"),
            calendar=every_day("America/New_York", NIGHT),
            due="2026-11-01T02:30-05:00",
        ),
        case(
            "Lord Howe sets its clocks by half an hour",
            *(180, "2026-10-04T00:30+10:30"),
            calendar=every_day("Australia/Lord_Howe", NIGHT),
            due="2026-10-04T04:00+11:00",
        ),
        case(
            "Santiago loses an hour at midnight when it is spring there",
            *(60, "2026-09-05T23:30-04:00"),
            calendar=every_day("America/Santiago"),
            due="2026-09-06T01:30-03:00",
        ),
        case(
            "Kolkata never does",
            *(180, "2026-03-08T00:30+05:30"),
            calendar=every_day("Asia/Kolkata", NIGHT),
            due="2026-03-08T03:30+05:30",
        ),
        case(
            "a wait over the weekend moves it by the hour that was open",
            *(120, "2026-11-20T15:00-05:00"),
            waits("2026-11-20T16:00-05:00", "2026-11-23T09:00-05:00"),
            due="2026-11-23T10:00-05:00",
        ),
        case(
            "a wait that begins and ends while closed moves nothing",
            *(120, "2026-11-20T16:00-05:00"),
            waits("2026-11-20T18:00-05:00", "2026-11-23T08:00-05:00"),
            due="2026-11-23T10:00-05:00",
        ),
        case(
            "two waits count both",
            *(120, WEDNESDAY),
            waits("2026-11-18T10:30-05:00", "2026-11-18T11:00-05:00"),
            waits("2026-11-18T11:30-05:00", "2026-11-18T13:00-05:00"),
            due="2026-11-18T14:00-05:00",
        ),
        case(
            "a wait after it was due cannot make it in time",
            *(60, WEDNESDAY),
            waits("2026-11-18T11:30-05:00", "2026-11-18T12:30-05:00"),
            due="2026-11-18T11:00-05:00",
        ),
        case(
            "a raise keeps three hours that have gone and one that did not count",
            *(480, WEDNESDAY),
            waits("2026-11-18T13:00-05:00", "2026-11-18T14:00-05:00"),
            rises(210, "2026-11-18T14:10-05:00"),
            due="2026-11-18T14:30-05:00",
        ),
        case(
            "a raise to a longer promise leaves the shorter one",
            *(60, WEDNESDAY),
            rises(240, "2026-11-18T10:10-05:00"),
            due="2026-11-18T11:00-05:00",
        ),
        case(
            "a raise ends the wait, for it is news",
            *(240, WEDNESDAY),
            goes_to_sleep("2026-11-18T11:00-05:00"),
            rises(120, "2026-11-18T12:00-05:00"),
            due="2026-11-18T13:00-05:00",
        ),
        case(
            "what becomes urgent on Monday morning has the minutes of Monday behind it",
            *(240, "2026-11-20T18:00-05:00"),
            becomes_urgent(15, "2026-11-23T09:05-05:00"),
            due="2026-11-23T09:15-05:00",
        ),
        case(
            "what becomes urgent on Sunday counts from then, by every hour",
            *(240, "2026-11-20T18:00-05:00"),
            becomes_urgent(15, "2026-11-22T10:00-05:00"),
            due="2026-11-22T10:15-05:00",
        ),
        case(
            "what becomes urgent when more had gone was due when so much had gone",
            *(240, "2026-11-20T16:00-05:00"),
            becomes_urgent(15, "2026-11-23T09:30-05:00"),
            due="2026-11-20T16:15-05:00",
        ),
        case(
            "a review of fifteen minutes that turns out urgent keeps its fifteen",
            *(15, WEDNESDAY),
            becomes_urgent(60, "2026-11-18T10:10-05:00"),
            due="2026-11-18T10:15-05:00",
        ),
        case(
            "a raise after the answer changes nothing",
            *(240, WEDNESDAY),
            is_answered("2026-11-18T11:00-05:00"),
            becomes_urgent(15, "2026-11-18T12:00-05:00"),
            due="2026-11-18T14:00-05:00",
        ),
        case(
            "a merge keeps the earlier promise",
            *(240, WEDNESDAY),
            meets(60, "2026-11-18T10:30-05:00"),
            due="2026-11-18T11:30-05:00",
        ),
        case(
            "an answered promise does not stand for one that is open",
            *(60, WEDNESDAY),
            is_answered("2026-11-18T10:30-05:00"),
            meets(240, "2026-11-18T11:00-05:00"),
            due="2026-11-18T15:00-05:00",
        ),
        case(
            "a message that was held up has waited since it came",
            *(120, WEDNESDAY),
            partial(since, calendar=CLINIC, received=at("2026-11-17T16:30-05:00")),
            due="2026-11-18T10:30-05:00",
        ),
        case(
            "it has also where every hour began to count in between",
            *(240, WEDNESDAY),
            becomes_urgent(60, "2026-11-18T10:10-05:00"),
            partial(since, calendar=CLINIC, received=at("2026-11-18T09:50-05:00")),
            due="2026-11-18T10:50-05:00",
        ),
        case(
            "a closure that is entered after it began counts from when it began",
            *(120, WEDNESDAY),
            gets_hours(on_weekdays(holidays=(SNOW,)), "2026-11-18T11:40-05:00"),
            due="2026-11-19T10:00-05:00",
        ),
        case(
            "shorter hours give back time that was not open",
            *(120, WEDNESDAY),
            gets_hours(
                on_weekdays(hours=(Interval(time(11), time(17)),)), "2026-11-18T11:30-05:00"
            ),
            due="2026-11-18T13:00-05:00",
        ),
        case(
            "longer hours never make late what was in time",
            *(120, "2026-11-18T07:00-05:00"),
            gets_hours(on_weekdays(hours=(Interval(time(7), time(17)),)), "2026-11-18T09:30-05:00"),
            due="2026-11-18T11:00-05:00",
        ),
        case(
            "longer hours make nothing late that waits",
            *(120, "2026-11-18T07:00-05:00"),
            goes_to_sleep("2026-11-18T09:30-05:00"),
            gets_hours(on_weekdays(hours=(Interval(time(7), time(17)),)), "2026-11-18T12:00-05:00"),
            due="2026-11-18T11:00-05:00",
        ),
        case(
            "an answered promise has the hours of then",
            *(120, WEDNESDAY),
            is_answered("2026-11-18T10:30-05:00"),
            gets_hours(on_weekdays(holidays=(SNOW,)), "2026-11-18T11:30-05:00"),
            due="2026-11-18T12:00-05:00",
        ),
        case(
            "a breach is not undone by an edit",
            *(60, WEDNESDAY),
            gets_hours(on_weekdays(holidays=(SNOW,)), "2026-11-18T12:00-05:00"),
            due="2026-11-18T11:00-05:00",
        ),
    ],
)
def test_a_promise_is_due(
    target: int,
    start: str,
    steps: tuple[Step, ...],
    due: str,
    calendar: Calendar,
    kind: CalendarKind,
) -> None:
    clock = start_clock(target, calendar, at(start), kind=kind)

    for step in steps:
        clock = step(clock)

    assert clock.due_at == at(due)


def test_the_reminder_of_a_promise_over_the_weekend_comes_at_half_of_its_open_time() -> None:
    clock = start_clock(180, CLINIC, at("2026-11-20T16:00-05:00"))

    assert clock.remind_at == at("2026-11-23T09:30-05:00")


def test_what_had_gone_by_the_hours_of_the_site_is_no_more_once_every_hour_counts() -> None:
    clock = start_clock(240, CLINIC, at("2026-11-20T16:50-05:00"))

    urgent = becomes_urgent(15, "2026-11-21T10:00-05:00")(clock)

    assert counted(urgent, CLINIC, at("2026-11-21T10:02-05:00")).total_seconds() == 12 * 60


def test_a_clock_that_became_urgent_never_waits_again() -> None:
    urgent = becomes_urgent(240, "2026-11-18T10:10-05:00")(start_clock(15, CLINIC, at(WEDNESDAY)))

    assert urgent.calendar_kind is CalendarKind.ALWAYS


def test_a_reminder_that_is_over_stays_over_when_the_hours_change() -> None:
    clock = start_clock(120, CLINIC, at("2026-11-18T07:00-05:00"))
    longer = on_weekdays(hours=(Interval(time(7), time(17)),))

    edited = recalendared(clock, CLINIC, longer, at("2026-11-18T10:30-05:00"))

    assert edited.remind_at == at("2026-11-18T10:00-05:00")
    assert edited.due_at == at("2026-11-18T11:00-05:00")


def test_a_week_with_saturdays_makes_the_promise_of_a_friday_due_earlier() -> None:
    six_days = Calendar("America/New_York", dict.fromkeys(WEEKDAYS[:6], NINE_TO_FIVE))
    clock = start_clock(120, CLINIC, at("2026-11-20T16:00-05:00"))

    edited = recalendared(clock, CLINIC, six_days, at("2026-11-20T16:30-05:00"))

    assert edited.due_at == at("2026-11-21T10:00-05:00")


def test_taking_up_the_same_hours_twice_changes_nothing_more() -> None:
    longer = on_weekdays(hours=(Interval(time(7), time(17)),))
    clock = start_clock(120, CLINIC, at("2026-11-18T07:00-05:00"))
    once = gets_hours(longer, "2026-11-18T09:30-05:00")(clock)

    assert gets_hours(longer, "2026-11-18T09:30-05:00")(once) == once


def test_a_promise_that_begins_later_is_not_breached_before() -> None:
    imported = start_clock(60, CLINIC, at("2026-11-23T09:00-05:00"))

    assert not is_breached(imported, at("2026-11-20T12:00-05:00"))
    assert counted(imported, CLINIC, at("2026-11-20T12:00-05:00")).total_seconds() == 0


def test_an_answer_in_time_is_no_breach_however_late_one_looks() -> None:
    clock = start_clock(60, CLINIC, at(WEDNESDAY))

    kept = stop(clock, at("2026-11-18T10:59-05:00"))

    assert not is_breached(kept, at("2027-01-01T00:00Z"))


def test_an_answer_while_it_waits_keeps_what_had_gone() -> None:
    waiting = pause(start_clock(60, CLINIC, at(WEDNESDAY)), at("2026-11-18T10:20-05:00"))

    kept = stop(waiting, at("2026-11-18T15:00-05:00"))

    assert counted(kept, CLINIC, at("2026-11-20T12:00-05:00")).total_seconds() == 20 * 60


def test_stopping_twice_changes_nothing() -> None:
    kept = stop(start_clock(60, CLINIC, at(WEDNESDAY)), at("2026-11-18T10:20-05:00"))

    assert stop(kept, at("2026-11-18T10:40-05:00")) == kept
    assert replace(kept, stopped_at=None).running
