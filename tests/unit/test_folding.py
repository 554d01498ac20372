"""Words are found however they are typed, and nothing else is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triagewire.folding import MOST_LETTERS, folded, has_all, words_of


@pytest.mark.parametrize(
    ("written", "looked_for"),
    [
        ("Me duele el CORAZÓN desde ayer", "corazon"),
        ("Renew my Lisinopril, please", "LISINOPRIL"),
        ("renovar la receta de mamá", "mama receta"),
        ("".join(chr(ord(letter) + 0xFEE0) for letter in "Lisinopril"), "lisinopril"),
        ("lisino\u200bpril", "lisinopril"),
        ("Straße 5", "strasse"),
        ("ΑΣΠΙΡΙΝΗΣ", "ασπιρινης"),
        ("two\n\n  lines", "two lines"),
        ("prior authorization", "author"),
    ],
)
def test_case_accents_forms_and_hidden_letters_make_no_difference(
    written: str, looked_for: str
) -> None:
    assert has_all(folded(written), words_of(looked_for))


def test_every_word_must_be_there() -> None:
    assert not has_all(folded("my knee hurts"), words_of("knee fever"))


@pytest.mark.parametrize("nothing", ["", "  \n", "\u200b\u2060", "\u0301"])
def test_what_holds_no_word_looks_for_nothing(nothing: str) -> None:
    assert words_of(nothing) == ()


@given(st.text(max_size=200))
def test_folding_what_is_folded_changes_nothing(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@given(st.text(max_size=100), st.text(max_size=100))
def test_whatever_was_written_is_found_by_its_own_words(before: str, text: str) -> None:
    assert has_all(folded(f"{before} {text}"), words_of(text))


def test_of_a_very_long_text_the_beginning_is_looked_at() -> None:
    long = "a " * MOST_LETTERS

    assert len(folded(f"{long}end")) <= MOST_LETTERS


def test_signs_that_stand_for_many_letters_make_no_text_longer_than_any_other() -> None:
    assert len(folded("\ufdfa" * MOST_LETTERS)) <= MOST_LETTERS
