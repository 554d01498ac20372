"""When the windows of a person's way have room for another message."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from triagewire.policy.limits import Window


def opens(
    times: Sequence[datetime],
    windows: Sequence[Window],
    now: datetime,
    *,
    spare: bool = False,
    paced: bool = False,
) -> datetime:
    """The first moment from `now` on at which a message may follow those of `times` (the oldest
    first). With `spare` it leaves of every window what is kept for pages. `paced`, messages keep
    the window's even pace once more than half of it is used, so that no long silence follows.
    """
    at = now
    while True:
        later = max((_opens(times, each, at, spare, paced) for each in windows), default=at)
        if later <= at:
            return at
        at = later


def _opens(
    times: Sequence[datetime], window: Window, now: datetime, spare: bool, paced: bool
) -> datetime:
    length = timedelta(minutes=window.minutes)
    lately = [at for at in times if at > now - length]
    most = window.most - window.kept_for_pages if spare else window.most
    if len(lately) >= most:
        return lately[-most] + length
    if paced and 2 * len(lately) > window.most:
        return lately[-1] + length / window.most
    return now
