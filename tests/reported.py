"""Reports as functions/review leaves them in the bucket: a week of a clinic with all that a page
may have to show.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache

import pytest

from tests.measured import Reports
from triagewire.desk.routes import measures
from triagewire.measures.ages import NAMES as AGES
from triagewire.measures.catalogue import MEASURES
from triagewire.measures.encoded import Filed, to_json
from triagewire.measures.measure import Figure, Kind, Measure, Unit
from triagewire.measures.period import Period, day_of, week_name, week_of
from triagewire.measures.report import By, Cell, MemberLoad, Report, Trust
from triagewire.trends.finding import Draft, Finding, Standing
from triagewire.trends.finding import Kind as FindingKind

WEEK = week_of(date(2026, 2, 23))
NAME = week_name(WEEK.first)
TICKETS = tuple(f"TICKET{letter}".ljust(26, "A") for letter in "BCD")
USUAL = {
    Unit.SECONDS: 41.0,
    Unit.MINUTES: 34.0,
    Unit.HOURS: 3.4,
    Unit.SHARE: 0.043,
    Unit.TICKETS: 212.0,
    Unit.TIMES: 17.0,
    Unit.PER_TICKET: 2.6,
    Unit.POINTS: 4.2,
    Unit.PEOPLE: 9.0,
}
"""A figure that a measure may well have, by its unit."""

MISROUTES = Finding(
    id="misroute-north-refill",
    kind=FindingKind.MISROUTE,
    site="north",
    title="Refill requests of the web form go to the front desk first",
    weight=8.5,
    n=14,
    of=38,
    sure=0.23,
    standing=Standing.AGAIN,
    told=("14 of 38 tickets went on to pharmacy, after 52 minutes in the middle.",),
    tickets=TICKETS,
    rules=("administrative/front-desk-forms",),
    words=("form", "renew", "signature"),
    suggestion="Send refill requests that come by the web form to pharmacy at once.",
    draft=Draft(
        file="sites/north.yaml",
        place="routing",
        name="refills-by-form",
        text="refills-by-form:\n  when: {topic: refill, channel: web}\n  to: pharmacy\n",
        right=13,
        wrong=1,
    ),
)
UNDER_TRIAGE = Finding(
    id="under-triage-north",
    kind=FindingKind.UNDER_TRIAGE,
    site="north",
    title="Reviewers raised tickets that scoring took for administrative",
    weight=20,
    n=3,
    of=41,
    sure=0.02,
    tickets=TICKETS[:1],
    rules=("clinical/chest",),
    words=("tight chest",),
    suggestion="Read the three tickets, then write the missing words into the rule.",
)


def a_figure(measure: Measure, times: float = 1, n: int = 40) -> Figure:
    """A figure of a measure: its usual value, so many times."""
    value = round(USUAL[measure.unit] * times, 4)
    if measure.kind is Kind.SPREAD:
        return Figure(n, value, round(value * 2.7, 4))
    return Figure(n, value)


def a_cell(by: By = By.ALL, of: str = "", times: float = 1, n: int = 40) -> Cell:
    """All figures of a value of a dimension."""
    return Cell(by=by, of=of, figures={each.id: a_figure(each, times, n) for each in MEASURES})


def a_report(period: Period = WEEK, site: str = "north", times: float = 1) -> Report:
    """The measures of a period in which there was much to do."""
    told_apart = {
        By.TEAM: ("clinical", "front_desk", "pharmacy", "billing"),
        By.TOPIC: ("refill", "symptom", "appointment", "billing", "results", "prior_auth"),
        By.CHANNEL: ("web", "phone", "email"),
        By.LANGUAGE: ("en", "es"),
        By.URGENCY: ("2", "3", "4", "5"),
    }
    cells = [a_cell(times=times, n=212)]
    for by, values in told_apart.items():
        cells += [
            a_cell(by, of, times * (0.6 + 0.3 * place), n=60 - 9 * place)
            for place, of in enumerate(values)
        ]
    days = {
        day.isoformat(): dict(a_cell(times=times * (0.7 + 0.11 * place), n=30).figures)
        for place, day in enumerate(period.dates())
        if day.weekday() < 6
    }
    return Report(
        period=period,
        site=site,
        made_at=datetime.combine(period.last + timedelta(days=1), datetime.min.time(), UTC),
        trust=Trust(until=datetime(2026, 3, 2, 6, 5, tzinfo=UTC), checkpoint=2016),
        cells=tuple(cells),
        members=(
            _load("nora", site, ("clinical",), 96, 40),
            _load("nick", site, ("clinical", "front_desk"), 61, 7),
            _load("bela", site, ("billing",), 0, 0),
        ),
        ages=dict(zip(AGES, (4, 7, 12, 5, 2), strict=True)),
        left_out={"merged into another ticket": 9, "written by a robot": 31},
        days=days,
    )


def empty_report(period: Period = WEEK, site: str = "north") -> Report:
    """The measures of a period without tickets."""
    whole = a_report(period, site)
    nothing = {each.id: Figure(0, 0.0 if each.kind is Kind.SUM else None) for each in MEASURES}
    return replace(
        whole,
        cells=(Cell(by=By.ALL, of="", figures=nothing),),
        members=(),
        ages=dict.fromkeys(AGES, 0),
        left_out={},
        days={day.isoformat(): nothing for day in period.dates()},
    )


def a_week(site: str = "north", **changes: object) -> Filed[Finding]:
    """The file of a trend review."""
    usual = {
        "report": a_report(site=site),
        "before": a_report(WEEK.before, site, times=1.3),
        "findings": (UNDER_TRIAGE, MISROUTES),
    }
    return Filed(**(usual | changes))  # type: ignore[arg-type]


def bucket(*sites: str) -> Reports:
    """A bucket with the last week and its days of each site."""
    return Reports({key: body for site in sites for key, body in _reports_of(site).items()})


@cache
def _reports_of(site: str) -> Mapping[str, bytes]:
    filled = Reports()
    put(filled, f"reports/{site}/weekly/{NAME}", a_week(site), "html", "csv", "pdf")
    for day in WEEK.dates():
        daily: Filed[Finding] = Filed(report=a_report(day_of(day), site))
        put(filled, f"reports/{site}/daily/{day}", daily, "html", "csv")
    return filled.bodies


@contextmanager
def with_reports(*sites: str) -> Iterator[Reports]:
    """Let the desk find a bucket in memory: of one site, unless told."""
    filled = bucket(*(sites or ("north",)))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(measures, "_box", lambda: filled)
        yield filled


def put(filled: Reports, stem: str, filed: Filed[Finding], *files: str) -> None:
    """Put a report with its files into a bucket."""
    filled.write(f"{stem}.json", to_json(filed), "application/json")
    for ending in files:
        filled.write(f"{stem}.{ending}", f"the report as {ending}".encode(), ending)


def _load(member: str, site: str, teams: tuple[str, ...], touches: int, held: int) -> MemberLoad:
    return MemberLoad(
        member=member,
        site=site,
        teams=teams,
        touches=touches,
        minutes=touches * 6.5,
        resolved=touches // 3,
        handed_on=touches // 8,
        hand_backs=touches // 20,
        open=held,
    )
