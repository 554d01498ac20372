"""The mock's tables, without what makes every call as long as the table is.

The mock sorts its whole table for every query, copies all of it for every write of a transaction,
and keeps every item that it ever made. Here a query looks at the items of its own key; a
transaction remembers only the items that it writes, and puts them back when it fails; and numbers
and texts, which the mock replaces and never alters, are not copied. `Wire` lets one call through at
a time, so no call sees half of another.
"""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy, deepcopy
from typing import Any

import pytest
from moto.dynamodb import models
from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.dynamodb.models.table import Table

from triagewire.store.table import PK, SK

INDEX = 6
"""Where the name of the index stands among the arguments of a query after the key."""
ALWAYS_REPLACED = {"S", "N", "B", "BOOL", "NULL"}
AS_THEY_ARE = {"S", "B", "BOOL"}
"""Types whose values are compared as they are stored."""

_query = Table.query
_write = models.DynamoDBBackend.transact_write_items
_copied = DynamoType.__deepcopy__
_read: Any = DynamoType.cast_value

type Items = dict[DynamoType, dict[DynamoType, Item]]


class _Copying:
    """What the mock's backend finds by the name of `copy`: the backup of a table is the table."""

    copy = staticmethod(copy)

    @staticmethod
    def deepcopy(value: Any) -> Any:  # noqa: ANN401
        return value if isinstance(value, Table) else deepcopy(value)


@contextmanager
def quick_tables() -> Iterator[None]:
    """Queries that look at their own key, and transactions that copy what they write."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Item, "instances_tracked", deque(maxlen=0), raising=False)
        patch.setattr(models, "copy", _Copying)
        patch.setattr(models.DynamoDBBackend, "transact_write_items", _all_or_nothing)
        patch.setattr(Table, "query", _of_one_key)
        patch.setattr(DynamoType, "__deepcopy__", _copied_where_altered)
        patch.setattr(DynamoType, "cast_value", property(_comparable))
        yield


def _of_one_key(self: Table, hash_key: Any, *rest: Any, **named: Any) -> Any:  # noqa: ANN401
    """A query that looks at the items of its key alone, in the table or in an index."""
    whole: Any = self.items
    if rest[INDEX] is None:
        narrow = {hash_key: whole.get(hash_key, {})}
    else:
        narrow = _with(whole, named["hash_key_conditions"])
    self.items = narrow  # type: ignore[assignment]
    try:
        return _query(self, hash_key, *rest, **named)
    finally:
        self.items = whole


def _with(whole: Items, conditions: list[tuple[str, DynamoType]]) -> Items:
    """The items whose attributes have the values that an index is asked for."""
    found: Items = {}
    for pk, items in whole.items():
        for sk, item in items.items():
            held = item.attrs
            if all(name in held and held[name] == value for name, value in conditions):
                found.setdefault(pk, {})[sk] = item
    return found


def _all_or_nothing(self: models.DynamoDBBackend, parts: list[dict[str, Any]]) -> None:
    writes = [next(iter(part.values())) for part in parts]
    before = [(self.get_table(each["TableName"]), *_keys(each)) for each in writes]
    items = [deepcopy(table.get_item(pk, sk)) for table, pk, sk in before]
    try:
        _write(self, parts)
    except Exception:
        for (table, pk, sk), item in zip(before, items, strict=True):
            table.delete_item(pk, sk)
            if item is not None:
                table.items[pk][sk] = item
        raise


def _keys(write: dict[str, Any]) -> tuple[DynamoType, DynamoType]:
    key = write.get("Key") or write["Item"]
    return DynamoType(key[PK]), DynamoType(key[SK])


def _copied_where_altered(self: DynamoType, memo: dict[int, Any]) -> DynamoType:
    return self if self.type in ALWAYS_REPLACED else _copied(self, memo)


def _comparable(self: DynamoType) -> Any:  # noqa: ANN401
    return self.value if self.type in AS_THEY_ARE else _read.fget(self)
