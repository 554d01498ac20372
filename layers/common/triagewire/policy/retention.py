"""How long the words of closed tickets are kept."""

from dataclasses import dataclass
from datetime import timedelta

from triagewire.sane import require

LEAST_DAYS = 30
"""A follow-up may come so long after a ticket was resolved: what it answers must still be there."""
MOST_DAYS = 36_525
"""A century: more is a slip of the pen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How many days after a ticket was closed its words are purged; None keeps them for ever. The
    ledger is not touched by it.
    """

    message_days: int | None = None

    def __post_init__(self) -> None:
        days = self.message_days
        require(days is None or days >= LEAST_DAYS, "message_days", f"must be {LEAST_DAYS} or more")
        require(
            days is None or days <= MOST_DAYS,
            "message_days",
            f"must be at most {MOST_DAYS}; leave it out to keep messages for ever",
        )

    @property
    def kept(self) -> timedelta | None:
        """The same as a stretch of time."""
        return None if self.message_days is None else timedelta(days=self.message_days)
