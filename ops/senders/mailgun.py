"""Mailgun: a mail as form fields."""

import json
from collections.abc import Mapping
from urllib.parse import urlencode

from ops.senders.letter import FORM, Letter, Post, posted
from triagewire.channels.mailgun import mailgun_signature


def sample(letter: Letter) -> Post:
    """A mail of nobody in particular."""
    payload = {
        "subject": "Test",
        "body-plain": letter.text,
        "message-headers": [["Message-Id", f"<{letter.event_id}@mail.example>"]],
    }
    return signed(letter, payload)


def signed(letter: Letter, payload: Mapping[str, object]) -> Post:
    """Any fields, each as text or as JSON; the event's id is the token."""
    fields = {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in payload.items()
    }
    encoded = urlencode({**fields, **proof(letter)}, errors="surrogatepass")
    return posted(letter, ({"Content-Type": FORM}, encoded.encode()))


def proof(letter: Letter) -> dict[str, str]:
    """Time, token and their signature, which go among the fields of a form."""
    seconds = str(int(letter.now.timestamp()))
    signature = mailgun_signature(letter.secret, seconds, letter.event_id).decode()
    return {"timestamp": seconds, "token": letter.event_id, "signature": signature}
