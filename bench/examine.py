"""How long the examination of a month takes, and how much memory: 200,000 events as copies.

`python -m bench.examine [EVENTS]`
"""

import random
import resource
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from tests.builders import MEMBERS, MONDAY_MORNING, a_policy, a_site
from triagewire.ledger.chain import digest
from triagewire.ledger.copies import batch, events_in
from triagewire.ledger.event import Action, Event
from triagewire.ledger.examination import Examination

EVENTS = 200_000
A_BATCH = 100
TICKETS = 20
"""A ticket has so many events."""
ACTIONS = [Action.VIEWED] * 6 + [Action.ROUTED, Action.CLAIMED, Action.RESOLVED, Action.SEARCHED]


def copies(count: int) -> Iterator[bytes]:
    """The bytes of a month's copies, in the order of time."""
    chance = random.Random(8)
    for start in range(0, count, A_BATCH):
        yield batch(_event(number, count, chance) for number in range(start, start + A_BATCH))


def _event(number: int, count: int, chance: random.Random) -> Event:
    event = Event(
        subject=f"TICKET#{number // TICKETS:026d}",
        sequence=number % TICKETS + 1,
        at=MONDAY_MORNING + timedelta(days=28) * (number / count),
        actor=f"staff:{chance.choice(list(MEMBERS))}",
        action=chance.choice(ACTIONS),
        why="opened",
        detail={"site": "north", "team": chance.choice(["clinical", "billing"])},
        policy_version=1,
        request_id="request-1",
        previous="",
    )
    return replace(event, hash=digest(event))


def main() -> None:
    """Print seconds and megabytes."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else EVENTS
    policy = replace(a_policy(), sites={"north": a_site()})
    examination = Examination(date(2026, 3, 1), date(2026, 3, 31), lambda _version: policy)
    before, spent = _megabytes(), 0.0
    for body in copies(count):
        begun = time.perf_counter()
        for event in events_in(body):
            examination.add(event)
        spent += time.perf_counter() - begun
    found = examination.examined()
    print(
        f"{found.events} events: {spent:.1f} s, {_megabytes() - before:.0f} MB, "
        f"{len(found.findings)} findings of {len(found.people)} people"
    )


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
