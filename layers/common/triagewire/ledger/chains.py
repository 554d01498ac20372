"""The ledgers of many subjects as they were read from one place, in whatever order."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from triagewire.ledger.chain import digest, genesis
from triagewire.ledger.event import Event


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """Something that is not as it was recorded, in words. `subject` and `sequence` say of which
    event, `key` in which object of the bucket; each is empty where it does not apply.
    """

    subject: str = ""
    sequence: int = 0
    problem: str = ""
    key: str = ""

    def __str__(self) -> str:
        of = f"{self.subject}: " if self.subject else ""
        return f"{of}{self.problem}" + (f" ({self.key})" if self.key else "")


class Link(NamedTuple):
    """What is remembered of an event: its hash, and when it was (UTC)."""

    hash: str
    at: datetime


@dataclass(slots=True)
class Chains:
    """Many ledgers, of which only the hashes are kept. `place` names where they were read."""

    place: str
    links: dict[str, dict[int, Link]] = field(default_factory=dict)
    events: int = 0
    odd: list[Fault] = field(default_factory=list)
    """What is wrong with single events, and with how they follow each other."""
    _awaited: dict[tuple[str, int], str] = field(default_factory=dict)

    def add(self, event: Event, key: str = "") -> None:
        """Take up an event; the same one may come twice. `key` names the object it stood in."""
        self.events += 1
        if digest(event) != event.hash:
            self._fault(event, f"event {event.sequence} was altered", key)
        known = self.links.setdefault(event.subject, {})
        already = known.get(event.sequence)
        if already is not None:
            if already.hash != event.hash:
                self._fault(event, f"event {event.sequence} stands there twice, differently", key)
            return
        known[event.sequence] = Link(event.hash, event.at)
        self._joined(event, known, key)

    def spoil(self, subject: str, sequence: int, problem: str, key: str = "") -> None:
        """Note what cannot be read as an event."""
        self.odd.append(Fault(subject, sequence, f"event {sequence} {problem}", key))

    def forget(self, subject: str) -> None:
        """Drop a ledger, to read it again."""
        self.events -= len(self.links.pop(subject, ()))
        self.odd = [each for each in self.odd if each.subject != subject]
        self._awaited = {key: each for key, each in self._awaited.items() if key[0] != subject}

    def at(self, subject: str, sequence: int) -> Link | None:
        """An event, None where there is none."""
        return self.links.get(subject, {}).get(sequence)

    def length(self, subject: str) -> int:
        """The highest number in the ledger of a subject, 0 for none."""
        return max(self.links.get(subject, ()), default=0)

    def faults(self, first: Mapping[str, int]) -> Iterator[Fault]:
        """Whatever is wrong with these ledgers by themselves, events that are missing too; `first`
        says with which number a ledger begins that does not begin with 1.
        """
        yield from self.odd
        for subject, known in self.links.items():
            yield from _gaps(subject, known, first.get(subject, 1), self.place)

    def _joined(self, event: Event, known: dict[int, Link], key: str) -> None:
        """Whether the event follows the one before it, and the one after it follows it; what is not
        there yet is looked at when it comes.
        """
        before = known.get(event.sequence - 1)
        if event.sequence == 1:
            expected: str | None = genesis(event.subject)
        else:
            expected = before.hash if before else None
        if expected is None:
            self._awaited[event.subject, event.sequence] = event.previous
        elif expected != event.previous:
            self._loose(event.subject, event.sequence, key)
        after = self._awaited.pop((event.subject, event.sequence + 1), None)
        if after is not None and after != event.hash:
            self._loose(event.subject, event.sequence + 1, key)

    def _loose(self, subject: str, sequence: int, key: str) -> None:
        problem = f"event {sequence} does not follow the one before it in {self.place}"
        self.odd.append(Fault(subject, sequence, problem, key))

    def _fault(self, event: Event, problem: str, key: str) -> None:
        self.odd.append(Fault(event.subject, event.sequence, f"{problem} in {self.place}", key))


def _gaps(subject: str, known: dict[int, Link], first: int, place: str) -> Iterator[Fault]:
    expected = first
    for sequence in sorted(known):
        if sequence < first:
            yield Fault(subject, sequence, f"event {sequence} does not belong in {place}")
        elif sequence > expected:
            gone = f"event {expected} is"
            if sequence > expected + 1:
                gone = f"events {expected} to {sequence - 1} are"
            yield Fault(subject, expected, f"{gone} missing in {place}")
        expected = max(expected, sequence + 1)
