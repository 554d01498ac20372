"""Identifiers that a retry computes again: a ticket's key is its idempotency record."""

import base64
import hashlib
import hmac
import re

TICKET_ID_LENGTH = 26
"""Characters of base32: 130 bits, so two events never share an id by chance."""

_PROOF_LENGTH = 16
"""Characters of base32: 80 bits, which nobody guesses by writing mails."""
_THREAD_TOKEN = re.compile(r"\btw-([a-z2-7]{26})-([a-z2-7]{16})\b", re.IGNORECASE)


def ticket_id(site: str, source: str, event_id: str) -> str:
    """The one ticket of this event: equal for every copy of it, of every sender's retry, for ever.

    Site and source names hold no NUL (see `channels.source`), so the joined text is unambiguous.
    """
    digest = _digest(site, source, event_id.encode("utf-8", "surrogatepass"))
    return base64.b32encode(digest).decode("ascii")[:TICKET_ID_LENGTH]


def derived_event_id(site: str, source: str, content: bytes) -> str:
    """An event id for a message whose sender gave none: the same content gives the same id."""
    return f"derived:sha256:{_digest(site, source, content).hex()}"


def thread_token(key: bytes, ticket_id: str) -> str:
    """What an answer carries back to us to land on its ticket: in an address or a mail's headers.

    Only letters, digits and dashes, and the same in capitals: mail systems fold addresses.
    """
    return f"tw-{ticket_id.lower()}-{_proof(key, ticket_id)}"


def find_thread_token(text: str) -> str | None:
    """The first thing in a text that has the form of a thread token; it may still be forged."""
    found = _THREAD_TOKEN.search(text)
    return found[0].lower() if found else None


def ticket_of_token(key: bytes, token: str) -> str | None:
    """The ticket that a genuine token names, else None."""
    found = _THREAD_TOKEN.fullmatch(token)
    if found is None:
        return None
    named = found[1].upper()
    genuine = hmac.compare_digest(_proof(key, named).encode(), found[2].lower().encode())
    return named if genuine else None


def _proof(key: bytes, ticket_id: str) -> str:
    digest = hmac.new(key, b"thread\0" + ticket_id.encode(), hashlib.sha256).digest()
    return base64.b32encode(digest).decode("ascii")[:_PROOF_LENGTH].lower()


def _digest(site: str, source: str, rest: bytes) -> bytes:
    return hashlib.sha256(b"\0".join((site.encode(), source.encode(), rest))).digest()
