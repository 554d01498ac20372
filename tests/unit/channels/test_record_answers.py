"""What is read of a patient's record, and what of a hostile or untidy bundle is not."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.channels.record_bodies import (
    ICD,
    RXNORM,
    WHOSE,
    Resource,
    a_condition,
    a_patient,
    a_procedure,
    a_statement,
    a_stay,
    an_appointment,
    an_order,
    body,
    concept,
    found,
    status,
)
from triagewire.channels.ehr.record import KINDS, counted, record_of
from triagewire.channels.ehr.record_answers import (
    MOST_NAMES,
    Learnt,
    learnt_from,
    patient_id_from,
    person_from,
)
from triagewire.channels.ehr.record_codes import words_of
from triagewire.errors import InvalidFieldError, TriagewireError, UnreadableError

SOMEBODY_ELSE = {"reference": "Patient/p18"}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


def learnt(kind: str, *resources: object, **more: object) -> Learnt:
    return learnt_from(kind, body(found(*resources, **more)), WHOSE)


def names(kind: str, *resources: object) -> tuple[str, ...]:
    return learnt(kind, *resources).names


def test_the_patient_s_own_facts_are_read() -> None:
    person = person_from(body(a_patient()), WHOSE)

    assert str(person.born) == "1961-05-17"
    assert (person.sex, person.language, person.deceased) == ("female", "es", False)


@pytest.mark.parametrize(
    "death", [{"deceasedBoolean": True}, {"deceasedDateTime": "2025-12-24T03:00:00Z"}]
)
def test_a_death_is_noticed(death: Resource) -> None:
    assert person_from(body(a_patient(**death)), WHOSE).deceased


def test_a_birth_of_which_only_the_year_is_known_gives_no_age() -> None:
    assert person_from(body(a_patient(birthDate="1961")), WHOSE).born is None


@pytest.mark.parametrize(
    "answer",
    [a_patient(id="p18"), a_patient(id=None), found(a_patient()), {"resourceType": "Person"}],
)
def test_any_other_resource_is_not_the_patient(answer: Resource) -> None:
    with pytest.raises(UnreadableError):
        person_from(body(answer), WHOSE)


def test_a_search_by_number_must_find_exactly_one_patient() -> None:
    assert patient_id_from(body(found(a_patient()))) == "p17"
    for answer in (found(), found(a_patient(), a_patient(id="p18")), found(a_patient(id=None))):
        with pytest.raises(UnreadableError):
            patient_id_from(body(answer))


def test_a_condition_is_kept_in_all_the_words_it_has() -> None:
    copd = a_condition(
        code=concept("Chronic obstructive lung disease (disorder)", text="COPD, on 2 litres")
    )

    assert names("conditions", copd) == (
        "COPD, on 2 litres; Chronic obstructive lung disease (disorder)",
    )


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("Z79.01", "anticoagulants"),
        ("E10.65", "type 1 diabetes"),
        ("C50.911", "cancer"),
        ("C91.00", "leukemia"),
        ("N18.6", "dialysis"),
        ("Z90.81", "asplenia"),
        ("O34.21", "pregnancy"),
        ("j44.9", "COPD"),
    ],
)
def test_a_bare_code_is_read_in_plain_words(code: str, words: str) -> None:
    assert names("conditions", a_condition(code=concept(system=ICD, code=code))) == (words,)


def test_a_code_of_another_system_means_nothing_here() -> None:
    assert words_of("urn:local:codes", "C50.911") == ""
    assert words_of(None, "Z79.01") == "anticoagulants"
    assert words_of("http://snomed.info/sct", "77386006") == "pregnancy"


@pytest.mark.parametrize(
    "change",
    [
        {"verificationStatus": status("entered-in-error")},
        {"verificationStatus": status("refuted")},
        {"clinicalStatus": status("resolved")},
        {"clinicalStatus": status("inactive")},
        {"abatementDateTime": "2025-06-01"},
        {"subject": SOMEBODY_ELSE},
        {"subject": None},
        {"subject": {"reference": "https://evil.example/r4/Patient/p17"}},
        {"subject": {"reference": "#p17"}},
    ],
)
def test_a_condition_that_is_over_withdrawn_or_another_patient_s_is_none(change: Resource) -> None:
    assert learnt("conditions", a_condition(**change)) == Learnt()


@pytest.mark.parametrize("change", [{"clinicalStatus": None}, {"verificationStatus": None}])
def test_a_condition_of_which_nobody_says_that_it_is_over_counts(change: Resource) -> None:
    assert names("conditions", a_condition(**change)) == ("Asplenia (disorder)",)


def test_a_full_address_of_the_same_server_is_the_patient() -> None:
    ours = {"reference": "https://fhir.clinic.example/r4/Patient/p17"}

    assert names("conditions", a_condition(subject=ours)) != ()


@pytest.mark.parametrize(
    ("condition", "pregnant"),
    [
        (a_condition("Normal pregnancy (finding)"), True),
        (a_condition(code=concept(system=ICD, code="Z34.83")), True),
        (a_condition("Embarazo de alto riesgo"), True),
        (a_condition("Pregnancy (finding)", onsetDateTime="2026-01"), True),
        (a_condition("History of ectopic pregnancy"), False),
        (a_condition("Pregnancy test negative"), False),
        (a_condition("Hypertension"), False),
    ],
)
def test_a_pregnancy_among_the_conditions_is_noticed(condition: Resource, pregnant: bool) -> None:
    assert learnt("conditions", condition).pregnant is pregnant


@pytest.mark.parametrize("display", ["Normal pregnancy (finding)", "Postpartum state (finding)"])
def test_a_pregnancy_of_years_ago_that_nobody_closed_is_none(display: str) -> None:
    assert learnt("conditions", a_condition(display, onsetDateTime="2023-04-01")) == Learnt()


def test_a_drug_is_read_wherever_its_name_stands() -> None:
    plain = an_order("Prednisone 20 MG Oral Tablet")
    contained = an_order(
        medicationCodeableConcept=None,
        medicationReference={"reference": "#m"},
        contained=[{"resourceType": "Medication", "id": "m", "code": concept("Warfarin", RXNORM)}],
    )
    beside = an_order(
        medicationCodeableConcept=None, medicationReference={"reference": "Medication/8"}
    )
    medication = {"resourceType": "Medication", "id": "8", "code": concept("tacrolimus 1 MG")}
    named = an_order(medicationCodeableConcept=None, medicationReference={"display": "Insulin"})

    assert names("medications", plain, contained, beside, medication, named) == (
        "Prednisone 20 MG Oral Tablet",
        "Warfarin",
        "tacrolimus 1 MG",
        "Insulin",
    )


@pytest.mark.parametrize(
    "gone", ["entered-in-error", "stopped", "cancelled", "completed", "draft", "not-taken"]
)
def test_a_drug_that_is_not_taken_is_none(gone: str) -> None:
    assert names("medications", an_order(status=gone)) == ()
    assert names("statements", a_statement("Warfarin", status=gone)) == ()


def test_a_cream_is_no_steroid_that_the_body_depends_on() -> None:
    assert names("medications", an_order("hydrocortisone 10 MG/ML Topical Cream")) == ()


@pytest.mark.parametrize(
    ("change", "counts"),
    [
        ({}, True),
        ({"performedPeriod": None, "performedDateTime": "2026-01-05"}, True),
        ({"performedPeriod": None, "performedDateTime": "2025-10-01"}, False),
        ({"performedPeriod": None}, False),
        ({"performedPeriod": {"start": "2026-13-77"}}, False),
        ({"status": "not-done"}, False),
        ({"status": "entered-in-error"}, False),
        ({"code": concept("Depression screening (procedure)")}, False),
        ({"code": concept("Medication reconciliation")}, False),
        ({"code": concept("Plain X-ray of chest")}, False),
    ],
)
def test_an_operation_of_the_last_90_days_counts(change: Resource, counts: bool) -> None:
    assert bool(names("procedures", a_procedure(**change))) is counts


@pytest.mark.parametrize(
    ("change", "counts"),
    [
        ({}, True),
        ({"class": {"code": "AMB"}}, False),
        ({"status": "cancelled"}, False),
        ({"period": {"start": "2026-02-28"}}, False),
        ({"period": {"end": "2025-02-28"}}, False),
    ],
)
def test_a_stay_in_hospital_that_ended_lately_counts(change: Resource, counts: bool) -> None:
    assert bool(names("stays", a_stay(**change))) is counts


def test_the_next_appointment_is_the_first_that_is_still_to_come() -> None:
    moments = learnt(
        "appointments",
        an_appointment("2026-03-05T09:00:00Z"),
        an_appointment("2026-03-03T09:00:00Z"),
        an_appointment("2026-03-02T09:00:00Z"),
        an_appointment("2026-03-02T18:00:00Z", status="cancelled"),
        an_appointment("2026-03-02T19:00:00Z", participant=[{"actor": SOMEBODY_ELSE}]),
        an_appointment("tomorrow"),
    ).moments

    assert [str(each) for each in moments] == [
        "2026-03-03 09:00:00+00:00",
        "2026-03-05 09:00:00+00:00",
    ]


@pytest.mark.parametrize(
    "stray",
    [
        None,
        7,
        "Condition",
        [],
        {},
        {"resourceType": "OperationOutcome", "issue": [{"severity": "warning"}]},
        {"resourceType": 5},
        {"resourceType": "Observation", "subject": {"reference": "Patient/p17"}},
    ],
)
def test_what_is_no_condition_hides_none(stray: object) -> None:
    assert names("conditions", stray, a_condition()) == ("Asplenia (disorder)",)


@pytest.mark.parametrize(
    "broken",
    [
        a_condition(code="Asplenia"),
        a_condition(code={"coding": "Asplenia"}),
        a_condition(subject="Patient/p17"),
        a_condition(clinicalStatus=["active"]),
        a_condition(onsetDateTime=5),
    ],
)
def test_a_condition_that_cannot_be_read_hides_no_other_and_is_told(broken: Resource) -> None:
    said = learnt("conditions", broken, a_condition())

    assert (said.names, said.whole) == (("Asplenia (disorder)",), False)


def test_a_second_page_is_not_read_and_told() -> None:
    link = [{"relation": "self"}, {"relation": "next", "url": "https://evil.example"}]

    assert learnt("conditions", a_condition(), link=link).whole is False


def test_a_huge_record_is_cut_and_told() -> None:
    many = (a_condition(f"Disorder {number} {'x' * 5_000}") for number in range(2_000))

    said = learnt("conditions", *many)

    assert (len(said.names), said.whole) == (MOST_NAMES, False)
    assert max(map(len, said.names)) <= 160


@pytest.mark.parametrize(
    "answer", [b"", b"[]", b"{}", b"<html>", b'{"resourceType":"Bundle"' * 2, b"[" * 100_000]
)
def test_an_answer_that_is_no_bundle_says_nothing(answer: bytes) -> None:
    with pytest.raises(TriagewireError):
        learnt_from("conditions", answer, WHOSE)


@given(JSON, st.sampled_from([kind for kind in KINDS if kind != "patient"]))
def test_whatever_a_server_makes_up_is_read_or_refused(made_up: Any, kind: str) -> None:  # noqa: ANN401
    ours = {"subject": {"reference": "Patient/p17"}, "code": made_up, "status": made_up}
    kinds = ["Condition", "MedicationRequest", "MedicationStatement", "Procedure", "Appointment"]
    odd = [{"resourceType": each, **ours, "period": made_up} for each in kinds]
    for answer in (found(*odd, made_up), {"resourceType": "Bundle", "entry": made_up}, made_up):
        with suppress(InvalidFieldError, UnreadableError):
            learnt_from(kind, body(answer), WHOSE)


def test_a_record_is_put_together_and_says_what_is_missing() -> None:
    record = record_of(
        person_from(body(a_patient()), WHOSE),
        {
            "conditions": learnt("conditions", a_condition()),
            "medications": learnt("medications", an_order("Warfarin")),
            "statements": learnt("statements", a_statement("Warfarin"), a_statement("Aspirin")),
            "appointments": learnt("appointments", an_appointment()),
            "procedures": Learnt(names=("Appendectomy",), whole=False),
        },
        WHOSE.now,
    )

    assert record.facts.age_years == 64.79
    assert record.facts.medications == ("Warfarin", "Aspirin")
    assert record.facts.recent_procedures == ("Appendectomy",)
    assert record.unknown == ("procedures", "stays")
    assert counted(record) == {
        "conditions": 1,
        "medications": 2,
        "procedures": 1,
        "appointments": 1,
        "unknown": ["procedures", "stays"],
    }


def test_of_a_record_of_which_nothing_came_everything_is_unknown() -> None:
    assert record_of(None, {}, WHOSE.now).unknown == KINDS
