"""What a sweep costs with 100, 10,000 and 100,000 open tickets, of which the same number is due;
and how 10,000 that are due in one minute are done, over several sweeps, without losing one.

What is counted is what the client asks for and gets; what is timed is our own work and the look-ups
of a table in memory. A call is taken to last as long as one to the real table does.

    python -m bench.sweep
"""

import argparse
import logging
import sys
import time
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass, replace
from io import StringIO
from typing import Any

import tests.conftest  # noqa: F401 the environment that the functions are given
from bench.indexed import Counting
from bench.paired import Ratio, compare
from tests.builders import (
    KEYS,
    MONDAY_MORNING,
    a_published_policy,
    a_stamp,
    a_ticket,
    a_verdict,
    an_entry,
    minutes,
)
from triagewire.escalation.bundle import Bundle
from triagewire.escalation.notice import Notice
from triagewire.flow.auditing import MOST_SEEN
from triagewire.flow.context import Context
from triagewire.flow.sweeping import all_is_well, sweep
from triagewire.store.codec import read_blob
from triagewire.store.sealed import read_sealed
from triagewire.store.table import Tables
from triagewire.store.tickets import TICKET, Change, changed
from triagewire.ticket import Ticket, Timer, TimerKind

DUE = 100
BACKLOGS = (100, 10_000, 100_000)
MOST_GROWTH = 1.5
"""For a thousand times the backlog: flat, with room for a busy machine."""
FLOOD = 10_000
URGENT = 500
"""How many of a flood are pages."""
CALL_SECONDS = 0.006
"""How long the real table takes to answer, written high."""
MINUTE_SECONDS = 55 - 12
"""What a sweep has before it begins nothing more; see `functions/escalate`."""
MOST_SWEEPS = 20
NOW = MONDAY_MORNING + minutes(61)
POLICY = a_published_policy()
OWNERS = ("nick", "nell", "rhea", "nora")


def main(arguments: list[str] | None = None) -> int:
    """Print calls, items and ratios; exit code 1 when a sweep grows with what is open, or loses a
    ticket of a flood.
    """
    parser = argparse.ArgumentParser(prog="bench.sweep", description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=9, help="paired rounds of each ratio")
    rounds = parser.parse_args(arguments).rounds
    logging.disable()
    flat = _backlogs(rounds)
    return 0 if _flood() and flat else 1


def _backlogs(rounds: int) -> bool:
    """Whether a sweep costs what is due and not what is open."""
    least, *others = [Backlog(number) for number in BACKLOGS]
    costs = {backlog: backlog.sweep() for backlog in (least, *others)}
    print(f"{'open':>8}{'due':>6}{'calls':>8}{'items read':>12}{'items written':>15}{'audited':>9}")
    for backlog, cost in costs.items():
        print(
            f"{backlog.open:>8}{DUE:>6}{cost.calls:>8}{cost.read:>12}{cost.written:>15}"
            f"{cost.audited:>9}"
        )
    ratios = [each.against(least, rounds) for each in others]
    for backlog, ratio in zip(others, ratios, strict=True):
        print(f"a sweep with {backlog.open} open: {ratio} x the time of one with {least.open}")
    steady, grown = len({cost.done for cost in costs.values()}) == 1, max(r.middle for r in ratios)
    return steady and grown <= MOST_GROWTH and all(c.audited <= MOST_SEEN for c in costs.values())


@dataclass(frozen=True, slots=True)
class Cost:
    """What one sweep asked for and gave; `audited` index entries are among what it read."""

    calls: int
    read: int
    written: int
    audited: int

    @property
    def done(self) -> tuple[int, int]:
        """What it cost to do what was due: where a round ends is read and noted by the audit."""
        noted = self.audited >= MOST_SEEN
        return self.read - self.audited - noted, self.written - noted


