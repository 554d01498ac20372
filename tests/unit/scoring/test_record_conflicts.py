"""A record that cannot be of whom the message is about is a doubt, and a doubt is for a person."""

import pytest

from triagewire.arrival import PatientContext, PatientRecord
from triagewire.scoring.score import Engine, score
from triagewire.scoring.subject import ScoringInput, Voice
from triagewire.verdict import Verdict

REFILL = "Could you renew my lisinopril? I have three tablets left."


def aged(years: float, sex: str = "female", *, deceased: bool = False) -> PatientRecord:
    return PatientRecord(facts=PatientContext(age_years=years), sex=sex, deceased=deceased)


def verdict_on(
    engine: Engine,
    text: str,
    record: PatientRecord | None,
    context: PatientContext | None = None,
    voice: Voice = "patient",
) -> Verdict:
    stated = context or PatientContext()
    return score(ScoringInput(text=text, record=record, context=stated, voice=voice), engine)


def doubt_in(verdict: Verdict) -> str:
    """The doubt about the record that sent a verdict to review, or ""."""
    found = [each.rule for each in verdict.reasons if each.why and each.rule in DOUBTS]
    assert bool(found) <= (verdict.review and verdict.candidate == 5)
    return " ".join(found)


DOUBTS = frozenset({"record-another", "record-deceased", "record-age", "record-pregnancy"})


@pytest.mark.parametrize(
    ("text", "record", "doubt"),
    [
        (f"I am 72 years old. {REFILL}", aged(31), "record-age"),
        (f"I\u2019m 72 y/o. {REFILL}", aged(31), "record-age"),
        ("Tengo 72 años, necesito mi receta de lisinopril.", aged(31), "record-age"),
        (f"I am pregnant. {REFILL}", aged(31, "male"), "record-pregnancy"),
        (f"I'm 12 weeks pregnant. {REFILL}", aged(5), "record-pregnancy"),
        ("Estoy embarazada y necesito mi receta.", aged(74), "record-pregnancy"),
        (REFILL, aged(80, deceased=True), "record-deceased"),
        (REFILL, PatientRecord(another=True), "record-another"),
    ],
)
def test_words_that_contradict_the_record_are_for_a_person(
    engine: Engine, text: str, record: PatientRecord, doubt: str
) -> None:
    assert doubt_in(verdict_on(engine, text, record)) == doubt


@pytest.mark.parametrize(
    ("text", "record"),
    [
        (f"I am 72 years old. {REFILL}", aged(70.4)),
        ("My 3 year old has a runny nose, can I give him Tylenol?", aged(34)),
        (f"I have been on it for 20 years. {REFILL}", aged(61)),
        (f"I am 20 years sober. {REFILL}", aged(61)),
        (f"I am pregnant. {REFILL}", aged(31)),
        (f"My wife is pregnant. {REFILL}", aged(31, "male")),
        (f"I am not pregnant. {REFILL}", aged(31, "male")),
        (f"I am 72 years old. {REFILL}", PatientRecord()),
        (REFILL, aged(31)),
    ],
)
def test_what_may_both_be_true_is_no_doubt(
    engine: Engine, text: str, record: PatientRecord
) -> None:
    assert doubt_in(verdict_on(engine, text, record)) == ""


@pytest.mark.parametrize(
    ("stated", "record", "doubt"),
    [
        (PatientContext(age_years=40), aged(7), "record-age"),
        (PatientContext(age_years=40), aged(41), ""),
        (PatientContext(pregnant=True), aged(40, "male"), "record-pregnancy"),
        (PatientContext(pregnant=True), aged(40), ""),
    ],
)
def test_what_the_sender_stated_in_fields_is_held_against_the_record(
    engine: Engine, stated: PatientContext, record: PatientRecord, doubt: str
) -> None:
    assert doubt_in(verdict_on(engine, REFILL, record, stated)) == doubt


def test_what_staff_write_of_themselves_is_about_no_patient(engine: Engine) -> None:
    verdict = verdict_on(engine, "I am 30 years old, reset my password", aged(70), voice="staff")

    assert doubt_in(verdict) == ""


def test_a_live_emergency_stays_a_page(engine: Engine) -> None:
    verdict = verdict_on(engine, "I am 72 years old and have crushing chest pain", aged(31))

    assert (verdict.score, verdict.review) == (5, False)
