"""Microsoft Teams: an outgoing webhook that somebody mentions in a channel."""

import base64
import json
from collections.abc import Mapping

from ops.senders.letter import JSON, Letter, Post, Signed, posted
from triagewire.channels.teams import teams_signature


def sample(letter: Letter) -> Post:
    """A message of nobody."""
    payload = {
        "type": "message",
        "id": letter.event_id,
        "conversation": {"id": "19:triagewire-test"},
        "text": f"<at>Triagewire</at>&nbsp;{letter.text}",
    }
    return signed(letter, payload)


def signed(letter: Letter, payload: Mapping[str, object]) -> Post:
    """Any JSON object."""
    return posted(letter, signed_teams(letter.secret, json.dumps(payload).encode()))


def signed_teams(secret: str, body: bytes) -> Signed:
    """Any bytes, as Teams posts them; the secret is the security token that Teams showed."""
    signature = teams_signature(base64.b64decode(secret), body).decode()
    headers = {"Content-Type": f"{JSON}; charset=utf-8", "Authorization": f"HMAC {signature}"}
    return headers, body
