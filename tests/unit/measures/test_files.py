"""The files of a report: trust first, no markup and no formula from a name, pages that hold."""

import csv
import io
import re
import zlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from triagewire.measures.blocks import Code, Grid, Heading, Words
from triagewire.measures.catalogue import MEASURES
from triagewire.measures.encoded import Filed, from_json
from triagewire.measures.files import MEDIA_TYPES, files_of
from triagewire.measures.measure import Figure
from triagewire.measures.pdf import pdf_of
from triagewire.measures.period import Period
from triagewire.measures.report import By, Cell, MemberLoad, Report, Trust
from triagewire.trends.finding import Draft, Finding, Kind

WEEK = Period(first=date(2026, 3, 2), last=date(2026, 3, 8))
MONDAY = datetime(2026, 3, 9, 6, 0, tzinfo=UTC)
TRUST = Trust(until=MONDAY, checkpoint=412)
BROKEN = Trust(until=MONDAY, checkpoint=412, faults=("events/x.jsonl: a copy was altered",))
NASTY = '=HYPERLINK("https://x.example")<script>\u202e'
FINDING = Finding(
    id="misroute-north-refill",
    kind=Kind.MISROUTE,
    site="north",
    title="Refills left by voicemail went to billing first",
    weight=4,
    n=14,
    of=40,
    tickets=("01J0000000000000000000000A",),
    rules=("refill.words",),
    words=("refill",),
    suggestion="Let refills by voicemail go to the clinical team",
    draft=Draft(
        file="sites/north.yaml",
        place="routing",
        name="refills",
        text="refills:\n  when: { topics: [refill] }\n  team: clinical\n",
        right=12,
        wrong=1,
    ),
)


def a_report(trust: Trust = TRUST, team: str = "clinical", period: Period = WEEK) -> Report:
    figures = {each.id: Figure(3, 25.0, 61.5) for each in MEASURES}
    return Report(
        period=period,
        site="north",
        made_at=MONDAY,
        trust=trust,
        cells=(
            Cell(by=By.ALL, of="", figures=figures),
            Cell(by=By.TEAM, of=team, figures=figures),
        ),
        members=(
            MemberLoad(
                member=team,
                site="north",
                teams=("clinical",),
                touches=12,
                minutes=31.5,
                resolved=4,
                handed_on=1,
                hand_backs=0,
                open=2,
            ),
        ),
        ages={"under 4 hours": 2, "over 7 days": 1},
        backlog={team: {"under 4 hours": 2, "over 7 days": 1}},
        left_out={"written by a robot": 2},
        days={day.isoformat(): figures for day in period.dates()},
    )


def files(report: Report, *findings: Finding) -> dict[str, bytes]:
    before = replace(report, period=report.period.before)
    return files_of("Trend review", Filed(report=report, before=before, findings=findings))


def drawn(pdf: bytes) -> str:
    """What is drawn on all pages of a PDF."""
    streams = re.findall(rb"stream\n(.*?)\nendstream", pdf, re.DOTALL)
    return "\n".join(zlib.decompress(each).decode("cp1252") for each in streams)


def test_a_report_has_four_forms() -> None:
    found = files(a_report(), FINDING)

    assert found.keys() == MEDIA_TYPES.keys() == {"json", "html", "csv", "pdf"}
    assert from_json(found["json"], Finding).findings == (FINDING,)


def test_of_a_ledger_that_nobody_has_signed_it_is_not_said_that_it_verifies() -> None:
    files = files_of(
        "Daily report", Filed[Finding](report=a_report(Trust(until=None, checkpoint=0)))
    )

    assert b"Nothing of the ledger is signed for yet" in files["html"]
    assert b"verifies" not in files["html"] + files["csv"]


def test_a_ledger_that_does_not_verify_is_told_before_anything_else() -> None:
    found = files(a_report(BROKEN))

    page = found["html"].decode()
    assert page.index("LEDGER DOES NOT VERIFY") < page.index("<h1>")
    assert (
        found["csv"]
        .decode()
        .splitlines()[1]
        .startswith("2026-03-02,2026-03-08,north,ledger,does not verify,")
    )
    assert drawn(found["pdf"]).index("DOES NOT VERIFY") < drawn(found["pdf"]).index("Trend review")


