"""Transactions of the mock of DynamoDB made whole, and as quick as its single writes.

The mock reads its whole table for every query, copies it for every write of a transaction and puts
the copy back when a condition fails. Here a query looks at its own key, and all conditions are
looked at before anything is written, as DynamoDB does: no copy is needed, and what a failed
transaction wrote was never there. `Wire` lets one call through at a time, so no call sees half of
another.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from types import SimpleNamespace
from typing import Any

import pytest
from moto.dynamodb import models
from moto.dynamodb.comparisons import get_filter_expression
from moto.dynamodb.exceptions import TransactionCanceledException
from moto.dynamodb.models.table import Table

from triagewire.store.table import PK, SK

INDEX = 6
"""Where the name of the index stands among the arguments of a query after the key."""
_query = Table.query
_write = models.DynamoDBBackend.transact_write_items


@contextmanager
def whole_transactions() -> Iterator[None]:
    """Transactions that look at every condition before they write anything."""
    uncopied = SimpleNamespace(deepcopy=lambda table: table, copy=copy)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(models, "copy", uncopied)
        patch.setattr(models.DynamoDBBackend, "transact_write_items", _checked_first)
        patch.setattr(Table, "query", _of_one_key)
        yield


def _of_one_key(self: Table, hash_key: Any, *rest: Any, **named: Any) -> Any:  # noqa: ANN401
    """A query of the table itself, which looks at the items of its key alone."""
    if hash_key is None or rest[INDEX] is not None:
        return _query(self, hash_key, *rest, **named)
    whole = self.items
    self.items = {hash_key: whole.get(hash_key, {})}  # type: ignore[assignment]
    try:
        return _query(self, hash_key, *rest, **named)
    finally:
        self.items = whole


def _checked_first(self: models.DynamoDBBackend, items: list[dict[str, Any]]) -> None:
    reasons = [_refused(self, next(iter(item.values()))) for item in items]
    if any(code for code, _, _ in reasons):
        raise TransactionCanceledException(reasons)
    _write(self, items)


def _refused(
    backend: models.DynamoDBBackend, part: dict[str, Any]
) -> tuple[str | None, str | None, None]:
    """What the mock says of a write whose condition does not hold; nothing of any other."""
    condition = part.get("ConditionExpression")
    if condition is None:
        return None, None, None
    named = part.get("Key") or part["Item"]
    key = {name: named[name] for name in (PK, SK)}
    names, values = (part.get(f"ExpressionAttribute{which}") for which in ("Names", "Values"))
    holds = get_filter_expression(condition, names, values)
    met = holds.expr(backend.get_item(part["TableName"], key))
    return (None, None, None) if met else ("ConditionalCheckFailed", "not so", None)
