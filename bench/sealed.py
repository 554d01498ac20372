"""What sealing costs: the first message of a cold function, and a queue page of a warm one.

The first message needs `cryptography`, a client of KMS and one call to it; the call is answered in
the process, so that a network's time is not in the figure. What is limited is what that adds, and
what opening a page's tickets adds to unpacking them.

    python -m bench.sealed
"""

import argparse
import subprocess
import sys
import time
from collections.abc import Callable
from statistics import median
from typing import Any, cast

from bench.cold_start import NOTHING, READY, ROOT, cpu_seconds, environment_of
from bench.paired import Ratio, compare
from tests.builders import KEYS, a_stamp, a_ticket, an_entry
from triagewire.store.cipher import KeyName, Place, SiteKey
from triagewire.store.codec import Item, unpack
from triagewire.store.sealed import read_sealed, read_sealed_bytes, sealed_bytes
from triagewire.store.table import Tables
from triagewire.store.tickets import Change, changed
from triagewire.ticket import Ticket

FUNCTIONS = ("intake", "score_route", "escalate", "desk")
PAGE = 50
MOST_ADDED = 3.4
"""Times bare Python that sealing may add to a cold start: 60 ms where bare Python takes 17.4."""
MOST_OPENING = 2.0
"""Times the unpacking of a page that opening and unpacking it may take."""
READY_AND_SEALED = (
    READY
    + """
import base64, io, json, time
from botocore.awsrequest import AWSResponse
class Raw(io.BytesIO):
    def stream(self, **_):
        yield self.read()

def answered(request, **_):
    body = json.dumps({"Plaintext": base64.b64encode(bytes(32)).decode()}).encode()
    return AWSResponse(request.url, 200, {}, Raw(body))

class Table:
    def get_item(self, **_):
        return {"Item": {"wrapped": {"B": bytes(96)}}}

began = time.process_time()
from triagewire import aws
from triagewire.keyring import SiteKeys
from triagewire.store.cipher import KeyName, Place, seal, unseal
aws.kms().meta.events.register("before-send.kms", answered)
keys = SiteKeys(Table(), "tickets", "arn:aws:kms:us-east-1:1:key/1", aws.kms)
place = Place("TICKET#1", "TICKET", "document")
key = keys.opening(KeyName("north", "2026-03"))
assert unseal(key, place, seal(key, place, bytes(700), bytes(12))) == bytes(700)
print(time.process_time() - began)
"""
)


def main(arguments: list[str] | None = None) -> int:
    """Print what sealing adds; exit code 1 when one is outside its limit."""
    parser = argparse.ArgumentParser(prog="bench.sealed", description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=11, help="paired rounds of each ratio")
    rounds = parser.parse_args(arguments).rounds
    added = {function: cold(function, rounds) for function in FUNCTIONS}
    for function, ratio in added.items():
        print(f"{function:<12} the first message adds {ratio} x bare Python to a cold start")
    page, microseconds = opening(rounds)
    print(f"{PAGE} tickets: {page} x the time of unpacking them unsealed")
    print(f"one ticket: {microseconds:.0f} µs to open, {sealing():.0f} µs to seal")
    fine = max(each.middle for each in added.values()) <= MOST_ADDED
    return 0 if fine and page.middle <= MOST_OPENING else 1


def cold(function: str, rounds: int) -> Ratio:
    """What sealing adds to the cold start of a function that has its client."""
    paths = [ROOT / "functions" / function, ROOT / "layers" / "common"]
    environment = environment_of(function, paths)

    def added() -> float:
        ran = subprocess.run(
            [sys.executable, "-c", READY_AND_SEALED],
            env=environment,
            cwd=ROOT / "bench",
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        return float(ran.stdout.splitlines()[-1])

    return compare(added, lambda: cpu_seconds(NOTHING, environment), rounds)


def opening(rounds: int) -> tuple[Ratio, float]:
    """A page opened and unpacked against the same unpacked only; and one opening's microseconds."""
    tables, items = _page()
    packed = [read_sealed_bytes(tables, item, "document") for item in items]

    def opened() -> None:
        for item in items:
            read_sealed(tables, item, "document", Ticket)

    def unpacked() -> None:
        for each in packed:
            unpack(each, Ticket)

    def only_opened() -> None:
        for item in items:
            read_sealed_bytes(tables, item, "document")

    ratio = compare(lambda: _seconds(opened), lambda: _seconds(unpacked), rounds)
    return ratio, 1e6 * median(_seconds(only_opened) for _ in range(rounds)) / PAGE


def sealing() -> float:
    """Microseconds of sealing a ticket."""
    tables, items = _page()
    content = read_sealed_bytes(tables, items[0], "document")
    place = Place("TICKET#1", "TICKET", "document")

    def seal_all() -> None:
        for _ in range(PAGE):
            sealed_bytes(tables, "north", place, content)

    return 1e6 * median(_seconds(seal_all) for _ in range(11)) / PAGE


def _page() -> tuple[Tables, list[Item]]:
    """A page of tickets as they are stored. The key is at hand, as in a warm function."""
    client: Any = None
    tables = Tables(client, "tickets", "ledger", _AtHand())
    items: list[Item] = []
    for each in range(PAGE):
        ticket = a_ticket(id=f"T{each:025d}", version=0)
        change = Change(before=None, after=ticket, entries=(an_entry(),))
        _, (put, *_) = changed(tables, change, a_stamp())
        items.append(cast("Item", put.item["Put"]["Item"]))
    return tables, items


class _AtHand:
    """One key, kept."""

    def __init__(self) -> None:
        self._key = KEYS.sealing("north")

    def sealing(self, _site: str) -> SiteKey:
        """It."""
        return self._key

    def opening(self, _name: KeyName) -> SiteKey:
        """It."""
        return self._key


def _seconds(work: Callable[[], None]) -> float:
    began = time.process_time()
    for _ in range(20):
        work()
    return (time.process_time() - began) / 20


if __name__ == "__main__":
    sys.exit(main())
