"""Whether checkpoints follow each other without a gap, each signed by a key that is trusted."""

from collections.abc import Callable
from dataclasses import dataclass, field

from triagewire.errors import InvalidFieldError
from triagewire.ledger.chains import Fault
from triagewire.ledger.checkpoint import (
    FIRST,
    Checkpoint,
    Head,
    chained_hash,
    digest_to_sign,
    from_bytes,
    key_after,
)

type Genuine = Callable[[str, bytes, bytes], bool]
"""Whether a key of that id, which the verifier was given, signed a digest."""


@dataclass(slots=True)
class CheckpointChain:
    """Checkpoints in the order of their numbers. Where they are not `whole` the first need not be
    number 1; where they are not `gapless` either, as in an export, some may be left out.
    """

    genuine: Genuine
    whole: bool = True
    gapless: bool = True
    newest: Checkpoint | None = None
    numbers: list[int] = field(default_factory=list)
    bad: dict[int, Fault] = field(default_factory=dict)
    """By number, the first thing that is wrong with a checkpoint."""
    heads: list[tuple[int, Head]] = field(default_factory=list)
    files: dict[str, tuple[int, str]] = field(default_factory=dict)
    """By key, which checkpoint names a copy, and its SHA-256."""
    _hash: str = ""

    def add(self, body: bytes, key: str = "") -> Checkpoint | None:
        """Take up the next checkpoint; None if it cannot be read. `key` is where it stood."""
        before = self.newest
        try:
            found = from_bytes(body)
        except InvalidFieldError as error:
            self._fault((before.number if before else 0) + 1, f"cannot be read: {error}", key)
            return None
        self._follows(before, found, key)
        if not self.genuine(found.key_id, digest_to_sign(found), found.signature):
            self._fault(found.number, "is not signed by a key that is trusted here", key)
        self._take(found, key)
        self.numbers.append(found.number)
        self.newest, self._hash = found, chained_hash(body)
        return found

    def _follows(self, before: Checkpoint | None, found: Checkpoint, key: str) -> None:
        if before is None:
            if self.whole and (found.number != 1 or found.previous != FIRST):
                self._fault(found.number - 1, "is missing, and all before it", key)
        elif found.number <= before.number:
            self._fault(found.number, "stands where a later one was expected", key)
        elif found.number == before.number + 1:
            self._adjoins(before, found, key)
        elif self.gapless:
            self._fault(before.number + 1, "is missing", key)

    def _adjoins(self, before: Checkpoint, found: Checkpoint, key: str) -> None:
        if found.previous != self._hash:
            self._fault(found.number, "does not hold the hash of the one before it", key)
        if found.since != before.until or found.at < before.at:
            self._fault(found.number, "does not begin where the one before it ended", key)
        if key and key != key_after(before, found.at):
            self._fault(found.number, "stands in another place than its own", key)

    def _take(self, found: Checkpoint, key: str) -> None:
        self.heads += ((found.number, head) for head in found.heads)
        for file in found.files:
            number, known = self.files.setdefault(file.key, (found.number, file.sha256))
            if known != file.sha256:
                self._fault(
                    found.number, f"names a copy that checkpoint {number} names differently", key
                )

    def _fault(self, number: int, problem: str, key: str) -> None:
        self.bad.setdefault(number, Fault(problem=f"checkpoint {number} {problem}", key=key))
