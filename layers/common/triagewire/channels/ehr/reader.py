"""Asking a FHIR server for a message that came as a reference: requests and answers as values.

Rules: HL7 FHIR R4, RESTful API (read, search by token); RFC 6749 §4.4 (client credentials). A
pointer is what a sender wrote, so the only addresses made of it are messages below the source's own
`base_url`.
"""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import quote, quote_plus, urlencode, urlsplit

from triagewire.arrival import Arrival, Requester, RequesterKind
from triagewire.channels.ehr.bundle import NOTHING_ELSE, Bundle, bundle_from
from triagewire.channels.ehr.communication import arrival_from, withdrawn
from triagewire.channels.ehr.values import FHIR_TYPE
from triagewire.channels.options import Reader
from triagewire.channels.reading.fields import Fields
from triagewire.channels.reading.payload import FORM_TYPE, json_body
from triagewire.channels.receiving import bounded
from triagewire.channels.request import WebhookRequest
from triagewire.channels.source import Source
from triagewire.errors import InvalidFieldError, UnreadableError

_MESSAGE = re.compile(
    # An id of dots alone would climb out of the folder.
    r"Communication/(?P<id>(?!\.+(?:/|$))[A-Za-z0-9.-]{1,64})"
    r"(?:/_history/(?!\.+$)[A-Za-z0-9.-]{1,64})?"
)
_LONGEST_TOKEN_SECONDS = 3_600


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One HTTP request: a POST if it has a body. Headers and body hold a secret."""

    address: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    body: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """An access token, and for how many seconds from now it may be used."""

    text: str = field(repr=False)
    seconds: float


def message_asked_for(reader: Reader, pointer: str, token: str) -> Asked:
    """The request for the message behind a pointer.

    Raises InvalidFieldError when the pointer is no message of this server.
    """
    address = _base(reader.base_url, "reader.base_url") + _within(reader, pointer)
    return Asked(address=address, headers={"Accept": FHIR_TYPE, "Authorization": f"Bearer {token}"})


def token_asked_for(reader: Reader, secret: str) -> Asked:
    """The request for an access token, by the client's id and secret."""
    given = {"grant_type": "client_credentials"}
    if reader.scope:
        given["scope"] = reader.scope
    pair = f"{quote_plus(reader.client_id)}:{quote_plus(secret)}"
    return Asked(
        address=_base(reader.token_url, "reader.token_url").removesuffix("/"),
        headers={
            "Accept": "application/json",
            "Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}",
            "Content-Type": FORM_TYPE,
        },
        body=urlencode(given).encode(),
    )


def token_from(answer: bytes) -> Token:
    """The token of a token endpoint's answer; raises InvalidFieldError or UnreadableError."""
    given = _read(answer)
    text = given.required("access_token", given.prose("access_token"))
    if not re.fullmatch(r"[\x21-\x7e]+", text):
        raise InvalidFieldError("access_token", "must be printable")
    seconds = given.number("expires_in") or 0.0
    return Token(text=text, seconds=max(0.0, min(seconds, _LONGEST_TOKEN_SECONDS)))


def message_from(answer: bytes, pointer: str, source: Source) -> Arrival:
    """The message that a server gave; raises InvalidFieldError or UnreadableError for any other."""
    resource = _read(answer)
    bundle = NOTHING_ELSE
    if resource.line("resourceType") == "Bundle":
        bundle = bundle_from(resource)
        resource = _only(bundle)
    elif resource.line("resourceType") != "Communication":
        raise UnreadableError("the EHR gave no message")
    _check(resource, pointer)
    arrival = bounded(arrival_from(resource, bundle, source, pointer))
    if not arrival.text.strip():
        raise UnreadableError("the EHR's message has no words")
    return arrival


def completed(requester: Requester, found: Requester) -> Requester:
    """What the notification said of the requester, and what the message itself adds to it.

    Raises UnreadableError when the two name different patients: then it is somebody else's message.
    """
    if _differ(requester.patient_id, found.patient_id):
        raise UnreadableError("the EHR's message is another patient's")
    unknown = requester.kind is RequesterKind.UNKNOWN
    return replace(
        requester,
        kind=found.kind if unknown else requester.kind,
        patient_id=requester.patient_id or found.patient_id,
        email=requester.email or found.email,
        phone=requester.phone or found.phone,
        name=requester.name or found.name,
        date_of_birth=requester.date_of_birth or found.date_of_birth,
        on_behalf=requester.on_behalf or found.on_behalf,
    )


def _within(reader: Reader, pointer: str) -> str:
    """The part below the base: a message by its id, or the search for its business identifier."""
    place = pointer.removeprefix(reader.base_url.rstrip("/") + "/")
    if _MESSAGE.fullmatch(place):
        return place
    system, bar, value = pointer.rpartition("|")
    if bar and system and value and "://" not in value:
        return f"Communication?identifier={quote(pointer, safe='')}"
    raise InvalidFieldError("pointer", "is no message of the configured server")


def _base(address: str, name: str) -> str:
    """An address that leads nowhere but where it says, with a slash at its end."""
    parts = urlsplit(address)
    plain = not (parts.query or parts.fragment or parts.username or parts.password)
    if parts.scheme != "https" or not parts.hostname or not plain:
        raise InvalidFieldError(name, "must be a plain https address")
    return address.rstrip("/") + "/"


def _read(answer: bytes) -> Fields:
    return json_body(WebhookRequest(headers={}, body=answer))


def _only(bundle: Bundle) -> Fields:
    """The one message that a search found; of several nobody knows which was meant."""
    found = list(bundle.of("Communication"))
    if len(found) != 1:
        raise UnreadableError("the EHR did not give exactly one message")
    return found[0]


def _check(resource: Fields, pointer: str) -> None:
    if withdrawn(resource):
        raise UnreadableError("the EHR's message is withdrawn")
    found = _MESSAGE.search(pointer)
    named = resource.line("id")
    if found and named and found["id"] != named:
        raise UnreadableError("the EHR gave another message")


def _differ(one: str | None, other: str | None) -> bool:
    """Whether two patient ids of one system are two patients; of two systems nobody can tell."""
    if not one or not other:
        return False
    systems = [each[: max(each.rfind("|"), each.rfind("/")) + 1] for each in (one, other)]
    return systems[0] == systems[1] and one != other
