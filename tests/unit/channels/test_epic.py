"""`patient_message.received`: every field of our own contract, and what a wrong one says."""

from datetime import UTC, date, datetime

import pytest

from ops.senders.epic import signed_epic
from tests.unit.channels.builders import (
    NOW,
    SECRET,
    a_portal_message,
    a_source,
    an_outcome,
    the_arrival,
)
from triagewire.arrival import Arrival, Attachment, Channel, PatientContext, RequesterKind
from triagewire.channels.outcome import Outcome, OutcomeKind


def received(payload: dict[str, object], **options: object) -> Outcome:
    signed = signed_epic(SECRET, NOW, payload, event_id="msg_2Lq")
    return an_outcome(signed, a_source("epic", **options))


def arrived(**data: object) -> Arrival:
    return the_arrival(received(a_portal_message(**data)))


def test_the_smallest_message_arrives() -> None:
    arrival = arrived()

    assert arrival.text == "My knee is swollen again since Saturday, should I come in?"
    assert (arrival.site, arrival.source) == ("riverside", "epic")
    assert (arrival.channel, arrival.event_id) == (Channel.EHR, "msg_2Lq")
    assert (arrival.requester.kind, arrival.requester.patient_id) == (
        RequesterKind.PATIENT,
        "00112233",
    )
    assert arrival.occurred_at == datetime(2026, 11, 23, 14, 58, tzinfo=UTC)


def test_the_record_context_is_taken() -> None:
    arrival = arrived(
        context={
            "age": 67,
            "conditions": ["atrial fibrillation", " "],
            "medications": ["apixaban"],
            "recent_procedures": ["knee replacement 2026-11-12"],
            "pregnant": False,
            "next_appointment": "2026-11-24T09:30:00-05:00",
        }
    )

    assert arrival.context == PatientContext(
        age_years=67,
        conditions=("atrial fibrillation",),
        medications=("apixaban",),
        recent_procedures=("knee replacement 2026-11-12",),
        next_appointment=datetime(2026, 11, 24, 14, 30, tzinfo=UTC),
    )


def test_the_age_follows_from_the_date_of_birth_at_the_time_of_writing() -> None:
    arrival = arrived(patient={"mrn": "1", "date_of_birth": "2026-09-23"})

    assert arrival.context.age_years == pytest.approx(2 / 12, abs=0.01)
    assert arrival.requester.date_of_birth == date(2026, 9, 23)


def test_a_proxy_writes_under_an_own_name_for_the_patient() -> None:
    arrival = arrived(
        patient={"mrn": "00445566", "name": "Mia Okafor", "phone": "415-555-0199"},
        sender={"kind": "proxy", "name": "Chidi Okafor", "email": "Chidi@mail.example"},
    )

    requester = arrival.requester
    assert (requester.name, requester.on_behalf) == ("Chidi Okafor", True)
    assert (requester.patient_id, requester.email) == ("00445566", "chidi@mail.example")
    assert requester.phone is None


def test_the_patient_s_own_addresses_count_when_the_patient_writes() -> None:
    patient = {"fhir_id": "eX1", "name": "Lou Tran", "phone": "(415) 555-0199"}

    requester = arrived(patient=patient).requester

    assert (requester.patient_id, requester.name) == ("eX1", "Lou Tran")
    assert requester.phone == "+14155550199"


def test_the_assigning_system_stays_with_the_record_number() -> None:
    patient = {"mrn": "00112233", "system": "urn:oid:1.2.36.146"}

    assert arrived(patient=patient).requester.patient_id == "urn:oid:1.2.36.146|00112233"


def test_the_group_s_own_assigning_system_needs_no_prefix() -> None:
    payload = a_portal_message(patient={"mrn": "00112233", "system": "urn:oid:1.2.36.146"})

    outcome = received(payload, patient_system="urn:oid:1.2.36.146")

    assert the_arrival(outcome).requester.patient_id == "00112233"


def test_html_reads_as_text() -> None:
    arrival = arrived(body="<p>Hello,<br>is <b>3&nbsp;mg</b> right?</p>", body_format="html")

    assert arrival.text == "Hello,\nis 3 mg right?"


