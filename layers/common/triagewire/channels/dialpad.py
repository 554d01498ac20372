"""Dialpad: voicemail and text messages. The whole body is one signed token.

Dialpad never repeats what was answered with 4xx, so nothing but a wrong token gets one.
Rules: Dialpad, "Call Events", "SMS Events" and "Webhooks"; RFC 7515 (JWS), RFC 7519 §4.1.4 (`exp`).
"""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from triagewire.arrival import Arrival, Attachment, Channel, Fact, FactKind, Requester
from triagewire.channels.outcome import TOO_MANY, Outcome, OutcomeKind
from triagewire.channels.parsed import Ignored, Parsed
from triagewire.channels.phone.calls import (
    NO_TRANSCRIPT,
    RECORDING,
    WITHOUT_WORDS,
    caller,
    moment_of_milliseconds,
    recording,
)
from triagewire.channels.reading.fields import Fields
from triagewire.channels.reading.identities import email_address
from triagewire.channels.reading.payload import FORM_TYPE, JSON_TYPE, json_body
from triagewire.channels.reading.record import link_from
from triagewire.channels.request import WebhookRequest
from triagewire.channels.signatures import refusing
from triagewire.channels.source import Source
from triagewire.errors import InvalidFieldError, RefusedError, UnreadableError

# Dialpad documents no media type for its tokens, and a refusal would cost the message.
MEDIA_TYPES = frozenset({"application/jwt", "text/plain", JSON_TYPE, FORM_TYPE})
METHODS = frozenset({"POST"})

_VOICEMAIL_STATES = frozenset({"voicemail", "voicemail_uploaded", "transcription"})
_PARTS_OF_A_TOKEN = 3


@refusing
def verify(
    request: WebhookRequest, source: Source, secrets: tuple[str, ...], now: datetime
) -> None:
    """A compact JWS with HS256 and no other algorithm; not after its `exp` where it has one."""
    token = _token(request)
    if token.count(b".") != _PARTS_OF_A_TOKEN - 1:
        raise RefusedError(401, "body: must be a signed token; give the webhook a secret")
    content = _believed(token, secrets)
    expires = _expiry(content)
    if expires is not None and expires + source.options.tolerance_seconds < now.timestamp():
        raise RefusedError(401, "exp: is over")


def _token(request: WebhookRequest) -> bytes:
    # A token that is sent as JSON stands in quotation marks.
    return request.body.strip().strip(b'"')


def _believed(token: bytes, secrets: Sequence[str]) -> bytes:
    import jwt  # noqa: PLC0415  0.2 s, for it brings cryptography along: for Dialpad alone

    for secret in secrets:
        try:
            return bytes(jwt.PyJWS().decode(token, secret, algorithms=["HS256"]))
        except jwt.PyJWTError:
            continue
    raise RefusedError(401, "body: the token fits no secret of this source")


def _expiry(content: bytes) -> float | None:
    """Seconds since 1970 of a token's claims. What is no object is for `parse` to tell."""
    try:
        claims = json.loads(content)
    except (ValueError, RecursionError):
        return None
    stated = claims.get("exp") if isinstance(claims, dict) else None
    return None if stated is None else float(stated)


def parse(request: WebhookRequest, source: Source, _now: datetime) -> Parsed:
    """A call's event has a call id, a text message's has a number that it came from."""
    event = json_body(replace(request, body=_content(request)))
    if event.has("call_id"):
        return _call(event, source)
    if event.has("from_number"):
        return _text_message(event, source)
    raise InvalidFieldError("call_id", "is missing, and so is from_number")


def _content(request: WebhookRequest) -> bytes:
    parts = _token(request).split(b".")
    if len(parts) != _PARTS_OF_A_TOKEN:
        raise UnreadableError("the body is no token")
    try:
        return base64.b64decode(parts[1] + b"=" * (-len(parts[1]) % 4), b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise UnreadableError("the body is no token") from None


def _call(event: Fields, source: Source) -> Parsed:
    state = (event.required("state", event.line("state"))).lower()
    if state not in _VOICEMAIL_STATES:
        return Ignored("a call without a voicemail")
    if _outbound(event):
        return Ignored("a call of ours")
    call = event.required("call_id", event.identifier("call_id"))
    at = event.required("event_timestamp", event.identifier("event_timestamp"))
    spoken = event.prose("transcription_text") or ""
    awaits = not spoken and state != "transcription"
    wordless = RECORDING if awaits else NO_TRANSCRIPT
    link = link_from(event, "voicemail_link")
    return (
        Arrival(
            site=source.site,
            source=source.name,
            channel=source.usual_channel,
            event_id=f"{call}:{state}:{at}",
            requester=_requester(event, source, "external_number", "phone"),
            text=spoken,
            thread=call,
            awaits=awaits,
            attachments=(recording(link),) if link else (),
            remarks=() if spoken else (wordless,),
            occurred_at=moment_of_milliseconds(at),
        ),
    )


def _text_message(event: Fields, source: Source) -> Parsed:
    sid = event.required("id", event.identifier("id"))
    if _outbound(event):
        return Ignored("a message of ours", facts=_delivery(event, source, sid))
    text = event.prose("text") or event.prose("text_content") or ""
    arrival = Arrival(
        site=source.site,
        source=source.name,
        channel=source.channel or Channel.SMS,
        event_id=f"sms:{sid}",
        requester=_requester(event, source, "from_number", "phone_number"),
        text=text,
        attachments=_media(event),
        occurred_at=moment_of_milliseconds(event.identifier("created_date")),
    )
    return (arrival if text else _without_text(arrival, event),)


def _without_text(arrival: Arrival, event: Fields) -> Arrival:
    """Dialpad leaves the text out unless the key of the subscription may read it."""
    if event.has("text") or event.has("text_content") or arrival.attachments:
        return replace(arrival, remarks=(WITHOUT_WORDS,))
    remark = "the text was not sent and must be read in Dialpad"
    return replace(arrival, remarks=(remark,), pointer="Dialpad")


def _outbound(event: Fields) -> bool:
    return (event.line("direction") or "").lower() == "outbound"


def _delivery(event: Fields, source: Source, sid: str) -> tuple[Fact, ...]:
    state = (event.line("message_status") or "").lower()[:40]
    if not state:
        return ()
    return (
        Fact(
            site=source.site,
            source=source.name,
            kind=FactKind.DELIVERY,
            event_id=f"sms:{sid}:{state}",
            thread=sid,
            state=state,
            occurred_at=moment_of_milliseconds(event.identifier("event_timestamp")),
        ),
    )


def _requester(event: Fields, source: Source, number: str, contact_number: str) -> Requester:
    """The outer party, whom Dialpad calls the contact whoever began."""
    contact = event.inner("contact")
    phone = event.line(number) or contact.line(contact_number)
    who = caller(source, phone, contact.line("name"))
    return replace(who, email=email_address(contact.line("email")))


def _media(event: Fields) -> tuple[Attachment, ...]:
    link = link_from(event, "mms_url")
    return (Attachment(name="media 1", link=link),) if link or event.flag("mms") else ()


def shaped(outcome: Outcome, _request: WebhookRequest, _source: Source) -> Outcome:
    """200 for all that is kept. Dialpad repeats after 5xx alone, so "later" must be said as 503."""
    if outcome.kind is not OutcomeKind.REFUSED:
        return replace(outcome, status=200)
    return replace(outcome, status=503) if outcome.status == TOO_MANY else outcome
