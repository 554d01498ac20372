"""How far a denial, a supposition, a time and a topic reach: far enough to spare the harmless,
never as far as the emergency beside them.
"""

import pytest

from tests.unit.scoring.conftest import Judge
from triagewire.verdict import Urgency

LIVE = [
    ("patient", "he's showing all the signs of a stroke", "signs that somebody has are no lesson"),
    ("patient", "not peeing, hardly opens her eyes, 3 weeks old", "a list of what he cannot do"),
    ("patient", "my son was seizure free for a year until this morning", "until ends a freedom"),
    ("patient", "insurance denied it, seizures every hour", "an insurer denies no symptom"),
    (
        "patient",
        "teacher says my son had a fit in class and he is still out",
        "in class is a place",
    ),
    ("patient", "no se cayo, se desmayo de la nada y esta palido", "a Spanish denial ends too"),
    (
        "staff",
        "Overdose in the lobby restroom, need the Narcan kit",
        "a place beside it is no paper",
    ),
    ("staff", "printer jammed, also pt in room 3 just collapsed", "a machine excuses nobody"),
]
DOUBTED = [
    ("patient", "Probably not an emergency, coughing up bright blood", "a comma may end a denial"),
    ("patient", "how soon after swallowing bleach does it burn, my son drank some", "a statement"),
    ("patient", "should I get seen for crushing chest pain", "a question about oneself"),
    ("patient", "symptoms of a stroke: crooked mouth, arm will not lift", "nobody asks anything"),
    (
        "patient",
        "writing a school project, so I know this is a PE: chest pain",
        "knowing it by study",
    ),
]
SPARED = [
    (
        "patient",
        "I wasn't having a heart attack, please fix the claim",
        "what a denial itself names",
    ),
    ("patient", "he never had a seizure in his life, the record is wrong", "never without a so"),
    ("patient", "In 2012 I had a stroke, none since. Which form do I need?", "a closed history"),
    ("patient", "the poster about choking in the lobby hangs upside down", "a topic of a poster"),
    ("patient", "my mother takes two, could the class on strokes take her too?", "a lesson"),
    ("staff", "ROS neg for CP, SOB, syncope. Wants lozenge advice.", "a charted review of systems"),
    ("staff", "the stroke coordinator's laptop will not boot", "a title"),
    ("staff", "overdose grant spreadsheet is locked by Jan who is on leave", "a thing's name"),
]


@pytest.mark.parametrize(("voice", "words", "why"), LIVE, ids=[row[2] for row in LIVE])
def test_what_stands_beside_a_modifier_still_pages(
    judge: Judge, voice: str, words: str, why: str
) -> None:
    verdict = judge(words, voice)
    assert verdict.score is Urgency.CLINICAL_URGENT or verdict.review, why


@pytest.mark.parametrize(("voice", "words", "why"), DOUBTED, ids=[row[2] for row in DOUBTED])
def test_what_may_be_happening_is_read_by_a_person(
    judge: Judge, voice: str, words: str, why: str
) -> None:
    verdict = judge(words, voice)
    assert verdict.score is Urgency.CLINICAL_URGENT or verdict.review, why
    assert verdict.candidate is Urgency.CLINICAL_URGENT, why


@pytest.mark.parametrize(("voice", "words", "why"), SPARED, ids=[row[2] for row in SPARED])
def test_what_is_only_named_pages_nobody(judge: Judge, voice: str, words: str, why: str) -> None:
    assert judge(words, voice).score < Urgency.CLINICAL_URGENT, why
