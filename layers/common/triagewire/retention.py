"""Keeping what was said, and letting it go: a legal hold, and the reasons that the ledger is told.

Reasons are codes, because free text could carry PHI into the ledger.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

RELEASE_GRACE = timedelta(days=7)
"""So long after a hold was released nothing is purged: who released it by mistake has time to see
it.
"""


class HoldReason(StrEnum):
    """Why a hold was placed or released; the ledger has the code, the ticket the words."""

    LITIGATION = "litigation"
    INVESTIGATION = "investigation"
    AUDIT = "audit"
    RECORDS_REQUEST = "records_request"
    MATTER_CLOSED = "matter_closed"
    PLACED_BY_MISTAKE = "placed_by_mistake"
    OTHER = "other"


class PurgeReason(StrEnum):
    """Why the words of a ticket were taken away: its time is over, or a person asked for it."""

    RETENTION_OVER = "retention_over"
    ERASURE_REQUEST = "erasure_request"
    WRONG_RECIPIENT = "wrong_recipient"
    COURT_ORDER = "court_order"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A legal hold: while it stands nothing of a ticket is purged. `why` is free text and may be
    PHI, so only the ticket has it; `at` is UTC.
    """

    by: str
    at: datetime
    reason: HoldReason
    why: str
