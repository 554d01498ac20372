"""A FHIR server: subscription notifications and single messages, with the subscription's header."""

import json
from collections.abc import Mapping
from typing import Any

from ops.senders.letter import Letter, Post, Signed, new_token, posted
from triagewire.channels.ehr.values import FHIR_TYPE
from triagewire.channels.fhir import USUAL_HEADER
from triagewire.channels.source import Source

new_secret = new_token


def sample(letter: Letter) -> Post:
    """A notification (R4 backport) with a whole message of nobody: its patient is no patient."""
    address = f"Communication/{letter.event_id}"
    communication = {
        "resourceType": "Communication",
        "id": letter.event_id,
        "status": "completed",
        "sent": letter.now.isoformat(),
        "payload": [{"contentString": letter.text}],
    }
    payload = {
        "resourceType": "Bundle",
        "type": "history",
        "timestamp": letter.now.isoformat(),
        "entry": [
            {"resource": _status(letter, address)},
            {"fullUrl": f"https://fhir.example/{address}", "resource": communication},
        ],
    }
    return signed(letter, payload)


def signed(letter: Letter, payload: Mapping[str, object]) -> Post:
    """Any resource."""
    return posted(letter, headed_fhir(letter.secret, payload, letter.source))


def headed_fhir(secret: str, payload: Mapping[str, object], source: Source | None = None) -> Signed:
    """A resource with the header of the source's subscription."""
    header = (source.options.header if source else "") or USUAL_HEADER
    given = f"Bearer {secret}" if header.lower() == USUAL_HEADER else secret
    return {"Content-Type": FHIR_TYPE, header: given}, json.dumps(payload).encode()


def _status(letter: Letter, address: str) -> dict[str, Any]:
    event = [
        {"name": "event-number", "valueString": letter.event_id},
        {"name": "timestamp", "valueInstant": letter.now.isoformat()},
        {"name": "focus", "valueReference": {"reference": address}},
    ]
    return {
        "resourceType": "Parameters",
        "parameter": [
            {"name": "subscription", "valueReference": {"reference": "Subscription/test"}},
            {"name": "status", "valueCode": "active"},
            {"name": "type", "valueCode": "event-notification"},
            {"name": "notification-event", "part": event},
        ],
    }
