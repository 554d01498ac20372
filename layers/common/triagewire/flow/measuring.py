"""Gathering lives from the signed copies of the ledger: each event is read once.

A checkpoint names the copies that were made since the one before it, and is signed. So new events
are found by the checkpoints, and nothing counts that is not signed for.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from itertools import batched
from typing import Protocol

from botocore.exceptions import ClientError
from msgspec.structs import replace

from triagewire.errors import InvalidFieldError
from triagewire.ledger.chains import Fault
from triagewire.ledger.checkpoint import (
    Checkpoint,
    File,
    chained_hash,
    digest_to_sign,
    from_bytes,
    key_after,
)
from triagewire.ledger.checkpoint_chain import CheckpointChain, Genuine
from triagewire.ledger.copies import CHANGED, CHECKPOINTS, events_in
from triagewire.ledger.event import Event
from triagewire.ledger.moments import day_of
from triagewire.lockbox import Stored
from triagewire.measures.gathering import Gathering
from triagewire.measures.kept import (
    Mark,
    OutdatedError,
    from_file,
    lives_from_file,
    lives_to_file,
    to_file,
)
from triagewire.measures.life import Life
from triagewire.measures.report import Trust

OPEN = "lives/open.jsonl.gz"
"""The lives of tickets that may still go on, and how far the ledger was read."""
OVER = "lives/over/"
"""The lives that are over, by the day on which they were put there."""
PACKED = "application/gzip"
MOST_CHECKPOINTS = 288
"""A day of them in one go."""
AT_ONCE = 16


class Locked(Protocol):
    """The locked bucket, as `lockbox.LockBox` is one."""

    def read(self, key: str) -> bytes:
        """The bytes of an object."""

    def after(self, prefix: str, key: str = "") -> Iterator[Stored]:
        """The objects under a prefix that sort after a key."""


class Kept(Protocol):
    """The bucket of reports, as `reports.ReportBox` is one."""

    def read(self, key: str) -> bytes | None:
        """The bytes of an object; None where there is none."""

    def write(self, key: str, body: bytes, media_type: str) -> None:
        """Store an object, in place of the one that is there."""

    def keys(self, prefix: str, after: str = "") -> Iterator[str]:
        """The keys under a prefix that sort after one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """Lives, and how far the ledger was read for them. `more` says that there is more to read."""

    mark: Mark
    gathering: Gathering
    more: bool = False

    @property
    def trust(self) -> Trust:
        """What a report says of the ledger behind it."""
        return Trust(
            until=self.mark.until,
            checkpoint=self.mark.checkpoint,
            faults=tuple(str(each) for each in self.gathering.faults),
            waiting=sum(map(len, self.gathering.waiting.values())),
        )


def gather(locked: Locked, kept: Kept, genuine: Genuine) -> Gathered:
    """Take up what was signed since the last time, and keep it; `more` asks to be called again.

    A run that dies loses nothing: the next one begins where the last finished one ended. Raises
    ClientError or BotoCoreError when S3 fails.
    """
    begun = gathered_so_far(kept)
    read = _read_on(locked, begun, genuine)
    now = read.mark.until
    if now is not None:
        read.gathering.give_up_waiting(now)
        if over := read.gathering.settled_before(now):
            name = f"{begun.mark.checkpoint + 1:010d}-{read.mark.checkpoint:010d}"
            kept.write(f"{OVER}{day_of(now)}/{name}.jsonl.gz", lives_to_file(over), PACKED)
    kept.write(OPEN, to_file(read.mark, read.gathering), PACKED)
    return read


def lives_since(kept: Kept, since: datetime) -> tuple[Gathered, dict[str, Life]]:
    """How far the ledger was gathered, and all lives of tickets that were not over before a moment
    (UTC), by ticket.
    """
    gathered = gathered_so_far(kept)
    lives: dict[str, Life] = {}
    for key in kept.keys(OVER, f"{OVER}{day_of(since)}"):
        for life in _put_away(kept, key):
            known = lives.get(life.ticket)
            if known is None or known.sequence < life.sequence:
                lives[life.ticket] = life
    for life in gathered.gathering.lives.values():
        if life.sequence or life.ticket not in lives:  # else only something late waits of it
            lives[life.ticket] = life
    return gathered, lives


def _put_away(kept: Kept, key: str) -> list[Life]:
    """Lives that are over; none of another version: they are told anew."""
    body = kept.read(key)
    try:
        return [*lives_from_file(body)] if body is not None else []
    except OutdatedError:
        return []


def gathered_so_far(kept: Kept) -> Gathered:
    """What was gathered: nothing where the file is of another version."""
    body = kept.read(OPEN)
    if body is None:
        return Gathered(mark=Mark(), gathering=Gathering())
    try:
        mark, gathering = from_file(body)
    except OutdatedError:
        return Gathered(mark=Mark(), gathering=Gathering())
    return Gathered(mark=mark, gathering=gathering)


