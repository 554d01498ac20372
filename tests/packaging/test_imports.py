"""Dependencies point inwards: handlers, use cases, the store, the core, and then the nouns."""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.template import ROOT

PACKAGE = ROOT / "layers" / "common" / "triagewire"
NOUNS = {
    "arrival",
    "automated",
    "emergency",
    "errors",
    "ids",
    "ladder",
    "message",
    "purged",
    "quarantined",
    "retention",
    "sane",
    "signed",
    "states",
    "survey",
    "team",
    "ticket",
    "verdict",
}
# Plain functions over plain values: time, ids and clients are arguments.
CORE = {
    "access",
    "channels",
    "clock",
    "escalation",
    "ledger",
    "measures",
    "policy",
    "replies",
    "routing",
    "scoring",
    "trends",
}
LIBRARY_FREE = ["scoring", "routing", "clock", "escalation", "replies", "ledger", "channels"]
FOREIGN = ["boto3", "botocore", "pydantic", "aws_lambda_powertools", "aws_xray_sdk"]
# `aws` hands out the tables that the store defines, `keyring` the keys that the table keeps.
KNOW_THE_STORE = {"store", "flow", "aws", "keyring"}

_IMPORT_ALL = """
import importlib, pkgutil, sys
package = importlib.import_module("triagewire." + sys.argv[1])
for each in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
    importlib.import_module(each.name)
print(" ".join(name for name in sys.argv[2:] if name in sys.modules))
"""


def _parts() -> Iterator[tuple[str, Path]]:
    for file in sorted(PACKAGE.rglob("*.py")):
        yield file.relative_to(PACKAGE).parts[0].removesuffix(".py"), file


def _uses(file: Path) -> set[str]:
    """The parts of the package that a file imports, inside functions and type checks too."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [each.name for each in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module == "triagewire":
            names = [f"triagewire.{each.name}" for each in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        else:
            continue
        found |= {each.split(".")[1] for each in names if each.startswith("triagewire.")}
    return found


@pytest.mark.parametrize("part", LIBRARY_FREE)
def test_the_core_runs_on_the_standard_library_alone(part: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", _IMPORT_ALL, part, *FOREIGN],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(PACKAGE.parent)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.strip() == ""


def test_the_nouns_know_only_each_other_and_the_clock() -> None:
    strangers = {
        str(file.relative_to(PACKAGE)): _uses(file) - NOUNS - {"clock"}
        for part, file in _parts()
        if part in NOUNS
    }

    assert {file: uses for file, uses in strangers.items() if uses} == {}


def test_the_core_knows_nothing_of_the_shell() -> None:
    strangers = {
        str(file.relative_to(PACKAGE)): _uses(file) - NOUNS - CORE
        for part, file in _parts()
        if part in CORE
    }

    assert {file: uses for file, uses in strangers.items() if uses} == {}


def test_only_use_cases_and_handlers_reach_the_store() -> None:
    intruders = {
        str(file.relative_to(PACKAGE))
        for part, file in _parts()
        if part not in KNOW_THE_STORE and "store" in _uses(file)
    }

    assert intruders == set()


def test_the_store_knows_nothing_of_the_use_cases() -> None:
    assert all("flow" not in _uses(file) for part, file in _parts() if part == "store")


def test_only_the_store_names_an_index_or_an_expression_of_dynamodb() -> None:
    names = ("KeyConditionExpression", "ConditionExpression", "UpdateExpression", "IndexName")
    intruders = {
        str(file.relative_to(PACKAGE))
        for part, file in _parts()
        if part != "store" and any(name in file.read_text(encoding="utf-8") for name in names)
    }

    assert intruders == set()


def test_the_package_offers_nothing_at_its_top_so_that_an_import_costs_only_itself() -> None:
    body = ast.parse((PACKAGE / "__init__.py").read_text(encoding="utf-8")).body

    assert all(isinstance(each, ast.Expr) for each in body)
