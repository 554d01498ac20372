"""The five measures by which a group judges whether the desk pays, and what that is in money.

What was before is what the group itself has measured and written into its policy; what nobody has
entered is named, and no figure is made of it. Hours now are those that the ledger shows, which are
fewer than were worked: so what is saved is an upper bound.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from triagewire.clock.calendar import Calendar, open_hours
from triagewire.measures.catalogue import BY_ID
from triagewire.measures.measure import Figure, Kind, Measure
from triagewire.measures.money import Saving, saving_of, savings_together
from triagewire.measures.period import Period
from triagewire.measures.report import Report
from triagewire.policy.measures import Before, Measuring

ENTER = "enter measures.before.{} in the policy"
NO_TICKETS = "no tickets came in the period"
NEVER_OPEN = "the site was open on no whole day of the period that the ledger is signed for"
DIFFERS = "sites had different ones before: see each"
BROKEN = "the ledger does not verify: hours that do not count would look saved"
NOTHING = Figure(0, None)
ADDED_UP = frozenset({"triage_hours", "clinical_admin_hours"})
"""Hours: those of a day are what a group has at all of its sites."""
ENTERED: Mapping[str, str] = {
    "first_response": "response_minutes",
    "triage_hours": "triage_hours",
    "misroutes": "misroutes",
    "satisfaction": "satisfaction",
    "clinical_admin_hours": "clinical_admin_hours",
}
"""The five, each with what the policy says of before."""
LINES = (
    *("first_response", "first_response_administrative", "first_response_clinical"),
    *("triage_hours", "triage_hours_per_hundred", "misroutes", "satisfaction"),
    "clinical_admin_hours",
)
"""What is shown: the five, and beside them what has a target of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One measure now and before, and what is missing to compare them."""

    measure: Measure
    now: Figure
    before: float | None = None
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Roi:
    """What the desk is worth at a site, or (`site` is "") to the group. `days` is on how many days
    of the period the site was open; 0 for a group, whose sites differ.
    """

    site: str
    days: int
    lines: tuple[Line, ...]
    savings: tuple[Saving, ...]


def roi_of(report: Report, told: Measuring, days: int) -> Roi:
    """What it is worth at one site that was open on so many days of the report's period."""
    lines = tuple(_line(BY_ID[id_], report, told.before, days) for id_ in LINES)
    by_id = {each.measure.id: each for each in lines}
    rates = told.hourly_rates
    savings = (
        _saving(by_id["triage_hours"], rates.triage, "triage", days, told.currency),
        _saving(by_id["clinical_admin_hours"], rates.clinical, "clinical", days, told.currency),
    )
    return Roi(site=report.site, days=days, lines=lines, savings=savings)


def together(group: Report, sites: tuple[Roi, ...]) -> Roi:
    """What it is worth to all sites, of the report of all of them."""
    lines = tuple(_group_line(BY_ID[id_], group, sites) for id_ in LINES)
    savings = tuple(
        savings_together([(each.site, each.savings[at]) for each in sites]) for at in range(2)
    )
    return Roi(site="", days=0, lines=lines, savings=savings)


def open_days(
    calendar: Calendar, period: Period, since: datetime | None, until: datetime | None
) -> int:
    """On how many days a site was open that lie wholly after it went live (`since`, UTC) and for
    which the ledger is signed (`until`).
    """
    if until is None:
        return 0
    opened = (open_hours(calendar, day) for day in period.dates())
    return sum(
        (since is None or hours[0][0] >= since) and hours[-1][1] <= until
        for hours in opened
        if hours
    )


def _line(measure: Measure, report: Report, before: Before, days: int) -> Line:
    figure = _figure(measure, report)
    earlier: float | None = None
    missing: tuple[str, ...] = ()
    if name := ENTERED.get(measure.id):
        earlier = getattr(before, name)
        missing = (ENTER.format(name),) if earlier is None else ()
    if measure.id not in ADDED_UP:
        return Line(measure=measure, now=figure, before=earlier, missing=missing)
    if not report.trust.whole:
        figure, missing = NOTHING, (*missing, BROKEN)
    elif not _figure(BY_ID["received"], report).n:
        figure, missing = NOTHING, (*missing, NO_TICKETS)
    elif not days:
        figure, missing = NOTHING, (*missing, NEVER_OPEN)
    elif figure.value is not None:
        figure = Figure(figure.n, figure.value / days)
    return Line(measure=_a_day(measure), now=figure, before=earlier, missing=missing)


def _group_line(measure: Measure, group: Report, sites: Iterable[Roi]) -> Line:
    of_sites = [(site.site, _of(site, measure.id)) for site in sites]
    if measure.id in ADDED_UP:
        return _added_up(_a_day(measure), of_sites)
    figure = _figure(measure, group)
    known = {line.before for _, line in of_sites}
    if len(known) == 1:
        before = next(iter(known))
        missing = tuple(dict.fromkeys(why for _, line in of_sites for why in line.missing))
        return Line(measure=measure, now=figure, before=before, missing=missing)
    return Line(measure=measure, now=figure, missing=(DIFFERS,))


def _added_up(measure: Measure, of_sites: list[tuple[str, Line]]) -> Line:
    """Hours of all sites, now and before, each where every site has them."""
    figures = [line.now for _, line in of_sites]
    hours = [each.value for each in figures if each.value is not None]
    before = [line.before for _, line in of_sites if line.before is not None]
    whole = len(hours) == len(of_sites)
    return Line(
        measure=measure,
        now=Figure(sum(each.n for each in figures), sum(hours)) if whole else NOTHING,
        before=sum(before) if len(before) == len(of_sites) else None,
        missing=tuple(f"{site}: {why}" for site, line in of_sites for why in line.missing),
    )


def _saving(line: Line, rate: float | None, rate_name: str, days: int, currency: str) -> Saving:
    missing = line.missing
    if rate is None:
        missing = (*missing, f"enter measures.hourly_rates.{rate_name} in the policy")
    return saving_of(
        name=BY_ID[line.measure.id].name,
        hours=(line.before, line.now.value),
        days=days,
        rate=rate,
        currency=currency,
        missing=missing,
    )


def _a_day(measure: Measure) -> Measure:
    """Hours of a period as those of a day on which the site is open."""
    return replace(measure, name=f"{measure.name}, on an open day", kind=Kind.MEAN)


def _figure(measure: Measure, report: Report) -> Figure:
    cell = report.cell()
    return cell.figures.get(measure.id, NOTHING) if cell else NOTHING


def _of(roi: Roi, id_: str) -> Line:
    return next(each for each in roi.lines if each.measure.id == id_)


def missing_of(roi: Roi) -> Iterator[str]:
    """What somebody has to enter, or to wait for, each once."""
    lines = (why for each in roi.lines for why in each.missing)
    savings = (why for each in roi.savings for why in each.missing)
    yield from dict.fromkeys((*lines, *savings))
