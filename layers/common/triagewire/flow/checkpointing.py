"""The ledger's copies and checkpoints: what is appended stands in a locked bucket within seconds,
and every few minutes one signature covers all of it.

Nothing here is remembered from run to run: the bucket itself says how far the last checkpoint got.
So a run that dies, or that KMS or S3 fails, loses nothing, and the next one goes on.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from triagewire.errors import InvalidFieldError
from triagewire.ledger.checkpoint import (
    FIRST,
    SETTLED,
    Checkpoint,
    File,
    Head,
    chained_hash,
    digest_to_sign,
    from_bytes,
    heads_of,
    key_after,
    to_bytes,
)
from triagewire.ledger.copies import (
    CHANGED,
    CHECKPOINTS,
    EVENTS,
    KEYS,
    bytes_of,
    copy_key,
    first_key_after,
    lines_in,
    named_after,
)
from triagewire.ledger.lines import hash_fits, read_line
from triagewire.lockbox import Stored
from triagewire.store.ledger_stream import Appended, Tampered, read_records

MOST_FILES = 800
"""Copies in one checkpoint; after an outage the next ones take the rest."""
SECOND = timedelta(seconds=1)


class Box(Protocol):
    """The locked bucket, as `lockbox.LockBox` is one."""

    def put_once(self, key: str, body: bytes) -> bool:
        """Store an object where none is."""

    def read(self, key: str) -> bytes:
        """The bytes of an object."""

    def read_all(self, keys: Iterable[str]) -> Iterator[bytes]:
        """The bytes of several objects, in order."""

    def after(self, prefix: str, key: str = "") -> Iterator[Stored]:
        """The objects under a prefix that sort after a key."""

    def folders(self, prefix: str) -> tuple[str, ...]:
        """The folders right under a prefix."""


class Signer(Protocol):
    """The ledger's key, as `signing.SigningKey` is one."""

    @property
    def id(self) -> str:
        """Its name."""

    @property
    def pem(self) -> str:
        """Its public half."""

    def sign(self, digest: bytes) -> bytes:
        """A signature."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """How many events of a batch are locked now, how many records were no appending, and which
    record is to come again, with all after it; `fault` says why.
    """

    events: int = 0
    tampered: int = 0
    failed: str | None = None
    fault: str = ""


def copy(box: Box, records: Sequence[Mapping[str, Any]]) -> Copied:
    """Lock a batch of the ledger's stream away: appended events in one object, what was altered or
    removed in another. A batch that comes twice finds its objects there.
    """
    seen = read_records(records)
    newest = max(each.at for each in seen)
    appended = [each for each in seen if isinstance(each, Appended)]
    tampered = [each for each in seen if isinstance(each, Tampered)]
    kept = Copied(tampered=len(tampered))
    try:
        if tampered:
            body = "".join(f"{each.line}\n" for each in tampered).encode()
            box.put_once(copy_key(newest, body, CHANGED), body)
        if appended:
            body = bytes_of(each.line for each in appended)
            box.put_once(copy_key(newest, body), body)
            kept = replace(kept, events=len(appended))
    except (ClientError, BotoCoreError) as error:
        return replace(kept, failed=seen[0].number, fault=type(error).__name__)
    return kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """The checkpoint that a run wrote, None where another run was quicker; and the keys of copies
    that are not what was recorded: something else than this code wrote them.
    """

    checkpoint: Checkpoint | None
    odd: tuple[str, ...] = ()


def make_checkpoint(box: Box, signer: Signer, now: datetime) -> Made:
    """Write the next checkpoint, also when nothing happened: that is what it then says.

    Raises InvalidFieldError when the last one cannot be read, and ClientError or BotoCoreError when
    S3 or KMS fails: the next run does it then.
    """
    before, previous = _last(box)
    stored, until = _settled(box, before, now)
    copies = _Copies()
    bodies = box.read_all([each.key for each in stored])
    read = zip(stored, bodies, strict=True)
    files = sorted(File(each.key, copies.take(each.key, body)) for each, body in read)
    if before is None or before.key_id != signer.id:
        box.put_once(f"{KEYS}{signer.id}.pem", signer.pem.encode())
    unsigned = Checkpoint(
        number=before.number + 1 if before else 1,
        at=max(now, before.at) if before else now,
        previous=previous,
        since=before.until if before else None,
        until=until,
        files=tuple(files),
        heads=heads_of(copies.events),
        events=len(copies.events),
        key_id=signer.id,
    )
    signed = replace(unsigned, signature=signer.sign(digest_to_sign(unsigned)))
    written = _written(box, key_after(before, signed.at), to_bytes(signed))
    return Made(checkpoint=signed if written else None, odd=tuple(copies.odd))


def _last(box: Box) -> tuple[Checkpoint | None, str]:
    """The last checkpoint, and what the next one names as the one before it."""
    folders = box.folders(CHECKPOINTS)
    if not folders:
        return None, FIRST
    *_, last = box.after(folders[-1])
    body = box.read(last.key)
    return from_bytes(body), chained_hash(body)


def _settled(box: Box, before: Checkpoint | None, now: datetime) -> tuple[list[Stored], datetime]:
    """The copies that the next checkpoint names, and until when it goes.

    What counts is when the bucket got them: a batch that came late stands under an old time.
    """
    since = before.until if before else None
    until = (now - SETTLED).replace(microsecond=0)
    until = max(until, since) if since else until
    found: list[Stored] = []
    for folder in (EVENTS, CHANGED):
        start = first_key_after(since, folder) if since else ""
        found += (
            each
            for each in box.after(folder, start)
            if each.at < until and (since is None or since <= each.at)
        )
    found.sort(key=lambda each: (each.at, each.key))
    if len(found) > MOST_FILES:
        until = max(found[MOST_FILES].at, found[0].at + SECOND)
        found = [each for each in found if each.at < until]
    return found, until


@dataclass(slots=True)
class _Copies:
    """What stands in the copies that were read."""

    events: list[Head] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)

    def take(self, key: str, body: bytes) -> str:
        """Take up a copy; returns the SHA-256 of its bytes."""
        if key.startswith(EVENTS):
            try:
                found = [read_line(line) for line in lines_in(body)]
            except (InvalidFieldError, UnicodeDecodeError):
                found = []
            genuine = [each for each in found if hash_fits(each)]
            if not genuine or len(genuine) < len(found) or not named_after(key, body):
                self.odd.append(key)
            self.events += (
                Head(each["subject"], each["sequence"], each["hash"]) for each in genuine
            )
        return chained_hash(body)


def _written(box: Box, key: str, body: bytes) -> bool:
    """Whether this very checkpoint is the one that stands there: an answer may have been lost."""
    return box.put_once(key, body) or box.read(key) == body
