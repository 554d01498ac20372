"""What a reply says that leaves by webhook: the body and the headers of Standard Webhooks.

Contract: docs/replies.md.
"""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Sequence
from datetime import UTC, datetime

from triagewire.arrival import Requester
from triagewire.message import Message
from triagewire.ticket import Ticket

CREATED = "reply.created"
PREFIX = "whsec_"


def event_id(ticket_id: str, message: str) -> str:
    """The `webhook-id` of a message: the same at every try, so that a receiver can tell them."""
    digest = hashlib.sha256(f"{ticket_id}\0{message}".encode()).digest()
    return f"msg_{base64.b32encode(digest).decode('ascii')[:26].lower()}"


def event_body(message_id: str, message: Message, ticket: Ticket, source: str) -> bytes:
    """The JSON of a reply; the same at every try."""
    event = {
        "type": CREATED,
        "timestamp": message.at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "data": {
            "ticket": ticket.id,
            "site": ticket.site,
            "source": source,
            "thread": message.thread,
            "message": message_id,
            "subject": message.subject,
            "text": message.text,
            "language": message.language,
            "automatic": message.automatic,
            "requester": _requester(ticket.requester),
        },
    }
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def event_headers(
    identity: str, body: bytes, secrets: Sequence[str], now: datetime
) -> dict[str, str]:
    """The headers of one try, with a signature for each live secret while they are in rotation.

    Raises ValueError without a secret that is a key.
    """
    keys = [key for secret in secrets if (key := _key(secret))]
    if not keys:
        raise ValueError("no secret of the receiver is a key")
    seconds = str(int(now.timestamp()))
    content = b".".join((identity.encode(), seconds.encode(), body))
    return {
        "content-type": "application/json; charset=utf-8",
        "webhook-id": identity,
        "webhook-timestamp": seconds,
        "webhook-signature": " ".join(_signature(key, content) for key in keys),
    }


def _requester(requester: Requester) -> dict[str, str]:
    """Who asked, with the identities that the sender gave and no others."""
    stated = {
        "patient_id": requester.patient_id,
        "email": requester.email,
        "phone": requester.phone,
    }
    return {"kind": requester.kind.value, **{name: each for name, each in stated.items() if each}}


def _signature(key: bytes, content: bytes) -> str:
    digest = hmac.new(key, content, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode('ascii')}"


def _key(secret: str) -> bytes:
    try:
        return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        return b""
