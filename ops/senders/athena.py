"""athenahealth: notifications of ids, signed as WebSub says."""

import json
from collections.abc import Mapping

from ops.senders.letter import Letter, Post, Signed, new_token, posted
from triagewire.channels.athena import hub_signature
from triagewire.channels.ehr.values import FHIR_TYPE

new_secret = new_token

_TOPICS = "https://api.platform.athenahealth.example/fhir/r4/SubscriptionTopic"


def sample(letter: Letter) -> Post:
    """A new patient case of nobody; such a notification carries no text."""
    event = {
        "id": letter.event_id,
        "eventNumber": "1",
        "timestamp": letter.now.isoformat(),
        "focus": {
            "identifier": {"system": "urn:athenahealth:athenanet:patientcase:0", "value": "0"}
        },
    }
    status = {
        "resourceType": "SubscriptionStatus",
        "status": "active",
        "type": "event-notification",
        "notificationEvent": [event],
        "subscription": {"reference": "Subscription/test"},
        "topic": f"{_TOPICS}/PatientCase.create",
    }
    entries = [{"resource": status}]
    return signed(letter, {"resourceType": "Bundle", "type": "history", "entry": entries})


def signed(letter: Letter, payload: Mapping[str, object]) -> Post:
    """Any notification."""
    return posted(letter, signed_athena(letter.secret, json.dumps(payload).encode()))


def signed_athena(secret: str, body: bytes) -> Signed:
    """Exactly these bytes."""
    signature = hub_signature(secret, body).decode()
    return {"Content-Type": FHIR_TYPE, "X-Hub-Signature": signature}, body
