"""Links that prove themselves: what they say, signed for one purpose, as one word of an address.

The key and what is said are arguments, so the same link is made again to the letter.
"""

import base64
import binascii
import hashlib
import hmac
import re
from datetime import UTC, datetime

from triagewire.errors import BadLinkError
from triagewire.ids import TICKET_ID_LENGTH

TICKET_BYTES = 17
"""26 characters of base32 are 130 bits."""
TIME_BYTES = 4
_PROOF_BYTES = 16
_TICKET_PADDING = 6
_FORM_ONE = b"\x01"
"""The form of a token comes last: it makes its last character a letter, for programs that make
addresses of what people write take a final dash for punctuation.
"""
_TOKEN = re.compile(r"[A-Za-z0-9_-]{40,400}")


def sign(key: bytes, purpose: bytes, said: bytes) -> str:
    """The token that says `said`; what a key signs for another purpose never passes for it."""
    token = base64.urlsafe_b64encode(_proof(key, purpose, said) + said + _FORM_ONE)
    return token.decode("ascii").rstrip("=")


def signed_words(key: bytes, purpose: bytes, token: str) -> bytes:
    """What a genuine token says. Raises BadLinkError for one that is malformed or forged."""
    if not _TOKEN.fullmatch(token):
        raise BadLinkError("no link that holds")
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (binascii.Error, ValueError) as error:
        raise BadLinkError("no link that holds") from error
    said = raw[_PROOF_BYTES : -len(_FORM_ONE)]
    # Made anew, it must be the same to the letter: there is no second way to write a token.
    if not hmac.compare_digest(sign(key, purpose, said), token):
        raise BadLinkError("no link that holds")
    return said


def ticket_bytes(ticket_id: str) -> bytes:
    """A ticket's id as short as it can be."""
    return base64.b32decode(ticket_id + "A" * _TICKET_PADDING)[:TICKET_BYTES]


def ticket_of_bytes(said: bytes) -> str:
    """The ticket's id again."""
    return base64.b32encode(said + bytes(3)).decode("ascii")[:TICKET_ID_LENGTH]


def time_bytes(at: datetime) -> bytes:
    """A time to the second."""
    return int(at.timestamp()).to_bytes(TIME_BYTES)


def time_of_bytes(said: bytes) -> datetime:
    """The time again, in UTC."""
    return datetime.fromtimestamp(int.from_bytes(said), UTC)


def _proof(key: bytes, purpose: bytes, said: bytes) -> bytes:
    return hmac.new(key, purpose + b"\0" + said, hashlib.sha256).digest()[:_PROOF_BYTES]
