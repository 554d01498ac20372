"""What holds for the clock of a ticket after any history."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import batched, pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.clock.clinics import CHANGES, CLEAR_HOURS, calendars, instants, targets, within
from triagewire.clock.calendar import WEEKDAYS, Calendar, Holiday, Interval
from triagewire.clock.explain import Mark, MarkKind, Stretch, story
from triagewire.clock.promise import CalendarKind, Clock
from triagewire.clock.sla import (
    counted,
    earliest,
    is_breached,
    pause,
    raise_to,
    recalendared,
    resume,
    start_clock,
    stop,
)

FIVE_ZONES = (
    "America/New_York",
    "Europe/Dublin",
    "Australia/Lord_Howe",
    "America/Santiago",
    "Asia/Kolkata",
)
MINUTE = timedelta(minutes=1)

STEPS = st.lists(
    st.tuples(st.sampled_from(["pause", "resume", "raise", "edit"]), st.integers(0, 5000), targets),
    max_size=6,
)
KINDS = st.sampled_from(list(CalendarKind))


@st.composite
def histories(draw: st.DrawFn) -> tuple[Calendar, Clock, datetime]:
    """A clock after some pauses, resumes, raises and edits of the hours, with its calendar and the
    last instant.
    """
    calendar, now = draw(calendars()), draw(instants)
    clock = start_clock(draw(targets), calendar, now, kind=CalendarKind.SITE)
    for step, minutes_later, target in draw(STEPS):
        now += timedelta(minutes=minutes_later)
        if step == "pause":
            clock = pause(clock, now)
        elif step == "resume":
            clock = resume(clock, calendar, now)
        elif step == "raise":
            clock = raise_to(clock, target, calendar, now)
        else:
            fresh = draw(calendars())
            clock, calendar = recalendared(clock, calendar, fresh, now), fresh
    return calendar, clock, now


@given(histories())
def test_a_running_clock_is_due_exactly_when_its_target_has_been_counted(
    history: tuple[Calendar, Clock, datetime],
) -> None:
    calendar, clock, now = history
    clock = resume(clock, calendar, now)

    gone = counted(clock, calendar, clock.due_at)

    # More may have gone only before an edit: what was late by then is due at the edit.
    assert gone == timedelta(minutes=clock.target_minutes) or clock.due_at == clock.counted_from


@given(histories())
def test_a_clock_is_reminded_after_its_start_and_not_after_it_is_due(
    history: tuple[Calendar, Clock, datetime],
) -> None:
    _, clock, _ = history

    assert clock.started_at < clock.remind_at <= clock.due_at


@given(histories(), st.integers(0, 10_000))
def test_a_clock_is_breached_exactly_when_it_has_counted_its_target(
    history: tuple[Calendar, Clock, datetime], minutes_later: int
) -> None:
    calendar, clock, now = history
    now += timedelta(minutes=minutes_later)

    gone = counted(clock, calendar, now)

    assert is_breached(clock, now) == (gone >= timedelta(minutes=clock.target_minutes))


@given(histories(), calendars(), st.integers(0, 10_000))
def test_no_edit_of_the_hours_breaches_what_was_in_time(
    history: tuple[Calendar, Clock, datetime], fresh: Calendar, minutes_later: int
) -> None:
    calendar, clock, now = history
    now += timedelta(minutes=minutes_later)

    edited = recalendared(clock, calendar, fresh, now)

    assert is_breached(edited, now) == is_breached(clock, now)


@given(histories(), calendars())
def test_an_edit_of_the_hours_is_taken_up_once(
    history: tuple[Calendar, Clock, datetime], fresh: Calendar
) -> None:
    calendar, clock, now = history

    once = recalendared(clock, calendar, fresh, now)

    assert recalendared(once, calendar, fresh, now) == once


@given(histories(), calendars())
def test_a_promise_that_was_kept_is_history_for_every_edit_and_raise(
    history: tuple[Calendar, Clock, datetime], fresh: Calendar
) -> None:
    calendar, clock, now = history

    kept = stop(clock, now)

    assert recalendared(kept, calendar, fresh, now) == kept
    assert raise_to(kept, 1, calendar, now, kind=CalendarKind.ALWAYS) == kept
    assert resume(pause(kept, now), calendar, now) == kept


@given(histories(), targets, KINDS)
def test_a_raise_keeps_what_has_gone_as_far_as_the_new_promise_reaches(
    history: tuple[Calendar, Clock, datetime], target: int, kind: CalendarKind
) -> None:
    calendar, clock, now = history
    clock = resume(clock, calendar, now)

    raised = raise_to(clock, target, calendar, now, kind=kind)

    before, after = counted(clock, calendar, now), counted(raised, calendar, now)
    assert before == after or min(before, after) >= timedelta(minutes=raised.target_minutes)


@given(histories(), st.integers(0, 10_000))
def test_a_longer_wait_is_never_due_sooner(
    history: tuple[Calendar, Clock, datetime], minutes_longer: int
) -> None:
    calendar, clock, now = history
    waiting = pause(clock, now)

    shorter = resume(waiting, calendar, now)
    longer = resume(waiting, calendar, now + timedelta(minutes=minutes_longer))

    assert shorter.due_at <= longer.due_at


@given(histories(), st.integers(0, 10_000))
def test_the_life_of_a_clock_in_stretches_adds_up_to_what_it_counts(
    history: tuple[Calendar, Clock, datetime], minutes_later: int
) -> None:
    calendar, clock, now = history
    now += timedelta(minutes=minutes_later)

    told = story(clock, calendar, now)

    stretches = [each for each in told if isinstance(each, Stretch)]
    (present,) = [each for each in told if isinstance(each, Mark) and each.kind is MarkKind.NOW]
    assert present.total == counted(clock, calendar, now)
    assert all(one.ends == other.begins for one, other in pairwise(stretches))


@given(
    st.sampled_from(FIVE_ZONES),
    st.sampled_from(CLEAR_HOURS),
    st.sampled_from(CHANGES),
    st.integers(1, 1500),
    st.lists(st.integers(0, 4000), max_size=6, unique=True).map(sorted),
)
@settings(max_examples=30)
def test_a_promise_with_waits_is_due_when_a_reader_of_the_wall_clock_has_counted_it(
    zone: str, hours: tuple[Interval, ...], day: date, target: int, cuts: list[int]
) -> None:
    noon = Interval(time(11), time(13))
    closed = Holiday(day, "closed", noon.opens, noon.closes)
    calendar = Calendar(zone, dict.fromkeys(WEEKDAYS, hours), (closed,))
    start = datetime.combine(day, time(0), tzinfo=UTC)
    waits = [
        (start + a * MINUTE, start + b * MINUTE)
        for a, b in batched(cuts[: len(cuts) // 2 * 2], 2, strict=True)
    ]
    clock = start_clock(target, calendar, start, kind=CalendarKind.SITE)
    for begins, ends in waits:
        clock = resume(pause(clock, begins), calendar, ends)

    due, left = start, target
    while left:
        wall = due.astimezone(ZoneInfo(zone))
        shut = wall.date() == day and within((noon,), wall.time())
        waiting = any(begins <= due < ends for begins, ends in waits)
        left -= within(hours, wall.time()) and not shut and not waiting
        due += MINUTE

    assert clock.due_at == due


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
