"""Standard Webhooks: an own program, a backend's form, and the EHR's integration engine."""

import base64
import json
from collections.abc import Mapping
from datetime import datetime

from ops.senders.letter import JSON, Letter, Post, Signed, new_signing_key, posted
from triagewire.channels.signatures import standard_signature

new_secret = new_signing_key


def sample(letter: Letter) -> Post:
    """A request for help."""
    return signed(letter, {"type": "request.created", "data": {"text": letter.text}})


def signed(letter: Letter, payload: Mapping[str, object]) -> Post:
    """Any JSON object."""
    return posted(
        letter, signed_standard(letter.secret, letter.now, payload, event_id=letter.event_id)
    )


def signed_standard(
    secret: str, now: datetime, payload: Mapping[str, object], *, event_id: str
) -> Signed:
    """A Standard Webhooks request. A retry has the same event id."""
    return signed_body(secret, now, json.dumps(payload).encode(), event_id, JSON)


def signed_body(secret: str, now: datetime, body: bytes, event_id: str, media_type: str) -> Signed:
    """Any bytes as a Standard Webhooks request."""
    seconds = str(int(now.timestamp()))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    content = b".".join((event_id.encode(), seconds.encode(), body))
    return {
        "Content-Type": media_type,
        "webhook-id": event_id,
        "webhook-timestamp": seconds,
        "webhook-signature": standard_signature(key, content).decode(),
    }, body
