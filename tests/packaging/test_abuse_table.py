"""The page of faults and abuse names a test for every case, and each of these tests is there."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tests.template import ROOT

PAGE = (ROOT / "docs" / "abuse-tests.md").read_text(encoding="utf-8")
ROWS = dict(re.findall(r"^\| ([FAI]\d+) \|(.*)$", PAGE, re.MULTILINE))
CASES = [
    f"{letter}{number}"
    for letter, last in (("F", 20), ("A", 20), ("I", 7))
    for number in range(1, last + 1)
]
NAMED = sorted({each for row in ROWS.values() for each in re.findall(r"`([\w/]+\.py::\w+)`", row)})


def test_every_case_has_its_row() -> None:
    assert sorted(ROWS) == sorted(CASES)


@pytest.mark.parametrize("case", CASES)
def test_every_row_names_a_test(case: str) -> None:
    assert re.search(r"`[\w/]+\.py::\w+`", ROWS[case])


@pytest.mark.parametrize("named", NAMED)
def test_every_test_that_is_named_is_there(named: str) -> None:
    path, name = named.split("::")

    assert name in names_in(ROOT / "tests" / path)


@cache
def names_in(path: Path) -> frozenset[str]:
    """The functions of a file, also those of its classes, and what it calls its own tests."""
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    functions = {node.name for node in nodes if isinstance(node, ast.FunctionDef)}
    assigned = {
        target.id
        for node in nodes
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    return frozenset(functions | assigned)