class Backlog:
    """So many open tickets on a table of their own, of which some are due now."""

    def __init__(self, number: int, due: int = DUE) -> None:
        self.open = number
        self.told: list[str] = []
        self.table = Counting()
        client: Any = self.table
        self.context = Context(
            tables=Tables(client, "tickets", "ledger", KEYS),
            policy=POLICY,
            now=NOW,
            actor="system:escalate",
            publish=self._hear,
        )
        later = Timer(at=NOW + minutes(600), kind=TimerKind.REMIND)
        for each in range(number - due):
            self.store(f"LATER{each:021d}", timer=later, assignee="nick")
        sweep(self.context)  # notes once which calendars hold

    def sweep(self) -> Cost:
        """The cost of one sweep of tickets that have just become due."""
        self._make_due()
        done = self._swept()
        if (done["Due"], all_is_well(done)) != (DUE, True):
            raise AssertionError("the sweep did not do what it is measured for")
        table = self.table
        return Cost(table.calls, table.read, table.written, done["Audited"])

    def against(self, other: "Backlog", rounds: int) -> Ratio:
        """The time of a sweep here as a multiple of that of one there."""
        return compare(self._seconds, other._seconds, rounds)

    def store(self, ticket_id: str, **changes: Any) -> None:  # noqa: ANN401
        """Put a ticket into the table as the functions store it."""
        ticket = a_ticket(id=ticket_id, version=0, accepted_at=MONDAY_MORNING, **changes)
        entry = Change(before=None, after=ticket, entries=(an_entry(),))
        _, (put, *_) = changed(self.context.tables, entry, a_stamp())
        self.table.put_item(TableName="tickets", Item=put.item["Put"]["Item"])

    def tickets(self) -> Iterator[Ticket]:
        """Every ticket as it is stored."""
        for (_, sk), item in self.table.tables["tickets"].items():
            if sk == TICKET:
                yield read_sealed(self.context.tables, item, "document", Ticket)

    def _make_due(self) -> None:
        for place in [each for each in self.table.tables["tickets"] if _is_told(each[0])]:
            del self.table.tables["tickets"][place]
        for each in range(DUE):
            self.store(f"DUE{each:023d}", assignee="nick")
        self.table.calls = self.table.read = self.table.written = 0

    def _swept(self) -> dict[str, int]:
        with redirect_stdout(StringIO()):
            return sweep(self.context)

    def _seconds(self) -> float:
        self._make_due()
        began = time.process_time()
        self._swept()
        return time.process_time() - began

    def _hear(self, bundle: Bundle, _way: object) -> None:
        self.told += [each.id for each in bundle.notices]


def _is_told(pk: str) -> bool:
    return pk.startswith(("TOLD", "OUTBOX"))


def _flood() -> bool:
    """Whether 10,000 tickets that are due at once are all served, pages first, none twice."""
    flood = Backlog(0, 0)
    for each in range(FLOOD):
        urgent = a_verdict(5) if each % (FLOOD // URGENT) == 0 else None
        ticket_id, owner = f"FLOOD{each:021d}", OWNERS[each % len(OWNERS)]
        flood.store(ticket_id, verdict=urgent, assignee=owner)
    flood.table.calls = 0
    began = time.process_time()
    print(f"{'sweep':>8}{'served':>8}{'pages left':>12}{'calls':>8}{'seconds':>9}{'heart':>8}")
    served = number = 0
    while served < FLOOD and number < MOST_SWEEPS:
        number += 1
        served += _minute(flood, number)
    own = (time.process_time() - began) * 1000 / FLOOD
    print(f"{flood.table.calls / FLOOD:.2f} calls and {own:.2f} ms of our own a ticket")
    return _whole(flood)


def _minute(flood: Backlog, number: int) -> int:
    """One sweep that ends in time; how many tickets it served."""
    watch = Watch(flood.table)
    with redirect_stdout(StringIO()):
        done = sweep(flood.context, lambda: watch.seconds < MINUTE_SECONDS)
    left = sum(_pages(each) for each in flood.tickets())
    beats = "beats" if all_is_well(done) else "silent"
    print(f"{number:>8}{done['Due']:>8}{left:>12}{watch.calls:>8}{watch.seconds:>9.1f}{beats:>8}")
    flood.context = replace(flood.context, now=flood.context.now + minutes(1))
    return done["Due"]


class Watch:
    """How long a sweep has lasted, if each of its calls took as long as one to the real table."""

    def __init__(self, table: Counting) -> None:
        self._table, self._calls, self._began = table, table.calls, time.process_time()

    @property
    def calls(self) -> int:
        """How many calls were made."""
        return self._table.calls - self._calls

    @property
    def seconds(self) -> float:
        """Calls and our own work."""
        return self.calls * CALL_SECONDS + time.process_time() - self._began


def _pages(ticket: Ticket) -> bool:
    """Whether it is urgent and nobody was paged of it yet."""
    return ticket.must_page and not ticket.escalation.pages


def _whole(flood: Backlog) -> bool:
    """Whether every ticket was stepped on, and every notice was sent or still waits, once."""
    waiting = [
        read_blob(item, "document", Notice).id
        for (pk, sk), item in flood.table.tables["tickets"].items()
        if pk.startswith("OUTBOX") and sk.startswith("NOTICE#")
    ]
    untouched = [each.id for each in flood.tickets() if not each.notices]
    sent, again = set(flood.told), len(flood.told) - len(set(flood.told))
    print(
        f"{len(sent)} notices sent, {len(waiting)} wait for their person, {again} sent twice, "
        f"{len(untouched)} tickets lost"
    )
    return not untouched and not again and not sent & set(waiting)


if __name__ == "__main__":
    sys.exit(main())
