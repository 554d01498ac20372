"""Identifiers that a retry computes again: a ticket's key is its idempotency record."""

import base64
import hashlib

TICKET_ID_LENGTH = 26
"""Characters of base32: 130 bits, so two events never share an id by chance."""


def ticket_id(site: str, source: str, event_id: str) -> str:
    """The one ticket of this event: equal for every copy of it, of every sender's retry, for ever.

    Site and source names hold no NUL (see `channels.source`), so the joined text is unambiguous.
    """
    digest = _digest(site, source, event_id.encode("utf-8", "surrogatepass"))
    return base64.b32encode(digest).decode("ascii")[:TICKET_ID_LENGTH]


def derived_event_id(site: str, source: str, content: bytes) -> str:
    """An event id for a message whose sender gave none: the same content gives the same id."""
    return f"derived:sha256:{_digest(site, source, content).hex()}"


def _digest(site: str, source: str, rest: bytes) -> bytes:
    return hashlib.sha256(b"\0".join((site.encode(), source.encode(), rest))).digest()
