"""What the reader asks a FHIR server for, what it takes for an answer, and where it never goes."""

import base64
import json
from dataclasses import replace

import pytest

from tests.unit.channels.builders import a_source
from tests.unit.channels.fhir_bodies import WORDS, Resource, a_bundle, a_communication
from triagewire.arrival import Requester, RequesterKind
from triagewire.channels.ehr.reader import (
    completed,
    message_asked_for,
    message_from,
    token_asked_for,
    token_from,
)
from triagewire.channels.options import Reader
from triagewire.errors import InvalidFieldError, TriagewireError, UnreadableError

READER = Reader(
    base_url="https://fhir.example/r4/",
    token_url="https://login.example/token",
    client_id="desk:1",
    scope="system/Communication.read",
)
SOURCE = a_source("fhir", reader={"base_url": "https://fhir.example/r4"})


def asked(pointer: str, reader: Reader = READER) -> str:
    return message_asked_for(reader, pointer, "t0ken").address


def answered(resource: Resource, pointer: str = "Communication/c81") -> str:
    return message_from(json.dumps(resource).encode(), pointer, SOURCE).text


@pytest.mark.parametrize(
    ("pointer", "address"),
    [
        ("Communication/c81", "Communication/c81"),
        ("Communication/c81/_history/2", "Communication/c81/_history/2"),
        ("https://fhir.example/r4/Communication/c81", "Communication/c81"),
        (
            "urn:athenahealth:athenanet:patientcase:195900|55 1&x",
            "Communication?identifier="
            "urn%3Aathenahealth%3Aathenanet%3Apatientcase%3A195900%7C55%201%26x",
        ),
    ],
)
def test_a_pointer_becomes_an_address_below_the_server_s(pointer: str, address: str) -> None:
    assert asked(pointer) == f"https://fhir.example/r4/{address}"


@pytest.mark.parametrize(
    "pointer",
    [
        "https://169.254.169.254/latest/meta-data",
        "https://fhir.example/r4.evil.example/Communication/c81",
        "https://fhir.example@evil.example/Communication/c81",
        "http://fhir.example/r4/Communication/c81",
        "//evil.example/Communication/c81",
        "https://evil.example/r4/Communication/c81",
        "https://fhir.example/r4/../admin/Communication/c81",
        "Communication/..",
        "Communication/../Patient/p17",
        "Communication/c81/_history/..",
        "Communication/c81/$expunge",
        "Communication/c81?_format=x",
        "Communication/c81#x",
        "Communication/c%2e%2e",
        "Communication/c81\nHost: evil.example",
        "Communication/",
        "Patient/p17",
        "Subscription/messages#2",
        "urn:uuid:8a4b",
        "file:///etc/passwd",
        "|5",
        "urn:x|",
        "urn:x|https://evil.example",
        "",
    ],
)
def test_any_other_pointer_leads_nowhere(pointer: str) -> None:
    with pytest.raises(InvalidFieldError, match="pointer: is no message"):
        asked(pointer)


@pytest.mark.parametrize(
    "base_url",
    [
        "http://fhir.example",
        "https://user:pass@fhir.example",
        "https://",
        "https://fhir.example?x=",
        "https://fhir.example#x",
        "ftp://fhir.example",
    ],
)
def test_only_plain_https_is_spoken(base_url: str) -> None:
    with pytest.raises(InvalidFieldError, match="must be a plain https address"):
        asked("Communication/c81", replace(READER, base_url=base_url))


def test_the_token_goes_along_and_no_repr_shows_it() -> None:
    request = message_asked_for(READER, "Communication/c81", "t0ken")

    assert request.headers["Authorization"] == "Bearer t0ken"
    assert request.body is None
    assert "t0ken" not in repr(request)


def test_a_token_is_asked_for_by_the_client_s_id_and_secret() -> None:
    request = token_asked_for(READER, "s3cret/+")

    credentials = base64.b64encode(b"desk%3A1:s3cret%2F%2B").decode()
    assert request.address == "https://login.example/token"
    assert request.headers["Authorization"] == f"Basic {credentials}"
    assert request.body == (b"grant_type=client_credentials&scope=system%2FCommunication.read")


def test_a_token_lives_as_long_as_is_stated_and_never_too_long() -> None:
    given = {"access_token": "abc", "token_type": "Bearer"}

    lives = [
        token_from(json.dumps({**given, **more}).encode()).seconds
        for more in ({"expires_in": 300}, {"expires_in": 10**9}, {"expires_in": -5}, {})
    ]

    assert lives == [300, 3_600, 0, 0]


@pytest.mark.parametrize(
    "answer", [b"", b"[]", b"{}", b'{"access_token": 5}', b'{"access_token": "a\\r\\nX: y"}']
)
def test_an_answer_without_a_token_is_none(answer: bytes) -> None:
    with pytest.raises(TriagewireError):
        token_from(answer)


def test_a_message_is_read() -> None:
    assert answered(a_communication()) == WORDS


def test_a_search_that_finds_one_message_has_found_it() -> None:
    case = "urn:x:case|55"

    assert answered(a_bundle(a_communication(), kind="searchset"), case) == WORDS


@pytest.mark.parametrize(
    "resource",
    [
        {},
        {"resourceType": "OperationOutcome"},
        {"resourceType": "Patient", "id": "c81"},
        a_bundle(kind="searchset"),
        a_bundle(a_communication(), a_communication(id="c82"), kind="searchset"),
        a_communication(id="c82"),
        a_communication(status="entered-in-error"),
        a_communication(payload=[{"contentAttachment": {"url": "Binary/b5"}}]),
        a_communication(payload=7),
    ],
)
def test_any_other_answer_is_no_message(resource: Resource) -> None:
    with pytest.raises(TriagewireError):
        answered(resource)


@pytest.mark.parametrize("answer", [b"", b"\xff", b"<Communication/>", b"[" * 100_000])
def test_bytes_that_are_no_resource_are_no_message(answer: bytes) -> None:
    with pytest.raises(TriagewireError):
        message_from(answer, "Communication/c81", SOURCE)


def test_a_very_long_text_is_cut_as_intake_cuts_it() -> None:
    arrival = message_from(
        json.dumps(a_communication(payload=[{"contentString": "ä" * 200_000}])).encode(),
        "Communication/c81",
        SOURCE,
    )

    assert len(arrival.text) == 75_000
    assert arrival.remarks[-1].startswith("text cut:")


def test_the_message_completes_what_the_notification_said() -> None:
    known = Requester(patient_id="urn:athena|8269")
    found = Requester(
        kind=RequesterKind.PATIENT, patient_id="Patient/p17", name="Lou Tran", phone="+14155550199"
    )

    assert completed(known, found) == replace(found, patient_id="urn:athena|8269")
    assert completed(Requester(), found) == found


def test_what_is_known_of_the_requester_stays() -> None:
    known = Requester(kind=RequesterKind.STAFF, name="Nora Quist")

    assert completed(known, Requester(kind=RequesterKind.PATIENT, name="Lou")) == known


@pytest.mark.parametrize(
    ("one", "other"), [("Patient/p17", "Patient/p18"), ("urn:x|1", "urn:x|2"), ("001", "002")]
)
def test_a_message_of_another_patient_is_not_taken(one: str, other: str) -> None:
    with pytest.raises(UnreadableError, match="another patient"):
        completed(Requester(patient_id=one), Requester(patient_id=other))
