"""What the first webhook of each sender costs a cold intake, as a multiple of the cold start alone.

Some senders give up after two or three seconds, and an adapter loads what it needs at its first
request: a heavy library shows here and nowhere else. No table is written: this is the part of the
answer that differs between senders.

    python -m bench.first_webhook
"""

import argparse
import base64
import pickle
import sys
from dataclasses import replace
from importlib import import_module
from urllib.parse import parse_qsl, urlsplit

from bench.cold_start import IMPORT, ROOT, cpu_seconds, environment_of
from bench.paired import Ratio, compare
from ops.senders.letter import Letter
from tests.unit.channels.builders import NOW, URL, a_source_of, secret_of
from triagewire.channels.options import ADAPTERS
from triagewire.channels.request import WebhookRequest, folded

FIRST = """
import handler, base64, pickle
from triagewire.channels.adapter import adapter_of
from triagewire.channels.receiving import receive, understood
request, source, secret, now = pickle.loads(base64.b64decode({given!r}))
adapter = adapter_of(source)
if adapter.METHODS:
    outcome = receive(request, source, (secret,), now)
else:
    outcome = understood(adapter, request, source, now)
assert outcome.arrivals, outcome.reason
"""


def main(arguments: list[str] | None = None) -> int:
    """Print one line for each adapter, the dearest first."""
    parser = argparse.ArgumentParser(prog="bench.first_webhook")
    parser.add_argument("--rounds", type=int, default=7, help="paired rounds of each ratio")
    rounds = parser.parse_args(arguments).rounds
    found = {adapter: measure(adapter, rounds) for adapter in ADAPTERS}
    for adapter, ratio in sorted(found.items(), key=lambda each: -each[1].middle):
        print(f"{adapter:<14} x the cold start alone: {ratio}")
    return 0


def measure(adapter: str, rounds: int) -> Ratio:
    """Cold start and first webhook against the cold start alone, in fresh processes."""
    paths = [ROOT / "functions" / "intake", ROOT / "layers" / "common"]
    environment = environment_of("intake", paths)
    code = FIRST.format(given=base64.b64encode(pickle.dumps(_webhook(adapter))).decode())
    return compare(
        lambda: cpu_seconds(code, environment),
        lambda: cpu_seconds(IMPORT, environment),
        rounds,
    )


def _webhook(adapter: str) -> tuple[object, ...]:
    source, secret = replace(a_source_of(adapter), url=URL), secret_of(adapter)
    letter = Letter(
        source=source,
        secret=secret,
        url=URL,
        now=NOW,
        event_id="evt-bench",
        text="Could somebody call me back about my refill?",
    )
    post = import_module(f"ops.senders.{adapter}").sample(letter)
    request = WebhookRequest(
        url=post.url,
        headers=folded(post.headers),
        body=post.body,
        query=dict(parse_qsl(urlsplit(post.url).query)),
    )
    return request, source, secret, NOW


if __name__ == "__main__":
    sys.exit(main())
