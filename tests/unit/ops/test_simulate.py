"""`triagewire simulate`: what it prints is a contract, and every documented scenario keeps what it
says.
"""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from ops.cli import USAGE, main
from ops.simulation.play import play
from ops.simulation.reading import scenario_in
from ops.simulation.sheet import Line
from ops.simulation.timeline import Timeline
from ops.simulation.words import LEFT_OUT, name_of
from tests.shipped import engine_of
from triagewire.flow import judge
from triagewire.ledger.event import Action

DOCS = Path(__file__).parents[3] / "docs"
SCENARIOS = DOCS / "scenarios"
PAGE = (DOCS / "simulate.md").read_text(encoding="utf-8")
PAGES = ("page", "repage")

type Moments = list[dict[str, Any]]


@cache
def _played(name: str) -> Timeline:
    return play(scenario_in(SCENARIOS / f"{name}.yaml"))


def _moments(name: str, *events: str) -> Moments:
    found: Moments = _played(name).as_data()
    return [each for each in found if not events or each["event"] in events]


def _at(moment: dict[str, Any]) -> str:
    """Its wall time, to the second."""
    return str(moment["at"])[11:19]


@pytest.fixture(autouse=True)
def compiled_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """The shipped rules are compiled once for all scenarios."""
    monkeypatch.setattr(judge, "build_engine", engine_of)


def test_json_is_a_timeline_of_moments_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", str(SCENARIOS / "chest-pain-at-night.yaml"), "--json"]) == 0

    said = capsys.readouterr()
    assert said.err == ""
    told = json.loads(said.out)
    assert list(told) == ["timeline"]
    for moment in told["timeline"]:
        assert list(moment)[:5] == ["at", "event", "ticket", "to", "why"]
        assert re.fullmatch(r"2026-03-03T\d\d:\d\d:\d\d-05:00", moment["at"])
        assert isinstance(moment["to"], list)
    times = [moment["at"] for moment in told["timeline"]]
    assert times == sorted(times)


