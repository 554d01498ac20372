"""athenahealth event subscriptions: signed notifications of ids, never of words.

Rules: athenahealth Event Subscription Platform; W3C WebSub §7.1 for the signature. It waits two
seconds for the answer, delivers at least once and in no order.
"""

import hashlib
import hmac
import re
from datetime import datetime

from triagewire.arrival import Arrival, Requester, RequesterKind
from triagewire.channels.ehr.bundle import Bundle, bundle_from
from triagewire.channels.ehr.notification import Event, Notification, notification_in
from triagewire.channels.ehr.values import (
    FHIR_TYPE,
    UNREAD,
    Reference,
    reference_from,
    relative,
)
from triagewire.channels.outcome import answered_200
from triagewire.channels.parsed import Ignored, Parsed
from triagewire.channels.reading.fields import Fields
from triagewire.channels.reading.identities import kind_of
from triagewire.channels.reading.payload import JSON_TYPE, json_body
from triagewire.channels.request import WebhookRequest
from triagewire.channels.signatures import fits_any, needed_header, refusing
from triagewire.channels.source import Source
from triagewire.errors import InvalidFieldError, RefusedError
from triagewire.ids import derived_event_id

# Its own sample application is sent text/plain.
MEDIA_TYPES = frozenset({FHIR_TYPE, JSON_TYPE, "text/plain"})
METHODS = frozenset({"POST"})
MOST_EVENTS = 100

_HEADER = "x-hub-signature"
_METHOD = "sha256"
_PATIENT_SYSTEM = re.compile(r"urn:athenahealth:athenanet:patient:[0-9]+")
_PATIENT = re.compile(r"Patient/a-(?P<practice>[0-9]+)\.E-(?P<number>[0-9]+)")
_TOPIC = re.compile(r"[A-Za-z]{1,40}\.[a-z-]{1,40}")
# Changes of the record, which nobody wrote to anybody. What is not among them may be a message.
_RECORD_KEEPING = frozenset(
    {"Appointment", "Claim", "ClinicalEncounterDiagnosis", "Encounter", "HistoricalMedication"}
    | {"HistoricalVaccine", "ImagingResult", "LabResult", "Order", "Patient", "PatientProblem"}
    | {"Prescription", "Provider", "ReferringProvider"}
)
# A pharmacy or a patient asks for these.
_ASKED_FOR = frozenset({"Prescription.refill-create", "Prescription.refill-update"})

shaped = answered_200


@refusing
def verify(
    request: WebhookRequest, _source: Source, secrets: tuple[str, ...], _now: datetime
) -> None:
    """`X-Hub-Signature`: `sha256=` and the hex HMAC-SHA256 over the raw body; no other method."""
    given = needed_header(request, _HEADER)
    if given.partition("=")[0] != _METHOD:
        raise RefusedError(401, f"{_HEADER}: the method must be {_METHOD}")
    if not fits_any(given, (hub_signature(secret, request.body) for secret in secrets)):
        raise RefusedError(401, f"{_HEADER}: fits no secret of this source")


def hub_signature(secret: str, body: bytes) -> bytes:
    """The header's value."""
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return f"{_METHOD}={digest}".encode()


def parse(request: WebhookRequest, source: Source, _now: datetime) -> Parsed:
    """Each event of a topic that may be a message; events of record keeping are ignored."""
    resource = json_body(request)
    if resource.line("resourceType") != "Bundle":
        raise InvalidFieldError("resourceType", "must be Bundle")
    bundle = bundle_from(resource)
    notification = notification_in(bundle)
    if notification is None:
        raise InvalidFieldError("entry", "holds no SubscriptionStatus")
    if notification.silent:
        return Ignored(notification.silent)
    if not 1 <= len(notification.events) <= MOST_EVENTS:
        raise InvalidFieldError("notificationEvent", f"must have 1 to {MOST_EVENTS} events")
    told = [(event, _topic(event, notification, bundle)) for event in notification.events]
    spoken = [(event, topic) for event, topic in told if not _is_record_keeping(topic)]
    if not spoken:
        family = told[0][1].partition(".")[0]
        return Ignored(f"no message: an event of {family}")
    return tuple(
        _arrival(event, topic, bundle, source, event.id or _derived(event, topic, source, request))
        for event, topic in spoken
    )


def _topic(event: Event, notification: Notification, bundle: Bundle) -> str:
    """`PatientCase.create`: the end of the topic's address, else what the audit says."""
    named = notification.topic.rpartition("/")[2]
    if not named and (audit := _audit(event, bundle)) is not None:
        named = audit.inner("type").line("code") or ""
    return named if _TOPIC.fullmatch(named) else ""


def _is_record_keeping(topic: str) -> bool:
    return topic.partition(".")[0] in _RECORD_KEEPING and topic not in _ASKED_FOR


def _arrival(event: Event, topic: str, bundle: Bundle, source: Source, event_id: str) -> Arrival:
    case = _case(event)
    return Arrival(
        site=source.site,
        source=source.name,
        channel=source.usual_channel,
        event_id=event_id,
        requester=Requester(
            kind=kind_of(source, RequesterKind.UNKNOWN),
            patient_id=_patient_id(event, bundle),
        ),
        text="",
        thread=case,
        pointer=case or event_id,
        remarks=(f"{topic or 'an event of an unknown topic'}: {UNREAD}",),
        occurred_at=event.at,
    )


def _derived(event: Event, topic: str, source: Source, request: WebhookRequest) -> str:
    """For an event without its id. Its number counts within the bundle, so it tells nothing."""
    at = event.at.isoformat() if event.at else ""
    about = "\0".join((event.focus.literal or "", event.focus.token or "", at))
    told = f"{topic}\0{about}".encode() if about.strip("\0") else request.body
    return derived_event_id(source.site, source.name, told)


def _case(event: Event) -> str | None:
    """What the event is about: athenahealth's own identifier, which most have, else the address."""
    if event.focus.token:
        return event.focus.token
    return relative(event.focus.literal) if event.focus.literal else None


def _audit(event: Event, bundle: Bundle) -> Fields | None:
    """The AuditEvent that goes by the event's id."""
    return bundle.find(Reference(literal=f"AuditEvent/{event.id}")) if event.id else None


def _patient_id(event: Event, bundle: Bundle) -> str | None:
    """The patient, in one form wherever it is named: `urn:…:patient:<practice>|<number>`."""
    audit = _audit(event, bundle)
    named = [*event.around, event.focus, *(_audited(audit) if audit is not None else ())]
    return next(filter(None, map(_number, named)), None)


def _audited(audit: Fields) -> tuple[Reference, ...]:
    return tuple(
        reference_from(each, "valueReference")
        for each in audit.objects("extension")
        # Its address comes with http and with https.
        if (each.line("url") or "").endswith("/extension-AuditEvent.patient")
    )


def _number(reference: Reference) -> str | None:
    if _PATIENT_SYSTEM.fullmatch(reference.system or ""):
        return reference.token
    found = _PATIENT.fullmatch(relative(reference.literal or ""))
    if found is None:
        return None
    return f"urn:athenahealth:athenanet:patient:{found['practice']}|{found['number']}"
