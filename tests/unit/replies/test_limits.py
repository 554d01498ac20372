"""No address gets automatic texts without end."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.builders import MONDAY_MORNING, minutes
from triagewire.replies.limits import LONGEST, WINDOWS, Texts, one_more, too_many

NONE = Texts(site="north", address_hash="a")


def test_the_first_texts_are_within_every_limit() -> None:
    assert not too_many((), MONDAY_MORNING)
    assert not too_many((MONDAY_MORNING, MONDAY_MORNING), MONDAY_MORNING + minutes(1))


def test_the_fourth_within_an_hour_is_too_many() -> None:
    three = tuple(MONDAY_MORNING + minutes(number) for number in range(3))

    assert too_many(three, MONDAY_MORNING + minutes(30))
    assert not too_many(three, MONDAY_MORNING + minutes(61))


@given(st.lists(st.integers(1, 24 * 60), max_size=120))
def test_no_pace_passes_any_window(gaps: list[int]) -> None:
    now, texts, sent = MONDAY_MORNING, NONE, []
    for gap in gaps:
        now += timedelta(minutes=gap)
        if not too_many(texts.sent, now):
            texts = one_more(texts, now)
            sent.append(now)

    for end in sent:
        for window, most in WINDOWS:
            assert sum(end - window < at <= end for at in sent) <= most


@given(st.lists(st.integers(0, 3 * 24 * 60), max_size=60))
def test_a_record_stays_small(gaps: list[int]) -> None:
    now, texts = MONDAY_MORNING, NONE
    for gap in gaps:
        now += timedelta(minutes=gap)
        if not too_many(texts.sent, now):
            texts = one_more(texts, now)

    assert len(texts.sent) <= max(most for _, most in WINDOWS)


def test_what_is_answered_once_a_day_ends_within_the_month() -> None:
    texts, sent = NONE, 0
    for day in range(30):
        now = MONDAY_MORNING + timedelta(days=day, hours=day % 5)
        if not too_many(texts.sent, now):
            texts, sent = one_more(texts, now), sent + 1

    assert sent <= 20


def test_an_address_is_forgotten_when_it_has_been_silent_for_long() -> None:
    first = one_more(NONE, MONDAY_MORNING, b"abc")

    later = one_more(first, MONDAY_MORNING + LONGEST + minutes(1), b"def")

    assert [each.said for each in later.answered] == [b"def"]
    assert len(later.sent) == 1


def test_how_long_a_message_came_after_our_text_is_remembered_from_the_second_on() -> None:
    first = one_more(NONE, MONDAY_MORNING, b"abc", MONDAY_MORNING)
    second = one_more(first, MONDAY_MORNING + minutes(9), b"def", MONDAY_MORNING + minutes(8))

    assert [each.waited for each in second.answered] == [None, minutes(8)]
