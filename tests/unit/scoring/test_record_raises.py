"""What the patient's record alone makes urgent, in the words in which FHIR servers name things.

The record's own rules must speak, whatever other rules make of the words alone.
"""

from datetime import UTC, datetime, timedelta

import pytest

from triagewire.arrival import PatientContext, PatientRecord
from triagewire.scoring.patient import MOST_CHARACTERS, said_of_patient
from triagewire.scoring.score import Engine, score
from triagewire.scoring.subject import ScoringInput
from triagewire.verdict import Verdict

NOW = datetime(2026, 3, 2, 14, tzinfo=UTC)
TOMORROW = NOW + timedelta(hours=20)
NOTHING = PatientContext()


def having(*conditions: str) -> PatientContext:
    return PatientContext(conditions=conditions)


def taking(*medications: str) -> PatientContext:
    return PatientContext(medications=medications)


def after(*procedures: str) -> PatientContext:
    return PatientContext(recent_procedures=procedures)


PREGNANT = PatientContext(pregnant=True)
TWO_MONTHS = PatientContext(age_years=0.15)


def verdict_on(engine: Engine, text: str, facts: PatientContext | None) -> Verdict:
    record = None if facts is None else PatientRecord(facts=facts)
    return score(ScoringInput(text=text, record=record, now=NOW), engine)


def rules_of(verdict: Verdict) -> set[str]:
    return {reason.rule for reason in verdict.reasons}


BUMPED = "I bumped my head on the cabinet door yesterday, just a small lump. Anything I should do?"
FEVER = "temp of 100.8 this morning and a bit tired"
VOMITS = "threw up twice, there is a stomach bug in the house"


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        (BUMPED, taking("apixaban 5 MG Oral Tablet [Eliquis]")),
        (BUMPED, taking("warfarin sodium 5 MG Oral Tablet")),
        (BUMPED, taking("clopidogrel 75 MG Oral Tablet")),
        (BUMPED, having("Long term (current) use of anticoagulants")),
        (BUMPED, having("anticoagulants")),
        (BUMPED, having("Hemophilia A (disorder)")),
        (FEVER, having("Malignant neoplasm of breast (disorder)")),
        (FEVER, having("Encounter for antineoplastic chemotherapy")),
        (FEVER, having("Asplenia (disorder)")),
        (FEVER, having("Acquired absence of spleen")),
        (FEVER, having("Renal transplant recipient (finding)")),
        (FEVER, having("Neutropenia (disorder)")),
        (FEVER, having("Hb SS disease")),
        (FEVER, taking("tacrolimus 1 MG Oral Capsule [Prograf]")),
        (FEVER, taking("adalimumab 40 MG/0.8 ML Prefilled Syringe [Humira]")),
        (FEVER, taking("capecitabine 500 MG Oral Tablet")),
        ("fever of 100.6 since last night, still drinking", TWO_MONTHS),
        ("She is not feeding well today", TWO_MONTHS),
        ("I have had some spotting today", PREGNANT),
        ("cramps in my lower belly today", PREGNANT),
        ("my blood pressure at the pharmacy was 148/94", PREGNANT),
        ("seeing spots and little flashes", PREGNANT),
        ("my feet and face are swollen", PREGNANT),
        ("I slipped and landed on my belly", PREGNANT),
        ("I have had some spotting today", having("Normal pregnancy (finding)")),
        ("headache that will not go away", having("Postpartum state (finding)")),
        ("my blood pressure is 152/96", having("Puerperium (finding)")),
        (VOMITS, taking("Prednisone 20 MG Oral Tablet")),
        (VOMITS, taking("methylprednisolone 4 MG Oral Tablet")),
        (VOMITS, having("Addison's disease (disorder)")),
        (VOMITS, having("Primary adrenocortical insufficiency")),
        ("i feel shaky and sweaty", taking("glipizide 5 MG Oral Tablet")),
        ("glucose is 66 before lunch", having("Diabetes mellitus type 1 (disorder)")),
        ("my leg hurts", after("Total hip replacement")),
        ("leg pain in my thigh since Sunday", after("discharged from hospital")),
        ("the left leg is aching and swollen", after("Laparoscopic cholecystectomy")),
        ("I missed my session on Friday, can I go Monday", having("Dependence on renal dialysis")),
        ("I missed my treatment yesterday", having("End-stage renal disease (disorder)")),
        ("the power is out at our house", having("Dependence on supplemental oxygen")),
        ("the power is out at our house", having("home oxygen")),
    ],
)
def test_the_record_alone_makes_it_a_five(engine: Engine, text: str, facts: PatientContext) -> None:
    by_words, with_record = verdict_on(engine, text, None), verdict_on(engine, text, facts)

    assert (with_record.score, with_record.review) == (5, False)
    assert rules_of(with_record) - rules_of(by_words)


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("my chest feels a little funny", having("Coronary arteriosclerosis (disorder)")),
        ("I get winded walking up the stairs", after("Laparoscopic cholecystectomy")),
        ("fluttering in my chest on and off", having("Atrial fibrillation (disorder)")),
        ("sugar 290 and throwing up", having("Diabetes mellitus type 1 (disorder)")),
    ],
)
def test_what_is_urgent_by_its_words_stays_so_with_a_record(
    engine: Engine, text: str, facts: PatientContext
) -> None:
    assert verdict_on(engine, text, facts).score == 5


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        (
            "heartburn again after dinner, should I take more antacid",
            having("Old myocardial infarction (disorder)"),
        ),
        ("I gained 6 pounds and my ankles are swollen", having("Congestive heart failure")),
        ("fever 101 today", after("Appendectomy")),
        ("I need my refill, I ran out yesterday", taking("alprazolam 0.5 MG Oral Tablet")),
        (
            "Please refill my pain medicine, pharmacy says too early",
            taking("oxycodone 10 MG Oral Tablet"),
        ),
    ],
)
def test_the_record_sends_it_to_a_person_at_the_urgent_clock(
    engine: Engine, text: str, facts: PatientContext
) -> None:
    verdict = verdict_on(engine, text, facts)

    by_record = any(rule.startswith("record-") for rule in rules_of(verdict))
    assert verdict.candidate == 5
    assert verdict.score == 5 or (verdict.review and by_record)