def test_a_page_loads_nothing_and_runs_nothing() -> None:
    page = files(a_report(team=NASTY), FINDING)["html"].decode()

    assert "default-src 'none'; style-src 'unsafe-inline'" in page
    assert not re.search(r"<script|<link|<img|\b(on\w+|src|href)=", page)
    assert "\u202e" not in page


def test_no_cell_of_a_sheet_is_a_formula() -> None:
    sheet = files(a_report(team=NASTY))["csv"].decode()

    rows = [*csv.reader(io.StringIO(sheet))]
    assert {len(each) for each in rows} == {17}
    assert not [each for row in rows for each in row if each.startswith(("=", "+", "@"))]
    assert any(each.startswith("'=HYPERLINK") for row in rows for each in row)
    assert sheet.endswith("\r\n")


def test_a_sheet_has_every_measure_with_its_unit() -> None:
    rows = [*csv.DictReader(io.StringIO(files(a_report())["csv"].decode()))]

    whole = [each for each in rows if each["by"] == "all"]
    assert [each["measure"] for each in whole] == [each.id for each in MEASURES]
    assert all(each["unit"] for each in whole)
    assert {each["value"] for each in whole} == {each["before_value"] for each in whole} == {"25.0"}


def test_a_page_says_of_every_measure_what_it_is_and_what_it_leaves_out() -> None:
    page = files(a_report())["html"].decode()

    assert page.count('<th scope="row">') > 2 * len(MEASURES)
    assert "Not counted" in page
    assert "2 written by a robot" in page


def test_a_day_alone_has_no_line_of_days() -> None:
    monday = Period(first=WEEK.first, last=WEEK.first)

    assert "Day by day" not in files(a_report(period=monday))["html"].decode()


def test_a_finding_says_what_to_do_and_shows_its_draft_as_it_is_written() -> None:
    page = files(a_report(), FINDING)["html"].decode()

    assert "To do: Let refills by voicemail go to the clinical team" in page
    assert "<pre>refills:\n  when: { topics: [refill] }\n  team: clinical</pre>" in page
    assert "12 tickets of the period would have gone right by it, 1 wrong" in page


@pytest.mark.parametrize(("days", "said"), [(7, 1), (1, 0)])
def test_a_trend_review_that_found_nothing_says_so_and_a_day_does_not(days: int, said: int) -> None:
    period = Period(first=WEEK.first, last=WEEK.first + timedelta(days=days - 1))

    assert files(a_report(period=period))["html"].decode().count("Nothing stands out") == said


def test_a_pdf_says_truly_where_each_of_its_parts_begins() -> None:
    pdf = files(a_report(), FINDING)["pdf"]

    at = int(re.search(rb"startxref\n(\d+)\n%%EOF\n$", pdf)[1])  # type: ignore[index]
    assert pdf[at:].startswith(b"xref\n")
    for number, place in enumerate(re.findall(rb"(\d{10}) 00000 n", pdf[at:]), 1):
        assert pdf[int(place) :].startswith(b"%d 0 obj\n" % number)


def test_the_same_report_is_the_same_pdf() -> None:
    assert files(a_report(), FINDING)["pdf"] == files(a_report(), FINDING)["pdf"]


def test_a_long_table_goes_on_under_its_heading() -> None:
    grid = Grid(heading=("Ticket", "Waits"), rows=tuple((f"T{n}", "5 min") for n in range(120)))

    shown = drawn(pdf_of("Long", [Heading("Long", 1), grid], MONDAY))

    pages = len(re.findall(r"\(\d / \d\)", shown))
    assert pages == 3
    assert shown.count("(Ticket)") == pages
    assert all(f"(T{n})" in shown for n in range(120))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("brackets (and) a \\", r"(brackets \(and\) a \\)"),
        ("café \N{EN DASH} año", "(café \N{EN DASH} año)"),
        ("Київ", "(????)"),
    ],
)
def test_text_in_a_pdf_is_what_it_was_as_far_as_its_fonts_go(text: str, shown: str) -> None:
    assert shown in drawn(pdf_of("x", [Words(text)], MONDAY))


def test_a_draft_in_a_pdf_keeps_its_indentation_and_loses_no_long_line() -> None:
    line = "  when: " + "x" * 300

    shown = drawn(pdf_of("x", [Code(f"refills:\n{line}")], MONDAY))

    assert "(  when: xxx" in shown
    assert shown.count("x") >= 300
