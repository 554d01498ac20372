"""A checkpoint: what was copied since the one before, and how far the ledger of each subject in it
had got, under one signature. Each holds the hash of the one before, so that none can be left out.

It stands at `checkpoints/<day>/<number>.json`, where the day is that of the one *before* it: two
runs at once, also at midnight, go for the same key, and only one of them can have it.
"""

import base64
import binascii
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from triagewire.errors import InvalidFieldError
from triagewire.ledger.copies import CHECKPOINTS
from triagewire.ledger.lines import canonical, read_canonical
from triagewire.ledger.moments import day_of, exact, read_exact

KIND = "triagewire-ledger-checkpoint"
FIRST = hashlib.sha256(b"triagewire-checkpoints-1").hexdigest()
"""What the first checkpoint names as the one before it."""
SETTLED = timedelta(minutes=1)
"""How old a copy is before a checkpoint names it: what was being written then is there by now."""
EVERY = timedelta(minutes=5)
"""How often the schedule asks for one."""


@dataclass(frozen=True, slots=True, order=True)
class Head:
    """How far the ledger of a subject had got: the number and the hash of its last event."""

    subject: str
    sequence: int
    hash: str


@dataclass(frozen=True, slots=True, order=True)
class File:
    """A copy by its key, and the SHA-256 of its bytes."""

    key: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """One checkpoint; `number` counts from 1, times are UTC.

    It names every copy that was written from `since` on and before `until` (None for the first: it
    names all before), and of each subject in them the highest event. `signature` is over all else.
    """

    number: int
    at: datetime
    previous: str
    since: datetime | None
    until: datetime
    files: tuple[File, ...]
    heads: tuple[Head, ...]
    events: int
    key_id: str
    signature: bytes = b""


def heads_of(events: Iterable[Head]) -> tuple[Head, ...]:
    """Of each subject its highest event, in the order of their names."""
    highest: dict[str, Head] = {}
    for event in events:
        known = highest.get(event.subject)
        if known is None or event.sequence > known.sequence:
            highest[event.subject] = event
    return tuple(sorted(highest.values()))


def digest_to_sign(checkpoint: Checkpoint) -> bytes:
    """What is signed: the SHA-256 of everything but the signature."""
    return hashlib.sha256(canonical(_content(checkpoint)).encode()).digest()


def to_bytes(checkpoint: Checkpoint) -> bytes:
    """A signed checkpoint as it is kept: one line of canonical JSON, without a newline."""
    signature = base64.b64encode(checkpoint.signature).decode()
    return canonical({**_content(checkpoint), "signature": signature}).encode()


def from_bytes(body: bytes) -> Checkpoint:
    """The checkpoint that `to_bytes` wrote. Raises InvalidFieldError for anything else."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise InvalidFieldError("checkpoint", "is no UTF-8") from None
    found = read_canonical(text, "checkpoint")
    if found.get("kind") != KIND:
        raise InvalidFieldError("kind", "is not that of a checkpoint")
    try:
        checkpoint = _read(found)
    except (KeyError, TypeError, ValueError, binascii.Error):
        raise InvalidFieldError("checkpoint", "has a field of no checkpoint") from None
    if to_bytes(checkpoint) != body:
        raise InvalidFieldError("checkpoint", "has a field of no checkpoint")
    return checkpoint


def chained_hash(body: bytes) -> str:
    """What the next checkpoint names as the one before it."""
    return hashlib.sha256(body).hexdigest()


def key_after(before: Checkpoint | None, at: datetime) -> str:
    """Where the checkpoint after `before` stands; for the very first, `at` is when it is made."""
    day, number = (before.at, before.number + 1) if before else (at, 1)
    return f"{CHECKPOINTS}{day_of(day)}/{number:010d}.json"


def _content(checkpoint: Checkpoint) -> dict[str, Any]:
    since = checkpoint.since
    return {
        "kind": KIND,
        "number": checkpoint.number,
        "at": exact(checkpoint.at),
        "previous": checkpoint.previous,
        "since": None if since is None else exact(since),
        "until": exact(checkpoint.until),
        "files": [{"key": each.key, "sha256": each.sha256} for each in checkpoint.files],
        "heads": [
            {"subject": each.subject, "sequence": each.sequence, "hash": each.hash}
            for each in checkpoint.heads
        ],
        "events": checkpoint.events,
        "key_id": checkpoint.key_id,
    }


def _read(found: Mapping[str, Any]) -> Checkpoint:
    since = found["since"]
    return Checkpoint(
        number=_whole(found["number"]),
        at=read_exact(found["at"]),
        previous=_text(found["previous"]),
        since=None if since is None else read_exact(since),
        until=read_exact(found["until"]),
        files=tuple(File(_text(each["key"]), _text(each["sha256"])) for each in found["files"]),
        heads=tuple(
            Head(_text(each["subject"]), _whole(each["sequence"]), _text(each["hash"]))
            for each in found["heads"]
        ),
        events=_whole(found["events"]),
        key_id=_text(found["key_id"]),
        signature=base64.b64decode(found["signature"], validate=True),
    )


def _whole(value: object) -> int:
    if type(value) is not int or value < 0:
        raise TypeError
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value
