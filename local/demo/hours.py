"""When staff come to something: in the hours of their site."""

from datetime import datetime, timedelta

from triagewire.clock.calendar import is_open, next_open
from triagewire.policy.model import Site

AFTER_OPENING_MINUTES = 4
_MINUTE = timedelta(minutes=1)


def working(site: Site, now: datetime, minutes: int) -> datetime:
    """A moment so many minutes from now, or soon after the site opens where it is closed then."""
    moment = now + minutes * _MINUTE
    if not is_open(site.calendar, now):
        opening = next_open(site.calendar, now)
        return opening + (AFTER_OPENING_MINUTES + minutes // 4) * _MINUTE
    if not is_open(site.calendar, moment):
        return next_open(site.calendar, moment) + AFTER_OPENING_MINUTES * _MINUTE
    return moment
