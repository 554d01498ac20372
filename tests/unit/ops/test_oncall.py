"""`triagewire oncall`: who is on when, and what keeps somebody from being paged."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from ops.cli import FAILED, main

STARTER = Path(__file__).parents[3] / "policy"
DOCUMENT = Path(__file__).parents[3] / "docs" / "on-call.md"
RIVERSIDE = "sites/riverside.yaml"
AT = "2026-11-23T09:00-05:00"
REYES = "dr.reyes: {"
LEAVE = f"{REYES} leave: [{{ begins: 2026-12-07, ends: 2026-12-13 }}],"
PLAIN = "on_call: { rota: [dr.reyes, dr.whitfield], since: 2026-01-05, handover: 08:00 }\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The starter policy with a plain rota at Riverside."""
    copy = Path(shutil.copytree(STARTER, tmp_path / "policy"))
    put(copy / RIVERSIDE, PLAIN)
    return copy


def put(path: Path, rota: str) -> None:
    """Give a site another `on_call`."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    first = next(number for number, line in enumerate(lines) if line.startswith("on_call:"))
    deeper = (n for n in range(first + 1, len(lines)) if not lines[n].startswith(" "))
    lines[first : next(deeper)] = [rota]
    path.write_text("".join(lines), encoding="utf-8")


def edit(folder: Path, old: str, new: str) -> None:
    """Change Riverside's file."""
    path = folder / RIVERSIDE
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def oncall(
    capsys: pytest.CaptureFixture[str], folder: Path, action: str, *more: str, code: int = 0
) -> str:
    """What the command prints for Riverside."""
    given = [action, "--policy", str(folder), "--site", "riverside", "--at", AT, *more]
    assert main(["oncall", *given]) == code
    return capsys.readouterr().out


def riverside(printed: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(printed)["sites"]["riverside"]
    return found


def test_show_lists_every_shift_in_site_time(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = oncall(capsys, folder, "show", "--days", "14").splitlines()

    assert shown[0] == "riverside  Riverside Clinic, America/New_York"
    assert shown[1:4] == [
        "  Mon 2026-11-23 09:00  to  Mon 2026-11-30 08:00  dr.reyes  Lucia Reyes",
        "  Mon 2026-11-30 08:00  to  Mon 2026-12-07 08:00  dr.whitfield  Noel Whitfield",
        "  Mon 2026-12-07 08:00  to  Mon 2026-12-07 09:00  dr.reyes  Lucia Reyes",
    ]


def test_show_marks_a_gap_and_says_why(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(folder, REYES, LEAVE)

    shown = oncall(capsys, folder, "show")

    assert (
        "  Mon 2026-12-07 08:00  to  Mon 2026-12-14 00:00  NOBODY: dr.reyes is on leave\n" in shown
    )


def test_machines_get_the_same_with_offsets(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = riverside(oncall(capsys, folder, "show", "--json"))

    assert found["shifts"][0] == {
        "begins": "2026-11-23T09:00:00-05:00",
        "ends": "2026-11-30T08:00:00-05:00",
        "member": "dr.reyes",
        "planned": "dr.reyes",
        "rota": "",
    }


def reachable(folder: Path) -> None:
    """Give the doctors of Riverside a way, unless the starter policy does."""
    for doctor in ("dr.reyes", "dr.whitfield"):
        text = (folder / RIVERSIDE).read_text(encoding="utf-8")
        line = next(line for line in text.splitlines() if line.startswith(f"  {doctor}: "))
        if "ways" not in text[text.index(line) :].split("\n  dr.")[0]:
            edit(folder, f"{doctor}: {{", f"{doctor}: {{ ways: {{ sms: '+15550100177' }},")


def test_check_is_content_when_somebody_who_can_be_reached_is_always_on(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reachable(folder)

    printed = oncall(capsys, folder, "check")

    assert "GAP" not in printed
    assert "UNREACHABLE" not in printed
    assert "balance (1 is even)  hours " in printed


def test_check_fails_for_a_gap(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    reachable(folder)
    edit(folder, REYES, LEAVE)

    printed = oncall(capsys, folder, "check", code=FAILED)

    gap = "GAP Mon 2026-12-07 08:00  to  Mon 2026-12-14 00:00  dr.reyes is on leave"
    assert f"  {gap}: add an override or a swap\n" in printed


def test_check_fails_for_who_is_on_call_and_has_no_way(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reachable(folder)
    member = "nurse.sand: { name: Ida Sand, teams: [clinical, review] }"
    edit(folder, "members:\n", f"members:\n  {member}\n")
    edit(folder, "rota: [dr.reyes, dr.whitfield]", "rota: [dr.reyes, nurse.sand]")

    printed = oncall(capsys, folder, "check", code=FAILED)

    assert "  UNREACHABLE nurse.sand has no way of their own: give their member `ways`\n" in printed
    assert "UNREACHABLE dr.reyes" not in printed


def test_check_counts_hours_nights_and_weekends(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reachable(folder)

    found = riverside(oncall(capsys, folder, "check", "--days", "28", "--json"))

    assert found["hours"] == {
        "dr.reyes": {"hours": 336, "nights": 112, "weekends": 96},
        "dr.whitfield": {"hours": 336, "nights": 112, "weekends": 96},
    }
    assert found["balance"] == {"hours": 1.0, "nights": 1.0, "weekends": 1.0}


def test_ical_prints_the_feed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    printed = oncall(capsys, folder, "ical")

    assert printed.startswith("BEGIN:VCALENDAR\r\n")
    assert "SUMMARY:On call: Lucia Reyes (Riverside Clinic)\r\n" in printed


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--site", "atlantis"], "--site: is none of mesa, riverside"),
        (["--days", "0"], "--days: must be between 1 and 366"),
        (["--at", "tomorrow"], "--at: must be a time such as 2026-03-02T09:00Z"),
        (["--at", "9999-12-31T23:00Z"], "--at: must be in the years 2000 to 2199"),
        (["--at", "2026-03-02T09:00"], "--at: needs its offset, as in 2026-03-02T09:00-05:00"),
    ],
)
def test_what_is_asked_wrongly_is_told_on_one_line(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    assert main(["oncall", "show", "--policy", str(folder), *arguments]) == FAILED

    assert capsys.readouterr().err == f"{told}\n"


def test_a_rota_that_cannot_be_meant_is_told_with_its_line(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(folder, "handover: 08:00 }", "handover: 08:00, feed: -1 }")

    assert main(["oncall", "show", "--policy", str(folder)]) == FAILED

    told = "sites.riverside.on_call.feed: must not be below 0, which is no feed"
    assert told in capsys.readouterr().err


def test_the_example_of_the_document_is_what_is_shown(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    example = DOCUMENT.read_text(encoding="utf-8").partition("## An example")[2]
    rota = example.partition("```yaml\n")[2].partition("```")[0]
    asked, _, shown = example.partition("```\n$ triagewire ")[2].partition("```")[0].partition("\n")
    put(folder / "sites" / "mesa.yaml", rota)

    assert main([*asked.split(), "--policy", str(folder)]) == 0

    assert capsys.readouterr().out.strip() == shown.strip()
    assert main(["oncall", "check", *asked.split()[2:], "--policy", str(folder)]) == 0
