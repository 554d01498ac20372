"""Emergency access ("break glass", 45 CFR 164.312(a)(2)(ii)): somebody of the group sees and works
on one other site for a while, says why, and everybody responsible is told at once.

Reasons are codes, because free text could carry PHI into the ledger and into alerts.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class EmergencyReason(StrEnum):
    """Why somebody needs what is not theirs, now."""

    PATIENT_IN_DANGER = "patient_in_danger"
    NOBODY_REACHED = "nobody_reached"
    SITE_DOWN = "site_down"
    DISASTER = "disaster"


@dataclass(frozen=True, slots=True, kw_only=True)
class Emergency:
    """Emergency access to one site, which ends at a time (UTC)."""

    site: str
    until: datetime
    why: EmergencyReason

    def stands(self, now: datetime) -> bool:
        """Whether its time is not up."""
        return now < self.until
