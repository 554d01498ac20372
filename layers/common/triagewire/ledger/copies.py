"""The locked copies of the ledger: under which key a batch of events stands, and what is in it.

`events/<day>/<time>-<mark>.jsonl` holds event lines, `changed/<day>/<time>-<mark>.jsonl` what the
ledger's stream saw altered or removed, which nobody may do. Day and time (UTC, milliseconds) are of
the newest record in the batch and `mark` is of its bytes: a batch that comes twice has one key.
"""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from triagewire.ledger.event import Event
from triagewire.ledger.lines import from_line, to_line
from triagewire.ledger.moments import in_key

EVENTS = "events/"
CHANGED = "changed/"
CHECKPOINTS = "checkpoints/"
KEYS = "keys/"
SUFFIX = ".jsonl"
MARK = 16
"""How many hex digits of the SHA-256 of its bytes a key names."""
LATEST_COPY = timedelta(hours=25)
"""A stream keeps its records for 24 hours: no copy stands under a time that is longer ago than
that when it is written.
"""


def batch(events: Iterable[Event]) -> bytes:
    """The bytes of a copy: one line an event."""
    return bytes_of(map(to_line, events))


def bytes_of(lines: Iterable[str]) -> bytes:
    """The same of what are lines already."""
    return "".join(f"{line}\n" for line in lines).encode()


def events_in(body: bytes) -> Iterator[Event]:
    """The events of a copy. Raises InvalidFieldError, and ValueError for what is no UTF-8."""
    yield from map(from_line, lines_in(body))


def lines_in(body: bytes) -> list[str]:
    """The lines of a copy. Raises ValueError for what is no UTF-8."""
    return body.decode().removesuffix("\n").split("\n")


def copy_key(newest: datetime, body: bytes, folder: str = EVENTS) -> str:
    """Where a batch stands."""
    return f"{folder}{in_key(newest)}-{mark(body)}{SUFFIX}"


def mark(body: bytes) -> str:
    """What a key names of its bytes."""
    return hashlib.sha256(body).hexdigest()[:MARK]


def named_after(key: str, body: bytes) -> bool:
    """Whether a key is the one of these bytes."""
    return named_by(key, hashlib.sha256(body).hexdigest())


def named_by(key: str, sha256: str) -> bool:
    """Whether a key is the one of bytes with this SHA-256."""
    return key.endswith(f"-{sha256[:MARK]}{SUFFIX}")


def first_key_after(moment: datetime, folder: str = EVENTS) -> str:
    """What every key of a copy that may have been written since `moment` sorts after."""
    return f"{folder}{in_key(moment - LATEST_COPY)}"
