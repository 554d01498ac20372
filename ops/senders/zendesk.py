"""Zendesk: an event subscription, and a trigger."""

import json
from collections.abc import Mapping
from datetime import datetime

from ops.senders.letter import JSON, Letter, Post, Signed, posted, templated
from triagewire.channels.zendesk import INVOCATION, SIGNATURE, TIMESTAMP, zendesk_signature


def sample(letter: Letter) -> Post:
    """A ticket of nobody by our own trigger template, or by the one that the source's map names."""
    usual = {
        "thread": ("ticket_id", letter.event_id),
        "subject": ("subject", "Test"),
        "text": ("text", letter.text),
    }
    return signed(letter, templated(letter, usual))


def signed(letter: Letter, payload: Mapping[str, object]) -> Post:
    """Any JSON object."""
    body = json.dumps(payload).encode()
    return posted(letter, signed_zendesk(letter.secret, letter.now, body, letter.event_id))


def signed_zendesk(
    secret: str, now: datetime, body: bytes, invocation: str, media_type: str = JSON
) -> Signed:
    """Any bytes, as Zendesk posts them. A retry has the same invocation."""
    moment = now.isoformat().replace("+00:00", "Z")
    return {
        "Content-Type": media_type,
        SIGNATURE: zendesk_signature(secret, moment, body).decode(),
        TIMESTAMP: moment,
        INVOCATION: invocation,
    }, body
