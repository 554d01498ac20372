"""Cursors: what was not given for a list, and to the caller, opens no page of it."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triagewire.desk.cursors import cursor_of, place_of
from triagewire.errors import BadCursorError

KEY = b"k" * 32
PLACE = "5#2026-03-02T16:00:00.000Z#TICKETAAAAAAAAAAAAAAAAAAAA#2026-03-02T14:00:00.000Z#runs"
BOUND = ("queue", "nick", "north", "clinical", {"status": "routed"})
CURSOR = cursor_of(KEY, PLACE, *BOUND)


def opens(cursor: str, *bound: object, key: bytes = KEY) -> bool:
    try:
        place_of(key, cursor, *(bound or BOUND))
    except BadCursorError:
        return False
    return True


@given(st.text(max_size=200))
def test_a_cursor_names_the_place_that_it_was_made_of(place: str) -> None:
    assert place_of(KEY, cursor_of(KEY, place, *BOUND), *BOUND) == place


@pytest.mark.parametrize(
    "bound",
    [
        pytest.param(("queue", "nora", "north", "clinical", {"status": "routed"}), id="member"),
        pytest.param(("queue", "nick", "west", "clinical", {"status": "routed"}), id="site"),
        pytest.param(("queue", "nick", "north", "billing", {"status": "routed"}), id="team"),
        pytest.param(("queue", "nick", "north", "clinical", {"status": "new"}), id="filters"),
        pytest.param(("mine", "nick"), id="list"),
    ],
)
def test_a_cursor_of_something_else_opens_nothing(bound: tuple[object, ...]) -> None:
    assert not opens(CURSOR, *bound)


def test_a_cursor_of_another_key_opens_nothing() -> None:
    assert not opens(CURSOR, key=b"another")


def test_two_lists_whose_parts_run_together_have_two_cursors() -> None:
    assert cursor_of(KEY, "x", "ab", "c") != cursor_of(KEY, "x", "a", "bc")


@given(st.integers(0, len(CURSOR) - 1), st.sampled_from("ABab01-_="))
def test_a_cursor_with_one_letter_changed_opens_nothing(at: int, letter: str) -> None:
    changed = CURSOR[:at] + letter + CURSOR[at + 1 :]

    assert opens(changed) is (changed == CURSOR)


@given(st.text(max_size=300))
def test_no_text_that_was_made_up_opens_anything(text: str) -> None:
    assert not opens(text)


@given(st.binary(min_size=16, max_size=120))
def test_no_bytes_that_were_made_up_open_anything(made: bytes) -> None:
    assert not opens(base64.urlsafe_b64encode(made).decode().rstrip("="))


@pytest.mark.parametrize("cursor", [CURSOR + "=", CURSOR + "\n", f" {CURSOR}", CURSOR * 40, ""])
def test_there_is_one_way_to_write_a_cursor(cursor: str) -> None:
    assert not opens(cursor)
