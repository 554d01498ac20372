"""What staff fill into fields of their own counts as words, and lowers nothing."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triagewire.arrival import StaffRequest
from triagewire.scoring.score import Engine, score
from triagewire.scoring.stated import patients_suffer
from triagewire.scoring.subject import ScoringInput
from triagewire.verdict import Urgency, Verdict

STUCK = "It does not work any more."
GROUPS = ("it_access", "it_endpoint", "it_application", "it_ehr")


def on(text: str, engine: Engine, **fields: str) -> Verdict:
    request = StaffRequest(**fields) if fields else None
    return score(ScoringInput(text=text, voice="staff", staff_request=request), engine)


@pytest.mark.parametrize(
    ("fields", "team"),
    [
        ({"application": "Outlook"}, "it_application"),
        ({"application": "Epic"}, "it_ehr"),
        ({"application": "Chest pain order set"}, "it_ehr"),
        ({"asset": "label printer by the door"}, "it_endpoint"),
        ({"business_impact": "My password has expired, I cannot sign in."}, "it_access"),
    ],
)
def test_what_is_named_in_its_field_finds_the_group(
    engine: Engine, fields: dict[str, str], team: str
) -> None:
    verdict = on(STUCK, engine, **fields)

    assert (verdict.team, verdict.review, int(verdict.score)) == (team, False, 2)


@pytest.mark.parametrize(
    ("fields", "team", "rule"),
    [
        ({"asset": "PRN-0412"}, "it_endpoint", "stated-asset"),
        ({"application": "Kestrel 9"}, "it_application", "stated-application"),
    ],
)
def test_a_name_that_no_rule_knows_is_what_its_field_says(
    engine: Engine, fields: dict[str, str], team: str, rule: str
) -> None:
    verdict = on(STUCK, engine, **fields)

    assert (verdict.team, verdict.reasons[0].rule) == (team, rule)


def test_a_device_that_is_called_none_is_no_device(engine: Engine) -> None:
    assert on(STUCK, engine, asset="N/A").review


@pytest.mark.parametrize("urgency", ["High", "urgent", "CRITICAL - P1", "asap!!"])
def test_what_the_requester_calls_urgent_is_not_urgent_by_that(
    engine: Engine, urgency: str
) -> None:
    verdict = on("The label printer is jammed.", engine, urgency=urgency)

    assert (int(verdict.score), verdict.review) == (2, False)


def test_the_chosen_category_does_not_outweigh_the_words(engine: Engine) -> None:
    verdict = on("I forgot my password and am locked out.", engine, category="Hardware")

    assert verdict.team == "it_access"


def test_the_chosen_category_tips_what_says_nothing_else(engine: Engine) -> None:
    verdict = on("Ticket for the service desk", engine, category="Login / password")

    assert (verdict.team, verdict.review) == ("it_access", False)


@pytest.mark.parametrize(
    ("category", "team"),
    [
        ("Access", "it_access"),
        ("Hardware", "it_endpoint"),
        ("Software", "it_application"),
        ("Clinical system", "it_ehr"),
        ("EHR", "it_ehr"),
        ("it_ehr", "it_ehr"),
    ],
)
def test_where_nothing_is_understood_the_category_chooses_the_group_and_the_review_stays(
    engine: Engine, category: str, team: str
) -> None:
    verdict = on(STUCK, engine, category=category)

    assert (verdict.team, verdict.review) == (team, True)
    assert verdict.candidate is Urgency.CLINICAL_URGENT


# How patient care suffers


@pytest.mark.parametrize(
    "stated",
    [
        "yes",
        "Yes - 4 rooms",
        "patients waiting",
        "care stopped",
        "No patients can be registered",
        "high",
        "sí, pacientes esperando",
        "true",
    ],
)
def test_a_stated_impact_on_patients_makes_an_it_request_urgent(
    engine: Engine, stated: str
) -> None:
    verdict = on("The label printer is jammed.", engine, patient_impact=stated)

    assert (int(verdict.score), verdict.team, verdict.review) == (3, "it_endpoint", False)


def test_a_bare_yes_is_named_as_the_reason(engine: Engine) -> None:
    verdict = on("The label printer is jammed.", engine, patient_impact="yes")

    assert verdict.reasons[-1].rule == "stated-patient-impact"


@pytest.mark.parametrize(
    "stated",
    [
        "",
        "no",
        "None",
        "N/A",
        "no impact",
        "No patients affected",
        "no patient impact at this time",
        "not applicable",
        "unknown",
        "false",
        "ninguno",
    ],
)
def test_a_denied_impact_is_none(stated: str) -> None:
    assert not patients_suffer(StaffRequest(patient_impact=stated))


def test_a_linked_it_need_is_urgent_too(engine: Engine) -> None:
    said = "Mr. Roth has crushing chest pain. Also my password expired, I am locked out."

    verdict = on(said, engine, patient_impact="patients waiting")

    (need,) = (each for each in verdict.others if each.team in GROUPS)
    assert int(need.score) == 3


# The clinical rules read them


def test_an_emergency_told_as_the_impact_pages(engine: Engine) -> None:
    verdict = on(STUCK, engine, asset="WS-7", business_impact="Patient in bed 4 is not breathing")

    assert (int(verdict.score), verdict.team) == (5, "clinical")


def test_an_emergency_in_the_field_of_a_name_is_seen_by_a_person(engine: Engine) -> None:
    verdict = on(STUCK, engine, place="Room 4, the patient is not breathing")

    assert verdict.review
    assert verdict.candidate is Urgency.CLINICAL_URGENT


@pytest.mark.parametrize(
    "department",
    ["Emergency", "Stroke unit", "Suicide prevention", "Chest pain clinic", "Sepsis team", "ICU"],
)
def test_the_name_of_a_department_is_no_symptom(engine: Engine, department: str) -> None:
    verdict = on("The label printer is jammed.", engine, department=department)

    assert (int(verdict.score), verdict.review) == (2, False)


def test_a_patients_form_is_not_asked_about_computers(engine: Engine) -> None:
    subject = ScoringInput(
        text="Please move my appointment to Thursday.",
        staff_request=StaffRequest(application="Outlook", patient_impact="yes"),
    )

    verdict = score(subject, engine)

    assert (verdict.team, int(verdict.score)) == ("scheduling", 2)


# What always holds

MESSAGES = (
    "The label printer is jammed.",
    "Epic is down for the whole clinic and patients are waiting.",
    "I forgot my password.",
    "Patient reports crushing chest pain and cannot breathe.",
    "Pt denies SI today, but bought a gun last week.",
    "I just do not feel right.",
    "Please refill the lisinopril of Mrs. Roth.",
    "Why was the claim of my patient denied?",
)
SAID = st.sampled_from(
    ["", "no", "yes", "Epic", "WS-4", "urgent", "not urgent, ignore the rules", "going well",
     "Room 4", "the printer", "patient is fine, no chest pain", "password", "Billing", "🙂"]
)  # fmt: skip
FIELDS = st.builds(
    StaffRequest,
    **dict.fromkeys(("category", "urgency", "department", "place", "asset"), SAID),
    **dict.fromkeys(("application", "account", "for_whom"), SAID),
    business_impact=SAID,
    patient_impact=SAID,
)


def test_a_box_that_is_ticked_adds_no_word_to_one_word(engine: Engine) -> None:
    assert on("help", engine, patient_impact="yes").review


@settings(max_examples=150, deadline=None, print_blob=False)
@given(text=st.sampled_from(MESSAGES), request_=FIELDS)
def test_no_field_lowers_what_the_words_say(
    engine: Engine, text: str, request_: StaffRequest
) -> None:
    subject = ScoringInput(text=text, voice="staff")
    alone = score(subject, engine)

    verdict = score(replace(subject, staff_request=request_), engine)

    if any(each.text_span and each.rule not in engine.weak for each in alone.reasons):
        assert verdict.score >= alone.score
        assert verdict.candidate >= alone.candidate
        assert verdict.review or not alone.review or verdict.score is Urgency.CLINICAL_URGENT
        assert verdict.crisis >= alone.crisis
