"""Reports as blocks: what stands first, what is drawn, and what each measure means."""

from collections.abc import Iterator, Sequence

from triagewire.measures.blocks import Block, Grid, Heading, Plot, Tone, Words
from triagewire.measures.catalogue import BY_ID, MEASURES
from triagewire.measures.encoded import Filed
from triagewire.measures.findings import findings_told
from triagewire.measures.measure import Figure, Kind, Measure, Theme, Unit
from triagewire.measures.plots import Point, bars, days_bars, days_line
from triagewire.measures.report import By, Cell, MemberLoad, Report, Trust
from triagewire.measures.wording import (
    change_told,
    main_name,
    met_told,
    moment_told,
    p90_told,
    period_told,
    plain,
    target_told,
    value_told,
)
from triagewire.trends.finding import Finding

EVERY_SITE = "all sites"
NONE = "none"
NO_FIGURE = Figure(0, None)
VOLUME = "received"
WAIT = "first_response"
DRAWN = (VOLUME, WAIT, "response_promises", "misroutes")
"""What is drawn day by day, where there is such a measure."""
APART = (VOLUME, WAIT, "response_promises", "misroutes", "handoffs", "reopened", "satisfaction")
"""What is shown of each site, team, topic and so on; the sheet has every measure of each."""
MOST_BARS = 14
MOST_FAULTS = 20
NAMES = {
    By.SITE: "site",
    By.TEAM: "team",
    By.TOPIC: "topic",
    By.CHANNEL: "channel",
    By.LANGUAGE: "language",
    By.URGENCY: "urgency",
}


def titled(name: str, report: Report) -> str:
    """`Daily report of riverside, 2 March 2026`."""
    return f"{name} of {report.site or EVERY_SITE}, {period_told(report.period)}"


def outline(title: str, filed: Filed[Finding], *, reviewed: bool = False) -> Iterator[Block]:
    """A whole report; with `reviewed` its findings first, or that there are none."""
    report, before = filed.report, filed.before
    yield from first_told(title, report.trust)
    yield from about(report)
    if reviewed:
        yield from findings_told(filed.findings)
    yield Heading("Figures")
    yield from figures_told(report.cell(), before.cell() if before else None)
    yield from _days(report)
    for by in NAMES:
        yield from apart(report, by)
    yield from ages_told(report)
    yield from people_told(report.members)
    yield from _definitions()


def first_told(title: str, trust: Trust) -> Iterator[Block]:
    """The title, and before it what is wrong with the ledger, if anything is."""
    heading = Heading(title, 1)
    yield from [heading, *trust_told(trust)] if trust.whole else [*trust_told(trust), heading]


def trust_told(trust: Trust) -> Iterator[Block]:
    """What stands first in every report: whether the ledger behind it can be trusted."""
    until = f"signed until {moment_told(trust.until)}" if trust.until else "not signed yet"
    if trust.whole and trust.until is None:
        yield Words(
            "Nothing of the ledger is signed for yet, so there is nothing to count.", Tone.BAD
        )
    elif trust.whole:
        yield Words(f"The ledger verifies: {until}, checkpoint {trust.checkpoint}.", Tone.GOOD)
    else:
        told = "THE LEDGER DOES NOT VERIFY: nothing of what is broken is counted below."
        yield Words(f"{told} It is {until}.", Tone.BAD)
        shown = enumerate(trust.faults[:MOST_FAULTS], 1)
        rows = tuple((str(number), fault) for number, fault in shown)
        yield Grid(heading=("Fault", "What does not verify"), rows=rows)
        if len(trust.faults) > MOST_FAULTS:
            yield Words(f"And {len(trust.faults) - MOST_FAULTS} more.", Tone.SMALL)
    if trust.waiting:
        told = f"{trust.waiting} events wait for one before them and are not counted yet."
        yield Words(told, Tone.SMALL)


def figures_told(now: Cell | None, before: Cell | None) -> Iterator[Block]:
    """Every measure with what it was before and what is promised, one theme after the other."""
    figures, earlier = now.figures if now else {}, before.figures if before else {}
    heading = ("Measure", "Counted", "Value", "90 %", "Before", "Change", "Target", "Kept")
    for theme in Theme:
        rows = tuple(
            _figure(each, figures.get(each.id, NO_FIGURE), earlier.get(each.id))
            for each in MEASURES
            if each.theme is theme
        )
        yield Heading(theme.value.capitalize(), 3)
        yield Grid(heading=heading, rows=rows, numbers=frozenset(range(1, 6)))


def _figure(measure: Measure, now: Figure, before: Figure | None) -> tuple[str, ...]:
    return (
        measure.name,
        plain(now.n),
        value_told(now.value, measure.unit),
        p90_told(measure, now),
        value_told(before.value, measure.unit) if before else "",
        change_told(measure, now, before) if before else "",
        target_told(measure),
        met_told(measure, now),
    )


