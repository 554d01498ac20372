"""What the audits of code and dependencies make of what their tools print."""

import json
import stat
from pathlib import Path

import pytest

from ops.supply.code_audit import ToolError, new_secrets, slow_in
from ops.supply.vulnerabilities import CLEAN, FOUND, NOT_LOOKED_UP, looked_up, read, told

SKIPPED = {"name": "pyjwt", "skip_reason": "Dependency not found on PyPI and could not be audited"}
CLEAR = {"name": "cffi", "version": "2.1.1", "vulns": []}
FAULTY = {
    "name": "pyyaml",
    "version": "5.3",
    "vulns": [{"id": "PYSEC-2021-142", "fix_versions": ["5.4"], "aliases": []}],
}


def a_tool(folder: Path, script: str) -> Path:
    """A program in the place of pip-audit."""
    tool = folder / "pip-audit"
    tool.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    tool.chmod(tool.stat().st_mode | stat.S_IXUSR)
    return tool


def test_packages_without_a_known_fault_are_clean() -> None:
    looked = read({"dependencies": [CLEAR]})

    assert looked.code == CLEAN
    assert told("lock", looked) == "pip-audit: lock: 1 packages, no known fault"


def test_a_known_fault_is_named_with_its_mending() -> None:
    looked = read({"dependencies": [CLEAR, FAULTY, SKIPPED]})

    assert looked.code == FOUND
    assert "pyyaml 5.3: PYSEC-2021-142, mended in 5.4" in told("lock", looked)


def test_packages_that_could_not_be_looked_up_are_not_taken_for_clean() -> None:
    looked = read({"dependencies": [CLEAR, SKIPPED]})

    assert looked.code == NOT_LOOKED_UP
    assert "cannot be reached" in told("lock", looked)
    assert "NOTHING is known" in told("lock", looked)


@pytest.mark.parametrize(
    "script",
    [
        "echo 'ERROR: no route to host' >&2; exit 1",
        f"echo '{json.dumps({'dependencies': [SKIPPED], 'fixes': []})}'",
        "echo '{\"dependencies\": []}'",
    ],
    ids=["it fails", "it says that nothing was found and ends well", "it looked at nothing"],
)
def test_a_tool_without_its_data_does_not_say_that_all_is_well(script: str, tmp_path: Path) -> None:
    looked = looked_up(tmp_path / "lock.txt", "pypi", a_tool(tmp_path, script))

    assert looked.code == NOT_LOOKED_UP


def test_a_secret_that_the_baseline_has_may_move_within_its_file() -> None:
    known = {"a.py": [{"type": "Secret Keyword", "hashed_secret": "h1", "line_number": 3}]}
    moved = {"a.py": [{"type": "Secret Keyword", "hashed_secret": "h1", "line_number": 90}]}

    assert list(new_secrets(moved, known)) == []


def test_a_secret_in_another_file_or_with_another_value_is_new() -> None:
    known = {"a.py": [{"type": "Secret Keyword", "hashed_secret": "h1", "line_number": 3}]}
    found = {
        "a.py": [{"type": "Secret Keyword", "hashed_secret": "h2", "line_number": 3}],
        "b.py": [{"type": "Secret Keyword", "hashed_secret": "h1", "line_number": 7}],
    }

    assert list(new_secrets(found, known)) == ["a.py:3 Secret Keyword", "b.py:7 Secret Keyword"]


def test_a_pattern_that_a_text_could_hang_is_named() -> None:
    printed = "Vulnerable regex in ops/tail.py #4\nPattern: (a+)+b\n---\nProcessed 12 regexes\n"

    assert list(slow_in(printed)) == ["ops/tail.py #4"]


@pytest.mark.parametrize("printed", ["", "Processed 0 regexes\n"])
def test_a_checker_that_looked_at_nothing_has_not_passed(printed: str) -> None:
    with pytest.raises(ToolError, match="gave up"):
        list(slow_in(printed))
