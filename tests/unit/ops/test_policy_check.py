"""`triagewire policy check` held against the shipped release, and the record of that release."""

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine

from ops import policy as command
from ops import release_record
from ops.cli import FAILED, main
from tests.shipped import scorer_of
from triagewire.policy.gate.release import Record, read_record, write_record
from triagewire.policy.load import Draft
from triagewire.policy.rehearsal import Report
from triagewire.scoring.rules import rules_from

STARTER = str(Path(__file__).parents[3] / "policy")


@pytest.fixture
def record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A release that called a question about parking urgent; all else about the policy is fit."""
    path = tmp_path / "release.json"
    write_record(path, Record(scores={"parking": 5, "chest-pain-and-breath": 5}))
    monkeypatch.setattr(release_record, "RECORD", path)

    def fit(draft: Draft, _now: datetime) -> Report:
        return Report(problems=(), scorer=scorer_of(rules_from(draft.policy.rules)))

    monkeypatch.setattr(command, "rehearse", fit)
    return path


@pytest.mark.usefixtures("record")
def test_a_check_fails_where_the_shipped_release_was_more_urgent(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code = main(["policy", "check", STARTER])

    said = capsys.readouterr()
    assert code == FAILED
    assert "tickets.parking: was urgent in the shipped release and would not be now" in said.err
    assert "--accept-lowering" in said.err
    assert "lowered 1" in said.out


@pytest.mark.usefixtures("record")
def test_a_reason_lets_a_check_pass_and_is_printed_for_machines(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code = main(["policy", "check", STARTER, "--json", "--accept-lowering", "parking is easy"])

    said = json.loads(capsys.readouterr().out)
    assert (code, said["fit"]) == (0, True)
    assert (said["lowered_tickets"], said["accepted_reason"]) == (["parking"], "parking is easy")


def test_a_record_is_not_rewritten_over_a_lost_emergency_without_a_reason(
    record: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["policy", "check", STARTER, "--record"])

    assert code == FAILED
    assert "parking: was urgent and is scored 1 now" in capsys.readouterr().err
    assert read_record(record).scores == {"parking": 5, "chest-pain-and-breath": 5}


def test_a_record_rewritten_with_a_reason_is_what_the_next_check_is_held_against(
    record: Path,
) -> None:
    reason = ["--accept-lowering", "parking is easy"]

    assert main(["policy", "check", STARTER, "--record", *reason]) == 0
    assert main(["policy", "check", STARTER]) == 0
    assert [each.reason for each in read_record(record).accepted] == ["parking is easy"]


def test_a_check_looks_for_gaps_from_the_present_time_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = Path(shutil.copytree(STARTER, tmp_path / "policy"))
    site = folder / "sites" / "riverside.yaml"
    leave = "dr.reyes: { leave: [{ begins: 2027-02-01, ends: 2027-02-07 }],"
    site.write_text(site.read_text("utf-8").replace("dr.reyes: {", leave, 1), encoding="utf-8")

    with time_machine.travel(datetime(2027, 1, 20, 15, tzinfo=UTC), tick=False):
        code = main(["policy", "check", str(folder)])

    told = "nobody is on call from 2027-02-01 08:00 to 2027-02-08 00:00: dr.reyes is on leave"
    assert code == FAILED
    assert told in capsys.readouterr().err
