"""When a message that did not get through is tried again: the schedule that Standard Webhooks
advises, over three days; mail and texts end after one, for what was said yesterday is stale.
"""

import hashlib
from datetime import datetime, timedelta

from triagewire.message import ReplyWay

DELAYS = tuple(
    timedelta(seconds=seconds)
    for seconds in (0, 5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
)
"""What each try waits after the one before it: 0 s, 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h,
24 h.
"""
JITTER = 0.1
"""So much of a delay, more or less: what failed together does not come again together."""
LONGEST_ASKED = timedelta(hours=24)
"""The longest `Retry-After` that is heeded."""
LASTS = {
    ReplyWay.EMAIL: timedelta(hours=24),
    ReplyWay.SMS: timedelta(hours=24),
    ReplyWay.WEBHOOK: timedelta(hours=96),
    ReplyWay.AUTOMATION: timedelta(hours=24),
}
"""How long after it was to leave nothing is tried any more, whatever a receiver asks for."""


def next_try(
    message: str,
    tries: int,
    way: ReplyWay,
    *,
    begun: datetime,
    now: datetime,
    asked: timedelta | None = None,
) -> datetime | None:
    """When (UTC) a message is tried again of which `tries` have failed, the last one `now`; None
    when it is given up.

    `message` is its id, which alone decides the jitter; `begun` is when it was to leave, `asked`
    what the receiver's `Retry-After` says.
    """
    if tries >= len(DELAYS):
        return None
    wait = DELAYS[tries] * (1 + JITTER * _swing(message, tries))
    if asked is not None:
        wait = max(wait, min(asked, LONGEST_ASKED))
    ends = begun + LASTS[way]
    if now >= ends:
        return None
    return min(now + wait, ends)


def _swing(message: str, tries: int) -> float:
    """A number from -1 to 1 that is the same whenever it is asked for."""
    digest = hashlib.sha256(f"{message}\0{tries}".encode()).digest()
    return int.from_bytes(digest[:8]) / (2**64 - 1) * 2 - 1
