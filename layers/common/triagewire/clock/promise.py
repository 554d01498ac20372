"""The promise on a ticket as a value; `clock.sla` has the arithmetic.

Apart from it so that what only carries tickets, as intake does, loads no calendars and zones.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class CalendarKind(StrEnum):
    """Whose hours the clock counts: every hour, or the site's."""

    ALWAYS = "always"
    SITE = "site"


class PauseReason(StrEnum):
    """For whom a ticket waits while its time does not count."""

    REQUESTER = "requester"
    PAYER = "payer"
    VENDOR = "vendor"


class TargetKind(StrEnum):
    """What is promised: that a person answers, and that the need is settled."""

    FIRST_RESPONSE = "first_response"
    RESOLUTION = "resolution"


@dataclass(frozen=True, slots=True, order=True)
class Pause:
    """A stretch in which the ticket waited for somebody outside, so its time did not count."""

    begins: datetime
    ends: datetime
    reason: PauseReason = PauseReason.REQUESTER


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """One promise on one ticket; all instants are aware UTC.

    While it is paused (`paused_at` is set) `due_at` and `remind_at` are those of a resume at the
    instant of the pause: the earliest they can become, and no reason to remind or to breach.
    Once it is kept or given up it is stopped (`stopped_at`), and nothing moves it any more.
    `counted_from` and `carried_seconds` belong to a clock whose calendar was changed so that the
    past would be breached: so much open time had gone by then, and the rest is counted from there.
    """

    started_at: datetime
    target_minutes: int
    calendar_kind: CalendarKind
    due_at: datetime
    remind_at: datetime
    pauses: tuple[Pause, ...] = ()
    paused_at: datetime | None = None
    paused_for: PauseReason | None = None
    stopped_at: datetime | None = None
    counted_from: datetime | None = None
    carried_seconds: float = 0.0

    @property
    def running(self) -> bool:
        """Whether its time counts at all: neither paused nor stopped."""
        return self.paused_at is None and self.stopped_at is None
