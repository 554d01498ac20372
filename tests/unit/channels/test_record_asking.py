"""What a record server is asked, how we prove who asks, and where nothing is ever asked."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.unit.channels.builders import a_source
from tests.unit.channels.record_bodies import NOW
from triagewire.channels.ehr.record_asking import (
    PatientKey,
    patient_asked_for,
    patient_key,
    record_asked_for,
    record_token_asked_for,
)
from triagewire.channels.ehr.record_server import SCOPE, RecordServer
from triagewire.channels.source import Source
from triagewire.errors import InvalidFieldError

BASE = "https://fhir.clinic.example/r4"
LOGIN = "https://login.clinic.example/token"
PLAIN = RecordServer(base_url=BASE)
MRNS = "urn:oid:1.2.36.146"
PORTAL = a_source("epic")
FHIR = a_source("fhir")
KEYS: dict[str, Any] = {
    "ES384": ec.generate_private_key(ec.SECP384R1()),
    "RS384": rsa.generate_private_key(public_exponent=65_537, key_size=2_048),
}


def pem(algorithm: str) -> str:
    key = KEYS[algorithm]
    return str(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode())


def signing(algorithm: str = "ES384") -> RecordServer:
    return RecordServer(
        base_url=BASE, token_url=LOGIN, client_id="desk", algorithm=algorithm, key_id="2026-03"
    )


def key_for(patient_id: str, source: Source = FHIR, **server: str) -> PatientKey | None:
    return patient_key(patient_id, RecordServer(base_url=BASE, **server), source)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"base_url": "http://fhir.example"}, "base_url: must be a plain https address"),
        ({"base_url": "https://user:pw@fhir.example"}, "base_url: must be a plain https address"),
        ({"base_url": "https://fhir.example?x="}, "base_url: must be a plain https address"),
        ({"base_url": "https://fhir.example:x"}, "base_url: must be a plain https address"),
        ({"base_url": "https://fhir.example/a b"}, "base_url: must be a plain https address"),
        ({"base_url": ""}, "base_url: must be a plain https address"),
        ({"token_url": "http://x", "client_id": "a"}, "token_url: must be a plain https address"),
        ({"token_url": LOGIN}, "client_id: goes together with token_url"),
        ({"client_id": "a"}, "client_id: goes together with token_url"),
        ({"algorithm": "HS256"}, "algorithm: must be one of ES384, RS384, or be left out"),
        ({"algorithm": "ES384"}, "key_id: goes together with algorithm"),
        ({"key_id": "k"}, "key_id: goes together with algorithm"),
        ({"algorithm": "ES384", "key_id": "k"}, "token_url: is needed with algorithm"),
        ({"patient_system": "urn:x|1"}, "patient_system: must be one system"),
    ],
)
def test_a_server_that_cannot_be_asked_so_is_refused(changes: dict[str, str], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        RecordServer(**{"base_url": BASE, **changes})


@pytest.mark.parametrize(
    ("patient_id", "key"),
    [
        ("Patient/p17", PatientKey(id="p17")),
        (f"{BASE}/Patient/p17", PatientKey(id="p17")),
        (f"{MRNS}|4401", PatientKey(system=MRNS, number="4401")),
        (
            "https://hospital.example/mrn|4401",
            PatientKey(system="https://hospital.example/mrn", number="4401"),
        ),
    ],
)
def test_a_patient_is_asked_for_by_id_or_number(patient_id: str, key: PatientKey) -> None:
    assert key_for(patient_id) == key


def test_a_number_without_its_system_needs_one_from_the_source_or_the_server() -> None:
    own = a_source("fhir", patient_system="urn:own")

    assert key_for("4401") is None
    assert key_for("4401", patient_system=MRNS) == PatientKey(system=MRNS, number="4401")
    assert key_for("4401", own, patient_system=MRNS) == PatientKey(system="urn:own", number="4401")


@pytest.mark.parametrize(
    "patient_id",
    [
        "https://evil.example/r4/Patient/p17",
        "http://fhir.clinic.example/r4/Patient/p17",
        f"{BASE}.evil.example/Patient/p17",
        f"{BASE}/Patient/../Observation",
        "Patient/..",
        "Patient/p17/$everything",
        "Patient/p17?_format=x",
        "Patient/p17\nHost: evil.example",
        f"Patient/{'x' * 65}",
        "Patient/",
        "|4401",
        f"{MRNS}| ",
        f"{MRNS}|https://evil.example",
        f"{MRNS}|{'9' * 300}",
    ],
)
def test_any_other_patient_is_asked_for_nowhere(patient_id: str) -> None:
    assert key_for(patient_id, patient_system="") is None


def test_an_id_of_another_server_is_nobody_here() -> None:
    elsewhere = a_source("fhir", reader={"base_url": "https://other.example/r4"})
    here = a_source("fhir", reader={"base_url": BASE})

    assert key_for("Patient/p17", elsewhere) is None
    assert key_for("Patient/p17", PORTAL) is None
    assert key_for("Patient/p17", here) == PatientKey(id="p17")


def test_a_search_by_number_asks_for_that_number_and_nothing_else() -> None:
    key = PatientKey(system="urn:a,b", number="44|01,44$02 &x=")

    asked = patient_asked_for(PLAIN, key, "t0ken")

    assert asked.address == (
        f"{BASE}/Patient?identifier=urn%3Aa%5C%2Cb%7C44%5C%7C01%5C%2C44%5C%2402%20%26x%3D&_count=2"
    )


def test_a_record_is_asked_for_kind_by_kind_with_the_token() -> None:
    asked = record_asked_for(PLAIN, "p17", "t0ken", NOW)

    assert [each.address.removeprefix(f"{BASE}/") for each in asked.values()] == [
        "Patient/p17",
        "Condition?patient=p17&_count=100&clinical-status=active,recurrence,relapse",
        "MedicationRequest?patient=p17&_count=100&status=active,on-hold"
        "&_include=MedicationRequest:medication",
        "MedicationStatement?patient=p17&_count=100&status=active,on-hold,intended"
        "&_include=MedicationStatement:medication",
        "Procedure?patient=p17&_count=100&date=ge2025-12-02",
        "Encounter?patient=p17&_count=100&class=IMP&date=ge2025-12-02",
        "Appointment?patient=p17&_count=100&date=ge2026-03-02&date=le2026-03-09",
    ]
    assert {each.headers["Authorization"] for each in asked.values()} == {"Bearer t0ken"}


@pytest.mark.parametrize("patient", ["..", "p17/x", "p17&patient=p18", "", "p17\r\nX: y"])
def test_an_id_that_a_server_made_up_leads_nowhere(patient: str) -> None:
    with pytest.raises(InvalidFieldError):
        record_asked_for(PLAIN, patient, "t0ken", NOW)


@pytest.mark.parametrize("algorithm", ["ES384", "RS384"])
def test_a_signed_assertion_proves_who_asks(algorithm: str) -> None:
    asked = record_token_asked_for(signing(algorithm), pem(algorithm), NOW, "once-1")

    assert asked is not None
    assert asked.address == LOGIN
    assert "Authorization" not in asked.headers
    sent = {name: values[0] for name, values in parse_qs((asked.body or b"").decode()).items()}
    assertion = sent.pop("client_assertion")
    assert sent == {
        "grant_type": "client_credentials",
        "scope": SCOPE,
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    }
    assert jwt.get_unverified_header(assertion) == {
        "alg": algorithm,
        "kid": "2026-03",
        "typ": "JWT",
    }
    claims = jwt.decode(
        assertion,
        KEYS[algorithm].public_key(),
        algorithms=[algorithm],
        audience=LOGIN,
        options={"verify_exp": False, "verify_iat": False},
    )
    assert (claims["iss"], claims["sub"], claims["jti"]) == ("desk", "desk", "once-1")
    assert 0 < claims["exp"] - NOW.timestamp() <= timedelta(minutes=5).total_seconds()


@pytest.mark.parametrize("secret", ["", "a-client-secret", "-----BEGIN PRIVATE KEY-----\nAA=="])
def test_a_secret_that_cannot_sign_is_named_and_not_shown(secret: str) -> None:
    with pytest.raises(InvalidFieldError, match=r"^secret: is no private key for ES384$"):
        record_token_asked_for(signing(), secret, NOW, "once")


def test_a_client_secret_is_sent_as_the_message_reader_sends_it() -> None:
    server = RecordServer(base_url=BASE, token_url=LOGIN, client_id="desk")

    asked = record_token_asked_for(server, "s3cret", NOW, "once")

    assert asked is not None
    assert asked.headers["Authorization"].startswith("Basic ")
    assert b"scope=system%2FPatient.rs" in (asked.body or b"")


def test_without_a_token_address_the_secret_is_the_token() -> None:
    assert record_token_asked_for(PLAIN, "t0ken", NOW, "once") is None


def test_no_repr_shows_a_patient_or_a_secret() -> None:
    asked = record_token_asked_for(signing(), pem("ES384"), NOW, "once")

    assert "4401" not in repr(PatientKey(system=MRNS, number="4401"))
    assert "p17" not in repr(PatientKey(id="p17"))
    assert "assertion" not in repr(asked)
