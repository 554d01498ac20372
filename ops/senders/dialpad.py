"""Dialpad: a text message, as a signed token."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping

from ops.senders.letter import Letter, Post, Signed, new_token, posted

new_secret = new_token

MEDIA_TYPE = "application/jwt"


def sample(letter: Letter) -> Post:
    """A text message from a hidden number."""
    payload = {
        "id": letter.event_id,
        "direction": "inbound",
        "from_number": "blocked",
        "text": letter.text,
    }
    return signed(letter, payload)


def signed(letter: Letter, payload: Mapping[str, object]) -> Post:
    """Any event."""
    return posted(letter, signed_dialpad(letter.secret, payload))


def signed_dialpad(secret: str, payload: Mapping[str, object]) -> Signed:
    """An event as the token that Dialpad makes of it."""
    return {"Content-Type": MEDIA_TYPE}, token(secret, json.dumps(payload).encode())


def token(secret: str, content: bytes, **header: object) -> bytes:
    """A compact JWS (RFC 7515 §7.1) over any bytes."""
    first = json.dumps({"alg": "HS256", "typ": "JWT", **header}).encode()
    signing = b".".join(map(_base64url, (first, content)))
    proof = hmac.new(secret.encode(), signing, hashlib.sha256).digest()
    return b".".join((signing, _base64url(proof)))


def _base64url(content: bytes) -> bytes:
    return base64.urlsafe_b64encode(content).rstrip(b"=")
