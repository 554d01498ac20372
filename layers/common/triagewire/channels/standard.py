"""Standard Webhooks for anybody: a staff IT form, a help desk, an own program.

Contract: docs/channels.md. The fields stand in the body itself or, as the Standard Webhooks
specification advises, under `data`.
"""

from datetime import datetime

from triagewire.arrival import Arrival, Requester, RequesterKind
from triagewire.channels.outcome import unshaped
from triagewire.channels.parsed import Ignored, Parsed
from triagewire.channels.reading import record
from triagewire.channels.reading.fields import Fields
from triagewire.channels.reading.identities import email_address, kind_of, phone_number
from triagewire.channels.reading.payload import JSON_TYPE, json_body
from triagewire.channels.reading.staff import left_over, staff_fields, staff_request_from
from triagewire.channels.request import WebhookRequest
from triagewire.channels.signatures import event_id, verify_standard_webhooks
from triagewire.channels.source import Source
from triagewire.errors import InvalidFieldError

MEDIA_TYPES = frozenset({JSON_TYPE})
METHODS = frozenset({"POST"})

verify = verify_standard_webhooks
shaped = unshaped


def parse(request: WebhookRequest, source: Source, _now: datetime) -> Parsed:
    """One request for help."""
    event = json_body(request)
    if event.line("type") == "ping":
        return Ignored("ping")
    said = event.inner("data") if event.has("data") else event
    occurred_at = said.moment("occurred_at") or event.moment("timestamp")
    who = said.inner("requester")
    attachments = record.attachments_from(said)
    stated = staff_fields(said.inner("staff_request"))
    text = _with_lines(record.words_from(said, "text", "text_format"), left_over(stated))
    arrival = Arrival(
        site=source.site,
        source=source.name,
        channel=source.usual_channel,
        event_id=event_id(request),
        requester=requester_from(who, source, _kind(who, source)),
        text=said.required("text", text or ("" if attachments else None)),
        subject=said.line("subject") or "",
        language=record.language_from(said),
        context=record.context_from(said.inner("context"), record.born_on(who), occurred_at),
        request_type=record.request_type_from(said),
        staff_request=staff_request_from(stated),
        thread=said.identifier("thread"),
        automatic=said.flag("automatic") or False,
        speech=_speech(said),
        attachments=attachments,
        remarks=() if text else ("message without words",),
        occurred_at=occurred_at,
    )
    return (arrival,)


def requester_from(who: Fields, source: Source, kind: RequesterKind) -> Requester:
    """Everything that was stated about the requester."""
    return Requester(
        kind=kind,
        patient_id=who.identifier("patient_id"),
        email=email_address(who.line("email")),
        phone=phone_number(who.identifier("phone"), source.options.country_code),
        name=who.line("name"),
        date_of_birth=record.born_on(who),
        on_behalf=who.flag("on_behalf") or False,
    )


def _with_lines(text: str | None, lines: tuple[str, ...]) -> str | None:
    return "\n".join([*([text] if text else []), *lines]) if lines else text


def _kind(who: Fields, source: Source) -> RequesterKind:
    stated = who.line("kind")
    if stated is None:
        return kind_of(source, RequesterKind.UNKNOWN)
    if stated not in tuple(RequesterKind):
        raise InvalidFieldError(who.path("kind"), f"must be one of {', '.join(RequesterKind)}")
    return RequesterKind(stated)


def _speech(said: Fields) -> float | None:
    """How sure a recogniser was of a spoken text."""
    confidence = said.number("speech_confidence")
    if confidence is not None and not 0 <= confidence <= 1:
        raise InvalidFieldError(said.path("speech_confidence"), "must be 0 to 1")
    return confidence
