"""The burn of a site's promises: what counts, which windows must burn, and when it is too much."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import MONDAY_MORNING, minutes
from tests.measured import AROUND
from triagewire.clock.promise import TargetKind
from triagewire.measures.burn import (
    HEARD_WITHIN,
    LEAST_BROKEN,
    LONGEST,
    OBJECTIVES,
    Burn,
    Promise,
    burn,
    burn_of,
    outcomes,
    windows_of,
)
from triagewire.measures.life import Broken, Life, Settled
from triagewire.ticket import ANSWERED_AUTOMATICALLY, NOT_NEEDED

NOW = MONDAY_MORNING + timedelta(days=7)
PROMISES = st.sampled_from(Promise)
KEPT = st.lists(st.booleans(), max_size=40)


def a_life(ago: float = 30, **said: object) -> Life:
    """A ticket that came in so many minutes ago."""
    return Life(ticket="TICKETA", site="north", received_at=NOW - minutes(ago), **said)  # type: ignore[arg-type]


def answered(ago: float, *, in_time: bool = True) -> Life:
    """A ticket that a person answered so many minutes ago."""
    return a_life(ago + 20, responded_at=NOW - minutes(ago), response_in_time=in_time)


def late(ago: float) -> Life:
    """A ticket whose first response was due so many minutes ago, and has not come."""
    broken = Broken(at=NOW - minutes(ago), target=TargetKind.FIRST_RESPONSE)
    return a_life(ago + 60, broken_promises=[broken])


def of(promise: Promise, lives: list[Life]) -> Burn:
    """The burn of one promise of the site."""
    return next(each for each in burn_of(lives, NOW, AROUND) if each.promise is promise)


def told(life: Life) -> list[tuple[Promise, float, bool]]:
    """What became of a ticket's promises, by the minutes since then."""
    return [
        (promise, (NOW - at).total_seconds() / 60, in_time)
        for promise, at, in_time in outcomes(life, NOW, AROUND)
    ]


# What counts -------------------------------------------------------------------------------------


def test_an_answer_in_time_keeps_the_promise() -> None:
    assert told(answered(10)) == [(Promise.FIRST_RESPONSE, 10, True)]


def test_a_promise_is_broken_when_it_is_over_and_not_again_by_the_late_answer() -> None:
    life = late(30)
    life.responded_at, life.response_in_time = NOW, False

    assert told(life) == [(Promise.FIRST_RESPONSE, 30, False)]


def test_what_was_kept_stays_kept_whatever_becomes_of_the_next_answer() -> None:
    life = answered(50)
    life.broken_promises.append(Broken(at=NOW - minutes(5), target=TargetKind.FIRST_RESPONSE))

    assert told(life) == [(Promise.FIRST_RESPONSE, 50, True)]


@pytest.mark.parametrize(
    ("heard", "worked", "expected"),
    [
        (12, None, (Promise.PAGE, 48, True)),
        (None, 12, (Promise.PAGE, 48, True)),
        (16, None, (Promise.PAGE, 45, False)),
        (None, None, (Promise.PAGE, 45, False)),
    ],
)
def test_a_page_is_to_be_heard_within_a_quarter_of_an_hour(
    heard: float | None, worked: float | None, expected: tuple[Promise, float, bool]
) -> None:
    paged = NOW - minutes(60)
    life = a_life(61, peak=5, paged_at=paged)
    life.heard_at = paged + minutes(heard) if heard else None
    life.acted_at = paged + minutes(worked) if worked else None

    assert told(life) == [expected]


def test_a_page_that_may_still_be_heard_in_time_counts_neither_way() -> None:
    assert told(a_life(5, peak=5, paged_at=NOW - HEARD_WITHIN + minutes(1))) == []


def test_work_before_the_page_does_not_hear_it() -> None:
    life = a_life(90, peak=5, paged_at=NOW - minutes(60), acted_at=NOW - minutes(70))

    assert told(life) == [(Promise.PAGE, 45, False)]


def test_who_settles_it_keeps_or_breaks_the_resolution_and_an_article_does_neither() -> None:
    by_person = Settled(at=NOW, outcome="done", by="nurse.ann", in_time=True)
    by_article = Settled(at=NOW, outcome=ANSWERED_AUTOMATICALLY, in_time=True)

    assert told(a_life(settled=[by_article, by_person])) == [(Promise.RESOLUTION, 0, True)]


def test_what_asked_for_nothing_keeps_no_promise() -> None:
    thanks = Settled(at=NOW, outcome=NOT_NEEDED, by="nurse.ann", in_time=True)
    life = a_life(settled=[thanks], responded_at=NOW, responded_how=NOT_NEEDED)

    assert told(life) == []


