"""The review function on moto: what it gathers, makes and tells, and what it counts of it."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
import time_machine
from botocore.exceptions import ClientError

from functions.review import handler
from tests.aws import senders
from tests.aws.clinic import Clinic, running
from tests.aws.identifiers import SENTENCE, found_where
from tests.aws.locked import BUCKET, Locked, locking
from tests.aws.said import REFILL
from tests.aws.wire import Call, Fault
from tests.builders import MEMBERS, a_policy, a_site
from triagewire.flow import review_runs
from triagewire.ladder import Way
from triagewire.measures.encoded import from_json
from triagewire.settings import settings
from triagewire.trends.finding import Finding

REPORTS = "reports-of-the-tests"
SITES = ("north", "west", "_group")
FORMS = ("json", "html", "csv", "pdf")
TUESDAY = timedelta(days=1)
NORA = "nora.quist@north.example"


@dataclass(slots=True)
class Reviewed:
    """A clinic whose ledger is copied and signed for, and the function that reviews it."""

    locked: Locked

    @property
    def clinic(self) -> Clinic:
        """The clinic."""
        return self.locked.clinic

    def signed(self, after: timedelta = timedelta()) -> None:
        """Let time pass, and the ledger be copied and signed for."""
        self.clinic.now += after
        self.locked.copy()
        assert self.locked.checkpoint()

    def do(self, what: str, left_ms: int = 900_000, at: datetime | None = None) -> dict[str, Any]:
        """Call the function as its schedule does."""
        said = {"time": at.isoformat()} if at else {}
        context = SimpleNamespace(get_remaining_time_in_millis=lambda: left_ms)
        with time_machine.travel(self.clinic.now, tick=False):
            return handler.lambda_handler({"do": what, **said}, context)

    def files(self) -> dict[str, bytes]:
        """What the bucket of reports holds."""
        client = boto3.client("s3")
        listed = client.list_objects_v2(Bucket=REPORTS).get("Contents", [])
        keys = (each["Key"] for each in listed)
        return {key: client.get_object(Bucket=REPORTS, Key=key)["Body"].read() for key in keys}


@pytest.fixture
def reviewed(monkeypatch: pytest.MonkeyPatch) -> Iterator[Reviewed]:
    """A clinic whose lead has a mail address, on Monday: one message came and was answered."""
    monkeypatch.setenv("REPORTS_BUCKET", REPORTS)
    with running() as clinic, locking(clinic) as locked:
        boto3.client("s3").create_bucket(Bucket=REPORTS)
        review_runs._genuine.cache_clear()
        members = {**MEMBERS, "nora": replace(MEMBERS["nora"], ways={Way.EMAIL: NORA})}
        clinic.publish(a_policy(a_site(members=members)))
        ticket = clinic.take(senders.by_portal(REFILL, clinic.now, "evt-1"))
        clinic.take(senders.by_portal(SENTENCE, clinic.now, "evt-2"))
        clinic.now += timedelta(minutes=25)
        clinic.respond(ticket, "nora")
        clinic.wire.calls.clear()
        yield Reviewed(locked=locked)


def metrics_of(printed: str) -> dict[str, Any]:
    """The metrics that were written to the log."""
    found: dict[str, Any] = {}
    for line in printed.splitlines():
        told = json.loads(line)
        if "_aws" in told:
            found |= {name: each for name, each in told.items() if isinstance(each, list)}
    return found


def test_it_gathers_then_makes_the_reports_of_yesterday_and_tells_the_lead(
    reviewed: Reviewed, capsys: pytest.CaptureFixture[str]
) -> None:
    reviewed.signed(TUESDAY)
    gathered = reviewed.do("gather")
    done = reviewed.do("daily")

    assert gathered["events"] > 0
    assert (gathered["faults"], gathered["well"]) == (0, True)
    assert done == {"made": 3, "told": 2}
    body = reviewed.files()["reports/north/daily/2026-03-02.json"]
    cell = from_json(body, Finding).report.cell()
    assert cell is not None
    assert cell.figures["first_response"].value == 25.0
    metrics = metrics_of(capsys.readouterr().out)
    assert metrics["ReviewHeartbeat"] == [1.0]
    assert metrics["ReportsMade"] == [1.0, 1.0, 1.0]
    sent = reviewed.clinic.notices("report")
    assert [(each["person"], each["site"], each["way"]) for each in sent] == [
        ("nora", "north", "email"),
        ("-", "west", "topic"),
    ]
    assert "25 min" in sent[0]["text"]
    assert "/console#/measures/north" in sent[0]["text"]


def test_it_makes_the_trend_reviews_of_last_week_and_names_no_patient_anywhere(
    reviewed: Reviewed, capsys: pytest.CaptureFixture[str]
) -> None:
    reviewed.signed(7 * TUESDAY)
    reviewed.do("gather")
    assert reviewed.do("weekly") == {"made": 3, "told": 2}
    assert reviewed.do("weekly") == {"made": 0, "told": 0}

    files = reviewed.files()
    assert {f"reports/{site}/weekly/2026-W10.{form}" for site in SITES for form in FORMS} <= (
        files.keys()
    )
    said = [(each["notice"], each["text"]) for each in reviewed.clinic.notices("report")]
    readable = {key: body for key, body in files.items() if not key.endswith((".gz", ".pdf"))}
    lives = {key: gzip.decompress(body) for key, body in files.items() if key.endswith(".gz")}
    told = [(key, body.decode()) for key, body in {**readable, **lives}.items()]
    assert found_where([*said, *told, ("log", capsys.readouterr().out)]) == []


def test_what_does_not_verify_is_counted_once_and_is_the_first_line_of_every_message(
    reviewed: Reviewed, capsys: pytest.CaptureFixture[str]
) -> None:
    reviewed.signed()
    *_, stored = reviewed.locked.box.after("events/")
    body = reviewed.locked.box.read(stored.key).replace(b"staff:nora", b"staff:nick")
    boto3.client("s3").put_object(Bucket=BUCKET, Key=stored.key, Body=body)

    first = reviewed.do("gather")
    reviewed.signed(TUESDAY)
    second = reviewed.do("gather")
    reviewed.do("daily")

    assert (first["faults"], second["faults"]) == (1, 0)
    assert metrics_of(capsys.readouterr().out)["MeasuresUntrusted"] == [1.0]
    sent = reviewed.clinic.notices("report")
    assert sent
    assert all(each["text"].startswith("THE LEDGER DOES NOT VERIFY") for each in sent)


@pytest.mark.parametrize("refused", ["PutObject", "Publish"])
def test_what_aws_refuses_is_made_up_for_by_the_next_run(
    reviewed: Reviewed, refused: str, capsys: pytest.CaptureFixture[str]
) -> None:
    reviewed.signed(TUESDAY)
    reviewed.do("gather")
    times = iter((Fault.REFUSED,))

    def once(_number: int, call: Call) -> Fault | None:
        return next(times, None) if call.operation == refused else None

    with reviewed.clinic.wire.failing(once), pytest.raises(ClientError):
        reviewed.do("daily")
    assert "LogFieldDropped" not in capsys.readouterr().out
    reviewed.do("daily")

    made = {f"reports/{site}/daily/2026-03-02.json" for site in SITES}
    told = {f"told/reports/{site}/daily/2026-03-02" for site in ("north", "west")}
    assert made | told <= reviewed.files().keys()


def test_in_debug_mode_everything_is_made_and_nobody_is_told(
    reviewed: Reviewed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTIFY_PEOPLE", "false")
    settings.cache_clear()
    reviewed.signed(TUESDAY)
    reviewed.do("gather")

    assert reviewed.do("daily", at=reviewed.clinic.now)["made"] == 3
    assert reviewed.clinic.wire.of("Publish") == []


def test_a_time_that_is_still_to_come_makes_no_report_of_a_day_that_is_not_over(
    reviewed: Reviewed,
) -> None:
    reviewed.signed()
    reviewed.do("gather", left_ms=1)

    assert reviewed.do("daily", at=reviewed.clinic.now + 3 * TUESDAY)["made"] <= 3
    assert "reports/north/daily/2026-03-02.json" not in reviewed.files()


def test_before_the_first_policy_there_is_nothing_to_report_and_nothing_amiss(
    bare_clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REPORTS_BUCKET", REPORTS)
    with locking(bare_clinic) as locked:
        boto3.client("s3").create_bucket(Bucket=REPORTS)
        review_runs._genuine.cache_clear()
        reviewed = Reviewed(locked=locked)
        reviewed.signed()

        assert reviewed.do("gather") == {"events": 0, "faults": 0, "well": True}
        assert reviewed.do("daily") == {}
