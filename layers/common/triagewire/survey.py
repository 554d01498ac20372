"""Asking a requester how they were served."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """Asking a requester how they were served: when it is due, when it was done, and what they
    said, from 1 to 5. The count stands in the month of `resolved_at`.
    """

    resolved_at: datetime
    due_at: datetime | None = None
    asked_at: datetime | None = None
    score: int | None = None