def test_an_appointment_tomorrow_makes_moving_it_urgent(engine: Engine) -> None:
    text = "I need to reschedule my appointment"
    near = PatientContext(next_appointment=TOMORROW)
    far = PatientContext(next_appointment=NOW + timedelta(days=6))

    scores = [int(verdict_on(engine, text, each).score) for each in (None, far, near)]

    assert scores == [2, 2, 3]


def test_a_question_of_preparation_is_clinical_with_or_without_a_record(engine: Engine) -> None:
    near = PatientContext(next_appointment=TOMORROW)

    for facts in (None, near):
        verdict = verdict_on(engine, "What are the prep instructions for my colonoscopy?", facts)
        assert verdict.score == 4


@pytest.mark.parametrize(
    "text",
    ["What are your hours?", "refill please", "I was charged twice", "Thank you so much!", FEVER],
)
def test_a_record_without_a_risk_changes_nothing(engine: Engine, text: str) -> None:
    healthy = PatientContext(
        age_years=34.0,
        conditions=("Seasonal allergic rhinitis (disorder)",),
        medications=("loratadine 10 MG Oral Tablet",),
    )

    assert verdict_on(engine, text, healthy) == verdict_on(engine, text, None)


def test_the_message_s_own_context_and_the_record_both_count(engine: Engine) -> None:
    stated = PatientContext(medications=("apixaban",))
    record = PatientRecord(facts=having("Asplenia (disorder)"))

    for text in (BUMPED, FEVER):
        said = ScoringInput(text=text, context=stated, record=record, now=NOW)
        assert score(said, engine).score == 5


def test_both_ages_count_where_they_differ(engine: Engine) -> None:
    text = "fever of 100.6 since last night, still drinking"
    stated = PatientContext(age_years=0.9)

    verdict = score(
        ScoringInput(text=text, context=stated, record=PatientRecord(facts=TWO_MONTHS)), engine
    )

    assert verdict.score == 5


def test_a_huge_record_is_read_no_further_than_a_message_can_wait(engine: Engine) -> None:
    huge = PatientContext(
        medications=("warfarin", *(f"unheard {number} " * 20 for number in range(2_000)))
    )

    texts, _ = said_of_patient(ScoringInput(text=BUMPED, context=huge))

    assert sum(map(len, texts)) <= MOST_CHARACTERS
    assert verdict_on(engine, BUMPED, huge).score == 5
