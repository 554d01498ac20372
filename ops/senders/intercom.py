"""Intercom: a conversation that a contact opens."""

import json
from collections.abc import Mapping

from ops.senders.letter import JSON, Letter, Post, Signed, posted
from triagewire.channels.intercom import SIGNATURE, intercom_signature


def sample(letter: Letter) -> Post:
    """A conversation of nobody."""
    item = {
        "type": "conversation",
        "id": letter.event_id,
        "source": {"body": f"<p>{letter.text}</p>", "author": {"type": "lead"}},
    }
    payload = {
        "type": "notification_event",
        "id": letter.event_id,
        "topic": "conversation.user.created",
        "data": {"item": item},
    }
    return signed(letter, payload)


def signed(letter: Letter, payload: Mapping[str, object]) -> Post:
    """Any JSON object."""
    return posted(letter, signed_intercom(letter.secret, json.dumps(payload).encode()))


def signed_intercom(secret: str, body: bytes) -> Signed:
    """Any bytes, as Intercom posts them. It signs no time."""
    signature = intercom_signature(secret, body).decode()
    return {"Content-Type": JSON, SIGNATURE: signature}, body
