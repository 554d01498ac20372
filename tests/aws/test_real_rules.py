"""The whole path with the shipped rules: a few messages of each category, as people write."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from ops.senders.standard import signed_standard
from tests.aws.clinic import Clinic, bare
from tests.aws.deployment import SECRETS
from tests.aws.senders import by_phone, by_portal, gateway_event
from tests.builders import AT_NIGHT, a_policy, minutes
from tests.shipped import shipped_engine
from triagewire.scoring.score import Engine
from triagewire.ticket import REVIEW, Status


@pytest.fixture(scope="module")
def engine() -> Engine:
    """The shipped rules, compiled once."""
    return shipped_engine()


@pytest.fixture
def real_clinic(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clinic]:
    """A clinic that scores with them."""
    monkeypatch.setattr("triagewire.flow.judge.engine_of", lambda _policy: engine)
    with ExitStack() as stack:
        clinic = stack.enter_context(bare())
        clinic.publish(a_policy())
        yield clinic
        clinic.check()


@pytest.mark.parametrize(
    ("text", "score", "team"),
    [
        ("Chest pain, difficulty breathing", 5, "clinical"),
        ("I have been thinking about ending my life tonight", 5, "clinical"),
        ("my throat is closing up after the new antibiotic", 5, "clinical"),
        ("Prescription refill request: metformin 500 mg", 4, "clinical"),
        ("Insurance auth for tomorrow's procedure", 3, "billing"),
        ("I would like to change my appointment time next week", 2, "scheduling"),
    ],
)
def test_each_category_reaches_its_team_at_its_urgency(
    real_clinic: Clinic, text: str, score: int, team: str
) -> None:
    ticket = real_clinic.ticket(real_clinic.take(by_portal(text, real_clinic.now, "evt-1")))

    assert (int(ticket.urgency), ticket.team) == (score, team)


def test_a_question_about_opening_hours_is_answered_from_the_article(real_clinic: Clinic) -> None:
    question = "What are your hours?"

    ticket = real_clinic.ticket(real_clinic.take(by_portal(question, real_clinic.now, "evt-1")))

    assert ticket.status is Status.RESOLVED
    assert len(real_clinic.mails()) == 1


def test_chest_pain_in_a_voicemail_at_two_in_the_morning_pages_until_it_is_heard(
    real_clinic: Clinic,
) -> None:
    real_clinic.now = AT_NIGHT
    said = "hi this is ada marlow um my chest feels tight and my left arm is numb please call"
    urgent = real_clinic.take(by_phone(said, AT_NIGHT, "call-1"))

    real_clinic.pass_minutes(6)
    assert real_clinic.paged() == ["dr-okafor", "nora"]
    real_clinic.acknowledge(urgent, "dr-okafor")
    real_clinic.pass_minutes(20)

    assert real_clinic.paged() == ["dr-okafor", "nora"]


def test_a_refill_by_portal_and_by_phone_is_one_ticket(real_clinic: Clinic) -> None:
    real_clinic.take(by_portal("Please refill my lisinopril", real_clinic.now, "evt-1"))
    real_clinic.now += minutes(15)
    real_clinic.take(
        by_phone("calling about my lisinopril I need a refill on it", real_clinic.now, "call-1")
    )

    statuses = [ticket.status for ticket in real_clinic.tickets()]
    assert statuses == [Status.ROUTED, Status.MERGED]


def test_a_symptom_beside_a_bill_goes_to_clinicians_first(real_clinic: Clinic) -> None:
    text = "I can't breathe well since last night. Also, why was my claim denied?"

    real_clinic.take(by_portal(text, real_clinic.now, "evt-1"))

    teams = {ticket.team: int(ticket.urgency) for ticket in real_clinic.tickets()}
    assert teams["clinical"] == 5
    assert "billing" in teams


def test_a_message_that_says_nothing_to_go_by_is_reviewed(real_clinic: Clinic) -> None:
    text = "It is happening again like last time, call me."

    ticket = real_clinic.ticket(real_clinic.take(by_portal(text, real_clinic.now, "evt-1")))

    assert ticket.team == REVIEW


def test_a_denied_symptom_pages_nobody_but_is_seen_by_a_person(real_clinic: Clinic) -> None:
    text = "No chest pain, just asking about my appointment."

    ticket = real_clinic.ticket(real_clinic.take(by_portal(text, real_clinic.now, "evt-1")))

    assert real_clinic.paged() == []
    assert int(ticket.urgency) >= 4


def test_a_nurse_whose_printer_fails_gets_the_it_team(real_clinic: Clinic) -> None:
    at = real_clinic.now
    payload = {
        "text": "The label printer in room 4 does not print",
        "requester": {"kind": "staff", "email": "nurse@clinic.example"},
    }
    signed = signed_standard(SECRETS["it-form"], at, payload, event_id="it-1")

    ticket = real_clinic.take(gateway_event("north", "it-form", signed, at))

    assert real_clinic.ticket(ticket).team == "it"
