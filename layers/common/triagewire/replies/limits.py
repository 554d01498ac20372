"""How many automatic texts one address gets: a robot that hides every trace meets an end here.

Several windows at once, because a loop may be slow; a person is not stopped by any of them, for
what is not answered automatically is in somebody's queue.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

WINDOWS = (
    (timedelta(hours=1), 3),
    (timedelta(days=1), 5),
    (timedelta(days=7), 10),
)
"""At most so many texts to one address in so much time."""
LONGEST = max(window for window, _ in WINDOWS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """When (UTC) automatic texts went to an address, as far back as a window reaches.

    `version` lets a transaction notice that another text was queued meanwhile.
    """

    site: str
    address_hash: str
    sent: tuple[datetime, ...] = ()
    version: int = 0


def too_many(sent: Sequence[datetime], now: datetime) -> bool:
    """Whether one more text would be over the limit of some window."""
    return any(sum(at > now - window for at in sent) >= most for window, most in WINDOWS)


def one_more(texts: Texts, now: datetime) -> Texts:
    """The record with a text of `now`, without those that count no longer."""
    counted = (*(at for at in texts.sent if at > now - LONGEST), now)
    return Texts(
        site=texts.site,
        address_hash=texts.address_hash,
        sent=counted,
        version=texts.version + 1,
    )
