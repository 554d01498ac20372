"""RingCentral: voicemail and text messages of an extension.

A voicemail's transcript is never in its event, even when it is made: staff read or hear it there.
Rules: RingCentral, "Webhooks" (handshake, `Verification-Token`) and "Event filters".
"""

import re
from dataclasses import replace
from datetime import datetime

from triagewire.arrival import Arrival, Attachment, Channel
from triagewire.channels.outcome import Outcome, OutcomeKind
from triagewire.channels.parsed import Answer, Ignored, Parsed
from triagewire.channels.phone.calls import WITHOUT_WORDS, caller, recording
from triagewire.channels.reading.fields import Fields
from triagewire.channels.reading.payload import JSON_TYPE, json_body
from triagewire.channels.reading.record import MOST_ATTACHMENTS, link_from
from triagewire.channels.request import WebhookRequest
from triagewire.channels.signatures import check_shared_header, refusing
from triagewire.channels.source import Source
from triagewire.errors import InvalidFieldError, RefusedError

MEDIA_TYPES = frozenset({JSON_TYPE})
METHODS = frozenset({"POST"})

_HANDSHAKE = "validation-token"
# Anybody may ask for it back, so it must fit into one header line and no more.
_ECHOED = re.compile(r"[\x21-\x7e]{1,256}")
_STORED = re.compile(r"/(?:message-store|voicemail)(?:[/?]|$)")
_OTHER_STORED = frozenset({"fax", "pager"})
_TRANSCRIPTIONS = {
    "NotAvailable": "no transcript is made",
    "InProgress": "the transcript is being made",
    "Completed": "the transcript is ready",
    "CompletedPartially": "a part of the transcript is ready",
    "TimedOut": "no transcript could be made",
    "Failed": "no transcript could be made",
}


@refusing
def verify(
    request: WebhookRequest, _source: Source, secrets: tuple[str, ...], _now: datetime
) -> None:
    """`Verification-Token`, as given to the subscription. The handshake of a new subscription has
    none: it says nothing, and hears only its own header.
    """
    if not _is_handshake(request):
        check_shared_header(request, "verification-token", secrets)
    elif not _ECHOED.fullmatch(request.header(_HANDSHAKE)):
        raise RefusedError(401, f"{_HANDSHAKE}: must be printable and at most 256 characters")


def _is_handshake(request: WebhookRequest) -> bool:
    return not request.body and bool(request.header(_HANDSHAKE))


def parse(request: WebhookRequest, source: Source, _now: datetime) -> Parsed:
    """A handshake, a voicemail, a text message, or an event of another kind."""
    if _is_handshake(request):
        echo = {_HANDSHAKE: request.header(_HANDSHAKE)}
        return Ignored("handshake", Answer(status=200, headers=echo))
    event = json_body(request)
    filtered = event.required("event", event.line("event"))
    if not _STORED.search(filtered):
        return Ignored("not a message")
    body = event.inner("body")
    if body.has("changes"):
        return Ignored("a count of messages")
    return _message(event, body, source)


def _message(event: Fields, body: Fields, source: Source) -> Parsed:
    kind = body.required("type", body.line("type")).lower()
    if kind in _OTHER_STORED:
        return Ignored("a fax or a page")
    if kind not in {"voicemail", "sms"}:
        raise InvalidFieldError("body.type", "must be VoiceMail or SMS")
    if (body.line("direction") or "Inbound").lower() != "inbound":
        return Ignored("a message of ours")
    if (body.line("availability") or "Alive") != "Alive":
        return Ignored("a deleted message")
    writer = body.inner("from")
    extension = writer.identifier("extensionNumber")
    inside = extension and not writer.line("phoneNumber")
    arrival = Arrival(
        site=source.site,
        source=source.name,
        channel=source.channel or (Channel.SMS if kind == "sms" else Channel.PHONE),
        event_id=event.required("uuid", event.identifier("uuid")),
        requester=caller(source, writer.line("phoneNumber"), writer.line("name")),
        text="",
        remarks=(f"from extension {extension}",) if inside else (),
        occurred_at=body.moment("creationTime"),
    )
    return (_text(arrival, body) if kind == "sms" else _voicemail(arrival, body),)


def _voicemail(arrival: Arrival, body: Fields) -> Arrival:
    status = _TRANSCRIPTIONS.get(body.line("vmTranscriptionStatus") or "")
    remark = "voicemail, transcript must be read or heard in RingCentral"
    sounds = tuple(_sound(each) for each in body.objects("attachments")[:MOST_ATTACHMENTS])
    urgent = "the caller marked it urgent" if body.line("priority") == "High" else None
    return replace(
        arrival,
        thread=body.identifier("id"),
        pointer=link_from(body, "uri") or "RingCentral",
        attachments=sounds,
        remarks=tuple(filter(None, (remark, status, urgent, *arrival.remarks))),
    )


def _sound(file: Fields) -> Attachment:
    """The recording, or what was understood of it: words that are fetched with a token alone."""
    link, kind = link_from(file, "uri"), file.line("contentType") or ""
    if file.line("type") == "AudioTranscription":
        return Attachment(name="transcript", media_type=kind, link=link)
    return recording(link, kind, file.number("vmDuration"))


def _text(arrival: Arrival, body: Fields) -> Arrival:
    """`subject` holds the words; the attachment that repeats them is left out."""
    text = body.prose("subject") or ""
    files = body.objects("attachments")[:MOST_ATTACHMENTS]
    pictures = [each for each in files if (each.line("type") or "").lower() != "text"]
    thread = body.identifier("conversationId") or body.inner("conversation").identifier("id")
    return replace(
        arrival,
        text=text,
        thread=thread,
        attachments=tuple(_media(each, number) for number, each in enumerate(pictures, start=1)),
        remarks=(*(() if text else (WITHOUT_WORDS,)), *arrival.remarks),
    )


def _media(file: Fields, number: int) -> Attachment:
    size = file.number("size")
    return Attachment(
        name=file.line("fileName") or f"media {number}",
        media_type=file.line("contentType") or "",
        size_bytes=int(size) if size is not None and size >= 0 else None,
        link=link_from(file, "uri"),
    )


def shaped(outcome: Outcome, _request: WebhookRequest, _source: Source) -> Outcome:
    """RingCentral takes 200 and at most 1024 bytes, headers included, and the gateway adds many: so
    no body, and no header but the handshake's.
    """
    if outcome.kind is OutcomeKind.REFUSED:
        return outcome
    echo = {name: value for name, value in outcome.headers.items() if name == _HANDSHAKE}
    return replace(outcome, status=200, body="", headers=echo)
