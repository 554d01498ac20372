"""What a number means, and what it does not mean."""

import pytest

from triagewire.scoring.measures import Readers
from triagewire.scoring.normalise import read
from triagewire.scoring.rulebook import Rules


@pytest.fixture(scope="module")
def readers(rules: Rules) -> Readers:
    return Readers(rules.language.quantities)


@pytest.mark.parametrize(
    ("words", "quantity", "value"),
    [
        ("k 6.9 peaked t", "potassium", 6.9),
        ("gcs 9 after the fall", "gcs", 9),
        ("na came back at 114", "sodium", 114),
        ("rr 6 unrousable", "respirations", 6),
        ("36+2 no fm", "gestation", 36),
        ("sugar thirty eight and sweating", "glucose", 38),
        ("fever one oh four point two", "temperature", (104.2 - 32) / 1.8),
        ("azucar en treinta y ocho", "glucose", 38),
        ("took 14 paracetamol", "tablets", 14),
        ("swallowed 30 of my blood pressure tablets", "tablets", 30),
        ("five week old, 38.4 under the armpit", "temperature", 38.4),
    ],
)
def test_a_value_is_read_as_it_is_said(
    words: str, quantity: str, value: float, readers: Readers
) -> None:
    found = [r.value for r in readers.read(read(words, {})) if r.quantity == quantity]

    assert any(abs(each - value) < 0.01 for each in found)


@pytest.mark.parametrize(
    ("words", "quantity"),
    [
        ("i check my sugar 3 times a day", "glucose"),
        ("type 2 diabetic, sugar is fine", "glucose"),
        ("glucose test at 8 am", "glucose"),
        ("hr needs my form within 15 days", "pulse"),
        ("it hurt for ten days", "pain"),
        ("my daughter is ten and it hurts to swallow", "pain"),
        ("she's 10 and her knee hurts", "pain"),
        ("my shoulder has hurt for 8 weeks", "gestation"),
        ("stitches are 2 weeks old", "age"),
        ("can i take 10 mg", "tablets"),
    ],
)
def test_a_count_a_date_or_a_duration_is_no_value(
    words: str, quantity: str, readers: Readers
) -> None:
    assert quantity not in {r.quantity for r in readers.read(read(words, {}))}


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("pain 5/10 today", 5),
        ("five out of ten pain", 5),
        ("her pain is 8", 8),
        ("the pain is ten", 10),
        ("dolor 5 de 10", 5),
    ],
)
def test_pain_out_of_ten_is_not_itself_ten(words: str, value: int, readers: Readers) -> None:
    found = {r.value for r in readers.read(read(words, {})) if r.quantity == "pain"}

    assert found == {value}


def test_a_number_with_a_name_of_its_own_is_no_other_value(readers: Readers) -> None:
    found = readers.read(read("sat 98 hr 72", {}))

    values = {(r.quantity, r.value) for r in found if r.quantity != "duration"}

    assert values == {("spo2", 98.0), ("pulse", 72.0)}
