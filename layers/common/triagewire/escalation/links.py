"""The acknowledge link of a notice: who was told of which ticket, and until when, signed.

A token stands in the address of a page and travels by SMS and mail, so it is short and holds
nothing but ids. It is good for one ticket and one person; the key and the time are arguments.
"""

from dataclasses import dataclass
from datetime import datetime

from triagewire.errors import BadLinkError
from triagewire.escalation.notice import NoticeKind
from triagewire.signed import ACKNOWLEDGE, Said, read_signed, signed

ASKS = frozenset({NoticeKind.PAGE, NoticeKind.BREACH, NoticeKind.LADDER})
"""The notices that ask somebody to say that they have heard."""


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
    return signed(key, ACKNOWLEDGE, Said(ticket_id=ticket_id, at=expires, rest=person))


def read_acknowledge_token(key: bytes, token: str, now: datetime) -> AcknowledgeLink:
    """What a token says. Raises BadLinkError for one that is malformed, forged, or too old."""
    said = read_signed(key, ACKNOWLEDGE, token)
    if said.at <= now:
        raise BadLinkError("no link that holds")
    return AcknowledgeLink(ticket_id=said.ticket_id, person=said.rest, expires=said.at)
