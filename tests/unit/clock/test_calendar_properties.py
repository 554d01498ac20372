"""What holds for every calendar, over two years of zones that change their clocks."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.clock.clinics import (
    CHANGES,
    CLEAR_HOURS,
    ZONES,
    calendars,
    instants,
    targets,
    within,
)
from triagewire.clock.calendar import (
    WEEKDAYS,
    Calendar,
    Holiday,
    Interval,
    add,
    elapsed,
    is_open,
    next_open,
    openings,
)

MINUTE = timedelta(minutes=1)
CLOSED_PARTS = (
    None,
    Interval(time(0), time(0)),
    Interval(time(4, 30), time(10)),
    Interval(time(12), time(13, 30)),
    Interval(time(15), time(16)),
    Interval(time(11), time(0)),
)


@given(calendars(), instants, targets)
def test_as_much_time_has_gone_when_a_target_is_due_as_was_promised(
    calendar: Calendar, start: datetime, minutes: int
) -> None:
    assert elapsed(calendar, start, add(calendar, start, minutes)) == minutes * MINUTE


@given(calendars(), instants, targets)
def test_a_target_is_due_at_the_first_such_instant(
    calendar: Calendar, start: datetime, minutes: int
) -> None:
    just_before = add(calendar, start, minutes) - timedelta.resolution

    assert elapsed(calendar, start, just_before) < minutes * MINUTE


@given(calendars(), instants, targets, targets)
def test_more_minutes_are_due_later_and_never_before_the_start(
    calendar: Calendar, start: datetime, minutes: int, more: int
) -> None:
    sooner, later = add(calendar, start, minutes), add(calendar, start, minutes + more)

    assert start < sooner < later


@given(calendars(), instants, instants, targets)
def test_what_arrives_later_is_never_due_earlier(
    calendar: Calendar, one: datetime, other: datetime, minutes: int
) -> None:
    first, second = sorted((one, other))

    assert add(calendar, first, minutes) <= add(calendar, second, minutes)


@given(calendars(), st.lists(instants, min_size=3, max_size=3).map(sorted))
def test_elapsed_time_adds_up(calendar: Calendar, moments: list[datetime]) -> None:
    a, b, c = moments

    parts = elapsed(calendar, a, b) + elapsed(calendar, b, c)

    assert parts == elapsed(calendar, a, c)


@given(calendars(), instants)
def test_the_next_opening_is_open_and_nothing_before_it_is(
    calendar: Calendar, moment: datetime
) -> None:
    opens = next_open(calendar, moment)

    assert is_open(calendar, opens)
    assert elapsed(calendar, moment, opens) == timedelta(0)


@given(calendars(), instants)
def test_stretches_of_open_time_come_in_order_and_never_overlap(
    calendar: Calendar, moment: datetime
) -> None:
    hours = openings(calendar, moment)
    stretches = [next(hours) for _ in range(20)]

    edges = [edge for stretch in stretches for edge in stretch]

    assert edges == sorted(edges)
    assert all(opens < closes for opens, closes in stretches)


@given(
    st.sampled_from(ZONES),
    st.sampled_from(CLEAR_HOURS),
    st.sampled_from(CLOSED_PARTS),
    st.sampled_from(CHANGES),
)
def test_open_time_is_what_a_reader_of_the_wall_clock_counts_minute_by_minute(
    zone: str, hours: tuple[Interval, ...], closed: Interval | None, day: date
) -> None:
    calendar = Calendar(zone, dict.fromkeys(WEEKDAYS, hours), _holidays(closed, day))
    start = datetime.combine(day, time(0), tzinfo=UTC)
    minutes = [start + count * MINUTE for count in range(36 * 60)]

    readings = [moment.astimezone(ZoneInfo(zone)) for moment in minutes]
    counted = sum(
        within(hours, reading.time())
        and not (closed and reading.date() == day and within((closed,), reading.time()))
        for reading in readings
    )

    assert elapsed(calendar, start, minutes[-1] + MINUTE) == counted * MINUTE


def _holidays(closed: Interval | None, day: date) -> tuple[Holiday, ...]:
    return (Holiday(day, "closed", closed.opens, closed.closes),) if closed else ()
