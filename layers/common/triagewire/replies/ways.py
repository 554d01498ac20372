"""What is known of an address, and what that keeps from being sent there."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

BOUNCE_BARS = timedelta(days=60)
"""So long no automatic text goes where mail came back for good; then somebody may have mended it.
"""

type Barred = Literal["", "bounced", "opted_out", "complained"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressRecord:
    """What happened to an address (times in UTC, None: it did not). `asked_at` is when it was last
    asked how satisfied its owner is. `version` lets a transaction notice a change.
    """

    site: str
    address_hash: str
    bounced_at: datetime | None = None
    opted_out_at: datetime | None = None
    complained_at: datetime | None = None
    asked_at: datetime | None = None
    version: int = 0


def barred_by(record: AddressRecord, now: datetime) -> Barred:
    """Why no automatic text goes to an address; what holds against a person too comes first."""
    if record.opted_out_at is not None:
        return "opted_out"
    if record.bounced_at is not None and now < record.bounced_at + BOUNCE_BARS:
        return "bounced"
    return "complained" if record.complained_at is not None else ""


def is_texted(to: str) -> bool:
    """Whether an address is one of a person, by mail or text, and not a system's."""
    return "@" in to or to.startswith("+")
