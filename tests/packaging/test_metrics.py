"""What is counted is documented, told apart by sites at most, and alarms as the table says."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.template import ROOT, resources
from triagewire.flow.live import BROKEN
from triagewire.flow.sweeping import COUNTED

DOCUMENT = (ROOT / "docs" / "metrics.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `(\w+)` \| ([\w, ]+) \| ([\w, ]*) \| (.+) \| (.+) \|$", re.MULTILINE)
ROWS = {row[0]: row[1:] for row in ROW.findall(DOCUMENT)}
ALARMS = {name: each["Properties"] for name, each in resources("AWS::CloudWatch::Alarm").items()}
OURS = {name: each for name, each in ALARMS.items() if "Triagewire" in str(each["Namespace"])}
FOLDERS = (ROOT / "layers" / "common" / "triagewire", ROOT / "functions")
COUNTING = {"count", "milliseconds"}
NAME = re.compile(r"(?!None$|True$)[A-Z][a-z]+[A-Za-z]+")


def _calls() -> Iterator[tuple[Path, ast.Call]]:
    for path in (path for folder in FOLDERS for path in folder.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)) if "observability import" in text else ():
            if isinstance(node, ast.Call) and ast.unparse(node.func) in COUNTING:
                yield path, node


@cache
def _counted() -> dict[str, bool]:
    """The names that the code counts by, and whether by site."""
    found = dict.fromkeys(COUNTED, False) | dict.fromkeys(BROKEN.values(), True)
    for path, call in _calls():
        by_site = "site" in {each.arg for each in call.keywords}
        for each in ast.walk(call.args[0]):
            if isinstance(each, ast.Constant) and NAME.fullmatch(str(each.value)):
                found[str(each.value)] = by_site
        if path.name == "live.py":
            found |= dict.fromkeys(_constants(path), True)
    return found | {"EscalationHeartbeat": False, "LogFieldDropped": False, "MetricDropped": False}


def _constants(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and NAME.fullmatch(str(node.value)):
            yield str(node.value)


def test_every_metric_is_documented_and_none_that_there_is_not() -> None:
    assert set(ROWS) == set(_counted())


@pytest.mark.parametrize("name", sorted(ROWS))
def test_the_table_says_which_metrics_are_told_apart_by_site(name: str) -> None:
    assert ("site" in ROWS[name][1]) == _counted()[name]


@pytest.mark.parametrize("name", sorted(ROWS))
def test_the_table_names_the_alarms_of_a_metric(name: str) -> None:
    named = set(re.findall(r"`(\w+)`", ROWS[name][3]))

    assert named == {alarm for alarm, each in OURS.items() if each["MetricName"] == name}


@pytest.mark.parametrize("alarm", sorted(OURS))
def test_an_alarm_watches_a_function_that_counts_its_metric(alarm: str) -> None:
    (dimension,) = OURS[alarm]["Dimensions"]
    counts = ROWS[OURS[alarm]["MetricName"]][0]

    assert dimension["Name"] == "service"
    assert counts == "all" or dimension["Value"] in counts.split(", ")


def test_the_price_of_the_alarms_is_of_as_many_as_there_are() -> None:
    assert f"| {len(ALARMS)} at $0.10, ten of them free |" in DOCUMENT
