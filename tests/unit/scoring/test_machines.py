"""Alarms of monitoring tools: they speak of hosts, and page nobody as if a patient had spoken."""

from dataclasses import replace

import pytest

from triagewire.arrival import Channel
from triagewire.scoring.score import Engine, score
from triagewire.scoring.subject import ScoringInput, Voice
from triagewire.verdict import Urgency, Verdict


def alarmed(words: str, engine: Engine, channel: Channel = Channel.MONITORING) -> Verdict:
    text = f"Systems alarm: {words}\nNow: ALARM"
    return score(ScoringInput(text=text, voice="staff", channel=channel, automatic=True), engine)


@pytest.mark.parametrize(
    "words",
    [
        "intake-errors",
        "InstanceDown",
        "prod-db-cpu",
        "Certificate expires in 10 days",
        "Pod died: CrashLoopBackOff",
    ],
)
def test_an_alarm_goes_to_a_team_of_it(words: str, engine: Engine) -> None:
    verdict = alarmed(words, engine)

    assert verdict.team.startswith("it_")
    assert not verdict.review


def test_an_alarm_of_the_clinical_system_is_urgent(engine: Engine) -> None:
    verdict = alarmed("Epic is down", engine)

    assert (verdict.score, verdict.team) == (Urgency.ADMINISTRATIVE_URGENT, "it_ehr")


@pytest.mark.parametrize(
    "words",
    ["Host db-2 is unresponsive", "No heartbeat received from host web-1", "chest pain in a log"],
)
def test_words_that_would_page_for_a_patient_are_looked_at_instead(
    words: str, engine: Engine
) -> None:
    verdict = alarmed(words, engine)

    assert (verdict.score, verdict.review) == (Urgency.CLINICAL_STANDARD, True)
    assert verdict.candidate is Urgency.CLINICAL_URGENT
    by_a_person = alarmed(words, engine, Channel.CHAT)
    assert (by_a_person.team, by_a_person.candidate) == ("clinical", Urgency.CLINICAL_URGENT)


@pytest.mark.parametrize(
    "words",
    [
        "Nurse call room 4: unresponsive",
        "Patient in bed 12 not breathing",
        "visitor collapsed in the lobby, not breathing",
        "log of the form: 'my chest pain is crushing'",
        "Room 7: chest pain",
    ],
)
def test_an_alarm_that_names_somebody_is_no_alarm_of_a_host(words: str, engine: Engine) -> None:
    verdict = alarmed(words, engine)

    assert verdict.candidate is Urgency.CLINICAL_URGENT
    assert verdict.score is alarmed(words, engine, Channel.CHAT).score or verdict.review


@pytest.mark.parametrize("words", ["Room 4: unresponsive", "Patient in bed 12 not breathing"])
def test_a_nurse_call_pages(words: str, engine: Engine) -> None:
    assert alarmed(words, engine).score is Urgency.CLINICAL_URGENT


@pytest.mark.parametrize("words", ["Patient portal is unresponsive", "child process unresponsive"])
def test_a_system_with_a_persons_name_pages_nobody(words: str, engine: Engine) -> None:
    verdict = alarmed(words, engine)

    assert (verdict.score < Urgency.CLINICAL_URGENT, verdict.review) == (True, True)


@pytest.mark.parametrize("voice", ["patient", "staff"])
def test_a_person_on_the_channel_of_machines_is_a_person(voice: Voice, engine: Engine) -> None:
    """A policy may call any source `monitoring`; only what a machine sent is a machine's."""
    said = ScoringInput(text="unresponsive, no pulse", voice=voice, channel=Channel.MONITORING)
    as_patient = replace(said, voice="patient", automatic=True)

    assert score(said, engine).score is Urgency.CLINICAL_URGENT
    assert score(as_patient, engine).score is Urgency.CLINICAL_URGENT
