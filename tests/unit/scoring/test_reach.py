"""How far a denial, a supposition, a time and a topic reach: far enough to spare the harmless,
never as far as the emergency beside them.
"""

import pytest

from tests.unit.scoring.conftest import Judge
from triagewire.scoring.subject import Voice
from triagewire.verdict import Urgency

HEARD: list[tuple[Voice, str, str]] = [
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
    (
        "patient",
        "Hope you are well. Tuve a mi bebe hace 2 semanas y sangro mucho, coagulos grandes.",
        "a greeting closes no history",
    ),
    (
        "patient",
        "My face is drooping on one side. Last year I had a cold. Thanks again!",
        "a history stays in its own sentence",
    ),
    ("patient", "My sister had a baby two weeks ago and is bleeding heavily", "weeks are no past"),
    ("patient", "her temperature was at 41 and she is shaking all over", "a value is no age"),
    ("patient", "When he was two he had a fit. He is having one and won't stop", "then and now"),
    ("patient", "Probably not an emergency, coughing up bright blood", "a comma may end a denial"),
    ("patient", "how soon after swallowing bleach does it burn, my son drank some", "a statement"),
    ("patient", "should I get seen for crushing chest pain", "a question about oneself"),
    ("patient", "symptoms of a stroke: crooked mouth, arm will not lift", "nobody asks anything"),
    (
        "patient",
        "Seen in the ER on Monday for chest pain, all clear. It still hurts when I breathe",
        "what lately was and still is",
    ),
    (
        "patient",
        "writing a school project, so I know this is a PE: chest pain",
        "knowing it by study",
    ),
]
SPARED: list[tuple[Voice, str, str]] = [
    (
        "patient",
        "I wasn't having a heart attack, please fix the claim",
        "what a denial itself names",
    ),
    ("patient", "he never had a seizure in his life, the record is wrong", "never without a so"),
    ("patient", "In 2012 I had a stroke, none since. Which form do I need?", "a closed history"),
    ("patient", "the poster about choking in the lobby hangs upside down", "a topic of a poster"),
    ("patient", "my mother takes two, could the class on strokes take her too?", "a lesson"),
    ("patient", "A copperhead got me in '06. Which exercises help a stiff finger?", "a short year"),
    ("patient", "My stroke came at 49. Can I use the cream for dryness?", "an age of then"),
    ("patient", "When Asha was one she had a fit. Which vaccine is next?", "a child's age of then"),
    ("patient", "Last seizure: 11 Nov 2022. Which form do I sign?", "a bare date"),
    (
        "patient",
        "The referral for my fainting spells (the ones in 2022) has lapsed, can you renew it?",
        "a time in brackets",
    ),
    ("patient", "I had a heart attack. That was in 2011. Can I fly?", "a sentence that dates"),
    ("patient", "If her heart were to stop, what should the aide do?", "what is supposed"),
    (
        "patient",
        "Si me empezara sangrado alla, que hago? Dónde llamo?",
        "what is supposed, in Spanish",
    ),
    ("staff", "ROS neg for CP, SOB, syncope. Wants lozenge advice.", "a charted review of systems"),
    ("staff", "the stroke coordinator's laptop will not boot", "a title"),
    ("staff", "overdose grant spreadsheet is locked by Jan who is on leave", "a thing's name"),
]


@pytest.mark.parametrize(
    ("voice", "words"), [pytest.param(voice, words, id=why) for voice, words, why in HEARD]
)
def test_what_stands_beside_a_modifier_pages_or_is_read_at_the_clock_of_a_page(
    judge: Judge, voice: Voice, words: str
) -> None:
    verdict = judge(words, voice)

    assert verdict.score is Urgency.CLINICAL_URGENT or verdict.review
    assert verdict.candidate is Urgency.CLINICAL_URGENT


@pytest.mark.parametrize(
    ("voice", "words"), [pytest.param(voice, words, id=why) for voice, words, why in SPARED]
)
def test_what_is_only_named_pages_nobody(judge: Judge, voice: Voice, words: str) -> None:
    assert judge(words, voice).score < Urgency.CLINICAL_URGENT