def test_a_resolution_that_was_broken_is_not_broken_again_by_its_late_end() -> None:
    broken = Broken(at=NOW - minutes(9), target=TargetKind.RESOLUTION)
    ended = Settled(at=NOW, outcome="done", by="nurse.ann", in_time=False)

    assert told(a_life(broken_promises=[broken], settled=[ended])) == [
        (Promise.RESOLUTION, 9, False)
    ]


@pytest.mark.parametrize(
    "left_out",
    [
        {"merged_into": "TICKETB"},
        {"automatic": True},
        {"broken": "event 3 was altered"},
        {"site": "closed_last_year"},
    ],
)
def test_what_no_measure_counts_does_not_count_here(left_out: dict[str, object]) -> None:
    life = late(30)
    for name, value in left_out.items():
        setattr(life, name, value)

    assert burn_of([life] * 9, NOW, AROUND) == ()


def test_tickets_from_before_go_live_do_not_count() -> None:
    assert burn_of([late(30)] * 9, NOW, AROUND, {"north": NOW - minutes(40)}) == ()


def test_a_site_without_a_ticket_burns_nothing() -> None:
    assert burn_of([], NOW, AROUND) == ()


# When it is too much -----------------------------------------------------------------------------


def test_two_late_answers_of_a_quiet_hour_alarm_nobody() -> None:
    assert of(Promise.FIRST_RESPONSE, [late(10), late(20)]).level == 0


def test_a_morning_in_which_most_answers_are_late_alarms() -> None:
    lives = [*(late(each) for each in range(6, 50, 5)), answered(3)]

    assert of(Promise.FIRST_RESPONSE, lives).level >= 1


def test_it_is_over_when_the_last_hour_is_well_again() -> None:
    morning = [late(each) for each in range(120, 210, 10)]
    since = [answered(each) for each in range(0, 55, 5)]
    before = [answered(each) for each in range(400, 4000, 20)]
    lives = [*before, *morning, *since]

    assert burn_of(lives, NOW - minutes(118), AROUND)[0].level >= 1
    assert burn_of(lives, NOW, AROUND)[0].level < 1


def test_a_slow_leak_over_three_days_alarms_too() -> None:
    lives = [late(each) if each % 3 == 0 else answered(each) for each in range(4000)]

    assert of(Promise.FIRST_RESPONSE, lives).level >= 1


def test_the_objective_itself_burns_just_its_budget() -> None:
    kept = [True] * 95 + [False] * 5

    assert burn(Promise.FIRST_RESPONSE, kept) == pytest.approx(1)


def test_the_promise_that_burns_quickest_comes_first() -> None:
    lives = [answered(each, in_time=False) for each in range(20)]

    first, *rest = burn_of(lives, NOW, AROUND)
    assert first.promise is Promise.FIRST_RESPONSE
    assert all(each.level <= first.level for each in rest)


# What always holds -------------------------------------------------------------------------------


@given(PROMISES, KEPT)
def test_a_burn_lies_between_nothing_and_all(promise: Promise, kept: list[bool]) -> None:
    assert 0 <= burn(promise, kept) <= 1 / (1 - OBJECTIVES[promise]) + 1e-9


@given(PROMISES, KEPT.filter(bool))
def test_another_kept_promise_never_burns_more(promise: Promise, kept: list[bool]) -> None:
    assert burn(promise, [*kept, True]) <= burn(promise, kept)
    assert burn(promise, [*kept, False]) >= burn(promise, kept)


@given(st.lists(st.tuples(st.integers(0, 5000), st.booleans()), max_size=30))
def test_nothing_older_than_the_longest_window_and_no_order_matters(
    given_answers: list[tuple[int, bool]],
) -> None:
    lives = [answered(ago, in_time=in_time) for ago, in_time in given_answers]
    recent = [each for each in lives if NOW - (each.responded_at or NOW) < LONGEST]

    found = burn_of(lives, NOW, AROUND)
    assert found == burn_of(recent[::-1], NOW, AROUND)
    assert [each.n for each in found] == [len(recent)] * bool(recent)


@given(st.integers(0, 200), st.integers(0, 30))
def test_fewer_broken_promises_than_the_least_never_alarm(kept: int, ago: int) -> None:
    broken = [late(ago)] * (LEAST_BROKEN[Promise.FIRST_RESPONSE] - 1)

    assert of(Promise.FIRST_RESPONSE, [*broken, *[answered(ago)] * kept]).level == 0


@pytest.mark.parametrize("promise", Promise)
def test_a_promise_can_burn_quickly_enough_to_alarm_in_each_pair_of_windows(
    promise: Promise,
) -> None:
    everything = burn(promise, [False])

    assert all(each.too_much < everything for each in windows_of(promise))
    assert all(each.short <= each.long <= LONGEST for each in windows_of(promise))
