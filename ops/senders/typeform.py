"""Typeform: a response to a form."""

import json
from collections.abc import Mapping

from ops.senders.letter import JSON, Letter, Post, Signed, new_token, posted
from triagewire.channels.typeform import typeform_signature

new_secret = new_token


def sample(letter: Letter) -> Post:
    """A form with one long question; the source's map names it, or its type does."""
    options = letter.source.options
    field = {
        "id": "sample",
        "ref": options.fields.get("text", "sample").partition(",")[0],
        "type": "long_text",
    }
    response = {
        "submitted_at": letter.now.isoformat(),
        "definition": {"fields": [{**field, "title": "How can we help?"}]},
        "answers": [{"type": "text", "text": letter.text, "field": field}],
    }
    payload = {
        "event_id": letter.event_id,
        "event_type": "form_response",
        "form_response": response,
    }
    return signed(letter, payload)


def signed(letter: Letter, payload: Mapping[str, object]) -> Post:
    """Any JSON object."""
    return posted(letter, signed_typeform(letter.secret, payload))


def signed_typeform(secret: str, payload: Mapping[str, object]) -> Signed:
    """A Typeform webhook. Typeform signs no time."""
    body = json.dumps(payload).encode()
    headers = {
        "Content-Type": JSON,
        "Typeform-Signature": typeform_signature(secret, body).decode(),
    }
    return headers, body
