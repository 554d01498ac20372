"""Gravity Forms: an entry of a WordPress form."""

import json
from collections.abc import Mapping

from ops.senders.letter import JSON, Letter, Post, new_token, posted
from triagewire.channels.signatures import SHARED_HEADER

new_secret = new_token


def sample(letter: Letter) -> Post:
    """An entry with one field; the source's map names it."""
    asked = letter.source.options.fields.get("text", "1").partition(",")[0]
    return signed(letter, {"id": letter.event_id, "form_id": "1", asked: letter.text})


def signed(letter: Letter, payload: Mapping[str, object]) -> Post:
    """Any JSON object."""
    header = letter.source.options.header or SHARED_HEADER
    headers = {"Content-Type": JSON, header: letter.secret}
    return posted(letter, (headers, json.dumps(payload).encode()))