def _read_on(locked: Locked, begun: Gathered, genuine: Genuine) -> Gathered:
    """Everything that the next checkpoints name, taken into the lives. Only what is genuine is
    counted as read: planted objects neither use up a run nor ask for another one.
    """
    gathering, mark = begun.gathering, begun.mark
    chain = _chain_after(locked, mark, genuine, gathering)
    files: list[File] = []
    read = 0
    for key, body in _checkpoints(locked, mark.key):
        found = _checked(chain, body, key, gathering)
        if found is None:
            continue
        files += found.files
        mark = _after(mark, found, key, body)
        read += 1
        if read == MOST_CHECKPOINTS:
            break
    gathering.take_all(_events(locked, files, gathering))
    return Gathered(mark=mark, gathering=gathering, more=read == MOST_CHECKPOINTS)


def _checkpoints(locked: Locked, after: str) -> Iterator[tuple[str, bytes]]:
    """The objects where checkpoints stand, in order, read several at a time: after a change of keys
    there may be a year of them to pass over.
    """
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for part in batched(locked.after(CHECKPOINTS, after), 2 * AT_ONCE, strict=False):
            keys = [each.key for each in part]
            yield from zip(keys, pool.map(locked.read, keys), strict=True)


def _chain_after(
    locked: Locked, mark: Mark, genuine: Genuine, gathering: Gathering
) -> CheckpointChain:
    """The chain to go on with: after the checkpoint that was read last, if that is still there."""
    chain = CheckpointChain(genuine, whole=not mark.key)
    last = _body(locked, mark.key) if mark.key else b""
    if last is None:
        problem = f"checkpoint {mark.checkpoint}, which was read last, is missing"
        gathering.fault(Fault(problem=problem, key=mark.key))
        return chain
    if mark.key and chained_hash(last) == mark.hash:
        chain.genuine = _still_genuine(genuine, last)
    elif mark.key:
        problem = f"checkpoint {mark.checkpoint} is not the one that was read"
        gathering.fault(Fault(problem=problem, key=mark.key))
    if mark.key:
        chain.add(last, mark.key)
    return chain


def _still_genuine(genuine: Genuine, last: bytes) -> Genuine:
    """The checkpoint that was read last was genuine then: it stays so when another key signs."""
    known = digest_to_sign(from_bytes(last))

    def judged(name: str, digest: bytes, signature: bytes) -> bool:
        return digest == known or genuine(name, digest, signature)

    return judged


def _checked(
    chain: CheckpointChain, body: bytes, key: str, gathering: Gathering
) -> Checkpoint | None:
    """A checkpoint that is genuine; None for one whose copies do not count."""
    if problem := _why_no_link(chain, body, key):
        gathering.fault(Fault(problem=problem, key=key))
        return None
    known = set(chain.bad)
    found = chain.add(body, key)
    for number, fault in chain.bad.items():
        if number not in known:
            gathering.fault(fault)
    return None if found is None or found.number in chain.bad else found


def _why_no_link(chain: CheckpointChain, body: bytes, key: str) -> str:
    """Why an object is no link of the chain, "" for one that may be. Such a one is passed over: if
    it were taken up, those after it would not follow.
    """
    try:
        found = from_bytes(body)
    except InvalidFieldError:
        return "a checkpoint cannot be read"
    if not chain.genuine(found.key_id, digest_to_sign(found), found.signature):
        return f"checkpoint {found.number} is not signed by a key that is trusted here"
    before = chain.newest
    if before is None or found.number > before.number + 1:
        return ""
    if found.number <= before.number or key != key_after(before, found.at):
        return f"checkpoint {found.number} stands in another place than its own"
    return ""


def _after(mark: Mark, found: Checkpoint, key: str, body: bytes) -> Mark:
    return replace(
        mark, checkpoint=found.number, key=key, hash=chained_hash(body), until=found.until
    )


def _events(locked: Locked, files: list[File], gathering: Gathering) -> Iterator[Event]:
    """The events of copies that are as they were signed for."""
    copies = [each for each in files if not each.key.startswith(CHANGED)]
    for changed in files:
        if changed.key.startswith(CHANGED):
            problem = "the ledger's table was altered; the copies from before are counted"
            gathering.fault(Fault(problem=problem, key=changed.key))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        bodies = pool.map(lambda each: _body(locked, each.key), copies)
        for file, body in zip(copies, bodies, strict=True):
            if body is None or chained_hash(body) != file.sha256:
                problem = "a copy is missing" if body is None else "a copy was altered"
                gathering.fault(Fault(problem=problem, key=file.key))
                continue
            try:
                yield from [*events_in(body)]
            except (InvalidFieldError, ValueError):
                gathering.fault(Fault(problem="a copy cannot be read", key=file.key))


def _body(locked: Locked, key: str) -> bytes | None:
    try:
        return locked.read(key)
    except KeyError:
        return None
    except ClientError as error:
        if error.response["Error"]["Code"] == "NoSuchKey":
            return None
        raise
