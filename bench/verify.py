"""How long a verification takes: 100,000 events of 5,000 tickets, read as lines from their locked
copies and again as the table would give them, under 300 signed checkpoints.

A time, not a ratio, because an auditor waits for it: CPU time, which neighbours on the machine
change least. And the growth from a tenth of it, which says what a larger ledger takes.

    python -m bench.verify
"""

import argparse
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from tests.builders import MONDAY_MORNING, a_stamp, an_entry
from tests.ledgers import LocalKey, MemoryBox, report_of
from triagewire.flow.checkpointing import make_checkpoint
from triagewire.ledger.chain import extend
from triagewire.ledger.copies import batch, copy_key
from triagewire.ledger.event import Event
from triagewire.ledger.verification import Report, Stated
from triagewire.trusted_keys import genuine_by

EVENTS_EACH = 20
TICKETS = 5_000
CHECKPOINTS_MADE = 300
BATCH = 100
MOST_SECONDS = 10.0
MOST_GROWTH = 13.0
"""For ten times the events: linear, with room for a busy machine."""
KEY = LocalKey()


@dataclass(frozen=True, slots=True)
class Ledger:
    """A ledger in the table, and what was copied and signed of it."""

    events: list[Event]
    stated: dict[str, Stated]
    box: MemoryBox


def main(arguments: list[str] | None = None) -> int:
    """Print the times; exit code 1 when one is outside its limit."""
    parser = argparse.ArgumentParser(prog="bench.verify", description=__doc__.split("\n")[0])
    parser.add_argument("--tickets", type=int, default=TICKETS)
    tickets = parser.parse_args(arguments).tickets
    small, whole = a_ledger(tickets // 10), a_ledger(tickets)
    first, _ = seconds(small)
    spent, report = seconds(whole)
    growth = spent / first
    print(
        f"{report.events} events of {report.subjects} tickets, {report.copies} copies, "
        f"{report.checkpoints} checkpoints: {spent:.1f} s of CPU, "
        f"{1e6 * spent / report.events:.0f} µs an event; {growth:.1f} x a tenth of it"
    )
    assert not report.faults, report.faults[0]
    return int(spent > MOST_SECONDS or growth > MOST_GROWTH)


def a_ledger(tickets: int) -> Ledger:
    """A ledger whose tickets go on side by side, as they do in a clinic."""
    chains = {f"TICKET#{number:08d}": list(_chain(number)) for number in range(tickets)}
    events = [each for step in zip(*chains.values(), strict=True) for each in step]
    box = MemoryBox()
    batches = [events[at : at + BATCH] for at in range(0, len(events), BATCH)]
    every = max(1, len(batches) // CHECKPOINTS_MADE)
    for number, each in enumerate(batches, start=1):
        body = batch(each)
        box.put_once(copy_key(box.now, body), body)
        box.now += timedelta(seconds=1)
        if number % every == 0 or number == len(batches):
            box.now += timedelta(minutes=5)
            make_checkpoint(box, KEY, box.now)
    stated = {name: Stated(len(chain), chain[-1].hash) for name, chain in chains.items()}
    return Ledger(events, stated, box)


def seconds(ledger: Ledger) -> tuple[float, Report]:
    """What it takes, from bytes to the report; and the report."""
    began = time.process_time()
    report = report_of(ledger.box, ledger.events, ledger.stated, genuine_by([KEY.pem.encode()]))
    return time.process_time() - began, report


def _chain(ticket: int) -> Iterator[Event]:
    head = ""
    for number in range(EVENTS_EACH):
        detail = {"team": "clinical", "member": "nora", "score": 5, "rules": ["a", "b"]}
        entry = an_entry(why=f"step {number} of ticket {ticket}", detail=detail)
        stamp = a_stamp(MONDAY_MORNING + timedelta(minutes=number))
        (event,) = extend(f"TICKET#{ticket:08d}", number, head, [entry], stamp)
        head = event.hash
        yield event


if __name__ == "__main__":
    sys.exit(main())
