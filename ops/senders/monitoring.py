"""Monitoring tools: JSON with a shared secret in a header."""

import json
from collections.abc import Mapping

from ops.senders.letter import JSON, Letter, Post, new_token, posted, templated
from triagewire.channels.signatures import SHARED_HEADER

new_secret = new_token


def sample(letter: Letter) -> Post:
    """An alarm of no particular tool; the source's map names its parts."""
    usual = {
        "id": ("id", letter.event_id),
        "title": ("title", "Triagewire test alarm"),
        "text": ("text", letter.text),
        "state": ("state", "alarm"),
    }
    return signed(letter, templated(letter, usual))


def signed(letter: Letter, payload: Mapping[str, object]) -> Post:
    """Any JSON object."""
    headers = {"Content-Type": JSON, letter.source.options.header or SHARED_HEADER: letter.secret}
    return posted(letter, (headers, json.dumps(payload).encode()))
