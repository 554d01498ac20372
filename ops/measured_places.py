"""Two places to measure from: a ledger that stands still while it is read, and a bucket of reports
that is read and never written.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from ops.ledger_objects import Objects
from triagewire.flow.measuring import Kept
from triagewire.ledger.chains import Fault
from triagewire.ledger.copies import CHANGED, CHECKPOINTS, EVENTS
from triagewire.lockbox import Stored

NO_TIME = datetime.min.replace(tzinfo=UTC)
"""When an object was written does not matter to who measures."""


@dataclass
class Listed:
    """Copies and checkpoints as they stood when they were first listed: whoever measures twice
    measures the same ledger.
    """

    objects: Objects
    _keys: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # checkpoints first: a copy that comes later is named by none of them
        self._keys = {each: self.objects.keys(each) for each in (CHECKPOINTS, EVENTS, CHANGED)}

    @property
    def faults(self) -> Iterable[Fault]:
        """What is wrong with where they stand."""
        return self.objects.faults

    def read(self, key: str) -> bytes:
        """The bytes of an object. Raises KeyError where there is none."""
        try:
            return self.objects.read(key)
        except FileNotFoundError:
            raise KeyError(key) from None

    def after(self, prefix: str, key: str = "") -> Iterator[Stored]:
        """The objects under a prefix that sort after a key, in order."""
        return (Stored(each, NO_TIME) for each in self._keys[prefix] if each > key)


@dataclass
class Overlay:
    """What the review function keeps, read on in memory; without a bucket nothing is kept yet."""

    under: Kept | None = None
    bodies: dict[str, bytes] = field(default_factory=dict)

    def read(self, key: str) -> bytes | None:
        """The bytes of an object; None where there is none."""
        if key in self.bodies or self.under is None:
            return self.bodies.get(key)
        return self.under.read(key)

    def write(self, key: str, body: bytes, media_type: str) -> None:
        """Keep an object for this run only."""
        self.bodies[key] = body

    def keys(self, prefix: str, after: str = "") -> Iterator[str]:
        """The keys under a prefix that sort after one, in order."""
        below = self.under.keys(prefix, after) if self.under else ()
        ours = (each for each in self.bodies if each.startswith(prefix) and each > after)
        yield from sorted({*below, *ours})
