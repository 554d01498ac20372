"""What a sweep costs with 100, 10,000 and 100,000 open tickets, of which the same number is due.

The table is a stand-in that holds the two indexes and answers by key: the mock of AWS looks at its
whole table for every query, so its time would say nothing. What is counted is what the client asks
for and gets; what is timed is our own work and the stand-in's look-ups.

    python -m bench.sweep
"""

import argparse
import logging
import sys
import time
from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import tests.conftest  # noqa: F401 the environment that the functions are given
from bench.paired import Ratio, compare
from tests.builders import MONDAY_MORNING, a_published_policy, a_stamp, a_ticket, an_entry, minutes
from triagewire.flow.context import Context
from triagewire.flow.escalate import act, due_tickets
from triagewire.flow.presence import look_after
from triagewire.flow.reclocking import reclock
from triagewire.store.table import Tables
from triagewire.store.tickets import Change, changed
from triagewire.ticket import Timer, TimerKind

DUE = 100
BACKLOGS = (100, 10_000, 100_000)
MOST_GROWTH = 1.5
"""For a thousand times the backlog: flat, with room for a busy machine."""
NOW = MONDAY_MORNING + minutes(61)
POLICY = a_published_policy()

type Item = dict[str, Any]


class StandIn:
    """A table that is looked up by key, with its two indexes; it counts what it gives out."""

    def __init__(self) -> None:
        self.items: dict[str, dict[str, Item]] = defaultdict(dict)
        self.timers: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self.queues: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self.calls = self.read = self.written = 0

    def get_item(self, **asked: Any) -> Item:  # noqa: ANN401
        self.calls += 1
        found = self.items[asked["Key"]["pk"]["S"]].get(asked["Key"]["sk"]["S"])
        self.read += found is not None
        return {"Item": found} if found else {}

    def query(self, **asked: Any) -> Item:  # noqa: ANN401
        self.calls += 1
        found = list(self._found(asked))[: asked.get("Limit")]
        self.read += len(found)
        return {"Items": found}

    def update_item(self, **asked: Any) -> Item:  # noqa: ANN401
        """A claim: who holds it is not what is measured."""
        self.calls += 1
        self.written += bool(asked)
        return {}

    def put_item(self, **asked: Any) -> Item:  # noqa: ANN401
        self.calls += 1
        self.written += 1
        self.put(asked["Item"])
        return {}

    def transact_write_items(self, TransactItems: list[Item]) -> Item:
        self.calls += 1
        for part in TransactItems:
            self.written += 1
            if "Put" in part:
                self.put(part["Put"]["Item"])
        return {}

    def put(self, item: Item) -> None:
        """Store an item and move its entries in both indexes."""
        pk, sk = item["pk"]["S"], item["sk"]["S"]
        before = self.items[pk].get(sk)
        for index, partition, rank in self._indexes():
            if before and partition in before:
                entries = index[before[partition]["S"]]
                entries.pop(bisect_right(entries, (before[rank]["S"], pk)) - 1)
            if partition in item:
                insort(index[item[partition]["S"]], (item[rank]["S"], pk))
        self.items[pk][sk] = item

    def _found(self, asked: Item) -> Iterator[Item]:
        named = [each["S"] for each in asked["ExpressionAttributeValues"].values()]
        if asked.get("IndexName") == "timer":
            entries = self.timers[named[0]]
            for _, pk in entries[: bisect_right(entries, (named[1], "~"))]:
                yield self.items[pk]["TICKET"]
        elif asked.get("IndexName") == "queue":
            for _, pk in self.queues[named[0]]:
                yield self.items[pk]["TICKET"]
        else:
            yield from self.items[named[0]].values()

    def _indexes(self) -> Iterator[tuple[dict[str, list[tuple[str, str]]], str, str]]:
        yield self.timers, "timer_shard", "timer_due"
        yield self.queues, "queue", "queue_rank"


def main(arguments: list[str] | None = None) -> int:
    """Print calls, items and ratios; exit code 1 when a sweep grows with what is open."""
    parser = argparse.ArgumentParser(prog="bench.sweep", description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=9, help="paired rounds of each ratio")
    rounds = parser.parse_args(arguments).rounds
    logging.disable()

    least, *others = [Backlog(number) for number in BACKLOGS]
    counts = {backlog: backlog.sweep() for backlog in (least, *others)}
    print(f"{'open':>8}{'due':>6}{'calls':>8}{'items read':>12}{'items written':>15}")
    for backlog, (calls, read, written) in counts.items():
        print(f"{backlog.open:>8}{DUE:>6}{calls:>8}{read:>12}{written:>15}")
    ratios = [each.against(least, rounds) for each in others]
    for backlog, ratio in zip(others, ratios, strict=True):
        print(f"a sweep with {backlog.open} open: {ratio} x the time of one with {least.open}")
    flat = len(set(counts.values())) == 1 and all(each.middle <= MOST_GROWTH for each in ratios)
    return 0 if flat else 1


class Backlog:
    """So many open tickets on a table of their own, of which some are due now."""

    def __init__(self, number: int) -> None:
        self.open = number
        self.table = StandIn()
        client: Any = self.table
        tables = Tables(client, "tickets", "ledger")
        self.context = Context(
            tables=tables, policy=POLICY, now=NOW, actor="system:escalate", publish=_heard
        )
        later = Timer(at=NOW + minutes(600), kind=TimerKind.REMIND)
        for each in range(number - DUE):
            self._store(f"LATER{each:021d}", timer=later)
        self.due = [self._store(f"DUE{each:023d}") for each in range(DUE)]
        self.sweep()  # notes once which calendars hold

    def sweep(self) -> tuple[int, int, int]:
        """One sweep; the calls, the items read and the items written."""
        for item in self.due:
            self.table.put(item)
        self.table.calls = self.table.read = self.table.written = 0
        found = due_tickets(self.context)
        for ticket_id in found:
            act(self.context, ticket_id)
        if len(found) != DUE or reclock(self.context).failed or look_after(self.context):
            raise AssertionError("the sweep did not do what it is measured for")
        return self.table.calls, self.table.read, self.table.written

    def against(self, other: "Backlog", rounds: int) -> Ratio:
        """The time of a sweep here as a multiple of that of one there."""
        return compare(self._seconds, other._seconds, rounds)

    def _seconds(self) -> float:
        began = time.process_time()
        self.sweep()
        return time.process_time() - began

    def _store(self, ticket_id: str, **changes: Any) -> Item:  # noqa: ANN401
        ticket = replace(a_ticket(id=ticket_id, version=0, assignee="nick"), **changes)
        if not changes:
            ticket = replace(ticket, accepted_at=MONDAY_MORNING)
        entry = Change(before=None, after=ticket, entries=(an_entry(),))
        _, (put, *_) = changed(self.context.tables, entry, a_stamp())
        item: Item = dict(put.item["Put"]["Item"])
        self.table.put(item)
        return item


def _heard(_bundle: object, _way: object) -> None:
    """Notices cost the same whatever is open."""


if __name__ == "__main__":
    sys.exit(main())
