"""How many routing decisions a second, and what one ticket reads and writes in its life.

The choice of an owner is pure: its speed is that of this machine, its growth with the roster is
not. Reads and writes are counted at the client, on the mock of AWS: what is asked for, not what
the mock does for it.

    python -m bench.route
"""

import argparse
import logging
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from io import StringIO
from math import ceil
from typing import Any
from unittest.mock import patch

from botocore.client import BaseClient

import tests.conftest  # noqa: F401 the environment that the functions are given
from bench.paired import Ratio, compare
from tests.aws.clinic import Clinic, running
from tests.aws.said import REFILL
from tests.aws.senders import by_portal
from tests.builders import MEMBERS, MONDAY_MORNING, a_requester, a_site, minutes
from triagewire import aws
from triagewire.access import Principal
from triagewire.flow import policies, working
from triagewire.flow.context import Context
from triagewire.policy.roster import Member
from triagewire.routing.balance import Crew, Load, Wanted, choose_owner
from triagewire.verdict import Urgency

MOST_GROWTH = 13.0
"""For ten times the members: linear, with room for a busy machine."""
MOST_WRITTEN = 60
"""Write units of a whole life; a first version that keeps every list by hand needs 77."""
DESIGN, NAIVE = 18.2, 76.8
"""Write units of a life by the data model's estimate: without transactions, and a naive one."""
KILOBYTE = 1024
INDEXES = {"timer": ("timer_shard", "timer_due"), "queue": ("queue", "queue_rank")}


def main(arguments: list[str] | None = None) -> int:
    """Print speed and counts; exit code 1 when one is outside its limit."""
    parser = argparse.ArgumentParser(prog="bench.route", description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=15, help="paired rounds of the ratio")
    rounds = parser.parse_args(arguments).rounds

    for members in (10, 100):
        print(f"{members:>4} members: {1 / _seconds(crew(members), 50):.0f} choices a second")
    growth = ten_times_the_members(rounds)
    print(f"100 members: {growth} x the cost of 10")
    phases = life()
    print(f"\n{'':<10}{'calls':>7}{'items read':>12}{'read units':>12}{'items':>7}{'written':>9}")
    for phase, spent in [*phases.items(), ("in all", _sum(phases.values()))]:
        print(
            f"{phase:<10}{spent.calls:>7}{spent.items_read:>12}{spent.read:>12.1f}"
            f"{spent.items_written:>7}{spent.written:>9}"
        )
    print(f"by the design's estimate {DESIGN} write units in all, {NAIVE} in a naive one")
    fine = growth.middle <= MOST_GROWTH and _sum(phases.values()).written <= MOST_WRITTEN
    return 0 if fine else 1


# The choice


def crew(members: int) -> Crew:
    """A team of so many with loads, half of them away by the roster or by what they said."""
    names = [f"nurse-{number}" for number in range(members)]
    at_work = {name: Member(name="N", teams=("clinical",), capacity=200) for name in names}
    site = a_site(members=MEMBERS | at_work)
    recent = tuple(MONDAY_MORNING - minutes(each) for each in range(20, 0, -1))
    loads = {
        name: Load(member=name, weight=4 * (number % 7), recent=recent)
        for number, name in enumerate(names)
    }
    away = frozenset(names[::2])
    return Crew(site=site, team="clinical", now=MONDAY_MORNING, loads=loads, away=away)


def ten_times_the_members(rounds: int) -> Ratio:
    """The cost of a choice among 100 as a multiple of that among 10."""
    many, few = crew(100), crew(10)
    return compare(lambda: _seconds(many, 10), lambda: _seconds(few, 50), rounds)


def _seconds(at_work: Crew, times: int) -> float:
    wanted = Wanted(
        urgency=Urgency.CLINICAL_STANDARD, due_at=MONDAY_MORNING + minutes(120), language="es"
    )
    began = time.process_time()
    for _ in range(times):
        if choose_owner(at_work, wanted).member is None:
            raise AssertionError("somebody is at work and nobody was chosen")
    return (time.process_time() - began) / times


# The life of a ticket


@dataclass(slots=True)
class Spent:
    """What was asked of the tables: calls, items and units of both kinds.

    A read unit is 4 KB of a consistent read; a write unit is 1 KB, twice in a transaction, and one
    for each entry that an index gives up or gets.
    """

    calls: int = 0
    items_read: int = 0
    read: float = 0.0
    items_written: int = 0
    written: int = 0


