"""The acknowledge link of a notice: who was told of which ticket, and until when, signed.

A token stands in the address of a page and travels by SMS and mail, so it is short and holds
nothing but ids. It is good for one ticket and one person; the key and the time are arguments.
"""

import base64
import binascii
import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from triagewire.errors import BadLinkError
from triagewire.escalation.notice import NoticeKind
from triagewire.ids import TICKET_ID_LENGTH

ASKS = frozenset({NoticeKind.PAGE, NoticeKind.BREACH, NoticeKind.LADDER})
"""The notices that ask somebody to say that they have heard."""

_PURPOSE = b"triagewire acknowledge link\0"
"""What the key signs for another purpose, never passes for a link."""
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
"""The shortest has room for a person of one letter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgeLink:
    """What a genuine token says: its ticket, the member it was sent to, and until when (UTC)."""

    ticket_id: str
    person: str
    expires: datetime


def acknowledge_token(key: bytes, ticket_id: str, person: str, expires: datetime) -> str:
    """The token of one ticket and one person. The same arguments give the same token, so that a
    notice which is sent again has the same link.
    """
    said = _said(ticket_id, person, expires)
    token = base64.urlsafe_b64encode(_proof(key, said) + said + _FORM_ONE)
    return token.decode("ascii").rstrip("=")


def read_acknowledge_token(key: bytes, token: str, now: datetime) -> AcknowledgeLink:
    """What a token says. Raises BadLinkError for one that is malformed, forged, or too old."""
    link = _read(token)
    # Made anew, it must be the same to the letter: there is no second way to write a token.
    genuine = acknowledge_token(key, link.ticket_id, link.person, link.expires)
    if not hmac.compare_digest(genuine, token) or link.expires <= now:
        raise BadLinkError("no link that holds")
    return link


def _read(token: str) -> AcknowledgeLink:
    """What a token claims to say."""
    if not _TOKEN.fullmatch(token):
        raise BadLinkError("no link that holds")
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        said = raw[_PROOF_BYTES : -len(_FORM_ONE)]
        seconds = int.from_bytes(said[:_TIME_BYTES])
        ticket, person = said[_TIME_BYTES:][:_TICKET_BYTES], said[_TIME_BYTES + _TICKET_BYTES :]
        padded = base64.b32encode(ticket + bytes(3)).decode("ascii")
        return AcknowledgeLink(
            ticket_id=padded[:TICKET_ID_LENGTH],
            person=person.decode(),
            expires=datetime.fromtimestamp(seconds, UTC),
        )
    except (binascii.Error, ValueError) as error:
        raise BadLinkError("no link that holds") from error


def _said(ticket_id: str, person: str, expires: datetime) -> bytes:
    ticket = base64.b32decode(ticket_id + "A" * _TICKET_PADDING)[:_TICKET_BYTES]
    return int(expires.timestamp()).to_bytes(_TIME_BYTES) + ticket + person.encode()


def _proof(key: bytes, said: bytes) -> bytes:
    return hmac.new(key, _PURPOSE + said, hashlib.sha256).digest()[:_PROOF_BYTES]
