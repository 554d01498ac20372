"""Twilio: SMS, voicemail recordings and their transcriptions.

Twilio puts no time on a request: a replay is met by the event id alone.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

from triagewire.arrival import Arrival, Attachment, Channel, Requester, RequesterKind
from triagewire.channels.fields import Fields
from triagewire.channels.identities import kind_of, phone_number
from triagewire.channels.outcome import JSON, Outcome, OutcomeKind
from triagewire.channels.parsed import Ignored, Parsed
from triagewire.channels.payload import FORM_TYPE, JSON_TYPE, form_body, json_body, signed_pairs
from triagewire.channels.request import WebhookRequest
from triagewire.channels.signatures import refusing, same
from triagewire.channels.source import Source
from triagewire.errors import InvalidFieldError, RefusedError

MEDIA_TYPES = frozenset({FORM_TYPE, JSON_TYPE})
METHODS = frozenset({"POST"})

_EMPTY_TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
_DEFAULT_PORTS = {"https": 443, "http": 80}
_SHORTEST_TRANSCRIBED_SECONDS = 2
_LONGEST_TRANSCRIBED_SECONDS = 120
_MOST_MEDIA = 10
# Commands to the network, which Twilio obeys and answers by itself. HELP is not among them: from a
# patient it may be meant.
_OPT_OUT_WORDS = frozenset({"stop", "stopall", "unsubscribe", "start", "unstop"})


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
    given = form_body(request)
    fields = Fields(given)
    if fields.line("TranscriptionStatus") or fields.line("TranscriptionSid"):
        return (_transcription(fields, source),)
    if fields.line("RecordingSid"):
        return _recording(fields, source)
    if (fields.line("MessageStatus") or "received").lower() != "received":
        return Ignored("delivery report")
    if fields.line("CallStatus") and not _message_sid(fields):
        return Ignored("call status")
    return _text_message(fields, given, source)


def _text_message(fields: Fields, given: Mapping[str, str], source: Source) -> Parsed:
    sid = fields.required("MessageSid", _message_sid(fields))
    written = given.get("Body", "")
    if fields.line("OptOutType") in {"STOP", "START"} or written.strip().lower() in _OPT_OUT_WORDS:
        return Ignored("opt-out command")
    media = _media(fields)
    remarks = () if written.strip() else ("message without words",)
    arrival = _arrival(fields, source, Channel.SMS, sid)
    return (replace(arrival, text=written, attachments=media, remarks=remarks),)


def _message_sid(fields: Fields) -> str | None:
    names = ("MessageSid", "SmsMessageSid", "SmsSid")
    return next(filter(None, map(fields.identifier, names)), None)


def _media(fields: Fields) -> tuple[Attachment, ...]:
    """Pictures of an MMS. Their addresses open with no further proof, so they are not kept."""
    types = [fields.line(f"MediaContentType{number}") for number in range(_MOST_MEDIA)]
    return tuple(
        Attachment(name=f"media {number}", media_type=kind)
        for number, kind in enumerate(types, start=1)
        if kind
    )


def _transcription(fields: Fields, source: Source) -> Arrival:
    """A voicemail in words; one without words is still somebody's call."""
    sid = fields.required("TranscriptionSid", fields.identifier("TranscriptionSid"))
    spoken = fields.prose("TranscriptionText") or ""
    failed = (fields.line("TranscriptionStatus") or "").lower() != "completed"
    remarks = ("voicemail, no transcript",) if failed or not spoken else ()
    arrival = _arrival(fields, source, Channel.PHONE, sid)
    return replace(arrival, text=spoken, remarks=remarks, thread=fields.identifier("RecordingSid"))


def _recording(fields: Fields, source: Source) -> Parsed:
    """A recording of which no transcription will come is the only sign of a call."""
    status = (fields.line("RecordingStatus") or "completed").lower()
    if status in {"absent", "in-progress", "processing"}:
        return Ignored(f"recording {status}")
    if status == "completed" and source.options.transcribed and _will_be_transcribed(fields):
        return Ignored("recording, its transcription follows")
    sid = fields.required("RecordingSid", fields.identifier("RecordingSid"))
    arrival = _arrival(fields, source, Channel.PHONE, sid)
    return (replace(arrival, remarks=("voicemail, no transcript",), thread=sid),)


def _will_be_transcribed(fields: Fields) -> bool:
    """Twilio transcribes 2 to 120 seconds. Of an unstated length nothing can be expected."""
    seconds = fields.line("RecordingDuration") or ""
    if not seconds.isascii() or not seconds.isdigit():
        return False
    return _SHORTEST_TRANSCRIBED_SECONDS <= int(seconds[:9]) <= _LONGEST_TRANSCRIBED_SECONDS


def _arrival(fields: Fields, source: Source, channel: Channel, event_id: str) -> Arrival:
    phone = phone_number(fields.line("From"), source.options.country_code)
    usual = RequesterKind.PATIENT if phone else RequesterKind.UNKNOWN
    return Arrival(
        site=source.site,
        source=source.name,
        channel=source.channel or channel,
        event_id=event_id,
        requester=Requester(kind=kind_of(source, usual), phone=phone),
        text="",
    )


def shaped(outcome: Outcome, _request: WebhookRequest, _source: Source) -> Outcome:
    """Empty TwiML: Twilio would send any other text to the patient as an SMS."""
    if outcome.kind is OutcomeKind.REFUSED:
        return outcome
    if outcome.kind is OutcomeKind.IGNORED:
        return replace(outcome, status=204, body="", headers={})
    headers = {**JSON, "content-type": "text/xml"}
    return replace(outcome, status=200, body=_EMPTY_TWIML, headers=headers)
