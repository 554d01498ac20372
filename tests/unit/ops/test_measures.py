"""`triagewire measures` and `roi` on a downloaded bucket: no AWS, nothing but what is signed."""

import csv
import io
import json
import shutil
from pathlib import Path

import pytest

from ops.cli import main
from tests.measured import KEY, Desk
from tests.template import ROOT
from triagewire.ledger.event import Action

WEEK = ("--from", "2026-03-02", "--to", "2026-03-08")
MEASURES = """
measures:
  before: { response_minutes: 540, triage_hours: 6.5 }
  hourly_rates: { triage: 24 }
"""


@pytest.fixture(scope="module")
def bucket(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger of two tickets of Riverside, signed twice, as it is downloaded."""
    desk = Desk()
    for ticket, answered in (("A", 25), ("B", 95)):
        desk.happens(ticket, 0, Action.RECEIVED, "source:form", site="riverside", channel="web")
        desk.happens(ticket, answered, Action.RESPONDED, "staff:desk.park", in_time=True)
    desk.signed()
    desk.happens("A", 5 * 24 * 60, Action.VIEWED, "staff:desk.park")
    desk.signed()
    folder = tmp_path_factory.mktemp("ledger")
    for key, body in desk.box.bodies.items():
        (folder / key).parent.mkdir(parents=True, exist_ok=True)
        (folder / key).write_bytes(body)
    (folder / "key.pem").write_text(KEY.pem, encoding="utf-8")
    return folder


@pytest.fixture
def offline(bucket: Path) -> tuple[str, ...]:
    """The options that name a bucket, its key and a policy."""
    policy = str(ROOT / "policy")
    return ("--copies", str(bucket), "--key", str(bucket / "key.pem"), "--policy", policy)


def said(capsys: pytest.CaptureFixture[str], *given: str, code: int = 0) -> str:
    """What a command prints, without what it says of itself."""
    assert main([*given]) == code
    return capsys.readouterr().out


def test_the_table_has_units_and_says_no_tickets_where_there_is_nothing(
    capsys: pytest.CaptureFixture[str], offline: tuple[str, ...]
) -> None:
    lines = said(capsys, "measures", *WEEK, *offline).splitlines()

    assert "The ledger verifies" in " ".join(lines[:5])
    (first,) = (each for each in lines if each.startswith("Time to first response  "))
    assert first.split()[4:8] == ["2", "25", "min", "95"]
    (asked,) = (each for each in lines if each.startswith("Satisfaction"))
    assert "no tickets" in asked
    assert max(map(len, lines)) <= 100


def test_what_is_asked_for_is_told_apart(
    capsys: pytest.CaptureFixture[str], offline: tuple[str, ...]
) -> None:
    shown = said(capsys, "measures", *WEEK, *offline, "--by", "channel", "--by", "site")

    assert "By channel" in shown
    assert "By site" in shown
    assert "By topic" not in shown


def test_the_forms_for_programs_hold_the_same_figures(
    capsys: pytest.CaptureFixture[str], offline: tuple[str, ...]
) -> None:
    found = json.loads(said(capsys, "measures", *WEEK, *offline, "--format", "json"))
    rows = csv.DictReader(io.StringIO(said(capsys, "measures", *WEEK, *offline, "--format", "csv")))

    (cell,) = (each for each in found["report"]["cells"] if each["by"] == "all")
    assert cell["figures"]["first_response"] == [2, 25.0, 95.0]
    row = next(each for each in rows if (each["by"], each["measure"]) == ("all", "first_response"))
    assert (row["n"], row["value"], row["p90"], row["unit"]) == ("2", "25.0", "95.0", "minutes")


@pytest.mark.parametrize(("form", "begins"), [("html", b"<!doctype html>"), ("pdf", b"%PDF-1.7")])
def test_a_file_is_written_once_and_read_by_its_owner_only(
    tmp_path: Path, offline: tuple[str, ...], form: str, begins: bytes
) -> None:
    out = tmp_path / f"march.{form}"
    command = ["measures", *WEEK, *offline, "--format", form, "--out", str(out)]

    assert main(command) == 0
    assert main(command) == 1  # it is there already
    assert out.read_bytes().startswith(begins)
    assert out.stat().st_mode & 0o077 == 0


def test_a_ledger_that_was_touched_says_so_first_and_counts_nothing_of_it(
    capsys: pytest.CaptureFixture[str], bucket: Path, tmp_path: Path, offline: tuple[str, ...]
) -> None:
    folder = tmp_path / "touched"
    shutil.copytree(bucket, folder)
    copies = sorted(folder.glob("events/*/*"))
    spoilt = next(each for each in copies if b'"RESPONDED"' in each.read_bytes().upper())
    spoilt.write_bytes(spoilt.read_bytes().replace(b"2026-03-02", b"2026-03-01", 1))
    given = ["--copies", str(folder), *offline[2:]]

    lines = said(capsys, "measures", *WEEK, *given, code=1).splitlines()

    assert lines[0].startswith("!! THE LEDGER DOES NOT VERIFY")
    (first,) = (each for each in lines if each.startswith("Time to first response  "))
    assert first.split()[4] == "1"
    rows = said(capsys, "measures", *WEEK, *given, "--format", "csv", code=1).splitlines()
    assert ",ledger,does not verify," in rows[1]


def test_another_key_is_not_believed(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, offline: tuple[str, ...]
) -> None:
    other = tmp_path / "other.pem"
    other.write_text(type(KEY)(secret=7).pem, encoding="utf-8")
    given = [str(other) if each.endswith("key.pem") else each for each in offline]

    shown = said(capsys, "measures", *WEEK, *given, code=1)

    assert "THE LEDGER DOES NOT VERIFY" in shown.splitlines()[0]
    assert "not signed by a key" in shown


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        (("--to", "2026-03-01"), "--to: must not be before from"),
        (("--to", "2036-03-01"), "--to: must be within 1830 days of from"),
        (("--site", "atlantis"), "--site: is none of mesa, riverside"),
        (("--format", "pdf"), "--out: is needed"),
        (("--recompute",), "--recompute: is what --copies does anyway"),
        (("--copies", "/nowhere"), "--copies: is no folder"),
    ],
)
def test_a_slip_names_its_option(
    capsys: pytest.CaptureFixture[str],
    offline: tuple[str, ...],
    changed: tuple[str, ...],
    problem: str,
) -> None:
    assert main(["measures", *WEEK, *offline, *changed]) == 1
    assert problem in capsys.readouterr().err


def test_a_day_that_is_none_is_a_wrong_call(
    capsys: pytest.CaptureFixture[str], offline: tuple[str, ...]
) -> None:
    with pytest.raises(SystemExit):
        main(["measures", "--from", "2026-02-30", "--to", "2026-03-08", *offline])

    assert "is no day: write it as 2026-03-01" in capsys.readouterr().err


def test_offline_needs_a_key_and_a_policy(capsys: pytest.CaptureFixture[str], bucket: Path) -> None:
    assert main(["measures", *WEEK, "--copies", str(bucket)]) == 1
    assert "--key: is needed with --copies" in capsys.readouterr().err


def test_a_period_without_tickets_is_a_report_without_figures(
    capsys: pytest.CaptureFixture[str], offline: tuple[str, ...]
) -> None:
    shown = said(capsys, "measures", "--from", "2025-03-01", "--to", "2025-03-02", *offline)

    (first,) = (each for each in shown.splitlines() if each.startswith("Time to first response  "))
    assert "no tickets" in first


def test_what_nobody_entered_is_named_and_no_money_is_made_of_it(
    capsys: pytest.CaptureFixture[str], offline: tuple[str, ...]
) -> None:
    shown = said(capsys, "roi", *WEEK, *offline, "--site", "riverside")

    assert "enter measures.before.triage_hours in the policy" in " ".join(shown.split())
    assert "not known" in shown
    assert "USD" not in shown


def test_money_is_hours_that_are_not_worked_any_more_at_the_groups_own_rate(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, offline: tuple[str, ...]
) -> None:
    policy = tmp_path / "policy"
    shutil.copytree(ROOT / "policy", policy)
    with (policy / "sites" / "riverside.yaml").open("a", encoding="utf-8") as file:
        file.write(MEASURES)

    given = (*offline[:-1], str(policy), "--site", "riverside", "--format", "json")
    found = json.loads(said(capsys, "roi", *WEEK, *given))

    (worth,) = found["worth"]
    response = worth["measures"][0]
    assert (response["before"], response["now"]) == (540, 25.0)
    triage, clinical = worth["savings"]
    assert worth["days"] == 5
    assert triage["amount"] == pytest.approx(24 * triage["hours"], abs=0.01)
    assert clinical["amount"] is None


def test_the_group_comes_first_and_each_site_after_it(
    capsys: pytest.CaptureFixture[str], offline: tuple[str, ...]
) -> None:
    found = json.loads(said(capsys, "roi", *WEEK, *offline, "--format", "json"))
    page = said(capsys, "roi", *WEEK, *offline, "--format", "html")

    assert [each["site"] for each in found["worth"]] == ["", "mesa", "riverside"]
    assert "<h2>Riverside, open on 5 days</h2>" in page
