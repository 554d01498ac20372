"""How overwriting is excluded: one writer, always on a condition, and rights to nothing else."""

import ast
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.builders import a_stamp, an_entry
from tests.template import ROOT, resources
from triagewire.ledger.chain import extend
from triagewire.store.ledger import append
from triagewire.store.table import Tables

SOURCES = [ROOT / "layers/common/triagewire", ROOT / "functions", ROOT / "ops"]
WRITER, READER = "store/ledger.py", "store/heads.py"
WRITES = {"Put", "Update", "Delete", "put_item", "update_item", "delete_item"} | {
    "batch_write_item",
    "transact_write_items",
    "execute_statement",
}
APPENDING = {
    "dynamodb:PutItem",
    "dynamodb:ConditionCheckItem",
    "dynamodb:Query",
    "dynamodb:GetItem",
    "dynamodb:BatchGetItem",
    "dynamodb:DescribeStream",
    "dynamodb:GetRecords",
    "dynamodb:GetShardIterator",
    "dynamodb:ListStreams",
}


def _files() -> Iterator[Path]:
    for folder in SOURCES:
        yield from folder.rglob("*.py")


def _words(file: Path) -> set[str]:
    """Every string and every attribute that a file uses."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.add(node.value)
    return found


def _names_the_table(file: Path) -> bool:
    """Whether a file takes the ledger's table out of what holds the names of both."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        of = node.value if isinstance(node, ast.Attribute) and node.attr == "ledger" else None
        if isinstance(of, ast.Name) and of.id in {"tables", "Tables"}:
            return True
        if isinstance(of, ast.Attribute) and of.attr == "tables":
            return True
    return False


def _statements(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The statements of a policy, those too that only some deployments have."""
    for each in document["Statement"]:
        chosen = each["Fn::If"][1:] if "Fn::If" in each else [each]
        yield from (statement for statement in chosen if "Effect" in statement)


def test_only_the_ledgers_store_and_its_readers_name_the_table() -> None:
    named = {str(each.relative_to(ROOT)) for each in _files() if _names_the_table(each)}

    package = "layers/common/triagewire/"
    assert named == {package + WRITER, package + READER}


def test_who_reads_the_ledger_for_a_verification_writes_nothing() -> None:
    assert _words(SOURCES[0] / READER) & WRITES == set()


def test_the_one_writer_knows_one_way_to_write() -> None:
    assert _words(SOURCES[0] / WRITER) & WRITES == {"Put"}


def test_every_append_holds_only_where_nothing_stands() -> None:
    tables = cast("Tables", SimpleNamespace(ledger="the-ledger"))
    events = extend("TICKET#A", 0, "", [an_entry(), an_entry()], a_stamp())

    for write in append(tables, events):
        stated: Any = write.item
        (how, put), *others = stated.items()
        assert (how, others) == ("Put", [])
        assert put["ConditionExpression"] == "attribute_not_exists(pk)"


@pytest.mark.parametrize("policy", resources("AWS::IAM::ManagedPolicy"))
def test_no_function_may_change_or_remove_what_is_in_the_ledger(policy: str) -> None:
    document = resources("AWS::IAM::ManagedPolicy")[policy]["Properties"]["PolicyDocument"]
    for statement in _statements(document):
        if statement["Effect"] == "Allow" and "LedgerTable" in str(statement.get("Resource")):
            assert set(statement["Action"]) <= APPENDING


def test_nothing_in_the_ledger_ever_expires() -> None:
    properties = resources("AWS::DynamoDB::Table")["LedgerTable"]["Properties"]

    assert "TimeToLiveSpecification" not in properties
