"""The days that measures are about: whole days of each site's own wall."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from triagewire.errors import InvalidFieldError

MOST_DAYS = 1_830
"""Five years: a longer period is a slip of the pen."""
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """From the first day to the last, both included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise InvalidFieldError("to", "must not be before from")
        if (self.last - self.first).days >= MOST_DAYS:
            raise InvalidFieldError("to", f"must be within {MOST_DAYS} days of from")

    @property
    def days(self) -> int:
        """How many days."""
        return (self.last - self.first).days + 1

    @property
    def before(self) -> "Period":
        """As many days right before it."""
        return Period(first=self.first - self.days * A_DAY, last=self.first - A_DAY)

    def begins(self, zone: str) -> datetime:
        """Its first moment in a zone, as UTC."""
        return _midnight(self.first, zone)

    def ends(self, zone: str) -> datetime:
        """The first moment after it in a zone, as UTC."""
        return _midnight(self.last + A_DAY, zone)

    def moments(self, zone: str) -> tuple[datetime, ...]:
        """The first moment of each of its days in a zone, and the first after it, as UTC."""
        return tuple(_midnight(each, zone) for each in (*self.dates(), self.last + A_DAY))

    def dates(self) -> tuple[date, ...]:
        """Each of its days."""
        return tuple(self.first + each * A_DAY for each in range(self.days))


def day_of(day: date) -> Period:
    """One day."""
    return Period(first=day, last=day)


def week_of(day: date) -> Period:
    """The week from Monday to Sunday in which a day lies."""
    monday = day - day.weekday() * A_DAY
    return Period(first=monday, last=monday + 6 * A_DAY)


def month_of(day: date) -> Period:
    """The calendar month in which a day lies."""
    first = day.replace(day=1)
    return Period(first=first, last=(first + 31 * A_DAY).replace(day=1) - A_DAY)


def week_name(day: date) -> str:
    """`2026-W10`, as ISO 8601 counts weeks."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def _midnight(day: date, zone: str) -> datetime:
    """When a day begins there; where the clocks skip midnight, when they go on."""
    wall = datetime.combine(day, time(), ZoneInfo(zone))
    return wall.astimezone(UTC)
