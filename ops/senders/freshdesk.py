"""Freshdesk: an automation rule."""

import json
from collections.abc import Mapping

from ops.senders.letter import JSON, Letter, Post, new_token, posted
from triagewire.channels.freshdesk import SHARED_HEADER

new_secret = new_token


def sample(letter: Letter) -> Post:
    """A new ticket of nobody."""
    payload = {
        "triggered_event": "{ticket_action:created}",
        "ticket_id": letter.event_id,
        "ticket_subject": "Test",
        "ticket_description": letter.text,
    }
    return signed(letter, {"freshdesk_webhook": payload})


def signed(letter: Letter, payload: Mapping[str, object]) -> Post:
    """Any JSON object."""
    header = letter.source.options.header or SHARED_HEADER
    headers = {"Content-Type": JSON, header: letter.secret}
    return posted(letter, (headers, json.dumps(payload).encode()))