def test_plain_text_keeps_what_looks_like_a_tag() -> None:
    assert arrived(body="temp <b> 101 and rising").text == "temp <b> 101 and rising"


def test_the_thread_is_the_first_message_where_none_is_stated() -> None:
    assert (arrived().thread, arrived(thread_id="t-5").thread) == ("msg-81", "t-5")


def test_files_are_named_and_never_fetched() -> None:
    files = [{"name": "C:\\photos\\rash.jpg", "media_type": "image/jpeg", "size_bytes": 81_234}]

    assert arrived(attachments=files).attachments == (
        Attachment(name="rash.jpg", media_type="image/jpeg", size_bytes=81_234),
    )


def test_a_photo_alone_is_a_message_too() -> None:
    arrival = arrived(body=None, attachments=[{"name": "rash.jpg"}])

    assert (arrival.text, arrival.remarks) == ("", ("message without words",))


def test_a_language_is_reduced_to_its_primary_tag() -> None:
    assert arrived(language="es-MX").language == "es"


def test_the_request_type_is_taken_as_a_hint() -> None:
    assert arrived(request_type="Medication Refill").request_type == "Medication Refill"


def test_a_ping_is_answered_and_ignored() -> None:
    assert received({"type": "ping"}).kind is OutcomeKind.IGNORED


def test_half_a_character_does_not_lose_the_message() -> None:
    assert arrived(body="it hurts \ud83d").text == "it hurts \ufffd"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ({"body": None}, "data.body: is missing"),
        ({"body": "  \n"}, "data.body: is missing"),
        ({"body": 5}, "data.body: must be text"),
        ({"body": "x", "body_format": "rtf"}, "data.body_format: must be text or html"),
        ({"message_id": None}, "data.message_id: is missing"),
        ({"patient": None}, "data.patient.mrn: is missing"),
        ({"patient": "Ann"}, "data.patient: must be an object"),
        ({"patient": {"mrn": "1", "date_of_birth": "May"}}, "data.patient.date_of_birth: must be"),
        ({"sender": {"kind": "robot"}}, "data.sender.kind: must be one of"),
        ({"request_type": ["x"]}, "data.request_type: must be text"),
        ({"language": "the usual"}, "data.language: must be a language tag"),
        ({"context": {"age": "67"}}, "data.context.age: must be a number"),
        ({"context": {"age": -1}}, "data.context.age: must be years"),
        ({"context": {"age": True}}, "data.context.age: must be a number"),
        ({"context": {"conditions": "asthma"}}, "data.context.conditions: must be a list"),
        ({"context": {"medications": [{}]}}, "data.context.medications[0]: must be text"),
        ({"context": {"pregnant": "yes"}}, "data.context.pregnant: must be true or false"),
        ({"context": {"next_appointment": "2026-11-24"}}, "data.context.next_appointment: must c"),
        ({"attachments": [7]}, "data.attachments[0]: must be an object"),
    ],
)
def test_a_wrong_field_is_quarantined_by_its_path(data: dict[str, object], reason: str) -> None:
    outcome = received(a_portal_message(**data))

    assert (outcome.kind, outcome.status) == (OutcomeKind.QUARANTINED, 202)
    assert outcome.reason.startswith(reason)


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        ({"type": None}, "type: is missing"),
        ({"type": "appointment.cancelled"}, "type: must be patient_message.received"),
        ({"timestamp": None}, "timestamp: is missing"),
        ({"timestamp": "2026-11-23 09:58"}, "timestamp: must carry an offset"),
        ({"timestamp": "0001-01-01T00:00:00+14:00"}, "timestamp: must be an ISO 8601 time"),
        ({"data": []}, "data: must be an object"),
    ],
)
def test_a_wrong_envelope_is_quarantined_by_its_path(event: dict[str, object], reason: str) -> None:
    outcome = received({**a_portal_message(), **event})

    assert outcome.kind is OutcomeKind.QUARANTINED
    assert outcome.reason.startswith(reason)
