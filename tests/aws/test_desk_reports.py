"""Reports at the desk: for who oversees a site, and in the ledger when they leave as files."""

import base64
from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import boto3
import pytest

from functions.desk.handler import lambda_handler
from tests.aws.test_desk_calls import (
    NORTH,
    SECRET,
    WEST,
    Answer,
    Desk,
    a_desk,
    a_request,
    the_policy,
)
from tests.builders import a_site
from tests.measured import Reports
from tests.reported import (
    MISROUTES,
    NAME,
    TICKETS,
    WEEK,
    a_report,
    a_week,
    bucket,
    put,
    with_reports,
)
from triagewire.ledger.chain import first_fault
from triagewire.ledger.event import Action
from triagewire.measures.encoded import Filed
from triagewire.measures.measure import Figure
from triagewire.measures.report import By, Cell, Trust
from triagewire.policy.roster import Member, Role
from triagewire.settings import settings
from triagewire.store.codec import read_number, read_text
from triagewire.store.exports import EXPORTS, exports_subject
from triagewire.store.ledger import read_events
from triagewire.store.table import get_item

BELOW = "/desk/sites/north/reports"
REPORT = f"{BELOW}/weekly/{NAME}"


@pytest.fixture
def box() -> Iterator[Reports]:
    """The bucket of both sites and of the group."""
    with with_reports("north", "west", "_group") as filled:
        yield filled


@pytest.fixture
def desk(box: Reports) -> Iterator[Desk]:
    """A desk with that bucket."""
    assert box.bodies
    with a_desk() as opened:
        yield opened


def ask(desk: Desk, path: str, member: str = "nora", **query: str) -> Answer:
    """Look, with what follows the question mark."""
    asked = {name: [value] for name, value in query.items()}
    return desk.send(a_request(member, "GET", path, multiValueQueryStringParameters=asked))


def names(answer: Answer) -> list[str]:
    return [each["name"] for each in answer.body["reports"]]


def test_the_reports_of_a_site_are_listed_the_newest_first_with_their_files(desk: Desk) -> None:
    weeks, days = ask(desk, BELOW), ask(desk, BELOW, kind="daily")

    assert weeks.body["reports"] == [{"name": NAME, "files": ["html", "csv", "pdf"]}]
    assert names(days) == [day.isoformat() for day in reversed(WEEK.dates())]
    assert (weeks.body["older"], days.body["older"]) == (None, None)


def test_a_site_without_reports_has_an_empty_list(desk: Desk, box: Reports) -> None:
    box.bodies.clear()

    assert (names(ask(desk, BELOW)), ask(desk, BELOW).body["older"]) == ([], None)


def test_older_reports_come_page_by_page_and_each_once(desk: Desk, box: Reports) -> None:
    for name in ("2023-W01", "2024-W52", "2025-W01", "2025-W09", "2025-W30"):
        put(box, f"reports/north/weekly/{name}", a_week(), "html")

    pages = [ask(desk, BELOW)]
    while older := pages[-1].body["older"]:
        pages.append(ask(desk, BELOW, before=older))

    assert [each for page in pages for each in names(page)] == [
        *(NAME, "2025-W30", "2025-W09", "2025-W01", "2024-W52", "2023-W01")
    ]
    assert len(pages) == 4


@pytest.mark.parametrize("before", ["2026-W54", "2026-03-02", "0001-W01", "../west", "٢٠٢٦-W10"])
def test_a_list_that_ends_before_no_week_is_not_found(desk: Desk, before: str) -> None:
    assert ask(desk, BELOW, before=before).status == 404


def test_a_report_comes_with_all_that_is_needed_to_read_it(desk: Desk) -> None:
    body = ask(desk, REPORT).body
    report = body["report"]

    assert (report["first"], report["last"]) == ("2026-02-23", "2026-03-01")
    assert body["files"] == ["html", "csv", "pdf"]
    assert report["trust"]["whole"]
    known = {each["id"] for each in body["measures"]}
    first = [each["measure"] for each in body["headlines"]]
    assert len(first) == 5
    assert {*first, *(name for each in body["headlines"] for name in each["targets"])} <= known
    assert {name for cell in report["cells"] for name in cell["figures"]} <= known
    assert report["before"]["first_response"]["value"] > 0
    assert body["findings"][1]["draft"]["file"] == "sites/north.yaml"
    assert body["findings"][1]["tickets"] == list(TICKETS)


def test_a_figure_without_a_sample_is_left_out(desk: Desk, box: Reports) -> None:
    nothing = Cell(by=By.ALL, of="", figures={"first_response": Figure(0, None)})
    report = replace(a_report(), cells=(nothing,))
    put(box, f"reports/north/weekly/{NAME}", Filed(report=report))

    shown = ask(desk, REPORT).body["report"]

    assert shown["cells"] == [{"by": "all", "of": "", "figures": {}}]
    assert shown["before"] is None


def test_a_report_of_a_ledger_that_does_not_verify_says_so(desk: Desk, box: Reports) -> None:
    trust = Trust(until=None, checkpoint=0, faults=("checkpoint 7 is not signed by our key",))
    put(box, f"reports/north/weekly/{NAME}", Filed(report=replace(a_report(), trust=trust)))

    shown = ask(desk, REPORT).body["report"]["trust"]

    assert (shown["whole"], shown["faults"]) == (False, ["checkpoint 7 is not signed by our key"])


