"""FHIR at the door: the subscription's secret, single messages, bundles and notifications."""

import json

import pytest

from tests.unit.channels.builders import NOW, SECRET, a_request, a_source, an_outcome
from tests.unit.channels.fhir_bodies import (
    WORDS,
    Resource,
    a_bundle,
    a_communication,
    as_bytes,
    notified,
    raw,
    said,
    sent,
    status_r4,
)
from triagewire.channels.fhir import MOST_MESSAGES
from triagewire.channels.outcome import OutcomeKind
from triagewire.channels.receiving import receive

BODY = as_bytes(a_communication())
FHIR = "application/fhir+json"


def status_with(headers: dict[str, str], **options: object) -> int:
    signed = ({"Content-Type": FHIR, **headers}, BODY)
    return an_outcome(signed, a_source("fhir", **options)).status


@pytest.mark.parametrize("given", [SECRET, f"Bearer {SECRET}"])
def test_the_header_of_the_subscription_is_believed(given: str) -> None:
    assert status_with({"Authorization": given}) == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": ""},
        {"Authorization": "Bearer another"},
        {"Authorization": f"Basic {SECRET}"},
        {"Authorization": "Bearer äöü\ud800"},
        {"X-Secret": SECRET},
    ],
)
def test_any_other_header_is_refused(headers: dict[str, str]) -> None:
    assert status_with(headers) == 401


def test_the_source_may_name_another_header() -> None:
    assert status_with({"X-Hook-Secret": SECRET}, header="X-Hook-Secret") == 200
    assert status_with({"Authorization": SECRET}, header="X-Hook-Secret") == 401


def test_during_a_rotation_both_secrets_are_believed() -> None:
    signed = ({"Content-Type": FHIR, "Authorization": "Bearer old"}, BODY)

    assert receive(a_request(signed), a_source("fhir"), ("new", "old"), NOW).status == 200


def test_xml_is_not_taken() -> None:
    assert raw(b"<Communication/>", "application/fhir+xml").status == 415


@pytest.mark.parametrize("media_type", ["application/json", f"{FHIR}; fhirVersion=4.0"])
def test_json_is_taken_under_both_names(media_type: str) -> None:
    assert raw(BODY, media_type).kind is OutcomeKind.ACCEPTED


def test_a_message_that_comes_alone_goes_by_its_id_and_version() -> None:
    arrival = said(a_communication())

    assert (arrival.text, arrival.event_id) == (WORDS, "Communication/c81/_history/1")


@pytest.mark.parametrize(
    ("changes", "event_id"),
    [
        ({"meta": None}, "Communication/c81"),
        ({"id": None, "identifier": [{"system": "urn:x", "value": 7}]}, "urn:x|7"),
    ],
)
def test_without_a_version_or_an_id_another_name_serves(
    changes: dict[str, object], event_id: str
) -> None:
    assert said(a_communication(**changes)).event_id == event_id


def test_without_any_name_the_content_tells_a_repeat() -> None:
    one, again, other = (
        said(a_communication(id=None, payload=[{"contentString": text}])).event_id
        for text in ("first", "first", "second")
    )

    assert one == again != other
    assert one.startswith("derived:sha256:")


@pytest.mark.parametrize("status", ["entered-in-error", "not-done", "preparation"])
def test_a_message_that_was_not_sent_is_ignored(status: str) -> None:
    outcome = sent(a_communication(status=status))

    assert (outcome.kind, outcome.status) == (OutcomeKind.IGNORED, 200)
    assert outcome.reason == f"a message that is {status}"


@pytest.mark.parametrize("status", ["completed", "in-progress", "unknown", "on-hold", None])
def test_any_other_status_is_a_message(status: str | None) -> None:
    assert sent(a_communication(status=status)).kind is OutcomeKind.ACCEPTED


@pytest.mark.parametrize("kind", ["collection", "searchset", "transaction"])
def test_every_message_of_a_bundle_arrives(kind: str) -> None:
    outcome = sent(a_bundle(a_communication(), a_communication(id="c82"), kind=kind))

    assert [arrival.event_id for arrival in outcome.arrivals] == [
        "Communication/c81/_history/1",
        "Communication/c82/_history/1",
    ]


def test_what_a_search_only_added_is_no_message() -> None:
    found = a_bundle(a_communication(), a_communication(id="parent"), kind="searchset")
    found["entry"][0]["search"] = {"mode": "match"}
    found["entry"][1]["search"] = {"mode": "include"}

    assert len(sent(found).arrivals) == 1


def test_a_message_bundle_says_itself_what_it_is_about() -> None:
    header = {"resourceType": "MessageHeader", "focus": [{"reference": "Communication/c81"}]}
    answered = a_communication(id="c80")

    assert said(a_bundle(header, a_communication(), answered, kind="message")).text == WORDS


def test_a_withdrawn_message_takes_no_other_with_it() -> None:
    drafted = a_communication(id="c82", status="preparation")

    assert len(sent(a_bundle(drafted, a_communication())).arrivals) == 1


def test_a_bundle_of_too_many_messages_is_kept_for_a_person() -> None:
    many = [a_communication(id=f"c{number}") for number in range(MOST_MESSAGES + 1)]

    assert sent(a_bundle(*many)).kind is OutcomeKind.QUARANTINED


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"resourceType": "Patient"}, "resourceType: must be Communication or Bundle"),
        ({}, "resourceType: must be Communication or Bundle"),
        ({"resourceType": "Bundle"}, "entry: holds no Communication and no notification"),
        ({"resourceType": "Bundle", "entry": [7]}, "entry[0]: must be an object"),
        ({"resourceType": "Bundle", "entry": "x"}, "entry: must be a list"),
        (notified(status_r4()), "notification-event: is missing"),
        (a_communication(payload="x"), "payload: must be a list"),
        (a_communication(payload=[{"contentString": 5}]), "payload[0].contentString: must be"),
        (a_communication(sender="x"), "sender: must be an object"),
        (a_communication(subject={"reference": {}}), "subject.reference: must be text"),
    ],
)
def test_what_cannot_be_read_is_quarantined_by_its_path(body: Resource, reason: str) -> None:
    outcome = sent(body)

    assert (outcome.kind, outcome.status) == (OutcomeKind.QUARANTINED, 200)
    assert outcome.reason.startswith(reason)


def test_bundles_inside_bundles_end_somewhere() -> None:
    deep: Resource = a_communication()
    for _ in range(40):
        deep = a_bundle(deep)

    assert sent(deep).kind is OutcomeKind.QUARANTINED


@pytest.mark.parametrize("body", [b"", b"[]", b"\xff\xfe", b"{" * 100_000, b'{"a":1,"a":2}'])
def test_bytes_that_are_no_resource_are_quarantined(body: bytes) -> None:
    assert raw(body).kind is OutcomeKind.QUARANTINED


def test_nul_emoji_and_half_characters_cost_no_words() -> None:
    body = json.dumps(a_communication(payload=[{"contentString": "ouch \x00 🤕 \ud83d עזרה"}]))

    (arrival,) = raw(body.encode()).arrivals

    assert arrival.text == "ouch \x00 🤕 \ufffd עזרה"
