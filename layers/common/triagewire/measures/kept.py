"""Gathered lives as a file: its first line says how far the ledger was read, each other line is
one life or one event that waits.
"""

import gzip
import zlib
from collections.abc import Iterable, Iterator
from datetime import datetime

import msgspec

from triagewire.errors import InvalidFieldError
from triagewire.ledger.chains import Fault
from triagewire.ledger.lines import from_line, to_line
from triagewire.measures.gathering import Gathering
from triagewire.measures.life import Life

VERSION = 3
"""Of what a life holds: a file of another version is not read, and the ledger is read anew."""


class OutdatedError(InvalidFieldError):
    """A file of lives that another version of this code wrote."""


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """How far lives were gathered: the last checkpoint that was read, where it stands, its hash and
    until when (UTC) it goes; and everything that was found wrong on the way.
    """

    version: int = VERSION
    checkpoint: int = 0
    key: str = ""
    hash: str = ""
    until: datetime | None = None
    events: int = 0
    waiting: int = 0
    faults: tuple[tuple[str, int, str, str], ...] = ()
    pages: dict[str, datetime] = msgspec.field(default_factory=dict)


def to_file(mark: Mark, gathered: Gathering) -> bytes:
    """Everything that is gathered, to go on from."""
    waiting = [event for events in gathered.waiting.values() for event in events.values()]
    whole = msgspec.structs.replace(
        mark,
        version=VERSION,
        events=gathered.events,
        waiting=len(waiting),
        faults=tuple((f.subject, f.sequence, f.problem, f.key) for f in gathered.faults),
        pages=gathered.pages,
    )
    lines = [msgspec.json.encode(whole), *(to_line(each).encode() for each in waiting)]
    return _packed([*lines, *map(msgspec.json.encode, gathered.lives.values())])


def from_file(body: bytes) -> tuple[Mark, Gathering]:
    """What `to_file` wrote. Raises OutdatedError for a file of another version, and
    InvalidFieldError for what is no such file.
    """
    first, *rest = _unpacked(body) or [b""]
    mark = _mark(first)
    gathered = Gathering(events=mark.events, pages=dict(mark.pages))
    gathered.faults = [Fault(*each) for each in mark.faults]
    for line in rest[: mark.waiting]:
        event = from_line(line.decode())
        ticket = event.subject.partition("#")[2]
        gathered.waiting.setdefault(ticket, {})[event.sequence] = event
    gathered.lives = {life.ticket: life for life in _lives(rest[mark.waiting :])}
    return mark, gathered


def lives_to_file(lives: Iterable[Life]) -> bytes:
    """Lives that are over, behind a line that says which version of this code folded them."""
    mark = Mark(version=VERSION)
    return _packed([msgspec.json.encode(mark), *map(msgspec.json.encode, lives)])


def lives_from_file(body: bytes) -> Iterator[Life]:
    """What `lives_to_file` wrote. Raises OutdatedError for a file of another version, and
    InvalidFieldError for what is no such file.
    """
    first, *rest = _unpacked(body) or [b""]
    _mark(first)
    yield from _lives(rest)


def _mark(line: bytes) -> Mark:
    try:
        mark = msgspec.json.decode(line, type=Mark)
    except msgspec.MsgspecError:
        raise InvalidFieldError(
            "lives", "cannot be read: delete the file, and it is made anew"
        ) from None
    if mark.version != VERSION:
        raise OutdatedError("lives", "were written by another version")
    return mark


def _lives(lines: Iterable[bytes]) -> Iterator[Life]:
    decoder = msgspec.json.Decoder(Life)
    try:
        yield from map(decoder.decode, lines)
    except msgspec.MsgspecError:
        raise InvalidFieldError(
            "lives", "cannot be read: delete the file, and it is made anew"
        ) from None


def _packed(lines: Iterable[bytes]) -> bytes:
    return gzip.compress(b"".join(line + b"\n" for line in lines), mtime=0, compresslevel=1)


def _unpacked(body: bytes) -> list[bytes]:
    try:
        return gzip.decompress(body).splitlines()
    except (OSError, EOFError, zlib.error):
        raise InvalidFieldError(
            "lives", "cannot be read: delete the file, and it is made anew"
        ) from None
