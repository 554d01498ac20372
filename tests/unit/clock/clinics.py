"""Calendars and instants that the clock tests share."""

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import strategies as st

from triagewire.clock.calendar import WEEKDAYS, Calendar, Holiday, Interval

NINE_TO_FIVE = (Interval(time(9), time(17)),)
WITH_LUNCH_BREAK = (Interval(time(8), time(12)), Interval(time(13, 30), time(18)))
ALL_DAY = (Interval(time(0), time(0)),)

# Gaps and repeats by day, at midnight, of half an hour, south of the equator, and none at all.
ZONES = (
    "America/New_York",
    "America/Los_Angeles",
    "Europe/London",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
    "America/Santiago",
    "America/Havana",
    "Asia/Beirut",
    "Africa/Casablanca",
    "Asia/Kathmandu",
    "Asia/Kolkata",
    "Europe/Dublin",
)


def at(text: str) -> datetime:
    """An instant from ISO text with an offset."""
    return datetime.fromisoformat(text).astimezone(UTC)


def on_weekdays(
    zone: str = "America/New_York",
    hours: tuple[Interval, ...] = NINE_TO_FIVE,
    holidays: tuple[Holiday, ...] = (),
) -> Calendar:
    """A clinic that keeps the same hours from Monday to Friday."""
    return Calendar(zone=zone, week=dict.fromkeys(WEEKDAYS[:5], hours), holidays=holidays)


def every_day(zone: str, hours: tuple[Interval, ...] = ALL_DAY) -> Calendar:
    """A clinic that keeps the same hours on all seven days."""
    return Calendar(zone=zone, week=dict.fromkeys(WEEKDAYS, hours))


# Days on which at least one of the zones changes its clocks, and one on which none does.
CHANGES = (
    date(2026, 3, 8),
    date(2026, 3, 28),
    date(2026, 4, 4),
    date(2026, 9, 5),
    date(2026, 9, 26),
    date(2026, 10, 3),
    date(2026, 10, 24),
    date(2026, 10, 31),
    date(2026, 6, 10),
)
# Wall times that no zone of the tests ever repeats, so that a reading of the clock is enough.
CLEAR_HOURS = (
    (Interval(time(0), time(0)),),
    (Interval(time(4), time(12)), Interval(time(13, 30), time(20))),
    (Interval(time(0), time(5)), Interval(time(9), time(0))),
)


FIRST_DAY = date(2025, 1, 1)
TWO_YEARS = st.integers(min_value=0, max_value=2 * 365 * 24 * 3600)
"""Seconds after the first day: every instant of two years, with eight changes of the clocks."""

instants = TWO_YEARS.map(
    lambda seconds: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
targets = st.integers(min_value=1, max_value=3 * 24 * 60)


@st.composite
def shifts(draw: st.DrawFn) -> tuple[Interval, ...]:
    """Up to three intervals of one day that keep apart, on the quarter hour."""
    cuts = draw(st.lists(st.integers(0, 96), min_size=0, max_size=6, unique=True).map(sorted))
    pairs = zip(cuts[::2], cuts[1::2], strict=False)
    return tuple(Interval(_quarter(opens), _quarter(closes)) for opens, closes in pairs)


@st.composite
def closures(draw: st.DrawFn) -> Holiday:
    """A holiday in the two years: a whole day, a morning or an afternoon; once or every year."""
    day = FIRST_DAY + timedelta(days=draw(st.integers(0, 730)))
    opens, closes = draw(st.sampled_from([(None, None), (None, time(12)), (time(12), None)]))
    return Holiday(day, "closed", opens, closes, every_year=draw(st.booleans()))


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """Any site: one of the zones, any week with some hours, a few holidays."""
    week = {day: draw(shifts()) for day in WEEKDAYS}
    if not any(week.values()):
        week["wed"] = NINE_TO_FIVE
    holidays = tuple(draw(st.lists(closures(), max_size=4)))
    return Calendar(draw(st.sampled_from(ZONES)), week, holidays)


def _quarter(number: int) -> time:
    return time(number // 4 % 24, number % 4 * 15)


def within(hours: tuple[Interval, ...], now: time) -> bool:
    """Whether a reading of the wall clock is within opening hours."""
    return any(each.opens <= now and (now < each.closes or not _ends(each)) for each in hours)


def _ends(interval: Interval) -> bool:
    return interval.closes != time(0)
