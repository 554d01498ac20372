"""A message between two languages is read in both, and the graver reading stands."""

import pytest

from tests.unit.scoring.conftest import Judge
from triagewire.scoring.score import Engine, score
from triagewire.scoring.subject import ScoringInput
from triagewire.verdict import Urgency

ENGLISH = ["CANT STOP THE BLEEEDING PLS CALL", "my hernia won't go back in and it is purple"]


@pytest.mark.parametrize(
    "text",
    [
        "quiero matarme Can I move my appointment to Thursday?",
        "Can I move my appointment to Thursday quiero morirme",
        "I need the form for my school please and quiero matarme thank you so much",
    ],
)
def test_a_few_spanish_words_without_a_pause_are_read(judge: Judge, text: str) -> None:
    verdict = judge(text)

    assert (verdict.score, verdict.crisis) == (Urgency.CLINICAL_URGENT, True)


@pytest.mark.parametrize("text", ENGLISH)
@pytest.mark.parametrize("tag", ["es", "es-MX", "ES"])
def test_a_wrong_tag_of_the_sender_lowers_nothing(engine: Engine, text: str, tag: str) -> None:
    alone = score(ScoringInput(text=text), engine)
    tagged = score(ScoringInput(text=text, language=tag), engine)

    assert tagged.score >= alone.score
    assert tagged.candidate >= alone.candidate


@pytest.mark.parametrize("subject", ["hola", "Gracias", "Cita"])
def test_a_spanish_subject_hides_no_english_words(engine: Engine, subject: str) -> None:
    verdict = score(ScoringInput(text=ENGLISH[0], subject=subject), engine)

    assert verdict.score is Urgency.CLINICAL_URGENT


def test_a_plain_spanish_message_is_read_as_spanish_only(judge: Judge) -> None:
    verdict = judge("¿Qué hago si algún día mi hijo convulsiona?")

    assert verdict.score is Urgency.CLINICAL_STANDARD
