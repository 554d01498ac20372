"""Twilio: SMS, voicemail recordings and their transcriptions.

Twilio puts no time on a request: a replay is met by the event id alone.
Rules: Twilio, "Webhooks Security" and "Messaging Webhooks".
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

from triagewire.channels.outcome import JSON, Outcome, OutcomeKind
from triagewire.channels.parsed import Ignored, Parsed
from triagewire.channels.phone.twilio_texts import (
    delivery_report,
    delivery_state,
    message_sid,
    text_message,
)
from triagewire.channels.phone.twilio_voice import recorded, transcription
from triagewire.channels.reading.fields import Fields
from triagewire.channels.reading.payload import (
    FORM_TYPE,
    JSON_TYPE,
    form_body,
    json_body,
    signed_pairs,
)
from triagewire.channels.request import WebhookRequest
from triagewire.channels.signatures import refusing, same
from triagewire.channels.source import Source
from triagewire.errors import InvalidFieldError, RefusedError

MEDIA_TYPES = frozenset({FORM_TYPE, JSON_TYPE})
METHODS = frozenset({"POST"})

_EMPTY_TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
_DEFAULT_PORTS = {"https": 443, "http": 80}


@refusing
def verify(
    request: WebhookRequest, source: Source, secrets: tuple[str, ...], _now: datetime
) -> None:
    """`X-Twilio-Signature`: base64 HMAC-SHA1 over the public URL and the sorted form fields."""
    given = request.header("x-twilio-signature")
    if not given:
        raise RefusedError(401, "x-twilio-signature: is missing")
    address = _signed_address(request, source)
    pairs = [] if request.media_type == JSON_TYPE else signed_pairs(request.body)
    expected = [
        twilio_signature(secret, url, pairs) for secret in secrets for url in _port_forms(address)
    ]
    if not any(same(signature, given) for signature in expected):
        raise RefusedError(401, "x-twilio-signature: fits no secret of this source")
    if request.media_type == JSON_TYPE:
        _check_body_hash(request, address)


def twilio_signature(token: str, url: str, pairs: Iterable[tuple[str, str]]) -> bytes:
    """The signature's base64 text. A value that is repeated under one name counts once."""
    fields = "".join(name + value for name, value in sorted(set(pairs)))
    signed = (url + fields).encode("utf-8", "surrogateescape")
    return base64.b64encode(hmac.new(token.encode(), signed, hashlib.sha1).digest())


def _signed_address(request: WebhookRequest, source: Source) -> str:
    """The URL as typed in at Twilio; a JSON request adds the hash of its body to the query."""
    address = (source.url or request.url).partition("#")[0]
    if not address:
        raise RefusedError(503, "url: no public address is configured for this source")
    digest = _body_hash(request.url)
    if request.media_type == JSON_TYPE and digest and "bodySHA256=" not in address:
        return f"{address}{'&' if '?' in address else '?'}bodySHA256={digest}"
    return address


def _port_forms(address: str) -> Iterator[str]:
    """Twilio signs now with the port, now without it."""
    yield address
    parts = urlsplit(address)
    place = parts.netloc
    port = _DEFAULT_PORTS.get(parts.scheme)
    other = place.rpartition(":")[0] if parts.port else f"{place}:{port}"
    yield address.replace(place, other, 1)


def _body_hash(url: str) -> str:
    return "".join(parse_qs(urlsplit(url).query).get("bodySHA256", [])[:1])


def _check_body_hash(request: WebhookRequest, address: str) -> None:
    if not same(hashlib.sha256(request.body).hexdigest().encode(), _body_hash(address)):
        raise RefusedError(401, "bodySHA256: does not fit the body")


def parse(request: WebhookRequest, source: Source, _now: datetime) -> Parsed:
    """The callback is told by its fields, for Twilio names no type."""
    if request.media_type == JSON_TYPE:
        json_body(request)
        raise InvalidFieldError("content-type", f"a message or voicemail comes as {FORM_TYPE}")
    fields = Fields(form_body(request))
    if fields.has("TranscriptionEvent"):
        return Ignored("live transcription of a call")
    if fields.line("TranscriptionStatus") or fields.line("TranscriptionSid"):
        return transcription(fields, source)
    if fields.line("RecordingSid"):
        return recorded(fields, source)
    if fields.prose("SpeechResult"):
        raise InvalidFieldError("SpeechResult", "is not taken: record the caller instead")
    if delivery_state(fields):
        return delivery_report(fields, source)
    if fields.line("CallStatus") and not message_sid(fields):
        return Ignored("call status")
    return text_message(fields, source)


def shaped(outcome: Outcome, _request: WebhookRequest, _source: Source) -> Outcome:
    """Empty TwiML: Twilio would send any other text to the patient as an SMS."""
    if outcome.kind is OutcomeKind.REFUSED:
        return outcome
    if outcome.kind is OutcomeKind.IGNORED:
        return replace(outcome, status=204, body="", headers={})
    headers = {**JSON, "content-type": "text/xml"}
    return replace(outcome, status=200, body=_EMPTY_TWIML, headers=headers)
