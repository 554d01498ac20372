"""Somebody who is writing to a requester right now."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """A member who writes on a ticket, `since` when, and `until` when that is believed (UTC)."""

    member: str
    since: datetime
    until: datetime
