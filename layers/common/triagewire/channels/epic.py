"""EHR portal messages: our own `patient_message.received`, sent by an integration engine.

Contract: docs/channels/epic.md; signed with Standard Webhooks. An engine that speaks FHIR may send
an R4 Communication instead, bare or as the event's `data`.
"""

from datetime import datetime

from triagewire.arrival import Arrival, Requester, RequesterKind
from triagewire.channels.ehr.bundle import NOTHING_ELSE
from triagewire.channels.ehr.communication import WITHOUT_WORDS, arrival_from, withdrawn
from triagewire.channels.ehr.values import FHIR_TYPE
from triagewire.channels.outcome import unshaped
from triagewire.channels.parsed import Ignored, Parsed
from triagewire.channels.reading import record
from triagewire.channels.reading.fields import Fields
from triagewire.channels.reading.identities import email_address, kind_of, phone_number
from triagewire.channels.reading.payload import JSON_TYPE, json_body
from triagewire.channels.request import WebhookRequest
from triagewire.channels.signatures import event_id, verify_standard_webhooks
from triagewire.channels.source import Source
from triagewire.errors import InvalidFieldError

MEDIA_TYPES = frozenset({JSON_TYPE, FHIR_TYPE})
METHODS = frozenset({"POST"})
EVENT_TYPE = "patient_message.received"

_SENDER_KINDS = {
    "patient": RequesterKind.PATIENT,
    "proxy": RequesterKind.PATIENT,
    "staff": RequesterKind.STAFF,
    "unknown": RequesterKind.UNKNOWN,
}

verify = verify_standard_webhooks
shaped = unshaped


def parse(request: WebhookRequest, source: Source, _now: datetime) -> Parsed:
    """One portal message; a `ping` is ignored, and any other type is an InvalidFieldError."""
    event = json_body(request)
    if event.line("resourceType") is not None:
        return _communication(event, event_id(request), source, None)
    kind = event.required("type", event.line("type"))
    if kind == "ping":
        return Ignored("ping")
    if kind != EVENT_TYPE:
        raise InvalidFieldError("type", f"must be {EVENT_TYPE} or ping")
    occurred_at = event.required("timestamp", event.moment("timestamp"))
    data = event.inner("data")
    if data.line("resourceType") is not None:
        return _communication(data, event_id(request), source, occurred_at)
    message_id = data.required("message_id", data.identifier("message_id"))
    born = record.born_on(data.inner("patient"))
    attachments = record.attachments_from(data)
    text = record.words_from(data, "body", "body_format")
    arrival = Arrival(
        site=source.site,
        source=source.name,
        channel=source.usual_channel,
        event_id=event_id(request),
        requester=_requester(data, source),
        text=data.required("body", text or ("" if attachments else None)),
        subject=data.line("subject") or "",
        language=record.language_from(data),
        context=record.context_from(data.inner("context"), born, occurred_at),
        request_type=record.request_type_from(data),
        # A reply names the first message's id as its thread where the engine has no threads.
        thread=data.identifier("thread_id") or message_id,
        attachments=attachments,
        remarks=() if text else (WITHOUT_WORDS,),
        occurred_at=occurred_at,
    )
    return (arrival,)


def _communication(
    resource: Fields, named: str, source: Source, otherwise_at: datetime | None
) -> Parsed:
    if resource.line("resourceType") != "Communication":
        raise InvalidFieldError(resource.path("resourceType"), "must be Communication")
    if reason := withdrawn(resource):
        return Ignored(reason)
    return (arrival_from(resource, NOTHING_ELSE, source, named, otherwise_at),)


def _requester(data: Fields, source: Source) -> Requester:
    """Whoever wrote. A proxy's own name and addresses count, and the patient's record number."""
    patient, sender = data.inner("patient"), data.inner("sender")
    stated = sender.line("kind") or "patient"
    if stated not in _SENDER_KINDS:
        raise InvalidFieldError(sender.path("kind"), f"must be one of {', '.join(_SENDER_KINDS)}")
    writers = (sender,) if stated == "proxy" else (sender, patient)
    phones = [phone_number(each.line("phone"), source.options.country_code) for each in writers]
    return Requester(
        kind=kind_of(source, _SENDER_KINDS[stated]),
        patient_id=_patient_id(patient, source),
        email=_first([email_address(each.line("email")) for each in writers]),
        phone=_first(phones),
        name=_first([each.line("name") for each in writers]),
        date_of_birth=record.born_on(patient),
        on_behalf=stated == "proxy",
    )


def _patient_id(patient: Fields, source: Source) -> str:
    """The record number, after its assigning system: two systems may give one number twice."""
    stated = patient.identifier("mrn") or patient.identifier("fhir_id")
    number = patient.required("mrn", stated)
    system = patient.line("system")
    own = system is None or system == source.options.patient_system
    return number if own else f"{system}|{number}"


def _first(values: list[str | None]) -> str | None:
    return next(filter(None, values), None)
