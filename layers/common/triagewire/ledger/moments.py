"""Times of the ledger as text, always UTC."""

from datetime import UTC, datetime


def in_key(at: datetime) -> str:
    """`<day>/<time>` of a key, to the millisecond: it sorts as time does."""
    utc = at.astimezone(UTC)
    return utc.strftime("%Y-%m-%d/%H:%M:%S.") + f"{utc.microsecond // 1000:03d}Z"


def day_of(at: datetime) -> str:
    """`YYYY-MM-DD`."""
    return at.astimezone(UTC).date().isoformat()


def exact(at: datetime) -> str:
    """A time to the microsecond."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def read_exact(text: str) -> datetime:
    """The time that `exact` wrote. Raises ValueError for any other text."""
    at = datetime.fromisoformat(text)
    try:
        as_written = at.tzinfo is not None and exact(at) == text
    except OverflowError:  # in UTC it would lie before the year 1 or after 9999
        as_written = False
    if not as_written:
        raise ValueError("not UTC to the microsecond")
    return at
