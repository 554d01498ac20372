"""What staff write when a computer keeps patients waiting, or in danger."""

import pytest

from tests.unit.scoring.conftest import Judge
from triagewire.scoring.rules import Rules
from triagewire.scoring.score import Engine, score
from triagewire.scoring.subject import ScoringInput
from triagewire.verdict import Urgency

DANGER = (
    "Central monitors are dark in the ICU, nobody can see rhythms",
    "bedside monitor in bed 6 went black",
    "telemetry is down on 4 west",
    "infusion pumps lost connection and stopped",
    "we cannot give insulin, the scanner rejects every label",
    "Omnicell is frozen and we cannot get the epi out",
    "epic froze mid procedure, patient on the table",
    "anesthesia record is down, patient under anesthesia",
    "nurse call system is dead on the whole floor",
    "fetal monitors show no signal in L&D",
    "unable to administer antibiotics, MAR not loading",
    "blood bank system down, cannot release units of blood",
    "the code cart monitor will not turn on",
    "ventilator 3 keeps rebooting",
    "los monitores cardiacos no funcionan",
    "no podemos dar medicamentos, el sistema esta caido",
)
WAITING = (
    "Label printer is jammed and patients are waiting",
    "Both scanners are dead, line of people out the door",
    "Check-in kiosk offline and the lobby is full",
    "Cannot log in to Epic, two patients already roomed",
    "Network down at the urgent care site, we are charting on paper",
    "Outlook is broken, this is delaying care",
    "Badge access for the med room denied, late doses",
    "Please install the new PACS viewer, surgery is delayed without it",
    "My password expired and I have folks stacking up at the desk, patients waiting",
    "La impresora no funciona y hay pacientes esperando",
)
HARMLESS = (
    "second monitor is flickering in room 3",
    "headset is dead",
    "please order a new infusion pump stand",
    "the ventilator documentation flowsheet needs a new row",
    "infusion pump drug library didn't sync to the EHR",
    "cannot give access to the shared drive",
    "need a second monitor for the triage desk",
)


@pytest.mark.parametrize("words", DANGER)
def test_where_patients_may_be_in_danger_a_person_looks_on_the_urgent_clock(
    judge: Judge, words: str
) -> None:
    verdict = judge(words, "staff")

    assert verdict.candidate is Urgency.CLINICAL_URGENT
    assert verdict.review or verdict.score is Urgency.CLINICAL_URGENT


@pytest.mark.parametrize("words", WAITING)
def test_where_patients_wait_for_it_the_request_is_urgent(judge: Judge, words: str) -> None:
    assert judge(words, "staff").score >= Urgency.ADMINISTRATIVE_URGENT


@pytest.mark.parametrize("words", HARMLESS)
def test_a_device_of_the_ward_alone_is_no_danger(judge: Judge, words: str) -> None:
    verdict = judge(words, "staff")

    assert (int(verdict.score), verdict.review) == (2, False)


def test_every_it_rule_is_lifted_by_patients_who_suffer(rules: Rules) -> None:
    bare = {each.id for each in rules.it.rules if "{patient_impact}" not in each.urgent}

    assert bare == {"patients-in-danger"}


def test_an_alarm_of_a_tool_keeps_its_own_way(engine: Engine) -> None:
    said = "systems alarm: telemetry gateway is down"
    alarm = ScoringInput(text=said, voice="staff", channel="monitoring", automatic=True)

    assert "patients-in-danger" not in {
        each.rule for each in score(alarm, engine).reasons if not each.text_span
    }


@pytest.mark.parametrize(
    "words",
    [
        "pt crashing in bay 2 and Epic is down",
        "newborn went limp, chart won't open",
        "baby blue in the nursery and vocera is dead",
    ],
)
def test_a_call_for_a_crashing_patient_pages_beside_a_broken_computer(
    judge: Judge, words: str
) -> None:
    assert judge(words, "staff").score is Urgency.CLINICAL_URGENT


@pytest.mark.parametrize(
    "words",
    ["Epic crashing whenever I open a patient list", "patient chart crashing in Epic since update"],
)
def test_a_program_that_crashes_is_no_patient(judge: Judge, words: str) -> None:
    assert judge(words, "staff").team == "it_ehr"
