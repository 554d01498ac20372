"""`triagewire sla`: what it prints is a contract, and what it refuses it says on one line."""

import json
import re
from pathlib import Path

import pytest

from ops.cli import USAGE, main

STARTER = Path(__file__).parents[3] / "policy"
CLINIC = """\
zone: America/New_York
hours:
  mon: [{ opens: 08:00, closes: 12:00 }, { opens: 13:30, closes: 18:00 }]
  tue: [{ opens: 08:00, closes: 12:00 }, { opens: 13:30, closes: 18:00 }]
  wed: [{ opens: 08:00, closes: 12:00 }, { opens: 13:30, closes: 18:00 }]
  thu: [{ opens: 08:00, closes: 12:00 }, { opens: 13:30, closes: 18:00 }]
  fri: [{ opens: 08:00, closes: 12:00 }, { opens: 13:30, closes: 18:00 }]
holidays:
  - { date: 2026-12-24, name: Christmas Eve, closed_from: 12:00 }
  - { date: 2020-12-25, name: Christmas Day, every_year: true }
"""


@pytest.fixture
def clinic(tmp_path: Path) -> Path:
    """A calendar with a lunch break, half a closed day and one that comes every year."""
    return _file(tmp_path, CLINIC)


def _file(folder: Path, text: str) -> Path:
    path = folder / "clinic.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def _answer(capsys: pytest.CaptureFixture[str], *arguments: object) -> dict[str, object]:
    code = main(["sla", *map(str, arguments)])

    said = capsys.readouterr()
    assert (code, said.err) == (0, "")
    answer: dict[str, object] = json.loads(said.out)
    return answer


