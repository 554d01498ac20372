"""The control matrix names what is there, and the page of compliance holds it."""

import ast
import json
import re
from functools import cache
from pathlib import Path

import pytest

from ops.cli import main
from ops.controls import PAGE, Control, as_markdown, matrix, with_matrix
from tests.template import ROOT

MATRIX = matrix()
ROWS = (*MATRIX.safeguards, *MATRIX.ranked)
RULES_TO_ENCODE = {
    "164.308(a)(1)(ii)(D)",
    "164.308(a)(5)(ii)(C)",
    "164.308(a)(6)",
    "164.308(a)(7)",
    "164.312(a)(1)",
    "(a)(2)(i)",
    "164.312(a)(2)(ii)",
    "164.312(a)(2)(iii)",
    "164.312(a)(2)(iv)",
    "164.312(b)",
    "164.312(c)(1)",
    "164.312(d)",
    "164.312(e)(1)",
    "164.316(b)(2)(i)",
    "164.502(b)",
    "164.514(b)(2)",
    "164.528",
    "164.404",
}


@cache
def _names(file: Path) -> frozenset[str]:
    """The tests of a file: its functions, and what it makes of a state machine."""
    body = ast.parse(file.read_text(encoding="utf-8")).body
    functions = {each.name for each in body if isinstance(each, ast.FunctionDef)}
    assigned = {
        target.id
        for each in body
        if isinstance(each, ast.Assign)
        for target in each.targets
        if isinstance(target, ast.Name)
    }
    return frozenset(functions | assigned)


@pytest.mark.parametrize("path", sorted({path for row in ROWS for path in row.where}))
def test_every_path_that_a_control_names_is_there(path: str) -> None:
    assert (ROOT / path).exists()


@pytest.mark.parametrize("test", sorted({test for row in ROWS for test in row.tests}))
def test_every_test_that_a_control_names_is_there(test: str) -> None:
    file, name = test.split("::")

    assert name.lower().startswith("test")
    assert name in _names(ROOT / file)


def test_every_test_that_the_threat_model_names_is_there() -> None:
    page = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", page)

    assert len(named) > 20
    assert [each for each in named if each[1] not in _names(ROOT / each[0])] == []


@pytest.mark.parametrize("page", ["SECURITY.md", "docs/compliance.md", "docs/supply-chain.md"])
def test_every_page_that_is_linked_is_there(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    linked = re.findall(r"\]\((?!https?:)([^)#]+)", text)

    assert [each for each in linked if not ((ROOT / page).parent / each).exists()] == []


@pytest.mark.parametrize("row", MATRIX.safeguards, ids=lambda row: row.rule)
def test_a_safeguard_says_what_the_group_must_do_and_what_shows_it(row: Control) -> None:
    assert row.kind in "RAS"
    assert row.group
    assert row.tests or row.control.startswith("None of ours")


@pytest.mark.parametrize("rule", sorted(RULES_TO_ENCODE))
def test_every_rule_that_the_product_answers_to_has_its_row(rule: str) -> None:
    assert any(rule in row.rule for row in MATRIX.safeguards)


def test_the_page_of_compliance_holds_the_matrix() -> None:
    page = PAGE.read_text(encoding="utf-8")

    assert page == with_matrix(page, as_markdown(MATRIX)), "run `triagewire controls --write`"


def test_the_page_never_says_that_a_program_complies() -> None:
    page = PAGE.read_text(encoding="utf-8").lower()

    assert page.count("hipaa compliant") == page.count('not "hipaa compliant"')


@pytest.mark.parametrize("given", [[], ["--format", "md"], ["--format", "json"]])
def test_the_command_prints_every_row(given: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["controls", *given]) == 0

    printed = capsys.readouterr().out
    for row in MATRIX.safeguards:
        assert row.rule in printed
        assert row.group.split(";")[0] in printed


def test_programs_get_the_matrix_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    main(["controls", "--format", "json"])

    stated = json.loads(capsys.readouterr().out)
    assert len(stated["safeguards"]) == len(MATRIX.safeguards)
    assert len(stated["ranked"]) == 20
