"""The generic contract: a staff IT form or a help desk that signs with Standard Webhooks."""

from collections.abc import Mapping

import pytest

from ops.senders.standard import signed_standard
from tests.unit.channels.builders import NOW, SECRET, a_source, an_outcome, the_arrival
from triagewire.arrival import Arrival, Channel, RequesterKind
from triagewire.channels.outcome import Outcome, OutcomeKind

REQUEST = {"text": "Badge reader at the side door rejects everybody", "subject": "Side door"}


def received(payload: Mapping[str, object], **options: object) -> Outcome:
    signed = signed_standard(SECRET, NOW, payload, event_id="evt-1")
    return an_outcome(signed, a_source("standard", **options))


def arrived(**fields: object) -> Arrival:
    return the_arrival(received({**REQUEST, **fields}))


def test_a_request_arrives_on_the_help_desk_channel() -> None:
    arrival = arrived()

    assert (arrival.text, arrival.subject) == (REQUEST["text"], REQUEST["subject"])
    assert (arrival.channel, arrival.event_id) == (Channel.HELPDESK, "evt-1")


def test_the_fields_may_stand_under_data() -> None:
    payload = {"type": "request.created", "timestamp": "2026-11-23T15:00:00Z", "data": REQUEST}

    arrival = the_arrival(received(payload))

    assert arrival.text == REQUEST["text"]
    assert arrival.occurred_at == NOW


def test_a_requester_is_unknown_until_stated() -> None:
    assert arrived().requester.kind is RequesterKind.UNKNOWN


def test_a_stated_requester_is_taken_whole() -> None:
    stated = {
        "kind": "staff",
        "name": "Priya N.",
        "email": "PRIYA@clinic.example",
        "phone": 4155550123,
    }

    requester = arrived(requester=stated).requester

    assert (requester.kind, requester.name) == (RequesterKind.STAFF, "Priya N.")
    assert (requester.email, requester.phone) == ("priya@clinic.example", "+14155550123")


def test_the_policy_may_say_who_writes_through_a_source() -> None:
    outcome = received(dict(REQUEST), requester_kind="staff")

    assert the_arrival(outcome).requester.kind is RequesterKind.STAFF


def test_an_address_that_is_none_does_not_cost_the_message() -> None:
    assert arrived(requester={"email": "n/a"}).requester.email is None


def test_the_policy_may_name_another_channel() -> None:
    source = a_source("standard")
    signed = signed_standard(SECRET, NOW, dict(REQUEST), event_id="e")
    changed = type(source)(
        site=source.site, name=source.name, adapter="standard", channel=Channel.MONITORING
    )

    assert the_arrival(an_outcome(signed, changed)).channel is Channel.MONITORING


def test_the_recogniser_s_confidence_is_kept() -> None:
    assert arrived(speech_confidence=0.42).speech == 0.42


def test_a_file_is_kept_as_a_link() -> None:
    files = [
        {
            "name": "door.jpg",
            "media_type": "image/jpeg",
            "size_bytes": 9,
            "url": "https://a.example/1",
        },
        {"name": "x", "url": "file:///etc/passwd"},
    ]

    first, second = arrived(attachments=files).attachments

    assert (first.name, first.link) == ("door.jpg", "https://a.example/1")
    assert second.link == ""


def test_a_file_without_words_still_arrives() -> None:
    arrival = arrived(text=None, attachments=[{"name": "door.jpg"}])

    assert (arrival.text, arrival.remarks) == ("", ("message without words",))


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"text": None}, "text: is missing"),
        ({"requester": {"kind": "boss"}}, "requester.kind: must be one of"),
        ({"requester": {"name": 7}}, "requester.name: must be text"),
        ({"requester": {"patient_id": "9" * 300}}, "requester.patient_id: must have at most"),
        ({"speech_confidence": 42}, "speech_confidence: must be 0 to 1"),
        ({"automatic": "no"}, "automatic: must be true or false"),
    ],
)
def test_a_wrong_field_is_quarantined_by_its_path(fields: dict[str, object], reason: str) -> None:
    outcome = received({**REQUEST, **fields})

    assert outcome.kind is OutcomeKind.QUARANTINED
    assert outcome.reason.startswith(reason)
