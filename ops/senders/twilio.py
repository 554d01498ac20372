"""Twilio: text messages and voicemail."""

from collections.abc import Mapping
from urllib.parse import urlencode

from ops.senders.letter import FORM, Letter, Post, Signed, posted
from triagewire.channels.twilio import twilio_signature


def sample(letter: Letter) -> Post:
    """A text message from a hidden number."""
    payload = {"MessageSid": letter.event_id, "From": "anonymous", "Body": letter.text}
    return signed(letter, payload)


def signed(letter: Letter, payload: Mapping[str, object]) -> Post:
    """Any form fields. A form has no null: what is None is left out."""
    fields = {name: str(value) for name, value in payload.items() if value is not None}
    return posted(letter, signed_twilio(letter.secret, letter.url, fields))


def signed_twilio(secret: str, url: str, payload: Mapping[str, str]) -> Signed:
    """A Twilio callback to exactly this URL. Twilio signs no time."""
    signature = twilio_signature(secret, url, payload.items())
    headers = {"Content-Type": FORM, "X-Twilio-Signature": signature.decode()}
    return headers, urlencode(payload).encode()
