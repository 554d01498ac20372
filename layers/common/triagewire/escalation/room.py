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
    the window's even pace where one more leaves less than half of it, so that no long silence
    follows.
    """
    at = now
    while True:
        later = max((_opens(times, each, at, spare, paced) for each in windows), default=at)
        if later <= at:
            return at
        at = later


def leaves_half(times: Sequence[datetime], window: Window, now: datetime) -> bool:
    """Whether another message at `now` would leave at least half of a window."""
    return 2 * (len(_in(times, window, now)) + 1) <= window.most


def _in(times: Sequence[datetime], window: Window, now: datetime) -> list[datetime]:
    return [at for at in times if at > now - timedelta(minutes=window.minutes)]


def _opens(
    times: Sequence[datetime], window: Window, now: datetime, spare: bool, paced: bool
) -> datetime:
    length = timedelta(minutes=window.minutes)
    lately = _in(times, window, now)
    most = window.most - window.kept_for_pages if spare else window.most
    if len(lately) >= most:
        return lately[-most] + length
    if paced and lately and not leaves_half(times, window, now):
        # one step fewer than messages: two may have gone at once
        return lately[-1] + length / max(1, window.most - 1)
    return now
