"""Which reports are due: of days and weeks that are over at their sites, and until whose end the
ledger is signed for.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from triagewire.measures.period import A_DAY, Period, day_of, week_name, week_of

GROUP = "_group"
"""Stands for all sites together where the id of a site stands else."""
CAUGHT_UP = timedelta(days=14)
"""What was not made for so long, such as while nothing ran, is still made."""
LATE = timedelta(minutes=10)
"""So long after its end a period is let be: its last events are copied and signed by then."""
OVERDUE = timedelta(hours=26)
"""A day that ended so long ago has a report, or an alarm."""
EAST = timedelta(hours=14)
"""The first zone in which a day begins is so far ahead of UTC."""


class Each(StrEnum):
    """What there is a report for."""

    DAILY = "daily"
    WEEKLY = "weekly"

    def of(self, day: date) -> Period:
        """The period in which a day lies."""
        return day_of(day) if self is Each.DAILY else week_of(day)

    def name_of(self, period: Period) -> str:
        """What a period is called: `2026-03-02`, `2026-W10`."""
        return period.first.isoformat() if self is Each.DAILY else week_name(period.first)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A report to be made. `site` is "" for all sites together; `newest` says that no later period
    is over yet.
    """

    each: Each
    site: str
    period: Period
    newest: bool

    @property
    def name(self) -> str:
        """What its files are called, without their endings: `2026-03-02`, `2026-W10`."""
        return self.each.name_of(self.period)

    @property
    def path(self) -> str:
        """Where its files stand, without their endings."""
        return f"{folder(self.site, self.each)}{self.name}"


def folder(site: str, each: Each) -> str:
    """Where the reports of a site stand."""
    return f"reports/{site or GROUP}/{each.value}/"


def due(each: Each, site: str, zones: Iterable[str], until: datetime) -> tuple[Due, ...]:
    """The reports of a site that are due when the ledger is signed for until a moment (UTC), the
    newest first. A period of several `zones` is over when it is so in all of them; without any
    nothing is.
    """
    known = tuple(zones)
    over = [
        period
        for period in _periods(each, until)
        if known and all(period.ends(zone) + LATE <= until for zone in known)
    ]
    return tuple(
        Due(each=each, site=site, period=period, newest=period == over[0]) for period in over
    )


def _periods(each: Each, until: datetime) -> Iterator[Period]:
    """Those of the last days, the newest first, whether they are over or not."""
    last = (until + EAST).astimezone(UTC).date()
    days = (last - back * A_DAY for back in range(CAUGHT_UP.days + 2))
    return iter(dict.fromkeys(each.of(day) for day in days))
