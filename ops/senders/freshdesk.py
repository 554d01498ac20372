"""Freshdesk: an automation rule."""

import json
from collections.abc import Mapping

from ops.senders.letter import JSON, Letter, Post, new_token, posted, templated
from triagewire.channels.signatures import SHARED_HEADER

new_secret = new_token


def sample(letter: Letter) -> Post:
    """A new ticket of nobody; the source's map names its parts."""
    usual = {
        "thread": ("ticket_id", letter.event_id),
        "subject": ("ticket_subject", "Test"),
        "text": ("ticket_description", letter.text),
    }
    hook = {"triggered_event": "{ticket_action:created}", **templated(letter, usual)}
    return signed(letter, {"freshdesk_webhook": hook})


def signed(letter: Letter, payload: Mapping[str, object]) -> Post:
    """Any JSON object."""
    header = letter.source.options.header or SHARED_HEADER
    headers = {"Content-Type": JSON, header: letter.secret}
    return posted(letter, (headers, json.dumps(payload).encode()))
