"""What leads are told of a report: whether it can be trusted first, figures, findings, a link."""

from dataclasses import replace

import msgspec
import pytest

from tests.builders import MONDAY_MORNING
from triagewire.measures.catalogue import BY_ID, MEASURES
from triagewire.measures.due import Due, Each
from triagewire.measures.encoded import Filed
from triagewire.measures.measure import Figure
from triagewire.measures.report import By, Cell, Report, Trust
from triagewire.measures.word import FIGURES, word_of
from triagewire.trends.finding import Finding, Kind, Standing

TRUST = Trust(until=MONDAY_MORNING, checkpoint=12)
FIGURED = {
    "received": Figure(34, 34.0),
    "first_response": Figure(30, 25.0, 80.0),
    "response_promises": Figure(30, 0.9),
}


def a_report(each: Each, **figures: Figure) -> Report:
    """A report of the week of that Monday, or of the day."""
    every = {one.id: Figure(0, None) for one in MEASURES} | figures
    return Report(
        period=each.of(MONDAY_MORNING.date()),
        site="north",
        made_at=MONDAY_MORNING,
        trust=TRUST,
        cells=(Cell(by=By.ALL, of="", figures=every),),
    )


def a_due(each: Each) -> Due:
    return Due(each=each, site="north", period=each.of(MONDAY_MORNING.date()), newest=True)


def a_finding(number: int) -> Finding:
    title = f"{number} tickets of rule billing-copay went to scheduling first"
    return Finding(
        id=str(number), kind=Kind.MISROUTE, site="north", title=title, weight=1.0, n=number
    )


def told(each: Each, filed: Filed[Finding]) -> list[str]:
    text = word_of(a_due(each), filed, "North Clinic", "https://desk.example/")
    return text.splitlines()


def test_a_daily_report_is_five_figures_and_a_link() -> None:
    before = a_report(Each.DAILY, first_response=Figure(20, 31.0, 90.0))
    filed = Filed[Finding](report=a_report(Each.DAILY, **FIGURED), before=before)

    assert told(Each.DAILY, filed) == [
        "The ledger verifies until 2026-03-02 14:00 UTC",
        "Daily report of North Clinic, 2 March 2026",
        "",
        f"{BY_ID['received'].name}: 34",
        f"{BY_ID['first_response'].name}: 25 min (-6 min), nine in ten within 80 min",
        f"{BY_ID['response_promises'].name}: 90 %",
        f"{BY_ID['misroutes'].name}: no tickets",
        f"{BY_ID['satisfaction'].name}: no tickets",
        "",
        "https://desk.example/console#/measures/north",
    ]


def test_what_does_not_verify_is_the_first_line() -> None:
    report = replace(a_report(Each.DAILY), trust=replace(TRUST, faults=("a", "b")))

    first, *_ = told(Each.DAILY, Filed[Finding](report=report))

    assert first.startswith("THE LEDGER DOES NOT VERIFY: 2 faults.")


@pytest.mark.parametrize(
    ("found", "lines"),
    [
        (0, ["Nothing stands out."]),
        (2, ["What to look at:", "- 0 tickets", "- 1 tickets"]),
        (7, ["What to look at:", *(f"- {each} tickets" for each in range(5)), "- and 2 more"]),
    ],
)
def test_a_trend_review_names_what_to_look_at(found: int, lines: list[str]) -> None:
    findings = tuple(map(a_finding, range(found)))
    filed = Filed[Finding](report=a_report(Each.WEEKLY), findings=findings)

    shown = told(Each.WEEKLY, filed)[4 + len(FIGURES) : -2]

    rest = " of rule billing-copay went to scheduling first"
    assert [line.removesuffix(rest) for line in shown] == lines


def test_what_is_gone_is_nothing_to_look_at() -> None:
    gone = msgspec.structs.replace(a_finding(1), standing=Standing.GONE)
    filed = Filed[Finding](report=a_report(Each.WEEKLY), findings=(gone,))

    assert told(Each.WEEKLY, filed)[4 + len(FIGURES) : -2] == ["Nothing stands out."]
