"""Cursors: where the next page of a list begins, signed.

A cursor is good for one list with its filters and for who got it. It holds a place in an index,
which nobody may make up: the key is an argument.
"""

import base64
import binascii
import hashlib
import hmac
import json
import re

from triagewire.errors import BadCursorError

_PURPOSE = b"triagewire cursor\0"
"""What the key signs for another purpose never passes for a cursor."""
_PROOF_BYTES = 16
_CURSOR = re.compile(r"[A-Za-z0-9_-]{22,800}")


def cursor_of(key: bytes, place: str, *bound: object) -> str:
    """The cursor of a place in what `bound` describes: the list, its filters, the caller."""
    said = place.encode()
    return base64.urlsafe_b64encode(_proof(key, said, bound) + said).decode("ascii").rstrip("=")


def place_of(key: bytes, cursor: str, *bound: object) -> str:
    """The place that a cursor names. Raises BadCursorError for one that was not given for it."""
    if not _CURSOR.fullmatch(cursor):
        raise BadCursorError("no cursor of this list")
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        place = raw[_PROOF_BYTES:].decode()
    except (binascii.Error, ValueError) as error:
        raise BadCursorError("no cursor of this list") from error
    # Made anew, it must be the same to the letter: there is no second way to write a cursor.
    if not hmac.compare_digest(cursor_of(key, place, *bound), cursor):
        raise BadCursorError("no cursor of this list")
    return place


def _proof(key: bytes, said: bytes, bound: tuple[object, ...]) -> bytes:
    about = json.dumps(bound, separators=(",", ":")).encode()
    length = len(about).to_bytes(4)
    return hmac.new(key, _PURPOSE + length + about + said, hashlib.sha256).digest()[:_PROOF_BYTES]