@pytest.mark.parametrize(
    "path",
    [
        f"{BELOW}/weekly/2025-W01",
        f"{BELOW}/weekly/2026-02-23",
        f"{BELOW}/daily/{NAME}",
        f"{BELOW}/monthly/{NAME}",
        f"{BELOW}/weekly/{NAME}.json",
        f"{BELOW}/weekly/..%2F..%2Fwest",
        f"/desk/sites/south/reports/weekly/{NAME}",
    ],
)
@pytest.mark.parametrize("file", ["", "/file"])
def test_what_is_no_report_is_not_found(desk: Desk, path: str, file: str) -> None:
    absent = desk.get("nick", "/desk/queues/north/nowhere")

    answer = ask(desk, path + file, **({"format": "csv"} if file else {}))

    assert (answer.status, answer.body) == (404, absent.body)


def test_a_report_of_another_version_says_where_its_figures_are(desk: Desk, box: Reports) -> None:
    box.write(f"reports/north/weekly/{NAME}.json", b'{"version": 2}', "application/json")

    answer = ask(desk, REPORT)

    assert (answer.status, answer.body["error"]) == (409, "refused")
    assert "triagewire measures" in answer.body["message"]


@pytest.mark.parametrize("member", ["nick", "pia", "wes", "zoe"])
def test_who_does_not_oversee_the_site_sees_no_report_of_it(desk: Desk, member: str) -> None:
    paths = (BELOW, REPORT, f"{REPORT}/file")

    assert [ask(desk, each, member).status for each in paths[:2]] == [404, 404]
    assert ask(desk, paths[2], member, format="csv").status == 404


def test_the_group_is_for_who_oversees_every_site(desk: Desk) -> None:
    both = Member(name="Dana Reyes", roles=(Role.AUDITOR,))
    agent = Member(name="Ana Sy", teams=("clinical",), roles=(Role.AGENT,))
    policy = the_policy()
    west = replace(policy.sites["west"], members=WEST | {"dana": both, "nora": agent})
    north = a_site(members=NORTH | {"dana": both})
    desk.publish(replace(policy, sites={"north": north, "west": west}))

    who = ("dana", "nora", "wes")
    seen = [ask(desk, "/desk/sites/_group/reports", each).status for each in who]

    assert seen == [200, 404, 404]
    assert [ask(desk, BELOW, each).body["group"] for each in who[:2]] == [True, False]


@pytest.mark.parametrize(
    ("form", "media_type"),
    [
        ("html", "text/html; charset=utf-8"),
        ("csv", "text/csv; charset=utf-8"),
        ("pdf", "application/pdf"),
    ],
)
def test_a_report_is_taken_as_a_file(desk: Desk, form: str, media_type: str) -> None:
    asked = {"format": [form]}
    request = a_request("audra", "GET", f"{REPORT}/file", multiValueQueryStringParameters=asked)

    answer: dict[str, Any] = lambda_handler(request, SimpleNamespace(aws_request_id="request-1"))

    assert answer["multiValueHeaders"]["Content-Type"] == [media_type]
    assert answer["multiValueHeaders"]["Content-Disposition"] == [
        f'attachment; filename="north-weekly-{NAME}.{form}"'
    ]
    assert answer["isBase64Encoded"]
    assert base64.b64decode(answer["body"]).decode() == f"the report as {form}"


def test_every_file_is_in_the_ledger_with_who_took_which(desk: Desk) -> None:
    ask(desk, f"{REPORT}/file", format="csv")
    ask(desk, f"{REPORT}/file", "audra", format="pdf")

    subject = exports_subject("north")
    events = list(read_events(desk.tables, subject))
    kept = get_item(desk.tables.client, "tickets", subject, EXPORTS)
    assert kept is not None
    assert [(each.action, each.actor, dict(each.detail)) for each in events] == [
        (
            Action.EXPORTED,
            f"staff:{who}",
            {"site": "north", "report": f"weekly/{NAME}", "format": form},
        )
        for who, form in (("nora", "csv"), ("audra", "pdf"))
    ]
    head = read_text(kept, "ledger_head")
    assert first_fault(subject, events, read_number(kept, "version"), head) is None


def test_no_file_is_given_that_could_not_be_recorded(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError("the ledger cannot be written")

    monkeypatch.setattr("triagewire.flow.context.commit", fail)

    answer = ask(desk, f"{REPORT}/file", format="csv")

    assert answer.status == 500
    assert "report" not in answer.text.replace("request", "")


@pytest.mark.parametrize("query", [{}, {"format": "json"}, {"format": "csv", "site": "west"}])
def test_a_file_of_no_such_format_is_refused(desk: Desk, query: dict[str, str]) -> None:
    assert ask(desk, f"{REPORT}/file", **query).status == 422


def test_nothing_that_a_requester_wrote_is_in_an_answer(desk: Desk) -> None:
    text = ask(desk, REPORT).text

    assert MISROUTES.title in text
    for word in (SECRET, "Ada", "MRN-4401"):
        assert word not in text


def test_the_bucket_is_the_one_that_the_deployment_names(monkeypatch: pytest.MonkeyPatch) -> None:
    with a_desk() as desk:
        monkeypatch.setenv("REPORTS_BUCKET", "reports-of-the-tests")
        settings.cache_clear()
        client: Any = boto3.client("s3", region_name="us-east-1")
        client.create_bucket(Bucket="reports-of-the-tests")
        for key, body in bucket("north").bodies.items():
            client.put_object(Bucket="reports-of-the-tests", Key=key, Body=body)

        seen = names(ask(desk, BELOW)), ask(desk, REPORT).status
        absent = ask(desk, f"{BELOW}/weekly/2025-W01").status

    settings.cache_clear()
    assert (seen, absent) == (([NAME], 200), 404)


def test_in_an_emergency_no_report_opens(desk: Desk) -> None:
    desk.post("wes", "/desk/emergency-access", {"site": "north", "why": "nobody_reached"})

    assert [ask(desk, REPORT, who).status for who in ("wes", "nora")] == [404, 200]
