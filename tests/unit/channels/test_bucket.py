"""A bucket never lets through more than it holds and gets back, and never starves anybody."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triagewire.channels.bucket import Bucket, bucket_of, microseconds
from triagewire.channels.source import Limit

MINUTE = 60_000_000

limits = st.builds(
    Limit,
    per_minute=st.integers(1, 100_000),
    burst=st.none() | st.integers(1, 100_000),
)
small_limits = st.builds(
    Limit, per_minute=st.integers(1, 600), burst=st.none() | st.integers(1, 20)
)
gaps = st.lists(st.integers(0, 5_000_000), min_size=1, max_size=120)


def taken_at(bucket: Bucket, gaps: list[int]) -> list[int]:
    """The times of the messages that got a token, of those that came after these pauses."""
    now, full_at, taken = 0, 0, []
    for gap in gaps:
        now += gap
        if not bucket.wait(full_at, now):
            full_at = bucket.after(full_at, now)
            taken.append(now)
    return taken


@given(limit=small_limits, gaps=gaps)
def test_no_stretch_of_time_lets_through_more_than_the_bucket_and_its_rate(
    limit: Limit, gaps: list[int]
) -> None:
    taken = taken_at(bucket_of(limit), gaps)

    for first, begins in enumerate(taken):
        for last in range(first, len(taken)):
            allowed = limit.size + limit.per_minute * (taken[last] - begins) / MINUTE
            assert last - first + 1 <= allowed


@given(limit=limits, full_at=st.integers(0, 10**15), now=st.integers(0, 10**15))
def test_who_waits_as_long_as_told_is_taken_and_not_a_moment_sooner(
    limit: Limit, full_at: int, now: int
) -> None:
    bucket = bucket_of(limit)

    wait = bucket.wait(full_at, now)

    assert bucket.wait(full_at, now + wait) == 0
    assert wait == 0 or bucket.wait(full_at, now + wait - 1) == 1


@given(limit=small_limits, gaps=gaps)
def test_a_bucket_left_alone_is_full_again_after_as_long_as_it_holds(
    limit: Limit, gaps: list[int]
) -> None:
    bucket = bucket_of(limit)
    flood = [*gaps, *[0] * 700]
    rest = bucket.size * bucket.spacing

    taken = taken_at(bucket, [*flood, rest, *[0] * bucket.size])

    assert len([at for at in taken if at == sum(flood) + rest]) == bucket.size


@given(limit=limits)
def test_a_wait_is_never_longer_than_a_token_takes(limit: Limit) -> None:
    bucket = bucket_of(limit)
    full_at = 0
    for _ in range(min(bucket.size, 50)):
        full_at = bucket.after(full_at, 0)

    assert bucket.wait(full_at, 0) <= bucket.spacing


@pytest.mark.parametrize(
    ("limit", "spacing", "size"),
    [
        (Limit(), 100_000, 600),
        (Limit(per_minute=7), 8_571_429, 7),
        (Limit(per_minute=60, burst=5), 1_000_000, 5),
        (Limit(per_minute=100_000), 600, 100_000),
    ],
)
def test_a_limit_becomes_a_spacing_and_a_size(limit: Limit, spacing: int, size: int) -> None:
    assert bucket_of(limit) == Bucket(spacing=spacing, size=size)


def test_a_time_is_exact_to_the_microsecond() -> None:
    at = datetime(2026, 11, 23, 15, 0, 0, 123_457, tzinfo=UTC)

    assert microseconds(at + timedelta(microseconds=1)) - microseconds(at) == 1
    assert microseconds(at) % 1_000_000 == 123_457
