"""When a message that did not get through is tried again."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import MONDAY_MORNING
from triagewire.message import ReplyWay
from triagewire.replies.schedule import DELAYS, JITTER, LASTS, LONGEST_ASKED, next_try

BEGUN = MONDAY_MORNING
WEBHOOK = ReplyWay.WEBHOOK
IDS = st.text(min_size=1, max_size=40)
WAYS = st.sampled_from(list(ReplyWay))


def tries_of(message: str, way: ReplyWay = WEBHOOK) -> list[datetime]:
    """When each try is made of a message that never gets through, if nobody is late."""
    made, now = [BEGUN], BEGUN
    while at := next_try(message, len(made), way, begun=BEGUN, now=now):
        made.append(at)
        now = at
    return made


def test_ten_tries_are_made_over_three_days() -> None:
    made = tries_of("msg_1")

    assert len(made) == len(DELAYS) == 10
    assert timedelta(days=2, hours=20) < made[-1] - BEGUN < timedelta(days=3, hours=12)


def test_the_delays_are_those_of_the_standard() -> None:
    assert [each.total_seconds() / 3600 for each in DELAYS[4:]] == [2, 5, 10, 14, 20, 24]
    assert [each.total_seconds() for each in DELAYS[:4]] == [0, 5, 300, 1800]


@given(IDS)
def test_the_sum_of_all_delays_stays_within_the_jitter(message: str) -> None:
    whole = sum(DELAYS, timedelta())
    made = tries_of(message)

    assert whole * (1 - JITTER) <= made[-1] - BEGUN <= whole * (1 + JITTER)


@given(IDS, st.integers(1, 9))
def test_each_delay_stays_within_the_jitter(message: str, tries: int) -> None:
    at = next_try(message, tries, WEBHOOK, begun=BEGUN, now=BEGUN)

    assert at is not None
    assert DELAYS[tries] * (1 - JITTER) <= at - BEGUN <= DELAYS[tries] * (1 + JITTER)


@given(IDS, WAYS)
def test_each_try_waits_longer_than_the_one_before(message: str, way: ReplyWay) -> None:
    made = tries_of(message, way)
    waits = [later - sooner for sooner, later in pairwise(made)]

    # The last one may be cut off by the end of its day.
    assert waits[:-1] == sorted(waits[:-1])
    assert all(wait > timedelta() for wait in waits)


@given(IDS, WAYS)
def test_nothing_is_tried_after_the_end_of_its_way(message: str, way: ReplyWay) -> None:
    assert tries_of(message, way)[-1] <= BEGUN + LASTS[way]


@pytest.mark.parametrize("way", [ReplyWay.EMAIL, ReplyWay.SMS])
def test_mail_and_texts_are_given_up_after_a_day_and_tried_at_its_end(way: ReplyWay) -> None:
    assert tries_of("msg_1", way)[-1] == BEGUN + timedelta(days=1)


@given(IDS, st.integers(1, 9))
def test_the_same_message_waits_the_same_whenever_it_is_asked(message: str, tries: int) -> None:
    first = next_try(message, tries, WEBHOOK, begun=BEGUN, now=BEGUN)

    assert next_try(message, tries, WEBHOOK, begun=BEGUN, now=BEGUN) == first


def test_two_messages_do_not_come_back_together() -> None:
    times = {next_try(f"msg_{each}", 4, WEBHOOK, begun=BEGUN, now=BEGUN) for each in range(50)}

    assert len(times) == 50


@given(IDS, st.integers(1, 9), st.floats(0, 10_000_000))
def test_what_a_receiver_asks_for_is_heeded_within_reason(
    message: str, tries: int, seconds: float
) -> None:
    asked = timedelta(seconds=seconds)
    at = next_try(message, tries, WEBHOOK, begun=BEGUN, now=BEGUN, asked=asked)

    assert at is not None
    assert at - BEGUN >= min(asked, LONGEST_ASKED)
    assert at - BEGUN <= max(LONGEST_ASKED, DELAYS[tries] * (1 + JITTER))


def test_what_was_late_itself_is_tried_at_least_once_and_then_given_up() -> None:
    late = BEGUN + timedelta(days=2)

    assert next_try("msg_1", 1, ReplyWay.EMAIL, begun=BEGUN, now=late) is None
