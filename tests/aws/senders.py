"""Webhooks as integrations post them, shaped as API Gateway hands them over."""

import base64
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ops.senders.epic import signed_epic
from ops.senders.letter import Signed
from ops.senders.postmark import basic_postmark
from ops.senders.standard import signed_standard
from ops.senders.twilio import signed_twilio
from ops.senders.web import signed_web
from tests.aws.deployment import SECRETS
from tests.builders import MONDAY_MORNING, a_requester
from triagewire.arrival import Requester

type Event = dict[str, Any]

ADA = a_requester()


def gateway_event(site: str, source: str, signed: Signed, at: datetime) -> Event:
    """A REST API event of a signed request; the body is binary, as the template says."""
    headers, body = signed
    return {
        "httpMethod": "POST",
        "path": f"/webhook/{site}/{source}",
        "pathParameters": {"site": site, "source": source},
        "headers": dict(headers),
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "body": base64.b64encode(body).decode(),
        "isBase64Encoded": True,
        "requestContext": {"requestTimeEpoch": int(at.timestamp() * 1000)},
    }


def by_portal(
    text: str,
    at: datetime,
    event_id: str,
    who: Requester = ADA,
    site: str = "north",
    occurred: datetime = MONDAY_MORNING,
    **data: Any,  # noqa: ANN401
) -> Event:
    """A message through the EHR's portal, signed and sent `at`; a repetition keeps what it says."""
    payload = {
        "type": "patient_message.received",
        "timestamp": occurred.isoformat(),
        "data": {"message_id": event_id, "body": text, "patient": _patient(who), **data},
    }
    signed = signed_epic(SECRETS["portal"], at, payload, event_id=event_id)
    return gateway_event(site, "portal", signed, at)


def by_phone(text: str, at: datetime, event_id: str, phone: str | None = ADA.phone) -> Event:
    """A voicemail's transcription. It states no name."""
    payload = {
        "TranscriptionSid": event_id,
        "TranscriptionStatus": "completed",
        "TranscriptionText": text,
        "From": phone or "anonymous",
    }
    url = "https://hooks.clinic.example/webhook/north/phone"
    return gateway_event("north", "phone", signed_twilio(SECRETS["phone"], url, payload), at)


def by_mail(
    text: str, at: datetime, event_id: str, email: str | None = ADA.email, **more: object
) -> Event:
    """An e-mail; the name is what its sender calls themselves."""
    payload = {
        "MessageID": event_id,
        "FromFull": {"Email": email, "Name": ADA.name},
        "Subject": "a question",
        "TextBody": text,
        **more,
    }
    return gateway_event("north", "mailbox", basic_postmark(SECRETS["mailbox"], payload), at)


def by_form(text: str, at: datetime, event_id: str, **fields: object) -> Event:
    """The clinic's web form, posted by its own backend."""
    payload = {"text": text, "email": ADA.email, "name": ADA.name, **fields}
    signed = signed_web(SECRETS["form"], at, payload, event_id=event_id)
    return gateway_event("north", "form", signed, at)


def unreadable(at: datetime, event_id: str, payload: Mapping[str, object]) -> Event:
    """A correctly signed body that the portal's contract does not know."""
    signed = signed_standard(SECRETS["portal"], at, payload, event_id=event_id)
    return gateway_event("north", "portal", signed, at)


def _patient(who: Requester) -> dict[str, object]:
    stated = {
        "mrn": who.patient_id,
        "name": who.name,
        "email": who.email,
        "phone": who.phone,
        "date_of_birth": who.date_of_birth.isoformat() if who.date_of_birth else None,
    }
    return {name: value for name, value in stated.items() if value is not None}
