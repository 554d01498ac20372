"""What holds for the clock of a ticket after any history."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.clock.clinics import calendars, instants, targets
from triagewire.clock.calendar import Calendar
from triagewire.clock.promise import CalendarKind, Clock
from triagewire.clock.sla import (
    counted,
    earliest,
    is_breached,
    pause,
    raise_to,
    resume,
    start_clock,
)

STEPS = st.lists(
    st.tuples(st.sampled_from(["pause", "resume", "raise"]), st.integers(0, 5000), targets),
    max_size=6,
)
KINDS = st.sampled_from(list(CalendarKind))


@st.composite
def histories(draw: st.DrawFn) -> tuple[Calendar, Clock, datetime]:
    """A clock after some pauses, resumes and raises, with its calendar and the last instant."""
    calendar, now = draw(calendars()), draw(instants)
    clock = start_clock(draw(targets), calendar, now, kind=CalendarKind.SITE)
    for step, minutes_later, target in draw(STEPS):
        now += timedelta(minutes=minutes_later)
        if step == "pause":
            clock = pause(clock, now)
        elif step == "resume":
            clock = resume(clock, calendar, now)
        else:
            clock = raise_to(clock, target, calendar, now)
    return calendar, clock, now


@given(histories())
def test_a_running_clock_is_due_exactly_when_its_target_has_been_counted(
    history: tuple[Calendar, Clock, datetime],
) -> None:
    calendar, clock, now = history
    clock = resume(clock, calendar, now)

    assert counted(clock, calendar, clock.due_at) == timedelta(minutes=clock.target_minutes)


@given(histories())
def test_a_clock_is_reminded_after_its_start_and_before_it_is_due(
    history: tuple[Calendar, Clock, datetime],
) -> None:
    _, clock, _ = history

    assert clock.started_at < clock.remind_at < clock.due_at


@given(histories(), st.integers(0, 10_000))
def test_a_clock_is_breached_exactly_when_it_has_counted_its_target(
    history: tuple[Calendar, Clock, datetime], minutes_later: int
) -> None:
    calendar, clock, now = history
    now += timedelta(minutes=minutes_later)

    gone = counted(clock, calendar, now)

    assert is_breached(clock, now) == (gone >= timedelta(minutes=clock.target_minutes))


@given(histories(), st.integers(0, 10_000), st.integers(0, 10_000))
def test_counted_time_never_runs_backwards(
    history: tuple[Calendar, Clock, datetime], some: int, more: int
) -> None:
    calendar, clock, now = history
    sooner = now + timedelta(minutes=some)

    before = counted(clock, calendar, sooner)

    assert before <= counted(clock, calendar, sooner + timedelta(minutes=more))


@given(histories(), targets, KINDS)
def test_a_raise_of_a_running_clock_never_makes_it_due_later(
    history: tuple[Calendar, Clock, datetime], target: int, kind: CalendarKind
) -> None:
    calendar, clock, now = history
    clock = resume(clock, calendar, now)

    assert raise_to(clock, target, calendar, now, kind=kind).due_at <= clock.due_at


@given(histories(), histories())
def test_a_merge_does_not_depend_on_which_ticket_came_first(
    one: tuple[Calendar, Clock, datetime], other: tuple[Calendar, Clock, datetime]
) -> None:
    assert earliest(one[1], other[1]) == earliest(other[1], one[1])


@given(histories(), histories(), histories())
def test_a_merge_of_three_is_due_with_the_first_of_them_in_any_order(
    one: tuple[Calendar, Clock, datetime],
    other: tuple[Calendar, Clock, datetime],
    third: tuple[Calendar, Clock, datetime],
) -> None:
    a, b, c = one[1], other[1], third[1]

    survivor = earliest(earliest(a, b), c)

    assert survivor == earliest(a, earliest(b, c))
    assert survivor is not None
    assert survivor.due_at == min(a.due_at, b.due_at, c.due_at)


@given(histories())
def test_a_merge_with_itself_changes_nothing(
    history: tuple[Calendar, Clock, datetime],
) -> None:
    assert earliest(history[1], history[1]) == history[1]
