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


@dataclass(frozen=True, slots=True, order=True)
class Pause:
    """A stretch in which the ticket waited for somebody outside, so its time did not count."""

    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """One promise on one ticket; all instants are aware UTC.

    While it is paused (`paused_at` is set) `due_at` and `remind_at` are those of a resume at the
    instant of the pause: the earliest they can become, and no reason to remind or to breach.
    """

    started_at: datetime
    target_minutes: int
    calendar_kind: CalendarKind
    due_at: datetime
    remind_at: datetime
    pauses: tuple[Pause, ...] = ()
    paused_at: datetime | None = None
