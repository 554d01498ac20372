"""How long a person waits for their page: webhook over HTTP → SNS, on the embedded stack.

Each message is another patient's and all of them page, at a site whose limits are out of the way:
this times the machinery, not the bundling. First one after the other, then a burst, which shows how
fast one stream works off what came at once. The template is the real one, IAM is evaluated.

    python -m bench.pages
"""

import argparse
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

from local.demo.day import DayMessage, Person
from local.demo.facts import percentile
from local.demo.notices import Pager
from local.demo.posts import post_of
from local.demo.world import World, furnish
from local.stack import session
from local.stack.emulator import ROOT
from tests.stack.prepare import verify_sender

SITE, SOURCE = "riverside", "portal"
MOST_SECONDS = 4.0
PATIENCE_SECONDS = 90.0
PARALLEL = 4
ALWAYS_ROOM: dict[str, Any] = {
    "limits": {
        way: [{"most": 100_000, "minutes": 15}] for way in ("sms", "email", "pager", "topic")
    }
}
WORDS = "I have crushing chest pain and cannot breathe."


def main(arguments: list[str] | None = None) -> int:
    """Print the spread; exit code 1 when p99 of single messages is over the limit, or a page never
    came.
    """
    parser = argparse.ArgumentParser(prog="bench.pages", description=__doc__.split("\n")[0])
    parser.add_argument("--messages", type=int, default=100, help="how many, one after the other")
    parser.add_argument("--burst", type=int, default=50, help="how many at once after that")
    given = parser.parse_args(arguments)
    with session.running(lambda _step: None, ROOT / "build" / "bench-stack") as stack:
        verify_sender(stack)
        world = furnish(stack, datetime.now(UTC), {SITE: {"notices": ALWAYS_ROOM}})
        pager = Pager(world)
        singly = [_waited(world, pager, [number])[0] for number in range(given.messages + 1)][1:]
        burst = _waited(world, pager, range(1000, 1000 + given.burst))
    spread = {share: percentile(singly, share) for share in (50, 95, 99, 100)}
    print(", ".join(f"p{share} {seconds:.2f} s" for share, seconds in spread.items()))
    print(f"a burst of {given.burst}: the last page after {max(burst, default=0):.1f} s")
    return 0 if spread[99] <= MOST_SECONDS else 1


def _waited(world: World, pager: Pager, numbers: Sequence[int]) -> list[float]:
    """Seconds from the first byte of each webhook until SNS handed its page over. Raises
    TimeoutError when one never came.
    """
    with ThreadPoolExecutor(PARALLEL) as pool:
        began = dict(pool.map(lambda number: _sent(world, _a_message(number)), numbers))
    came: dict[str, float] = {}
    patience = time.monotonic() + PATIENCE_SECONDS
    while len(came) < len(began):
        if time.monotonic() > patience:
            raise TimeoutError(f"{len(began) - len(came)} pages never came")
        for message in pager.fresh():
            for ticket_id in began.keys() - came.keys():
                if ticket_id in message.text:
                    came[ticket_id] = message.at.timestamp() - began[ticket_id]
    return list(came.values())


def _sent(world: World, message: DayMessage) -> tuple[str, float]:
    now = datetime.now(UTC)
    sources = world.site(SITE).sources
    posted = post_of(message, world.secrets, world.url, now, sources)
    began = time.time()
    world.send(posted).raise_for_status()
    return posted.ticket_id, began


def _a_message(number: int) -> DayMessage:
    who = Person(name="Patient Bench", mrn=f"B-{number:05d}")
    return DayMessage(
        id=f"bench-{number}",
        site=SITE,
        at=datetime.now(UTC),
        by=SOURCE,
        kind="urgent",
        text=WORDS,
        writer=who,
        patient=who,
    )


if __name__ == "__main__":
    sys.exit(main())
