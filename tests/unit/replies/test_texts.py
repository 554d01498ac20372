"""Texts as they leave: parts that cut no character in two, lines that hold no header."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triagewire.replies.texts import line_of, parts_of

FAMILY = "👩‍👩‍👧‍👦"


def units(text: str) -> int:
    """What SNS counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def test_a_short_text_leaves_in_one_part() -> None:
    assert parts_of("Your refill is ready.") == ("Your refill is ready.",)


@given(st.text(max_size=400), st.integers(30, 80))
def test_no_part_is_too_long_and_nothing_but_spaces_is_lost(text: str, most: int) -> None:
    parts = parts_of(text, most)

    assert "".join("".join(parts).split()) == "".join(text.split())
    cut = [each for each in parts if units(each) > most]
    # What a reader takes for one character may be longer than a part by itself.
    assert all(unicodedata.category(each[-1]).startswith("M") or len(each) > most for each in cut)


@pytest.mark.parametrize("character", [FAMILY, "é", "🇲🇽", "👍🏽", "❤️", "한", "क्षि"[:2]])
@pytest.mark.parametrize("most", range(20, 40))
def test_no_character_is_cut_in_two(character: str, most: int) -> None:
    for part in parts_of(character * 40, most):
        assert part == character * part.count(character)


def test_a_text_is_cut_between_words_where_it_can_be() -> None:
    parts = parts_of("one two three four five six seven", 20)

    assert parts == ("one two three four", "five six seven")


@pytest.mark.parametrize(
    "text",
    ["a\r\nBcc: eve@evil.example", "a\nb", "a\x00b", "a\u2028b", "a\u2029b", "a\x85b", "a\x0bb"],
)
def test_a_line_is_one_line(text: str) -> None:
    assert len(line_of(text).splitlines()) == 1


@given(st.text())
def test_whatever_is_written_stays_one_line(text: str) -> None:
    line = line_of(text)

    assert len(line.splitlines()) <= 1
    assert len(line) <= 200