def test_the_table_has_a_line_for_every_page(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", str(SCENARIOS / "chest-pain-at-night.yaml")]) == 0

    said = capsys.readouterr().out
    assert "Tue 2026-03-03  America/New_York" in said
    assert re.search(r"02:04:00  page +chest-pain  → dr.reyes \[", said)


def test_a_scenario_that_makes_no_sense_prints_nothing_and_says_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "night.yaml"
    path.write_text("starts: tonight\nevents: []\n", encoding="utf-8")

    code = main(["simulate", str(path), "--policy", str(SCENARIOS / "harbor")])

    said = capsys.readouterr()
    assert (code, said.out) == (USAGE, "")
    assert said.err.startswith(f"{path}:1: starts: must be an ISO time")


def test_the_policy_of_the_command_line_goes_before_that_of_the_scenario(
    capsys: pytest.CaptureFixture[str],
) -> None:
    scenario = str(SCENARIOS / "chest-pain-at-night.yaml")

    code = main(["simulate", scenario, "--policy", str(SCENARIOS / "harbor")])

    assert code == USAGE
    assert "must be one of the policy's sites: harbor" in capsys.readouterr().err


def test_chest_pain_at_night_pages_at_once_and_climbs_until_somebody_hears_it() -> None:
    pages = _moments("chest-pain-at-night", *PAGES)
    heard = _moments("chest-pain-at-night", "ack")

    assert [(_at(each), each["to"]) for each in pages][:3] == [
        ("02:04:00", ["dr.reyes"]),
        ("02:09:00", ["nurse.okafor"]),
        ("02:14:00", ["manager.ashe"]),
    ]
    assert [(_at(each), each["by"]) for each in heard] == [("02:17:00", "nurse.okafor")]


def test_chest_pain_at_night_is_paged_again_when_the_acknowledgement_brought_no_work() -> None:
    (expired,) = _moments("chest-pain-at-night", "ack_expired")
    later = [
        each for each in _moments("chest-pain-at-night", *PAGES) if each["at"] >= expired["at"]
    ]

    assert _at(expired) == "02:47:00"
    assert (_at(later[0]), later[0]["to"]) == ("02:47:00", ["dr.reyes"])
    assert _at(later[-1]) < "03:10:00"


def test_a_gap_in_the_rota_is_passed_over_at_once_and_said() -> None:
    first, again, covered = _moments("provider-on-leave", *PAGES)

    assert (_at(first), first["to"]) == ("22:10:00", ["nurse.lund"])
    assert first["skipped"] == ["on_call: nobody"]
    assert _at(again) == "22:14:00"
    assert (_at(covered), covered["to"]) == ("23:30:00", ["dr.kessler"])
    assert "skipped" not in covered


def test_a_way_that_fails_keeps_no_page_back() -> None:
    (sent,) = [each for each in _moments("provider-on-leave", "sent") if each["failed"]]

    assert (sent["to"], sent["ways"], sent["failed"]) == (["dr.kessler"], ["pager"], ["sms"])


def test_of_two_hundred_urgent_tickets_every_one_is_seen_in_few_messages() -> None:
    sent = _moments("two-hundred-at-once", "sent")
    pages = [each for each in sent if each["kind"] == "page"]
    seen = {ticket for each in pages for ticket in each["tickets"]}
    first_quarter = [each for each in sent if "02:00:00" <= _at(each) < "02:15:00"]

    assert len(seen) == 200
    for person in {each["to"][0] for each in first_quarter}:
        assert sum(each["to"] == [person] for each in first_quarter) <= 5
    assert _at(pages[0]) == "02:00:00"


def test_what_came_in_over_a_long_weekend_is_told_in_one_message_a_person_at_the_opening() -> None:
    told = _moments("long-weekend", "digest")

    assert {str(each["at"]) for each in told} == {"2026-12-28T08:00:00-05:00"}
    assert sorted(each["to"] for each in told) == [["biller.haas"], ["nurse.okafor"]]
    assert {ticket for each in told for ticket in each["tickets"]} == {"refill", "bill"}


def test_what_is_urgent_pages_on_a_holiday_too() -> None:
    (page,) = _moments("long-weekend", *PAGES)

    assert (page["ticket"], page["at"]) == ("fainted", "2026-12-25T10:05:00-05:00")


def test_a_busy_monday_breaches_what_nobody_takes_up() -> None:
    breaches = _moments("busy-monday", "breach")
    merged = _moments("busy-monday", "merged")

    assert ("10:20:00", "refill", ["nurse.okafor"]) in [
        (_at(each), each["ticket"], each["to"]) for each in breaches
    ]
    assert [(each["ticket"], each["into"]) for each in merged] == [("refill-again", "refill")]


@pytest.mark.parametrize("path", sorted(SCENARIOS.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_scenario_of_the_documentation_is_played_without_a_fault(path: Path) -> None:
    moments = _moments(path.stem)

    assert {each["event"] for each in moments} & {"failed", "refused", "no_heartbeat"} == set()
    assert f"[{path.name}](scenarios/{path.name})" in PAGE


def test_the_example_of_the_page_is_a_scenario(tmp_path: Path) -> None:
    (example,) = re.findall(r"```yaml\n(about:.*?)```", PAGE, re.S)
    path = tmp_path / "example.yaml"
    path.write_text(example.replace("../policy", str(DOCS.parent / "policy")), encoding="utf-8")

    scenario = scenario_in(path)

    assert [each.kind for each in scenario.happenings] == ["message", "acknowledge"]


def test_every_event_of_the_timeline_is_documented() -> None:
    named = {name_of(each) for each in Action if each not in LEFT_OUT}
    usual = {"page", "repage", "digest", "sent", "not_sent"}

    missing = {
        name
        for name in (named - {"paged"}) | usual
        if not re.search(rf"^\| .*`{name}`", PAGE, re.M)
    }
    assert missing == set()


def test_everything_that_can_happen_in_a_scenario_is_documented() -> None:
    kinds = {name for name in Line.__dataclass_fields__ if name != "at"}

    assert {name for name in kinds if f"`{name}`" not in PAGE} == set()