def apart(report: Report, by: By) -> Iterator[Block]:
    """The main measures told apart by one dimension, and the wait of each as bars."""
    cells = [each for each in report.cells if each.by is by]
    if not cells:
        return
    shown = [BY_ID[each] for each in APART if each in BY_ID]
    rows = tuple((each.of or NONE, *_values(each, shown)) for each in cells)
    yield Heading(f"By {NAMES[by]}")
    if wait := BY_ID.get(WAIT):
        points = [_point(each.of or NONE, each.figures.get(WAIT, NO_FIGURE)) for each in cells]
        title = f"{wait.name} by {NAMES[by]}: median to 90th percentile"
        yield Plot(bars(title, wait.unit, points[:MOST_BARS]))
    heading = (NAMES[by].capitalize(), *(each.name for each in shown))
    yield Grid(heading=heading, rows=rows, numbers=frozenset(range(1, len(heading))))


def _values(cell: Cell, measures: Sequence[Measure]) -> Iterator[str]:
    for each in measures:
        yield value_told(cell.figures.get(each.id, NO_FIGURE).value, each.unit)


def about(report: Report) -> Iterator[Block]:
    """What is counted, and what is not."""
    days = "1 day" if report.period.days == 1 else f"{report.period.days} days"
    yield Words(
        f"{period_told(report.period)} ({days} of each site's own wall), "
        f"{report.site or EVERY_SITE}. "
        f"Made at {moment_told(report.made_at)}, from the ledger alone.",
        Tone.SMALL,
    )
    until = report.trust.until
    if until is not None and until < report.period.ends("UTC"):
        told = "The ledger is signed for a part of the period only: the rest is not counted yet."
        yield Words(told, Tone.SMALL)
    if report.left_out:
        reasons = (f"{tickets} {why}" for why, tickets in report.left_out.items())
        yield Words(f"Tickets that no measure counts: {'; '.join(reasons)}.", Tone.SMALL)
    for what, tickets in report.odd.items():
        yield Words(f"{tickets} tickets: {what}.", Tone.SMALL)


def _days(report: Report) -> Iterator[Block]:
    """Day by day, where there is more than one."""
    if report.period.days == 1:
        return
    drawn = [BY_ID[each] for each in DRAWN if each in BY_ID]
    yield Heading("Day by day")
    for each in drawn:
        points = [
            _point(day[5:], figures.get(each.id, NO_FIGURE)) for day, figures in report.days.items()
        ]
        draw = days_line if each.kind is Kind.SPREAD else days_bars
        yield Plot(draw(f"{each.name}, {main_name(each)} of a day", each.unit, points))
    rows = tuple(
        (day, *(value_told(figures.get(m.id, NO_FIGURE).value, m.unit) for m in drawn))
        for day, figures in report.days.items()
    )
    heading = ("Day", *(each.name for each in drawn))
    yield Grid(heading=heading, rows=rows, numbers=frozenset(range(1, len(heading))))


def ages_told(report: Report) -> Iterator[Block]:
    """How old what is open at the end is, by team."""
    if not report.ages:
        return
    yield Heading("Open at the end, by age")
    points = [Point(name, tickets) for name, tickets in report.ages.items()]
    yield Plot(bars("Open tickets by age", Unit.TICKETS, points))
    rows = tuple(
        (
            team or NONE,
            *(plain(ages.get(name, 0)) for name in report.ages),
            plain(sum(ages.values())),
        )
        for team, ages in ({"all teams": report.ages} | {**report.backlog}).items()
    )
    heading = ("Team", *report.ages, "Together")
    yield Grid(heading=heading, rows=rows, numbers=frozenset(range(1, len(heading))))


def people_told(members: Sequence[MemberLoad]) -> Iterator[Block]:
    """What each member did and holds."""
    if not members:
        return
    yield Heading("Load by member")
    ordered = sorted(members, key=lambda each: (-each.open, each.member))
    points = [Point(each.member, each.open) for each in ordered[:MOST_BARS]]
    yield Plot(bars("Open tickets by member", Unit.TICKETS, points))
    rows = tuple(
        (
            each.member,
            each.site,
            *map(plain, (each.open, each.touches, round(each.minutes))),
            *map(plain, (each.resolved, each.handed_on, each.hand_backs)),
        )
        for each in ordered
    )
    heading = ("Member", "Site", "Open", "Touches", "Minutes", "Resolved", "Handed on", "Gave back")
    yield Grid(heading=heading, rows=rows, numbers=frozenset(range(2, 8)))


def _definitions() -> Iterator[Block]:
    yield Heading("What each measure is")
    yield Words(
        "The value of a measure is what its second column names. An estimate rests on an "
        "assumption of ours, which stands with it.",
        Tone.SMALL,
    )
    rows = tuple(
        (each.name, main_name(each), _formula(each), each.excluded, each.compare)
        for each in MEASURES
    )
    heading = ("Measure", "Value", "Formula", "Not counted", "Published elsewhere")
    yield Grid(heading=heading, rows=rows)


def _formula(measure: Measure) -> str:
    return (
        f"{measure.formula}. Estimate: {measure.estimate}" if measure.estimate else measure.formula
    )


def _point(name: str, figure: Figure) -> Point:
    return Point(name, figure.value, figure.p90)
