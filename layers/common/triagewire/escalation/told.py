"""What a person was told lately: by it the next message is sent now, bundled or held back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from triagewire.ladder import Way


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """When messages went to a person by each way (UTC, the oldest first), at whatever site.

    `sent_ids` are the notices of the last message: they are never sent again, although they may
    still lie in the outbox. `failures` counts the tries since one last got through, the last of
    them at `failed_at`. `version` counts the ledger events of this person's notices and
    `ledger_head` is the hash of the last one; who was never told anything has version 0.
    """

    person: str
    sent: Mapping[Way, tuple[datetime, ...]] = field(default_factory=dict)
    sent_ids: tuple[str, ...] = ()
    failures: int = 0
    failed_at: datetime | None = None
    version: int = 0
    ledger_head: str = ""

    @property
    def last(self) -> datetime | None:
        """When the last message went out, by whatever way."""
        return max((each[-1] for each in self.sent.values() if each), default=None)
