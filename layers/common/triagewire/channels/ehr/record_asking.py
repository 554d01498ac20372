"""Asking a FHIR server for a patient's record: requests as values.

Rules: HL7 FHIR R4, RESTful API and search (escaping in parameters); SMART Backend Services §
"obtaining an access token"; RFC 7523 (client assertions). A patient's number is what a sender
wrote, so every part of it is checked or escaped before it becomes part of an address.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import quote, urlencode

from triagewire.channels.ehr.reader import Asked, token_asked_for
from triagewire.channels.ehr.record_server import RecordServer
from triagewire.channels.ehr.values import FHIR_TYPE
from triagewire.channels.options import Reader
from triagewire.channels.reading.payload import FORM_TYPE
from triagewire.channels.source import Source
from triagewire.errors import InvalidFieldError

ASSERTION_LIVES = timedelta(minutes=4)
"""SMART allows five minutes; clocks differ."""
PROCEDURES_SINCE = timedelta(days=90)
APPOINTMENTS_WITHIN = timedelta(days=7)
MOST_ENTRIES = 100

_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_ID = re.compile(r"(?!\.+$)[A-Za-z0-9.-]{1,64}")
_LONGEST_NUMBER = 256
_FHIR_ADAPTERS = frozenset({"athena", "fhir"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientKey:
    """One patient at a site's server: by the server's own `id`, or by `system` and `number`."""

    id: str = field(default="", repr=False)
    system: str = ""
    number: str = field(default="", repr=False)


def patient_key(patient_id: str, server: RecordServer, source: Source) -> PatientKey | None:
    """How to ask the server for the patient of a message; None where nothing sure leads to one.

    A server's own id counts only where it was that server, as far as we know, that wrote it: 17
    is somebody else elsewhere. A number counts only with its assigning system.
    """
    address = patient_id.removeprefix(server.base)
    if _is_address(address):
        own = address != patient_id or _same_server(server, source)
        named = address.removeprefix("Patient/")
        return PatientKey(id=named) if own and _ID.fullmatch(named) else None
    system, bar, number = patient_id.rpartition("|")
    if not bar:
        system = source.options.patient_system or server.patient_system
    fits = system and number.strip() and len(patient_id) <= _LONGEST_NUMBER
    return PatientKey(system=system, number=number) if fits and "://" not in number else None


def patient_asked_for(server: RecordServer, key: PatientKey, token: str) -> Asked:
    """The request that finds a patient by number."""
    found = f"{_escaped(key.system)}|{_escaped(key.number)}"
    return _get(server, f"Patient?identifier={quote(found, safe='')}&_count=2", token)


def record_asked_for(
    server: RecordServer, patient: str, token: str, now: datetime
) -> Mapping[str, Asked]:
    """The requests for each kind of a record, by kind, for a patient of a known id."""
    if not _ID.fullmatch(patient):
        raise InvalidFieldError("id", "is no id of FHIR")
    since = (now - PROCEDURES_SINCE).date().isoformat()
    today, until = now.date().isoformat(), (now + APPOINTMENTS_WITHIN).date().isoformat()
    of = f"?patient={patient}&_count={MOST_ENTRIES}"
    places = {
        "patient": f"Patient/{patient}",
        "conditions": f"Condition{of}&clinical-status=active,recurrence,relapse",
        "medications": f"MedicationRequest{of}&status=active,on-hold"
        "&_include=MedicationRequest:medication",
        "statements": f"MedicationStatement{of}&status=active,on-hold,intended"
        "&_include=MedicationStatement:medication",
        "procedures": f"Procedure{of}&date=ge{since}",
        "stays": f"Encounter{of}&class=IMP&date=ge{since}",
        "appointments": f"Appointment{of}&date=ge{today}&date=le{until}",
    }
    return {kind: _get(server, place, token) for kind, place in places.items()}


def record_token_asked_for(
    server: RecordServer, secret: str, now: datetime, unique: str
) -> Asked | None:
    """The request for an access token; None where the stored secret itself is the token.

    `unique` is the assertion's `jti`. Raises InvalidFieldError for a key that cannot sign so.
    """
    if not server.token_url:
        return None
    if not server.algorithm:
        reader = Reader(
            base_url=server.base_url,
            token_url=server.token_url,
            client_id=server.client_id,
            scope=server.scope,
        )
        return token_asked_for(reader, secret)
    given = {
        "grant_type": "client_credentials",
        "scope": server.scope,
        "client_assertion_type": _ASSERTION_TYPE,
        "client_assertion": _assertion(server, secret, now, unique),
    }
    return Asked(
        address=server.token_url,
        headers={"Accept": "application/json", "Content-Type": FORM_TYPE},
        body=urlencode(given).encode(),
    )


def _assertion(server: RecordServer, private_key: str, now: datetime, unique: str) -> str:
    import jwt  # noqa: PLC0415  100 ms that only sites with such a server should cost

    claims = {
        "iss": server.client_id,
        "sub": server.client_id,
        "aud": server.token_url,
        "exp": int((now + ASSERTION_LIVES).timestamp()),
        "iat": int(now.timestamp()),
        "jti": unique,
    }
    headers = {"kid": server.key_id}
    try:
        return jwt.encode(claims, private_key, algorithm=server.algorithm, headers=headers)
    except (jwt.PyJWTError, ValueError, TypeError):
        raise InvalidFieldError("secret", f"is no private key for {server.algorithm}") from None


def _get(server: RecordServer, place: str, token: str) -> Asked:
    return Asked(
        address=server.base + place,
        headers={"Accept": FHIR_TYPE, "Authorization": f"Bearer {token}"},
    )


def _is_address(text: str) -> bool:
    return text.startswith("Patient/") or ("://" in text.partition("|")[0] and "|" not in text)


def _same_server(server: RecordServer, source: Source) -> bool:
    """Whether a bare `Patient/17` of this source is the server's: it names no server itself."""
    reader = source.options.reader
    if source.adapter not in _FHIR_ADAPTERS:
        return False
    return reader is None or reader.base_url.rstrip("/") + "/" == server.base


def _escaped(text: str) -> str:
    """A value in which the marks of FHIR's search language stand for themselves."""
    return re.sub(r"([\\,$|])", r"\\\1", text)
