"""The table in memory with indexes in order and pages as the real one's, which counts what it is
asked for: the mock of AWS looks at its whole table for every query, so its time says nothing.
"""

import re
from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from typing import Any

from ops.simulation.expressions import Item, Values
from ops.simulation.table import INDEXES, Memory, Shelf

HASHES = {"queue": "queue", "timer": "timer_shard"}
"""The hash key of each index."""
LAST = "\x7f"
"""Sorts after every key."""
_BOUND = re.compile(r"AND \w+ (<=|>) (:\w+)$")

type Entry = tuple[str, str, str]
"""The sort key, and the key of the item."""


class Ordered(Shelf):
    """Items with the entries of each partition of each index in order."""

    def __init__(self) -> None:
        super().__init__()
        self.entries: dict[tuple[str, str], list[Entry]] = defaultdict(list)

    def __setitem__(self, place: tuple[str, str], item: Item) -> None:
        self._leave(place)
        super().__setitem__(place, item)
        for index, hashed in HASHES.items():
            if hashed in item:
                entry = (item[INDEXES[index]]["S"], *place)
                insort(self.entries[index, item[hashed]["S"]], entry)

    def __delitem__(self, place: tuple[str, str]) -> None:
        self._leave(place)
        super().__delitem__(place)

    def _leave(self, place: tuple[str, str]) -> None:
        item = self.get(place, {})
        for index, hashed in HASHES.items():
            if hashed in item:
                entries = self.entries[index, item[hashed]["S"]]
                entries.pop(bisect_left(entries, (item[INDEXES[index]]["S"], *place)))


class Counting(Memory):
    """The client; it counts calls, and the items that it gives out and takes."""

    calls = read = written = 0

    def get_item(self, **arguments: Any) -> Item:  # noqa: ANN401
        self.calls += 1
        found = super().get_item(**arguments)
        self.read += len(found)
        return found

    def batch_get_item(self, **arguments: Any) -> Item:  # noqa: ANN401
        self.calls += 1
        found = super().batch_get_item(**arguments)
        self.read += sum(map(len, found["Responses"].values()))
        return found

    def query(self, **arguments: Any) -> Item:  # noqa: ANN401
        self.calls += 1
        found = self._page(arguments) if "IndexName" in arguments else super().query(**arguments)
        self.read += len(found["Items"])
        return found

    def put_item(self, **arguments: Any) -> Item:  # noqa: ANN401
        self.calls += 1
        self.written += 1
        return super().put_item(**arguments)

    def update_item(self, **arguments: Any) -> Item:  # noqa: ANN401
        self.calls += 1
        self.written += 1
        return super().update_item(**arguments)

    def transact_write_items(self, **arguments: Any) -> Item:  # noqa: ANN401
        self.calls += 1
        self.written += len(arguments["TransactItems"])
        return super().transact_write_items(**arguments)

    def _page(self, arguments: Values) -> Item:
        """A page of an index, and where the next one begins."""
        first, *others = (each["S"] for each in arguments["ExpressionAttributeValues"].values())
        table = self._table(arguments)
        entries = table.entries[arguments["IndexName"], first]
        begin, end = 0, len(entries)
        if bound := _BOUND.search(arguments["KeyConditionExpression"]):
            at = bisect_right(entries, (others[0], LAST, LAST))
            begin, end = (0, at) if bound[1] == "<=" else (at, end)
        if "ExclusiveStartKey" in arguments:
            begin = bisect_right(entries, tuple(arguments["ExclusiveStartKey"]["entry"]))
        last = min(end, begin + arguments.get("Limit", end))
        found: Item = {"Items": [dict(table[pk, sk]) for _, pk, sk in entries[begin:last]]}
        return found | ({"LastEvaluatedKey": {"entry": entries[last - 1]}} if last < end else {})

    def _table(self, arguments: Values) -> Ordered:
        shelf = self.tables.setdefault(arguments["TableName"], Ordered())
        assert isinstance(shelf, Ordered)
        return shelf
