"""Links that prove themselves: a ticket, a time and a word more, signed for one purpose, as one
word of an address.

A token travels by SMS and mail, so it is short and holds nothing but ids. The key and what is said
are arguments: the same link is made again to the letter.
"""

import base64
import binascii
import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from triagewire.errors import BadLinkError
from triagewire.ids import TICKET_ID_LENGTH

ACKNOWLEDGE = b"triagewire acknowledge link"
FEEDBACK = b"triagewire feedback link"
CALLBACK = b"triagewire automation callback"
"""What links are signed for: a link of one purpose opens nothing of another."""

_PROOF_BYTES = 16
_TIME_BYTES = 4
_TICKET_BYTES = 17
"""26 characters of base32 are 130 bits."""
_TICKET_PADDING = 6
_FORM_ONE = b"\x01"
"""The form of a token comes last: it makes its last character a letter, for programs that make
addresses of what people write take a final dash for punctuation.
"""
_TOKEN = re.compile(r"[A-Za-z0-9_-]{52,400}")
"""The shortest has room for one letter more than the ticket and the time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a link says: of which ticket, of when (UTC, to the second), and whatever its purpose
    needs besides.
    """

    ticket_id: str
    at: datetime
    rest: str


def signed(key: bytes, purpose: bytes, said: Said) -> str:
    """The token of a link; what a key signs for another purpose never passes for it."""
    return _token(key, purpose, _bytes(said))


def read_signed(key: bytes, purpose: bytes, token: str) -> Said:
    """What a genuine token says. Raises BadLinkError for one that is malformed or forged."""
    if not _TOKEN.fullmatch(token):
        raise BadLinkError("no link that holds")
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        words = raw[_PROOF_BYTES : -len(_FORM_ONE)]
        said = _said(words)
    except (binascii.Error, ValueError) as error:
        raise BadLinkError("no link that holds") from error
    # Made anew, it must be the same to the letter: there is no second way to write a token.
    if not hmac.compare_digest(_token(key, purpose, words), token):
        raise BadLinkError("no link that holds")
    return said


def _bytes(said: Said) -> bytes:
    ticket = base64.b32decode(said.ticket_id + "A" * _TICKET_PADDING)[:_TICKET_BYTES]
    return int(said.at.timestamp()).to_bytes(_TIME_BYTES) + ticket + said.rest.encode()


def _said(words: bytes) -> Said:
    seconds = int.from_bytes(words[:_TIME_BYTES])
    ticket, rest = words[_TIME_BYTES:][:_TICKET_BYTES], words[_TIME_BYTES + _TICKET_BYTES :]
    padded = base64.b32encode(ticket + bytes(3)).decode("ascii")
    return Said(
        ticket_id=padded[:TICKET_ID_LENGTH],
        at=datetime.fromtimestamp(seconds, UTC),
        rest=rest.decode(),
    )


def _token(key: bytes, purpose: bytes, words: bytes) -> str:
    proof = hmac.new(key, purpose + b"\0" + words, hashlib.sha256).digest()[:_PROOF_BYTES]
    return base64.urlsafe_b64encode(proof + words + _FORM_ONE).decode("ascii").rstrip("=")
