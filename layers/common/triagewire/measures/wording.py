"""Figures in words: each with its unit, and never a number where there is none."""

from datetime import UTC, date, datetime

from triagewire.measures.measure import Figure, Kind, Measure, Unit
from triagewire.measures.period import Period

NOTHING = "no tickets"
"""What stands where a measure has no sample: nothing divided by nothing is no figure."""
MANY_MINUTES = 240
"""From so many minutes, or seconds, on people think in the next larger unit."""
WHOLE_FROM = 100
SUFFIXES = {
    Unit.SECONDS: "s",
    Unit.MINUTES: "min",
    Unit.HOURS: "h",
    Unit.SHARE: "%",
    Unit.TICKETS: "",
    Unit.TIMES: "",
    Unit.PER_TICKET: "a ticket",
    Unit.POINTS: "of 5",
    Unit.PEOPLE: "",
}


def scale(unit: Unit, largest: float) -> tuple[float, str]:
    """What to divide values by so that the largest is easily read, and what to write after them."""
    if unit is Unit.SHARE:
        return 0.01, "%"
    if unit is Unit.MINUTES and abs(largest) >= MANY_MINUTES:
        return 60, "h"
    if unit is Unit.SECONDS and abs(largest) >= MANY_MINUTES:
        return 60, "min"
    return 1, SUFFIXES[unit]


def value_told(value: float | None, unit: Unit) -> str:
    """A value with its unit: `25 min`, `9.5 h`, `2.4 %`."""
    if value is None:
        return NOTHING
    by, suffix = scale(unit, value)
    return with_unit(value / by, suffix)


def with_unit(number: float, suffix: str) -> str:
    """A number that is scaled already, and its unit."""
    return f"{plain(number)} {suffix}".strip()


def plain(number: float) -> str:
    """A number without decimals that say nothing."""
    if abs(number) >= WHOLE_FROM or number == int(number):
        return f"{number:,.0f}"
    return f"{number:.2f}".rstrip("0").rstrip(".") if abs(number) < 1 else f"{number:.1f}"


def main_name(measure: Measure) -> str:
    """What the value of a measure is among its samples."""
    return "median" if measure.kind is Kind.SPREAD else measure.kind.value


def p90_told(measure: Measure, figure: Figure) -> str:
    """The 90th percentile of a spread; "" where there is none."""
    return "" if figure.p90 is None else value_told(figure.p90, measure.unit)


def change_told(measure: Measure, now: Figure, before: Figure) -> str:
    """By how much a figure is more or less than before, in its unit; "" if one has no value."""
    if now.value is None or before.value is None:
        return ""
    more = now.value - before.value
    told = value_told(abs(more), measure.unit)
    if told == value_told(0, measure.unit):
        return "the same"
    return ("+" if more > 0 else "-") + told.replace("%", "points")


def target_told(measure: Measure) -> str:
    """What is promised: `at most 120 min`; "" where nothing is."""
    if measure.target is None:
        return ""
    word = "at least" if measure.better == "higher" else "below"
    return f"{word} {value_told(measure.target, measure.unit)}"


def met(measure: Measure, figure: Figure) -> bool | None:
    """Whether a figure keeps its target; None where there is no figure or no target."""
    if measure.target is None or figure.value is None:
        return None
    if measure.better == "higher":
        return figure.value >= measure.target
    return figure.value < measure.target


def met_told(measure: Measure, figure: Figure) -> str:
    """The same in a word."""
    kept = met(measure, figure)
    return "" if kept is None else "yes" if kept else "NO"


def day_told(day: date) -> str:
    """`2 March 2026`, without regard to any locale."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def period_told(period: Period) -> str:
    """`2 March 2026`, or `2 March 2026 to 8 March 2026`."""
    if period.days == 1:
        return day_told(period.first)
    return f"{day_told(period.first)} to {day_told(period.last)}"


def moment_told(at: datetime) -> str:
    """`2026-03-09 06:55 UTC`."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
