"""Postmark: inbound mail."""

import base64
import json
from collections.abc import Mapping

from ops.senders.letter import JSON, Letter, Post, Signed, new_credentials, posted

new_secret = new_credentials


def sample(letter: Letter) -> Post:
    """A mail without a sender's address."""
    payload = {"MessageID": letter.event_id, "Subject": "Test", "TextBody": letter.text}
    return signed(letter, payload)


def signed(letter: Letter, payload: Mapping[str, object]) -> Post:
    """Any JSON object."""
    return posted(letter, basic_postmark(letter.secret, payload))


def basic_postmark(secret: str, payload: Mapping[str, object]) -> Signed:
    """A Postmark inbound mail; the secret is `user:password`."""
    credentials = base64.b64encode(secret.encode()).decode()
    headers = {"Content-Type": JSON, "Authorization": f"Basic {credentials}"}
    return headers, json.dumps(payload).encode()
