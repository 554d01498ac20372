"""Whether a ledger is what was recorded: its chains against what each subject says of its own
ledger, against the locked copies and against the signed checkpoints.

Whoever can write both tables can make chains and subjects fit each other again. What they cannot
change is what was copied, and what was signed.
"""

import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from triagewire.ledger.chains import Chains, Fault, Link
from triagewire.ledger.checkpoint import Checkpoint
from triagewire.ledger.checkpoint_chain import CheckpointChain
from triagewire.ledger.copies import CHANGED, first_key_after, named_by
from triagewire.ledger.moments import day_of

COPIED_WITHIN = timedelta(minutes=15)
"""A copy takes seconds. What has none after so long was kept from it, by a fault or on purpose."""


LATER = sys.maxsize
"""The number of no checkpoint: what is wrong came after all of them."""


class Stated(NamedTuple):
    """What a subject says of its ledger: how many events, and the hash of the last. Those of a part
    of a ledger, as in the export of a month, begin with number `first`.
    """

    events: int
    head: str
    first: int = 1

    @property
    def last(self) -> int:
        """The number of the last event."""
        return self.first + self.events - 1


UNREADABLE = Stated(-1, "")
"""What a subject says whose item somebody altered so that it says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All that is held against each other.

    `about` names the subjects that were read, None for all. `copies` is None where there are none
    to look at, as in an export; `sums` has the SHA-256 of every copy that was read by its key,
    `wanted` which should have been. `day` is the only one whose copies were all read, "" for every
    day.
    """

    recorded: Chains
    stated: Mapping[str, Stated]
    checkpoints: CheckpointChain
    now: datetime
    about: frozenset[str] | None = None
    copies: Chains | None = None
    sums: Mapping[str, str] = field(default_factory=dict)
    wanted: frozenset[str] = frozenset()
    day: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a verification found. Without `faults` everything that was looked at is as recorded.

    `last_good` is the last checkpoint that, with all before it, everything agrees with.
    `open_events` are not yet under a checkpoint, the oldest of them since `open_since` (UTC).
    `evidence` names the objects that hold what the ledger's stream saw altered or removed.
    """

    faults: tuple[Fault, ...]
    subjects: int
    events: int
    copies: int
    checkpoints: int
    newest: Checkpoint | None
    last_good: int | None
    open_events: int
    open_since: datetime | None
    evidence: tuple[str, ...]

    def with_first(self, faults: Iterable[Fault]) -> "Report":
        """The same with what was found wrong before anything was held against each other."""
        return replace(self, faults=(*faults, *self.faults))


def verify(evidence: Evidence) -> Report:
    """Hold everything against everything. The first fault is that of the earliest checkpoint."""
    covers = _covers(evidence)
    faults = [
        *evidence.checkpoints.bad.items(),
        *((_touched(fault, evidence, covers), fault) for fault in _faults(evidence)),
    ]
    faults.sort(key=lambda each: (each[0], each[1].subject, each[1].sequence))
    open_since = list(_open(evidence, covers))
    return Report(
        faults=_one_an_event(fault for _, fault in faults),
        subjects=len(evidence.recorded.links.keys() | evidence.stated.keys()),
        events=evidence.recorded.events,
        copies=len(evidence.sums),
        checkpoints=len(evidence.checkpoints.numbers),
        newest=evidence.checkpoints.newest,
        last_good=_last_before(evidence.checkpoints, faults[0][0] if faults else LATER),
        open_events=len(open_since),
        open_since=min(open_since, default=None),
        evidence=tuple(sorted(key for key in evidence.sums if key.startswith(CHANGED))),
    )


def _faults(evidence: Evidence) -> Iterator[Fault]:
    if _unsigned(evidence):
        yield Fault(problem="no checkpoint is there: nothing of it is signed")
    parts = {subject: stated.first for subject, stated in evidence.stated.items()}
    yield from evidence.recorded.faults(parts)
    yield from _against_subjects(evidence)
    yield from _against_checkpoints(evidence)
    if evidence.copies is not None:
        yield from evidence.copies.odd
        yield from _against_copies(evidence, evidence.copies)
    yield from _copies_by_name(evidence)


def _unsigned(evidence: Evidence) -> bool:
    """Whether there is no checkpoint where there should be one: everywhere but in an export, which
    is signed itself, and in the first minutes of a stack.
    """
    if not evidence.checkpoints.whole or evidence.checkpoints.newest is not None:
        return False
    links = (link for known in evidence.recorded.links.values() for link in known.values())
    old = evidence.now - COPIED_WITHIN
    return evidence.copies is None or any(link.at <= old for link in links)


def _against_subjects(evidence: Evidence) -> Iterator[Fault]:
    for subject, stated in evidence.stated.items():
        there = evidence.recorded.length(subject)
        if stated == UNREADABLE:
            yield Fault(subject, there, "what it says of its ledger was altered: it cannot be read")
            continue
        if there != stated.last:
            words = f"{stated.last} events were recorded and {there} are there"
            if not stated.events:
                words = f"{there} events are there of what is not there any more"
            yield Fault(subject, min(there, stated.last) + 1, words)
            continue
        last = evidence.recorded.at(subject, there)
        if last is not None and last.hash != stated.head:
            yield Fault(subject, there, f"event {there} is not the last that its subject recorded")


def _against_checkpoints(evidence: Evidence) -> Iterator[Fault]:
    for number, head in evidence.checkpoints.heads:
        if evidence.about is not None and head.subject not in evidence.about:
            continue
        link = evidence.recorded.at(head.subject, head.sequence)
        if link is None:
            gone = f"event {head.sequence} is gone, which checkpoint {number} signed"
            yield Fault(head.subject, evidence.recorded.length(head.subject) + 1, gone)
        elif link.hash != head.hash:
            other = f"event {head.sequence} is not the one that checkpoint {number} signed"
            yield Fault(head.subject, head.sequence, other)


def _against_copies(evidence: Evidence, copies: Chains) -> Iterator[Fault]:
    recorded = evidence.recorded
    for subject in recorded.links.keys() | copies.links.keys():
        if evidence.about is not None and subject not in evidence.about:
            continue
        here, there = recorded.links.get(subject, {}), copies.links.get(subject, {})
        for sequence in sorted(here.keys() | there.keys()):
            problem = _differs(evidence, here.get(sequence), there.get(sequence))
            if problem:
                yield Fault(subject, sequence, f"event {sequence} {problem}")


def _differs(evidence: Evidence, here: Link | None, copy: Link | None) -> str | None:
    if here is None:
        return f"stands in a locked copy and not in {evidence.recorded.place}"
    if copy is not None:
        return None if copy.hash == here.hash else "is not the one in its locked copy"
    looked_for = evidence.day in ("", day_of(here.at))
    if looked_for and here.at <= evidence.now - COPIED_WITHIN:
        return "stands in no locked copy"
    return None


def _copies_by_name(evidence: Evidence) -> Iterator[Fault]:
    files, chain = evidence.checkpoints.files, evidence.checkpoints
    for key in sorted(evidence.wanted - evidence.sums.keys()):
        yield Fault(problem=f"a copy is gone that checkpoint {files[key][0]} names", key=key)
    for key, found in evidence.sums.items():
        number, signed = files.get(key, (0, found))
        if signed != found:
            yield Fault(problem=f"a copy is not the one that checkpoint {number} signed", key=key)
        elif not named_by(key, found):
            yield Fault(problem="a copy is not what its name says", key=key)
        elif not number and _long_settled(chain, key):
            yield Fault(problem="a copy stands there that no checkpoint names", key=key)


def _long_settled(chain: CheckpointChain, key: str) -> bool:
    """Whether the last checkpoint must have named a copy, if any did: all were read, and a copy
    that was written since stands under a later time.
    """
    if not chain.whole or chain.newest is None:
        return False
    folder = key[: key.find("/") + 1]
    return key <= first_key_after(chain.newest.until, folder)


# Which checkpoint a fault belongs to ------------------------------------------------------------


def _covers(evidence: Evidence) -> dict[str, list[tuple[int, int]]]:
    """Of each subject how far its ledger had got at which checkpoint."""
    covers: dict[str, list[tuple[int, int]]] = {}
    for number, head in evidence.checkpoints.heads:
        covers.setdefault(head.subject, []).append((head.sequence, number))
    return covers


def _touched(fault: Fault, evidence: Evidence, covers: Mapping[str, list[tuple[int, int]]]) -> int:
    """The first checkpoint that does not agree with what is wrong; LATER for none."""
    if fault.subject:
        over = covers.get(fault.subject, ())
        return min((number for last, number in over if last >= fault.sequence), default=LATER)
    number, _ = evidence.checkpoints.files.get(fault.key, (LATER, ""))
    return number


def _last_before(chain: CheckpointChain, number: int) -> int | None:
    return max((each for each in chain.numbers if each < number), default=None)


def _open(evidence: Evidence, covers: Mapping[str, list[tuple[int, int]]]) -> Iterator[datetime]:
    """The times of all events after the last one of their subject that is signed for."""
    for subject, known in evidence.recorded.links.items():
        signed = max((last for last, _ in covers.get(subject, ())), default=0)
        yield from (link.at for sequence, link in known.items() if sequence > signed)


def _one_an_event(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """The first fault of each event, and each other once."""
    kept: dict[tuple[str, int, str], Fault] = {}
    for each in faults:
        kept.setdefault(
            (each.subject, each.sequence, "" if each.subject else f"{each.problem} {each.key}"),
            each,
        )
    return tuple(kept.values())
