"""A token bucket that one number describes: the generic cell rate algorithm.

The number is the time at which the bucket would be full again ("theoretical arrival time" in ITU-T
I.371). Each message moves it one spacing further; a message is too many when it would move the
number further ahead of now than the bucket is deep. Times and spacings are whole microseconds.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from triagewire.channels.source import Limit

MICROSECOND = timedelta(microseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MINUTE = timedelta(minutes=1) // MICROSECOND


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """`spacing` is the time in which one token comes back; `size` tokens are in a full bucket."""

    spacing: int
    size: int

    @property
    def lead(self) -> int:
        """How far ahead of now the bucket's number may be for one more message to be taken."""
        return (self.size - 1) * self.spacing

    def wait(self, full_at: int, now: int) -> int:
        """How long until a token is free; 0 when one is."""
        return max(0, full_at - self.lead - now)

    def after(self, full_at: int, now: int) -> int:
        """The bucket's number once a message is taken: a full bucket stays at full."""
        return max(full_at, now) + self.spacing


def bucket_of(limit: Limit) -> Bucket:
    """The bucket of a limit. The spacing is rounded up, so that the rate is never passed."""
    return Bucket(spacing=-(-_MINUTE // limit.per_minute), size=limit.size)


def microseconds(at: datetime) -> int:
    """Whole microseconds since 1970, exactly."""
    return (at - _EPOCH) // MICROSECOND
