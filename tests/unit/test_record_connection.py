"""A record read over real TLS from a server that checks who asks, as SMART Backend Services say."""

import datetime as dt
import ipaddress
import json
import ssl
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any, ClassVar
from urllib.parse import parse_qs

import jwt
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from tests.unit.channels.record_bodies import ID, a_condition, a_patient, an_order, found
from triagewire import reading, record_reading
from triagewire.channels.ehr.record_asking import PatientKey
from triagewire.channels.ehr.record_server import RecordServer
from triagewire.record_reading import RecordReading

KEY = ec.generate_private_key(ec.SECP384R1())
NUMBER = PatientKey(system="urn:oid:1.2.36.146", number="4401")
PATIENT_SECONDS = 5.0
"""Longer than the real second, which a crowded machine may need for a single handshake."""


class _Fhir(BaseHTTPRequestHandler):
    """Gives a token for a well-signed assertion, and the record for the token."""

    protocol_version = "HTTP/1.0"
    silent: ClassVar[frozenset[str]] = frozenset()
    over: ClassVar[Event] = Event()
    seen: ClassVar[list[str]] = []

    def do_POST(self) -> None:
        sent = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        claims = jwt.decode(
            sent["client_assertion"][0],
            KEY.public_key(),
            algorithms=["ES384"],
            audience=f"https://{self.headers['Host']}/token",
        )
        assert (claims["iss"], sent["scope"][0][:18]) == ("desk", "system/Patient.rs ")
        self._answer({"access_token": f"for-{claims['sub']}", "expires_in": 300})

    def do_GET(self) -> None:
        self.seen.append(self.path)
        if self.headers["Authorization"] != "Bearer for-desk":
            self.send_error(401)
            return
        kind = self.path.split("/")[2].partition("?")[0]
        if kind in self.silent:
            self.over.wait()
        by_id = self.path == f"/r4/Patient/{ID}"
        held = {"Patient": a_patient(), "Condition": a_condition(), "MedicationRequest": an_order()}
        mine = [held[kind]] if kind in held else []
        self._answer(a_patient() if by_id else found(*mine))

    def _answer(self, resource: Any) -> None:  # noqa: ANN401
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(resource).encode())

    def log_message(self, *_arguments: object) -> None:
        """A test prints nothing."""


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RecordServer]:
    """A FHIR server with a certificate that only this test believes."""
    given = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    given.load_cert_chain(*a_certificate(tmp_path))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    monkeypatch.setattr(record_reading, "reader_secrets", Secrets)
    monkeypatch.setattr(record_reading, "SECONDS", PATIENT_SECONDS)
    monkeypatch.setattr(record_reading, "INVOCATION_SECONDS", PATIENT_SECONDS)
    clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), _Fhir) as http:
        http.socket = given.wrap_socket(http.socket, server_side=True)
        http.daemon_threads = True
        Thread(target=http.serve_forever, args=(0.01,), daemon=True).start()
        here = f"https://127.0.0.1:{http.server_port}"
        yield RecordServer(
            base_url=f"{here}/r4",
            token_url=f"{here}/token",
            client_id="desk",
            algorithm="ES384",
            key_id="k",
        )
        _Fhir.over.set()
        http.shutdown()
    clear()


class Secrets:
    """The stored private key of the site."""

    def get(self) -> dict[str, str]:
        pem = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return {"north": pem.decode()}


def clear() -> None:
    for each in (record_reading._tokens, record_reading._resting, record_reading._kept):
        each.clear()
    reading._opener.cache_clear()
    _Fhir.silent, _Fhir.over, _Fhir.seen = frozenset(), Event(), []


def now() -> dt.datetime:
    """Asked at each use: an assertion is good for minutes, and a whole test run lasts longer."""
    return dt.datetime.now(dt.UTC)


def a_certificate(folder: Path) -> tuple[str, str]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "fhir")])
    local = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now() - dt.timedelta(days=1))
        .not_valid_after(now() + dt.timedelta(days=1))
        .add_extension(local, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, SHA256())
    )
    cert, private = folder / "cert.pem", folder / "key.pem"
    cert.write_bytes(made.public_bytes(Encoding.PEM))
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return str(cert), str(private)


def test_a_record_comes_over_tls_for_a_signed_assertion(server: RecordServer) -> None:
    record = RecordReading().read("north", server, NUMBER, now())

    assert record is not None
    assert record.unknown == ()
    assert record.facts.medications == ("apixaban 5 MG Oral Tablet [Eliquis]",)
    assert _Fhir.seen[0].startswith("/r4/Patient?identifier=urn%3Aoid%3A1.2.36.146%7C4401")


def test_a_part_that_never_comes_is_given_up_and_costs_only_itself(server: RecordServer) -> None:
    _Fhir.silent = frozenset({"Procedure"})

    record = RecordReading().read("north", server, NUMBER, now())

    assert record is not None
    assert record.unknown == ("procedures",)


def test_a_certificate_that_nobody_vouches_for_is_not_spoken_to(
    server: RecordServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")

    assert RecordReading().read("north", server, NUMBER, now()) is None
    assert _Fhir.seen == []
