"""How many automatic texts one address gets: a robot that hides every trace meets an end here.

Several windows at once, because a loop may be slow; a person is not stopped by any of them, for
what is not answered automatically is in somebody's queue. What was answered is remembered for
longer, as keyed hashes: `loops` tells by it who says the same again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

WINDOWS = (
    (timedelta(hours=1), 3),
    (timedelta(days=1), 5),
    (timedelta(days=7), 10),
    (timedelta(days=30), 20),
)
"""At most so many texts to one address in so much time."""
LONGEST = timedelta(days=35)
"""So long an address is remembered: longer than any window, and than most robots keep silent."""
MOST_REMEMBERED = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A message that got an automatic text at a time (UTC): its words as keyed hashes, and how long
    after our text before it came, where there was one.
    """

    at: datetime
    said: bytes = b""
    waited: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """When (UTC) automatic texts went to an address, as far back as a window reaches, and what the
    last of them answered.

    `version` lets a transaction notice that another text was queued meanwhile.
    """

    site: str
    address_hash: str
    sent: tuple[datetime, ...] = ()
    answered: tuple[Answered, ...] = ()
    version: int = 0


def too_many(sent: Sequence[datetime], now: datetime) -> bool:
    """Whether one more text would be over the limit of some window."""
    return any(sum(at > now - window for at in sent) >= most for window, most in WINDOWS)


def one_more(texts: Texts, now: datetime, said: bytes = b"", came: datetime | None = None) -> Texts:
    """The record with a text of `now`, without those that count no longer. It answers what `said`
    these words and `came` at that time.
    """
    since = now - LONGEST
    waited = (came or now) - texts.sent[-1] if texts.sent else None
    answered = Answered(at=now, said=said, waited=waited)
    return Texts(
        site=texts.site,
        address_hash=texts.address_hash,
        sent=(*(at for at in texts.sent if at > since), now),
        answered=(*(each for each in texts.answered if each.at > since), answered)[
            -MOST_REMEMBERED:
        ],
        version=texts.version + 1,
    )
