"""Whoever an alarm wakes finds a page that says what to do, and every page is of an alarm."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from ops.cli import COMMANDS
from tests.template import ROOT, resources

FOLDER = ROOT / "docs" / "runbooks"
INDEX = FOLDER / "README.md"
PAGES = {each.name: each.read_text(encoding="utf-8") for each in FOLDER.glob("*.md")}
RUNBOOKS = {name: text for name, text in PAGES.items() if name != INDEX.name}
ALARMS = {
    name: each["Properties"]["AlarmDescription"]
    for name, each in resources("AWS::CloudWatch::Alarm").items()
}
NAMED = re.compile(r" - docs/runbooks/([a-z-]+\.md)$")
IN_TABLE = re.compile(r"^\| `(\w+Alarm)` \| .+ \|$", re.MULTILINE)
LOG_LINE = re.compile(r"log lines? `([^`]+)`|`([^`]+)` (?:names|in the log)")
SAYS = (
    "## What it means for patients",
    "## Look first",
    "## Do",
    "## Wake",
    "## Over when",
)
SOURCES = (ROOT / "layers" / "common" / "triagewire", ROOT / "functions")


@pytest.mark.parametrize("alarm", sorted(ALARMS))
def test_an_alarm_names_the_page_on_which_it_stands(alarm: str) -> None:
    named = NAMED.search(ALARMS[alarm])

    assert named, "let its description end with ` - docs/runbooks/<page>.md`"
    assert alarm in IN_TABLE.findall(RUNBOOKS[named[1]])


@pytest.mark.parametrize("page", sorted(RUNBOOKS))
def test_a_runbook_is_of_alarms_that_there_are(page: str) -> None:
    alarms = IN_TABLE.findall(RUNBOOKS[page])

    assert alarms
    assert [each for each in alarms if not ALARMS.get(each, "").endswith(f"/{page}")] == []


@pytest.mark.parametrize("page", sorted(RUNBOOKS))
def test_a_runbook_says_the_same_five_things_in_the_same_order(page: str) -> None:
    assert tuple(re.findall(r"^## .+$", RUNBOOKS[page], re.MULTILINE)) == SAYS


def test_the_first_page_leads_to_every_runbook() -> None:
    linked = set(re.findall(r"\]\(([a-z-]+\.md)\)", PAGES[INDEX.name]))

    assert linked == set(RUNBOOKS)


@pytest.mark.parametrize("page", sorted(PAGES))
def test_a_link_of_a_runbook_leads_somewhere(page: str) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", PAGES[page])

    assert [each for each in links if not (FOLDER / each).exists()] == []


@pytest.mark.parametrize("page", sorted(RUNBOOKS))
def test_a_log_line_that_a_runbook_tells_to_look_for_is_written(page: str) -> None:
    named = {one or other for one, other in LOG_LINE.findall(RUNBOOKS[page])}
    lines = [each for each in named if " " in each and each.split()[0] not in COMMANDS]

    assert [each for each in lines if f'"{each}"' not in _code()] == []


def test_every_metric_of_ours_is_of_this_environment() -> None:
    """Two deployments in one account would else share a heartbeat."""
    ours: list[Any] = [
        each["Properties"]["Namespace"] for each in resources("AWS::CloudWatch::Alarm").values()
    ]

    assert [each for each in ours if "Triagewire" in str(each)]
    assert {str(each) for each in ours if "Triagewire" in str(each)} == {
        str({"Fn::Sub": "Triagewire/${Environment}"})
    }


@cache
def _code() -> str:
    files = (path for folder in SOURCES for path in Path(folder).rglob("*.py"))
    return "".join(path.read_text(encoding="utf-8") for path in files)
