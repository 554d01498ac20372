"""What members say of their being at work, beside what the roster says."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance:
    """Whether a member of a site has said that they are away; all times UTC.

    `away_since` is None for who is back, `until` for who did not say when they come back, `by` is
    the member who said it. `version` counts the ledger events of this member's presence and
    `ledger_head` is the hash of the last one; somebody who never said anything has version 0.
    """

    member: str
    away_since: datetime | None = None
    until: datetime | None = None
    by: str = ""
    version: int = 0
    ledger_head: str = ""

    def away(self, now: datetime) -> bool:
        """Whether they have said that they are away and their time is not over."""
        return self.away_since is not None and (self.until is None or now < self.until)
