"""A DynamoDB in memory that knows what the store asks of it: thousands of histories in seconds.

Transactions hold all or nothing and touch an item once, conditions and updates mean what they mean
on the real table; capacity, pages and idempotency tokens are left out.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

from ops.simulation.expressions import Item, Values, holds, updated

INDEXES = {"queue": "queue_rank", "timer": "timer_due"}
"""The sort key of each index; its hash key is what the items have it by."""
SHELVED_BY = ("pk", "queue", "timer_shard")
"""The hash keys of the table and of its indexes."""
_FIRST = re.compile(r"\s*(\w+)\s*=\s*(:\w+)")


class Shelf(dict[tuple[str, str], Item]):
    """The items of one table by their keys, and by each hash key, so that a query costs what it
    finds. An item is replaced, never edited.
    """

    def __init__(self) -> None:
        super().__init__()
        self._by: dict[tuple[str, str], dict[tuple[str, str], Item]] = {}

    def __setitem__(self, place: tuple[str, str], item: Item) -> None:
        self._take_off(place)
        super().__setitem__(place, item)
        for each in _shelves(item):
            self._by.setdefault(each, {})[place] = item

    def __delitem__(self, place: tuple[str, str]) -> None:
        self._take_off(place)
        super().__delitem__(place)

    def all_with(self, name: str) -> Iterator[Item]:
        """The items that have a hash key at all: those in its index."""
        for (kept_by, _), items in self._by.items():
            yield from items.values() if kept_by == name else ()

    def on(self, name: str, value: str) -> Iterator[Item]:
        """The items with a value of a hash key."""
        yield from self._by.get((name, value), {}).values()

    def _take_off(self, place: tuple[str, str]) -> None:
        for each in _shelves(self.get(place, {})):
            self._by[each].pop(place)


def _shelves(item: Item) -> Iterator[tuple[str, str]]:
    yield from ((name, item[name]["S"]) for name in SHELVED_BY if name in item)


@dataclass(slots=True)
class Memory:
    """The client; `before` may raise at every call that writes, as a process that dies."""

    tables: dict[str, Shelf] = field(default_factory=dict)
    before: Callable[[], None] = field(default=lambda: None)

    def get_item(self, **arguments: Any) -> dict[str, Any]:  # noqa: ANN401
        """One item by its key."""
        found = self._table(arguments).get(_key(arguments["Key"]))
        return {"Item": dict(found)} if found else {}

    def batch_get_item(self, **arguments: Any) -> dict[str, Any]:  # noqa: ANN401
        """Several items by their keys."""
        answer: dict[str, list[Item]] = {}
        for name, asked in arguments["RequestItems"].items():
            table = self._table({"TableName": name})
            found = (table.get(_key(each)) for each in asked["Keys"])
            answer[name] = [dict(item) for item in found if item]
        return {"Responses": answer}

    def query(self, **arguments: Any) -> dict[str, Any]:  # noqa: ANN401
        """The items that a key condition describes, in the order of their sort key."""
        order = INDEXES.get(arguments.get("IndexName", ""), "sk")
        condition = arguments["KeyConditionExpression"]
        found = [
            dict(item)
            for item in self._on_shelf(condition, arguments)
            if order in item and holds(condition, item, arguments)
        ]
        found.sort(key=lambda item: item[order]["S"])
        found = found[: arguments.get("Limit")]
        if wanted := arguments.get("FilterExpression"):
            found = [item for item in found if holds(wanted, item, arguments)]
        return {"Items": found}

    def put_item(self, **arguments: Any) -> dict[str, Any]:  # noqa: ANN401
        """Write one item."""
        return self._alone({"Put": arguments})

    def update_item(self, **arguments: Any) -> dict[str, Any]:  # noqa: ANN401
        """Change one item; answers what it then is."""
        self._alone({"Update": arguments})
        return {"Attributes": dict(self._table(arguments)[_key(arguments["Key"])])}

    def transact_write_items(self, **arguments: Any) -> dict[str, Any]:  # noqa: ANN401
        """Write everything or nothing."""
        self.before()
        parts = [next(iter(item.items())) for item in arguments["TransactItems"]]
        places = [(part["TableName"], _place(part)) for _, part in parts]
        if len(set(places)) < len(places):
            raise _error("ValidationException", "TransactWriteItems")
        failed = [not self._allowed(part) for _, part in parts]
        if any(failed):
            code = {True: "ConditionalCheckFailed", False: "None"}
            reasons = [{"Code": code[each]} for each in failed]
            raise _error("TransactionCanceledException", "TransactWriteItems", reasons)
        for kind, part in parts:
            self._write(kind, part)
        return {}

    def _alone(self, item: dict[str, Any]) -> dict[str, Any]:
        self.before()
        ((kind, part),) = item.items()
        if not self._allowed(part):
            raise _error("ConditionalCheckFailedException", kind)
        self._write(kind, part)
        return {}

    def _allowed(self, part: Values) -> bool:
        condition = part.get("ConditionExpression")
        item = self._table(part).get(_place(part), {})
        return condition is None or holds(condition, item, part)

    def _write(self, kind: str, part: Values) -> None:
        table, place = self._table(part), _place(part)
        match kind:
            case "Put":
                table[place] = dict(part["Item"])
            case "Delete":
                if place in table:
                    del table[place]
            case "Update":
                before = table.get(place, dict(part["Key"]))
                table[place] = updated(part["UpdateExpression"], before, part)

    def _on_shelf(self, condition: str, arguments: Values) -> Iterator[Item]:
        """The items with the hash key that a key condition begins with."""
        named = _FIRST.match(condition)
        if named is None:
            raise AssertionError(f"the table in memory cannot query {condition}: teach it")
        value = arguments["ExpressionAttributeValues"][named[2]]["S"]
        return self._table(arguments).on(named[1], value)

    def _table(self, arguments: Values) -> Shelf:
        return self.tables.setdefault(arguments["TableName"], Shelf())


def _place(part: Values) -> tuple[str, str]:
    return _key(part["Item"] if "Item" in part else part["Key"])


def _key(item: Values) -> tuple[str, str]:
    return item["pk"]["S"], item["sk"]["S"]


def _error(code: str, operation: str, reasons: list[dict[str, str]] | None = None) -> ClientError:
    told: Any = {"Error": {"Code": code, "Message": "in memory"}, "CancellationReasons": reasons}
    return ClientError(told, operation)
