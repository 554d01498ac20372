"""A ticket opens whatever was written on it: what does not fit is shortened, and says so."""

import json

import pytest

from tests.builders import a_message
from triagewire.desk.lengths import CUT, MOST_BYTES, fitting


def test_what_fits_is_shown_as_it_is() -> None:
    said = [a_message(text="Could you renew my lisinopril?"), a_message(text="<b>bold</b>")]

    assert fitting(said) == tuple(said)


@pytest.mark.parametrize("letter", ["x", "ñ", "🩺", "\u0001"])
def test_many_long_notes_fit_one_answer_in_any_script(letter: str) -> None:
    said = [a_message(number=each, text=letter * 50_000) for each in range(150)]

    shown = fitting(said)

    assert sum(len(json.dumps(each.text)) for each in shown) <= MOST_BYTES
    assert all(CUT in each.remarks for each in shown)
    assert all(len(each.text) > 1_000 for each in shown)


def test_only_the_longest_are_shortened_and_each_keeps_its_beginning() -> None:
    short = a_message(text="I have chest pain.")
    long = a_message(number=1, text="It began on Monday. " * 5_000, full_text="quoted " * 50_000)

    shown = fitting([short, long], most=20_000)

    assert shown[0] == short
    assert shown[1].text.startswith("It began on Monday.")
    assert (shown[1].full_text, shown[1].remarks) == ("", (CUT,))
