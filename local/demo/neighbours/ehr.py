"""The clinic's EHR as a FHIR R4 server: it knows the people of the day, and can fall silent.

Rules: HL7 FHIR R4 (searchset Bundles); SMART App Launch, Backend Services (client assertions).
"""

import json
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from local.demo.day import Person
from local.demo.neighbours.serving import Answer, serving

CLIENT, KEY_ID, ALGORITHM = "triagewire", "demo", "ES384"
SYSTEM = "urn:demo:mrn"
SILENT_SECONDS = 30.0
_OK, _UNAUTHORISED, _NOT_FOUND = 200, 401, 404

type Resource = dict[str, Any]


@dataclass(slots=True)
class Ehr:
    """The server; `asked` counts the records that somebody opened."""

    people: Mapping[str, Person]
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP384R1()), repr=False
    )
    token: str = field(default_factory=lambda: secrets.token_urlsafe(16), repr=False)
    port: int = 0
    asked: int = 0
    _silent: Event = field(default_factory=Event)
    _ended: Event = field(default_factory=Event)

    @property
    def base_url(self) -> str:
        """The address that all resources are below."""
        return f"https://localhost:{self.port}/r4"

    def settings(self) -> Resource:
        """What the policy of its site says of it."""
        return {
            "base_url": self.base_url,
            "token_url": f"https://localhost:{self.port}/token",
            "client_id": CLIENT,
            "algorithm": ALGORITHM,
            "key_id": KEY_ID,
            "patient_system": SYSTEM,
        }

    def private_key(self) -> str:
        """What the site puts into the secret of its readers."""
        return self.key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ).decode()

    def fall_silent(self) -> None:
        """From now on it takes connections and answers nothing: worse than to be off."""
        self._silent.set()

    @contextmanager
    def running(self, certificate: tuple[Path, Path]) -> Iterator["Ehr"]:
        """Serve until the block ends."""
        with serving(self.answer, certificate) as self.port:
            try:
                yield self
            finally:
                self._ended.set()

    def answer(self, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """The answer to one request."""
        if self._silent.is_set():
            self._ended.wait(SILENT_SECONDS)
        if path == "/token":
            return self._token(body)
        if headers.get("authorization") != f"Bearer {self.token}":
            return _UNAUTHORISED, b"{}"
        found = self._resource(path.removeprefix("/r4/"))
        return (_OK, json.dumps(found).encode()) if found else (_NOT_FOUND, b"{}")

    def _token(self, body: bytes) -> Answer:
        """A token for an assertion that the registered key has signed."""
        assertion = parse_qs(body.decode()).get("client_assertion", [""])[0]
        try:
            jwt.decode(
                assertion,
                self.key.public_key(),
                algorithms=[ALGORITHM],
                audience=f"https://localhost:{self.port}/token",
                issuer=CLIENT,
            )
        except jwt.PyJWTError:
            return _UNAUTHORISED, b"{}"
        said = {"access_token": self.token, "token_type": "bearer", "expires_in": 3600}
        return _OK, json.dumps(said).encode()

    def _resource(self, place: str) -> Resource | None:
        parts = urlsplit(place)
        kind, _, patient_id = parts.path.partition("/")
        query = parse_qs(parts.query)
        if kind == "Patient" and patient_id:
            self.asked += 1
            person = self.people.get(patient_id)
            return _patient(patient_id, person) if person else None
        if kind == "Patient":
            number = query.get("identifier", [""])[0].rpartition("|")[2]
            return _bundle(
                _patient(name, each) for name, each in self.people.items() if each.mrn == number
            )
        patient_id = query.get("patient", [""])[0]
        return _bundle(_entries(kind, patient_id, self.people.get(patient_id)))


def _entries(kind: str, patient_id: str, person: Person | None) -> Iterator[Resource]:
    """What the record of somebody holds of a kind."""
    if person is None:
        return
    subject = {"subject": {"reference": f"Patient/{patient_id}"}}
    if kind == "Condition":
        for name in person.conditions:
            yield {"resourceType": kind, "code": {"text": name}, **_ACTIVE, **subject}
    if kind == "MedicationRequest":
        for name in (*person.medications, *person.only_in_record):
            told = {"medicationCodeableConcept": {"text": name}, "status": "active"}
            yield {"resourceType": kind, **told, **subject}


_ACTIVE: Resource = {
    "clinicalStatus": {"coding": [{"code": "active"}]},
    "verificationStatus": {"coding": [{"code": "confirmed"}]},
}


def _patient(patient_id: str, person: Person) -> Resource:
    born = {"birthDate": person.born.isoformat()} if person.born else {}
    return {"resourceType": "Patient", "id": patient_id, **born}


def _bundle(resources: Iterable[Resource]) -> Resource:
    entries = [{"resource": each, "search": {"mode": "match"}} for each in resources]
    return {"resourceType": "Bundle", "type": "searchset", "entry": entries}
