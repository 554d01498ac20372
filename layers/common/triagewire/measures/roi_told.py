"""What the desk is worth, as blocks of a page or of a terminal, and as plain data."""

from collections.abc import Iterator, Sequence
from typing import Any

from triagewire.measures.blocks import Block, Grid, Heading, Words
from triagewire.measures.measure import Figure, Measure, Unit
from triagewire.measures.money import Saving
from triagewire.measures.outline import EVERY_SITE, about, first_told
from triagewire.measures.report import Report
from triagewire.measures.roi import DIFFERS, Line, Roi, missing_of
from triagewire.measures.wording import (
    change_told,
    met,
    met_told,
    period_told,
    target_told,
    value_told,
)

NOT_ENTERED = "not entered"
UNKNOWN = "not known"
ESTIMATED = (
    "Hours now are an estimate: what the ledger shows of people's acts and looks. "
    "Reading before the first look, telephone and talk are not in it, but were in what somebody "
    "measured before. So hours and money saved are at most what stands here."
)
OVERLAP = (
    "A clinician's time in the review queue at an office ticket is in both kinds of hours: if the "
    "hours before were counted apart, add up only one of both."
)


def roi_blocks(report: Report, worth: Sequence[Roi]) -> Iterator[Block]:
    """The page of what the desk is worth: to each site, and to all of them first."""
    title = f"What the desk is worth, {period_told(report.period)}"
    yield from first_told(title, report.trust)
    yield from about(report)
    for each in worth:
        yield from _worth(each)
    yield Heading("How it is worked out")
    yield Words("Money is (hours before - hours now) x days on which the site was open x rate.")
    yield Words(ESTIMATED)
    yield Words(OVERLAP)


def roi_data(report: Report, worth: Sequence[Roi]) -> dict[str, Any]:
    """The same for programs: numbers in the units that stand beside them, null where none is."""
    return {
        "version": 1,
        "first": report.period.first.isoformat(),
        "last": report.period.last.isoformat(),
        "ledger": {"verifies": report.trust.whole, "faults": [*report.trust.faults]},
        "worth": [
            {
                "site": each.site,
                "days": each.days,
                "measures": [_line_data(line) for line in each.lines],
                "savings": [_saving_data(saving) for saving in each.savings],
            }
            for each in worth
        ],
    }


def _worth(roi: Roi) -> Iterator[Block]:
    days = f", open on {roi.days} days" if roi.site else ""
    yield Heading(f"{(roi.site or EVERY_SITE).capitalize()}{days}")
    rows = tuple(_line(each) for each in roi.lines)
    heading = ("Measure", "Before", "Now", "Change", "Target", "Kept")
    yield Grid(heading=heading, rows=rows, numbers=frozenset({1, 2, 3}))
    yield Grid(
        heading=("Saved in the period", "Hours", "An hour", "Money"),
        rows=tuple(_saving(each) for each in roi.savings),
        numbers=frozenset({1, 2, 3}),
    )
    if missing := [*missing_of(roi)]:
        yield Grid(heading=("What is missing",), rows=tuple((each,) for each in missing))


def _line(line: Line) -> tuple[str, ...]:
    measure, before = line.measure, line.before
    earlier = None if before is None else Figure(0, before)
    return (
        measure.name,
        _before(line),
        _now(line),
        change_told(measure, line.now, earlier) if earlier else "",
        target_told(measure),
        met_told(measure, line.now),
    )


def _before(line: Line) -> str:
    if line.before is not None:
        return value_told(line.before, line.measure.unit)
    if DIFFERS in line.missing:
        return "differs"
    return NOT_ENTERED if line.missing else ""


def _now(line: Line) -> str:
    if line.now.value is None and line.missing and line.measure.unit is Unit.HOURS:
        return UNKNOWN
    return value_told(line.now.value, line.measure.unit)


def _saving(saving: Saving) -> tuple[str, ...]:
    hours, rate = saving.hours, saving.rate
    return (
        saving.name,
        UNKNOWN if hours is None else f"{hours:,.1f} h",
        "" if rate is None else _money(rate, saving.currency),
        UNKNOWN if saving.amount is None else _money(saving.amount, saving.currency),
    )


def _money(amount: float, currency: str) -> str:
    return f"{amount:,.2f} {currency}"


def _line_data(line: Line) -> dict[str, Any]:
    measure: Measure = line.measure
    return {
        "id": measure.id,
        "name": measure.name,
        "unit": measure.unit.value,
        "counted": line.now.n,
        "now": _rounded(line.now.value),
        "before": line.before,
        "target": measure.target,
        "kept": met(measure, line.now),
        "missing": [*line.missing],
    }


def _saving_data(saving: Saving) -> dict[str, Any]:
    return {
        "name": saving.name,
        "hours": _rounded(saving.hours),
        "rate": saving.rate,
        "amount": saving.amount,
        "currency": saving.currency,
        "missing": [*saving.missing],
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 6)
