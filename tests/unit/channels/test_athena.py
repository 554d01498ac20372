"""athenahealth: its published signature, its topics, and ids that are never words."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ops.senders.athena import signed, signed_athena
from ops.senders.letter import Letter
from tests.unit.channels.builders import NOW, SECRET, URL, a_source, an_outcome, the_arrival
from triagewire.arrival import Arrival, Channel, RequesterKind
from triagewire.channels.athena import MOST_EVENTS
from triagewire.channels.outcome import Outcome, OutcomeKind

PUBLISHED_SECRET = "SecretHashKeyForConsumer1"
PUBLISHED_SIGNATURE = "sha256=74c46018cd75fc09c7176a6ed3c98606230f826d27ae770d34a9fe4031354da7"
PUBLISHED = (Path(__file__).parent / "bodies" / "athena-patient-update.json").read_bytes()
"""What the sample application sends: test data alone, up to its last blank and line feed."""
PUBLISHED_ORDER = (Path(__file__).parent / "bodies" / "athena-order-signoff.json").read_bytes()
PUBLISHED_ORDER_SIGNATURE = (
    "sha256=f528cc71a3e0032482465fc4b55cda0f63d230e2072cbfdceb8c2feaf6a91838"
)
TOPICS = "https://api.platform.athenahealth.com/fhir/r4/SubscriptionTopic"
CASE = {"system": "urn:athenahealth:athenanet:patientcase:195900", "value": "5551"}
PATIENT = {
    "type": "Patient",
    "reference": "Patient/a-195900.E-8269",
    "identifier": {"system": "urn:athenahealth:athenanet:patient:195900", "value": "8269"},
}
PATIENT_ID = "urn:athenahealth:athenanet:patient:195900|8269"
FHIR = "application/fhir+json"


def an_event(**parts: object) -> dict[str, object]:
    """An event of a patient case; a None takes the part away."""
    usual = {
        "id": "ead73c9e-ab6e-4db5-9b73-1f73cb243682",
        "eventNumber": "1",
        "timestamp": "2026-11-23T14:58:56Z",
        "focus": {"identifier": CASE},
    }
    return {key: value for key, value in {**usual, **parts}.items() if value is not None}


def notified(
    *events: dict[str, object],
    topic: str = "PatientCase.create",
    audit: dict[str, object] | None = None,
    **parts: object,
) -> dict[str, object]:
    status = {
        "resourceType": "SubscriptionStatus",
        "status": "active",
        "type": "event-notification",
        "notificationEvent": list(events or (an_event(),)),
        "subscription": {"reference": "Subscription/62865e96"},
        "topic": f"{TOPICS}/{topic}" if topic else "",
        **parts,
    }
    entries = [{"resource": each} for each in (status, audit) if each]
    return {"resourceType": "Bundle", "id": "new-each-time", "type": "history", "entry": entries}


def an_audit(scheme: str = "https", code: str = "PatientCase.create") -> dict[str, object]:
    url = f"{scheme}://hl7.org/fhir/5.0/StructureDefinition/extension-AuditEvent.patient"
    return {
        "resourceType": "AuditEvent",
        "id": "ead73c9e-ab6e-4db5-9b73-1f73cb243682",
        "type": {"code": code},
        "extension": [
            {"url": "https://fhir.example/StructureDefinition/ah-department"},
            {"url": url, "valueReference": {"reference": "Patient/a-195900.E-8269"}},
        ],
    }


def sent(payload: dict[str, object], **options: object) -> Outcome:
    source = a_source("athena", **options)
    letter = Letter(source=source, secret=SECRET, url=URL, now=NOW, event_id="x", text="")
    post = signed(letter, payload)
    return an_outcome((dict(post.headers), post.body), source)


def told(payload: dict[str, object], **options: object) -> Arrival:
    return the_arrival(sent(payload, **options))


def published(signature: str, body: bytes = PUBLISHED, media_type: str = FHIR) -> Outcome:
    headers = {"Content-Type": media_type, "X-Hub-Signature": signature}
    return an_outcome((headers, body), a_source("athena"), PUBLISHED_SECRET)


def test_the_published_signature_is_believed() -> None:
    assert published(PUBLISHED_SIGNATURE).kind is OutcomeKind.IGNORED


@pytest.mark.parametrize("media_type", ["text/plain;charset=UTF-8", "application/json"])
def test_its_own_sample_comes_as_plain_text(media_type: str) -> None:
    assert published(PUBLISHED_SIGNATURE, media_type=media_type).status == 200


def test_a_changed_line_feed_is_another_body() -> None:
    assert published(PUBLISHED_SIGNATURE, PUBLISHED.rstrip()).status == 401


@pytest.mark.parametrize(
    "signature",
    [
        "",
        PUBLISHED_SIGNATURE.removeprefix("sha256="),
        PUBLISHED_SIGNATURE.replace("sha256", "sha1"),
        PUBLISHED_SIGNATURE.replace("sha256", "SHA256"),
        PUBLISHED_SIGNATURE[:-1],
        PUBLISHED_SIGNATURE + ", " + PUBLISHED_SIGNATURE,
        "sha256=",
        "sha256=ünï\ud800",
        "sha384=" + "0" * 96,
    ],
)
def test_any_other_signature_or_method_is_refused(signature: str) -> None:
    assert published(signature).status == 401


def test_a_patient_case_is_a_message_to_be_read_in_the_ehr() -> None:
    arrival = told(notified(an_event(additionalContext=[PATIENT])))

    assert (arrival.text, arrival.channel) == ("", Channel.EHR)
    assert arrival.pointer == "urn:athenahealth:athenanet:patientcase:195900|5551"
    assert arrival.thread == arrival.pointer
    assert arrival.remarks == ("PatientCase.create: the text must be read in the EHR",)
    assert (arrival.requester.kind, arrival.requester.patient_id) == (
        RequesterKind.UNKNOWN,
        PATIENT_ID,
    )
    assert str(arrival.occurred_at) == "2026-11-23 14:58:56+00:00"


def test_the_event_goes_by_its_own_id_in_every_bundle() -> None:
    first = told(notified(an_event(eventNumber="1")))
    again = told({**notified(an_event(eventNumber="3")), "id": "another-bundle"})

    assert first.event_id == again.event_id == "ead73c9e-ab6e-4db5-9b73-1f73cb243682"


def test_several_events_are_several_messages() -> None:
    outcome = sent(notified(an_event(), an_event(id="second", eventNumber="2")))

    assert [each.event_id for each in outcome.arrivals] == [an_event()["id"], "second"]


def test_an_event_without_an_id_is_told_by_what_it_says_and_never_by_its_number() -> None:
    ids = [
        told(notified(an_event(id=None, **parts))).event_id
        for parts in ({}, {"eventNumber": "9"}, {"timestamp": "2026-11-23T14:59:00Z"})
    ]

    assert ids[0] == ids[1] != ids[2]
    assert ids[0].startswith("derived:sha256:")


def test_an_event_that_says_nothing_at_all_is_told_by_its_body() -> None:
    bare = an_event(id=None, timestamp=None, focus=None)
    one, other = (told({**notified(bare), "id": name}).event_id for name in ("a", "b"))

    assert one != other


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_the_audit_may_name_the_patient(scheme: str) -> None:
    assert told(notified(audit=an_audit(scheme))).requester.patient_id == PATIENT_ID


def test_an_audit_of_another_event_names_nobody() -> None:
    assert told(notified(an_event(id="x"), audit=an_audit())).requester.patient_id is None


@pytest.mark.parametrize(
    "topic",
    ["Order.signoff", "Appointment.cancel", "Patient.update", "LabResult.create", "Claim.delete"],
)
def test_record_keeping_is_no_message(topic: str) -> None:
    outcome = sent(notified(topic=topic))

    assert (outcome.kind, outcome.status) == (OutcomeKind.IGNORED, 200)
    assert outcome.reason == f"no message: an event of {topic.partition('.')[0]}"


@pytest.mark.parametrize(
    "topic",
    ["PatientCase.update", "PatientCase.add-note", "Prescription.refill-create", "Portal.message"],
)
def test_what_may_be_a_message_is_one(topic: str) -> None:
    assert told(notified(topic=topic)).remarks[0].startswith(topic)


@pytest.mark.parametrize("topic", ["", "weird topic", "<script>", "A" * 300])
def test_an_unknown_topic_is_shown_to_a_person_without_its_name(topic: str) -> None:
    remark = "an event of an unknown topic: the text must be read in the EHR"

    assert told(notified(topic=topic)).remarks == (remark,)


def test_the_audit_may_name_the_topic() -> None:
    assert sent(notified(topic="", audit=an_audit(code="Order.signoff"))).kind is (
        OutcomeKind.IGNORED
    )


@pytest.mark.parametrize("kind", ["handshake", "heartbeat", "query-status"])
def test_a_notification_without_an_event_is_ignored(kind: str) -> None:
    assert sent(notified(type=kind)).kind is OutcomeKind.IGNORED


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        ({}, "resourceType: must be Bundle"),
        ({"resourceType": "Bundle"}, "entry: holds no SubscriptionStatus"),
        (notified(notificationEvent=[]), "notificationEvent: must have 1 to"),
        (notified(*([an_event()] * (MOST_EVENTS + 1))), "notificationEvent: must have 1 to"),
        (notified(an_event(id={})), "entry[0].resource.notificationEvent[0].id: must be text"),
        (notified(an_event(focus=[])), "entry[0].resource.notificationEvent[0].focus: must be"),
    ],
)
def test_what_cannot_be_read_is_quarantined(payload: dict[str, object], reason: str) -> None:
    outcome = sent(payload)

    assert (outcome.kind, outcome.status) == (OutcomeKind.QUARANTINED, 200)
    assert outcome.reason.startswith(reason)


@pytest.mark.parametrize("body", [b"", b"\xff", b"[" * 50_000, b"null"])
def test_signed_bytes_that_are_no_bundle_are_quarantined(body: bytes) -> None:
    outcome = an_outcome(signed_athena(SECRET, body), a_source("athena"))

    assert outcome.kind is OutcomeKind.QUARANTINED


def test_a_null_id_is_no_id() -> None:
    event = {**an_event(), "id": None}

    assert told(notified(event)).event_id.startswith("derived:sha256:")


def test_the_published_order_with_its_audit_is_believed_and_no_message() -> None:
    outcome = published(PUBLISHED_ORDER_SIGNATURE, PUBLISHED_ORDER)

    assert (outcome.kind, outcome.status) == (OutcomeKind.IGNORED, 200)
    assert outcome.reason == "no message: an event of Order"
    for at in range(0, len(PUBLISHED_ORDER), 97):
        forged = PUBLISHED_ORDER[:at] + bytes([PUBLISHED_ORDER[at] ^ 1]) + PUBLISHED_ORDER[at + 1 :]
        assert published(PUBLISHED_ORDER_SIGNATURE, forged).status == 401


def test_a_case_in_the_published_form_names_its_patient() -> None:
    case = json.loads(
        PUBLISHED_ORDER.replace(b"Order.signoff", b"PatientCase.create").replace(
            b"athenanet:order:", b"athenanet:patientcase:"
        )
    )

    arrival = told(case)

    assert arrival.event_id == "b594cd05-74e6-4b5e-9205-c618667ebf75"
    assert arrival.requester.patient_id == PATIENT_ID
    assert arrival.pointer == "urn:athenahealth:athenanet:patientcase:195900|157479"
    assert arrival.occurred_at == datetime(2023, 4, 14, 9, 22, 56, tzinfo=UTC)
