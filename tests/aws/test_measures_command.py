"""`triagewire measures` on a stack: what the review function keeps is read on, never written."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import boto3
import pytest
import time_machine
from msgspec.structs import replace

from ops.cli import main
from ops.deployed import Deployed
from tests.aws import senders
from tests.aws.clinic import running
from tests.aws.identifiers import SENTENCE, found_where
from tests.aws.locked import BUCKET, Locked, locking
from tests.aws.said import REFILL
from triagewire.flow import measuring
from triagewire.flow.measuring import OPEN
from triagewire.measures.kept import from_file, to_file
from triagewire.reports import ReportBox
from triagewire.signing import SigningKey
from triagewire.trusted_keys import genuine_by

REPORTS = "reports-of-the-tests"
WEEK = ("--from", "2026-03-02", "--to", "2026-03-08")

type Measures = Callable[..., tuple[int, str, str]]
"""Calls the command; returns its code and what it printed."""


@pytest.fixture
def locked(monkeypatch: pytest.MonkeyPatch) -> Iterator[Locked]:
    """A clinic on Monday: one message was answered, signed for and gathered; another one since."""
    with running() as clinic, locking(clinic) as found:
        boto3.client("s3").create_bucket(Bucket=REPORTS)
        outputs = {
            "TicketsTableName": "tickets",
            "LedgerTableName": "ledger",
            "AuditBucketName": BUCKET,
            "ReportsBucketName": REPORTS,
            "LedgerSigningKeyArn": found.key_arn,
        }
        monkeypatch.setattr("ops.measured.deployed", lambda _name: Deployed(outputs))
        answered(found, REFILL, "evt-1", 25)
        key = SigningKey(boto3.client("kms"), found.key_arn)
        measuring.gather(found.box, kept(), genuine_by([key.pem.encode()]))
        answered(found, SENTENCE, "evt-2", 95)
        yield found


@pytest.fixture
def measures(locked: Locked, capsys: pytest.CaptureFixture[str]) -> Measures:
    """The command, a week later."""

    def call(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        with time_machine.travel(locked.clinic.now + timedelta(days=7), tick=False):
            code = main(["measures", *WEEK, *arguments])
        return code, *capsys.readouterr()

    return call


def answered(locked: Locked, text: str, event: str, minutes: int) -> None:
    """A message comes, is answered so many minutes later, and all of it is signed for."""
    clinic = locked.clinic
    ticket = clinic.take(senders.by_portal(text, clinic.now, event))
    clinic.now += timedelta(minutes=minutes)
    clinic.respond(ticket, "nora")
    locked.copy()
    assert locked.checkpoint()


def kept() -> ReportBox:
    """The bucket of reports."""
    return ReportBox(boto3.client("s3"), REPORTS)


def stored() -> dict[str, bytes | None]:
    """What the bucket of reports holds."""
    return {key: kept().read(key) for key in kept().keys("lives/")}


def first_response(printed: str) -> list[str]:
    """How many first responses, their median and 90th percentile, in words."""
    (line,) = (each for each in printed.splitlines() if each.startswith("Time to first response  "))
    return line.split()[4:8]


def test_what_was_signed_since_is_read_on_and_written_nowhere(measures: Measures) -> None:
    before = stored()

    code, printed, _ = measures()

    assert (code, first_response(printed)) == (0, ["2", "25", "min", "95"])
    assert stored() == before


def test_the_ledger_read_anew_says_the_same_until_somebody_touches_the_lives(
    measures: Measures,
) -> None:
    code, printed, told = measures("--recompute")
    assert (code, first_response(printed)) == (0, ["2", "25", "min", "95"])
    assert "both ways agree" in told
    mark, gathered = from_file(stored()[OPEN] or b"")
    for ticket, life in gathered.lives.items():
        later = replace(life, responded_at=life.received_at)
        gathered.lives[ticket] = later
    kept().write(OPEN, to_file(mark, gathered), "application/gzip")

    code, printed, told = measures("--recompute")

    assert (code, first_response(printed)) == (1, ["2", "25", "min", "95"])
    assert "differ in all first_response" in told


def test_what_was_laid_over_the_locked_copies_is_told_first(measures: Measures) -> None:
    client = boto3.client("s3")
    listed = client.list_objects_v2(Bucket=BUCKET, Prefix="events/")["Contents"]
    client.put_object(Bucket=BUCKET, Key=listed[0]["Key"], Body=b"{}")

    code, printed, _ = measures("--recompute")

    assert code == 1
    assert printed.startswith("!! THE LEDGER DOES NOT VERIFY")
    assert "something was laid over what is locked" in " ".join(printed.split())
    assert first_response(printed)[0] == "2"


def test_no_form_holds_anything_of_a_patient(measures: Measures) -> None:
    forms = ("table", "json", "csv", "html")

    said = [(each, "".join(measures("--format", each, "--by", "team")[1:])) for each in forms]

    assert found_where(said) == []