def _refusal(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    code = main(["sla", *map(str, arguments)])

    said = capsys.readouterr()
    assert (code, said.out) == (USAGE, "")
    return said.err.rstrip("\n")


@pytest.mark.parametrize(
    ("start", "target", "due"),
    [
        pytest.param("2026-11-20T16:00-05:00", 120, "2026-11-20T23:00:00+00:00", id="same day"),
        pytest.param("2026-11-20T17:00-05:00", 120, "2026-11-23T14:00:00+00:00", id="weekend"),
        pytest.param("2026-11-20T16:30:00Z", 60, "2026-11-20T19:00:00+00:00", id="lunch, in UTC"),
        pytest.param("2026-12-24T11:00", 90, "2026-12-28T13:30:00+00:00", id="Christmas"),
        pytest.param("2026-03-06T17:30", 60, "2026-03-09T12:30:00+00:00", id="the clocks change"),
    ],
)
def test_due_prints_the_instant_in_utc(
    clinic: Path, capsys: pytest.CaptureFixture[str], start: str, target: int, due: str
) -> None:
    answer = _answer(capsys, "due", "--calendar", clinic, "--target", target, "--start", start)

    assert answer == {"due": due}


def test_waits_move_what_is_due(clinic: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answer = _answer(
        capsys,
        *("due", "--calendar", clinic, "--target", 60, "--start", "2026-11-20T16:00-05:00"),
        *("--pause", "2026-11-20T16:10-05:00..2026-11-20T16:40-05:00"),
        *("--pause", "2026-11-20T17:00-05:00..2026-11-23T09:00-05:00"),
    )

    assert answer == {"due": "2026-11-23T14:30:00+00:00"}


@pytest.mark.parametrize(
    ("end", "minutes"),
    [
        pytest.param("2026-11-20T16:00-05:00", 0, id="nothing"),
        pytest.param("2026-11-20T17:00-05:00", 60, id="an hour"),
        pytest.param("2026-11-20T16:00:45-05:00", 0.75, id="seconds"),
        pytest.param("2026-11-23T09:00-05:00", 180, id="the weekend"),
    ],
)
def test_elapsed_prints_the_minutes_that_counted(
    clinic: Path, capsys: pytest.CaptureFixture[str], end: str, minutes: float
) -> None:
    answer = _answer(
        capsys,
        *("elapsed", "--calendar", clinic, "--start", "2026-11-20T16:00-05:00", "--end", end),
    )

    assert answer == {"elapsed_minutes": minutes}
    assert type(answer["elapsed_minutes"]) is type(minutes)


def test_so_much_has_elapsed_when_a_target_is_due_as_was_promised(
    clinic: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    history = (
        *("--calendar", clinic, "--start", "2026-10-30T16:12:34-04:00"),
        *("--pause", "2026-10-30T16:50:01-04:00..2026-11-02T09:00:59-05:00"),
    )
    due = _answer(capsys, "due", *history, "--target", 1000)["due"]

    assert _answer(capsys, "elapsed", *history, "--end", due) == {"elapsed_minutes": 1000}


def test_a_time_without_an_offset_is_read_on_the_clock_of_the_site(
    clinic: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = _answer(
        capsys, "due", "--calendar", clinic, "--target", 30, "--start", "2026-07-01T08:00"
    )

    assert answer == {"due": "2026-07-01T12:30:00+00:00"}


@pytest.mark.parametrize("name", ["group.yaml", "sites/riverside.yaml"])
def test_the_files_of_a_policy_are_calendars_too(
    name: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = STARTER / name
    if name == "group.yaml":
        text = path.read_text(encoding="utf-8").replace(
            "site:", "site:\n  zone: America/New_York", 1
        )
        path = _file(tmp_path, text)

    answer = _answer(
        capsys, "due", "--calendar", path, "--target", 60, "--start", "2026-11-25T17:00-05:00"
    )

    assert answer == {"due": "2026-11-27T13:30:00+00:00"}


def test_an_explanation_names_every_stretch_in_site_time(
    clinic: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(
        [
            *("sla", "explain", "--calendar", str(clinic), "--target", "180"),
            *("--start", "2026-12-23T17:00-05:00", "--at", "2026-12-24T09:00-05:00"),
            *("--pause", "2026-12-24T10:00-05:00..2026-12-24T11:30-05:00"),
        ]
    )

    assert code == 0
    assert capsys.readouterr().out.splitlines() == [
        "3 h of the site's hours, on the clock of America/New_York",
        "Wed 2026-12-23 17:00-05:00 until Wed 2026-12-23 18:00-05:00"
        "  open: 1 h counted, 1 h in all",
        "Wed 2026-12-23 18:00-05:00 until Thu 2026-12-24 08:00-05:00  closed: does not count",
        "Thu 2026-12-24 08:00-05:00 until Thu 2026-12-24 08:30-05:00"
        "  open: 30 min counted, 1 h 30 min in all",
        "Thu 2026-12-24 08:30-05:00  reminder: 1 h 30 min gone",
        "Thu 2026-12-24 08:30-05:00 until Thu 2026-12-24 09:00-05:00"
        "  open: 30 min counted, 2 h in all",
        "Thu 2026-12-24 09:00-05:00  now: 2 h gone, 1 h left",
        "Thu 2026-12-24 09:00-05:00 until Thu 2026-12-24 10:00-05:00"
        "  open: 1 h counted, 3 h in all",
        "Thu 2026-12-24 10:00-05:00  due: 3 h gone",
    ]


def test_an_explanation_names_holidays_and_changes_of_the_clocks(
    clinic: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    common = ("sla", "explain", "--calendar", str(clinic), "--target")
    main([*common, "60", "--start", "2026-12-24T11:30-05:00"])
    main([*common, "60", "--start", "2026-03-06T17:30-05:00"])

    told = capsys.readouterr().out
    assert "closed for Christmas Eve: does not count" in told
    assert "closed for Christmas Day: does not count" in told
    assert "Sun 2026-03-08 03:00-04:00  the clocks are set ahead by 1 h" in told


@pytest.mark.parametrize(
    ("change", "line", "problem"),
    [
        (("America/New_York", "Mars/Olympus"), 1, "zone: is no IANA time zone"),
        (
            ("mon: [{ opens: 08:00, closes: 12:00 }", "mon: [{ opens: 12:00, closes: 08:00 }"),
            3,
            "hours.mon.0.closes: must be later",
        ),
        (
            ("wed: [{ opens: 08:00, closes: 12:00 }", "wed: [{ opens: 08:00, closes: 14:00 }"),
            5,
            "hours.wed.1: overlaps",
        ),
        (("fri:", "freitag:"), 7, "hours.freitag: is no weekday"),
        (("2026-12-24", "2026-12-26"), 9, "holidays.0: 2026-12-26 is a Saturday, which is closed"),
        (("closed_from: 12:00", "closed_from: 19:00"), 9, "holidays.0: closes no hour"),
        (("date: 2026-12-24", "date: 2026-13-24"), 9, "holidays.0.date: "),
        (("holidays:", "holliday:"), 8, "holliday: is no field of a site"),
        (("zone: America/New_York\n", ""), 1, "zone: is missing"),
        (("closes: 12:00", "shuts: 12:00"), 3, "hours.mon.0."),
    ],
    ids=[
        "an unknown zone",
        "hours that run backwards",
        "overlapping hours",
        "an unknown day",
        "a holiday on a closed day",
        "a closure of closed hours",
        "a date that is none",
        "an unknown field",
        "no zone",
        "an unknown field of an interval",
    ],
)
def test_a_calendar_that_makes_no_sense_is_refused_with_its_line(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    change: tuple[str, str],
    line: int,
    problem: str,
) -> None:
    path = _file(tmp_path, CLINIC.replace(*change))

    told = _refusal(
        capsys, "due", "--calendar", path, "--target", 60, "--start", "2026-11-20T16:00Z"
    )

    assert told.splitlines()[0].startswith(f"{path}:{line}: {problem}")


@pytest.mark.parametrize(
    "hours",
    ["hours: {}", "hours: { mon: [] }", "hours:"],
    ids=["an empty week", "a week of closed days", "nothing"],
)
def test_a_calendar_without_hours_is_refused_and_never_means_every_hour(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], hours: str
) -> None:
    path = _file(tmp_path, f"zone: America/New_York\n{hours}\n")

    told = _refusal(
        capsys, "due", "--calendar", path, "--target", 60, "--start", "2026-11-20T16:00Z"
    )

    assert told.count("\n") == 0
    assert "hours" in told


def test_a_file_that_is_not_there_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "no.yaml"

    told = _refusal(
        capsys, "due", "--calendar", path, "--target", 60, "--start", "2026-11-20T16:00Z"
    )

    assert told == f"{path}:1: cannot be read: name a YAML file with a calendar"


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("--target", "0"), "--target: must be one minute or more"),
        (("--target", "-5"), "--target: must be one minute or more"),
        (("--target", "soon"), "--target: must be a whole number of minutes"),
        (("--target", "9999999"), "--target: must be at most 527040 minutes"),
        (("--target", "9" * 20), "--target: must be at most 527040 minutes"),
        (("--start", "yesterday"), "--start: must be an ISO time"),
        (("--start", "0001-01-01T00:00Z"), "--start: must be in the years"),
        (("--pause", "2026-11-20T17:00Z"), "--pause: must be two times with .. between them"),
        (("--pause", "2026-11-20T18:00Z..2026-11-20T17:00Z"), "--pause: ends before it begins"),
        (("--pause", "2026-11-20T15:00Z..2026-11-20T17:00Z"), "--pause: begins before --start"),
        (
            (
                *("--pause", "2026-11-20T18:00Z..2026-11-20T18:30Z"),
                *("--pause", "2026-11-20T17:00Z..2026-11-20T17:30Z"),
            ),
            "--pause: pauses are out of order",
        ),
        (
            (
                *("--pause", "2026-11-20T17:00Z..2026-11-20T18:00Z"),
                *("--pause", "2026-11-20T17:30Z..2026-11-20T19:00Z"),
            ),
            "--pause: two pauses overlap",
        ),
    ],
)
def test_a_question_that_makes_no_sense_is_refused_by_its_argument(
    clinic: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], problem: str
) -> None:
    fine = {"--calendar": str(clinic), "--target": "60", "--start": "2026-11-20T16:00Z"}
    others = [
        part for name, value in fine.items() if name != arguments[0] for part in (name, value)
    ]

    told = _refusal(capsys, "due", *others, *arguments)

    assert told.startswith(problem)
    assert told.count("\n") == 0


def test_an_end_before_the_start_is_refused(
    clinic: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = _refusal(
        capsys,
        *("elapsed", "--calendar", clinic),
        *("--start", "2026-11-20T16:00Z", "--end", "2026-11-20T15:00Z"),
    )

    assert told == "--end: is before --start: give a later time"


@pytest.mark.parametrize("action", ["due", "elapsed", "explain"])
def test_every_action_explains_itself(action: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["sla", action, "--help"])

    assert left.value.code == 0
    assert "without one they are read on the site's own clock" in " ".join(
        capsys.readouterr().out.split()
    )


def test_the_examples_of_the_documentation_are_what_the_command_prints(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (STARTER.parent / "docs" / "sla.md").read_text(encoding="utf-8")
    blocks = dict(re.findall(r"^```(yaml|console)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE))
    _file(tmp_path, blocks["yaml"])
    monkeypatch.chdir(tmp_path)

    for example in blocks["console"].split("$ triagewire ")[1:]:
        command, _, printed = example.partition("\n")
        assert main(command.split()) == 0
        assert capsys.readouterr().out == printed


def test_how_it_stood_before_the_start_is_not_explained(
    clinic: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = _refusal(
        capsys,
        *("explain", "--calendar", clinic, "--target", 60),
        *("--start", "2026-11-20T16:00Z", "--at", "2026-11-20T15:00Z"),
    )

    assert told == "--at: is before --start: give a later time"