@dataclass(slots=True)
class Meter:
    """Counts every call to the tables for the phase at hand."""

    now: Spent = field(default_factory=Spent)
    _entries: dict[tuple[str, str], object] = field(default_factory=dict)

    @contextmanager
    def on(self) -> Iterator["Meter"]:
        """Every client's calls pass the meter."""
        direct = BaseClient._make_api_call  # type: ignore[attr-defined]

        def through(client: BaseClient, operation: str, arguments: dict[str, Any]) -> Any:  # noqa: ANN401
            answer = direct(client, operation, arguments)
            if client.meta.service_model.service_name == "dynamodb" and operation != "Scan":
                self._count(arguments, answer)
            return answer

        with patch.object(BaseClient, "_make_api_call", through):
            yield self

    def of(self, work: Callable[[], object]) -> Spent:
        """What some work asks of the tables."""
        self.now = Spent()
        work()
        return self.now

    def _count(self, arguments: dict[str, Any], answer: dict[str, Any]) -> None:
        self.now.calls += 1
        found = answer.get("Items") or [each for each in [answer.get("Item")] if each]
        looked = "TransactItems" not in arguments and "UpdateExpression" not in arguments
        if looked and "Item" not in arguments:
            self.now.items_read += len(found)
            self.now.read += max(1, ceil(sum(map(_size, found)) / (4 * KILOBYTE)))
            return
        parts = [next(iter(each.values())) for each in arguments.get("TransactItems", ())]
        for part in parts or [arguments]:
            self._write(part, 2 if parts else 1)

    def _write(self, part: dict[str, Any], times: int) -> None:
        self.now.items_written += 1
        item = part.get("Item", {})
        self.now.written += times * max(1, ceil(_size(item) / KILOBYTE))
        if item.get("sk", {}).get("S") == "TICKET":
            for index, keys in INDEXES.items():
                self.now.written += self._moved(index, item, keys)

    def _moved(self, index: str, item: dict[str, Any], keys: tuple[str, str]) -> int:
        after = tuple(item[name]["S"] for name in keys) if keys[0] in item else None
        before = self._entries.get((index, item["pk"]["S"]))
        self._entries[index, item["pk"]["S"]] = after
        if after == before:
            return int(index == "queue" and after is not None)  # what stands beside its key
        return (before is not None) + (after is not None)


def life() -> dict[str, Spent]:
    """A refill by the portal: it comes in, is routed, taken up and settled."""
    logging.disable()
    with redirect_stdout(StringIO()), running() as clinic, Meter().on() as meter:
        _one(clinic, meter, "warm")  # policy and secrets are read once a process
        clinic.now += minutes(1)
        return _one(clinic, meter, "counted")


def _one(clinic: Clinic, meter: Meter, name: str) -> dict[str, Spent]:
    asks = a_requester(patient_id=name, email=f"{name}@mail.example", phone=None)
    arrive = meter.of(lambda: clinic.post(by_portal(REFILL, clinic.now, name, asks)))
    records = clinic.records()
    route = meter.of(lambda: clinic.hand_over(records))
    clinic.settle()
    ticket = clinic.ticket(clinic.newest())
    policy = policies.current_policy().get()
    context = Context(
        tables=aws.tables(), policy=policy, now=clinic.now, actor=f"staff:{ticket.assignee}"
    )
    who = Principal(id=ticket.assignee or "", policy=policy.policy)
    accept = meter.of(lambda: working.accept(context, who, ticket.id))
    settle = meter.of(lambda: clinic.resolve(ticket.id, who.id))
    return {"arrive": arrive, "route": route, "accept": accept, "resolve": settle}


def _size(item: dict[str, Any]) -> int:
    """The bytes of names and values, as DynamoDB bills them."""
    values = (next(iter(value.values())) for value in item.values())
    return sum(len(name) for name in item) + sum(len(value) for value in values)


def _sum(phases: Iterable[Spent]) -> Spent:
    total = Spent()
    for spent in phases:
        for name in Spent.__slots__:
            setattr(total, name, getattr(total, name) + getattr(spent, name))
    return total


if __name__ == "__main__":
    sys.exit(main())
