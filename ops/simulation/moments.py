"""Times as the writer of a scenario states them: instants, wall times and stretches."""

import re
from datetime import UTC, datetime, time, timedelta

from triagewire.clock.calendar import DAY, WEEKDAYS, Calendar, instant, local

FORMS = "an ISO time, a wall time such as 02:00 or tue 02:00, or a stretch after it such as +7m"
LONGEST = timedelta(days=400)
"""A scenario and all that is in it is over by then."""
_PART = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*(d|h|min|m|s)")
_WALL = re.compile(r"(?:([a-z]{3})\s+)?([0-9]{2}:[0-9]{2}(?::[0-9]{2})?)")
_SECONDS = {"d": 86_400.0, "h": 3_600.0, "min": 60.0, "m": 60.0, "s": 1.0}


def stretch(text: str) -> timedelta:
    """A length of time such as `90s`, `1h30m` or `2d`. Raises ValueError for anything else."""
    parts = _PART.findall(text)
    if not parts or _PART.sub("", text).strip():
        raise ValueError("must be a length of time such as 90s, 7m, 1h30m or 2d")
    seconds = sum(float(number) * _SECONDS[unit] for number, unit in parts)
    if seconds > LONGEST.total_seconds():
        raise ValueError(f"must be at most {LONGEST.days} days")
    return timedelta(seconds=seconds)


def moment(text: str, since: datetime, calendar: Calendar) -> datetime:
    """The instant (UTC) that a text names, seen from `since`: a wall time is the first one from
    then on at which the site's clock reads it, a stretch begins there. Raises ValueError.
    """
    stated = text.strip()
    if stated.startswith("+"):
        return since + stretch(stated[1:])
    if wall := _WALL.fullmatch(stated.lower()):
        return _next(_time(wall[2]), wall[1], since, calendar)
    return exact(stated, calendar)


def exact(text: str, calendar: Calendar) -> datetime:
    """An ISO time; without an offset the site's clock reads it. Raises ValueError."""
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(f"must be {FORMS}") from None
    if not 1970 <= at.year < 2200:
        raise ValueError("must be in the years 1970 to 2199")
    return instant(calendar, at) if at.tzinfo is None else at.astimezone(UTC)


def _time(text: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError:
        raise ValueError("must be a time from 00:00 to 23:59") from None


def _next(at: time, weekday: str | None, since: datetime, calendar: Calendar) -> datetime:
    if weekday is not None and weekday not in WEEKDAYS:
        raise ValueError(f"must name a day as {', '.join(WEEKDAYS)}")
    day = local(calendar, since).date()
    while True:
        found = instant(calendar, datetime.combine(day, at))
        if found >= since and weekday in (None, WEEKDAYS[day.weekday()]):
            return found
        day += DAY
