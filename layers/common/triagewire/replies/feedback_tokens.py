"""The link by which a requester says how they were served: of one question about one ticket, or of
one article that was to answer them.

A text that is stored holds only a mark where the link goes: who reads the ticket at the desk cannot
answer for the requester. The link is put in when the text leaves.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from triagewire.errors import BadLinkError
from triagewire.message import Message
from triagewire.signed import FEEDBACK, Said, read_signed, signed

FEEDBACK_LINK = "[[feedback link]]"
"""What a stored text says where the link goes."""
HOLDS = timedelta(days=14)
"""How long a link may be used. A requester is asked at most once in 30 days, so of two questions
only one can be answered."""
SURVEY = "survey"
"""What made a text that asks how a requester was served."""
ARTICLE = "article:"
"""How what made a text begins that is an article's answer."""


class Asks(Enum):
    """What a link asks: how it was, or whether an article did not help."""

    SURVEY = "s"
    ARTICLE = "a"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackLink:
    """What a genuine link says: what it asks, of which ticket, in a text of when (UTC, to the
    second), and of which article.
    """

    asks: Asks
    ticket_id: str
    asked_at: datetime
    article: str = ""


def feedback_link(_article: str) -> str:
    """What an article's answer says where the link goes by which its reader tells that it did not
    help: which article it was, its message knows.
    """
    return FEEDBACK_LINK


def feedback_token(key: bytes, link: FeedbackLink) -> str:
    """The token of a link; the same link gives the same token."""
    rest = link.asks.value + link.article
    return signed(key, FEEDBACK, Said(ticket_id=link.ticket_id, at=link.asked_at, rest=rest))


def read_feedback_token(key: bytes, token: str, now: datetime) -> FeedbackLink:
    """What a token says. Raises BadLinkError for one that is malformed, forged, or too old."""
    said = read_signed(key, FEEDBACK, token)
    if said.at + HOLDS <= now:
        raise BadLinkError("no link that holds")
    return FeedbackLink(
        asks=Asks(said.rest[:1]),
        ticket_id=said.ticket_id,
        asked_at=said.at,
        article=said.rest[1:],
    )


def link_of(message: Message) -> FeedbackLink | None:
    """The link that belongs into an automatic text of ours; None into any other message."""
    if not message.automatic:
        return None
    if message.made_by == SURVEY:
        asks, article = Asks.SURVEY, ""
    elif message.made_by.startswith(ARTICLE):
        asks, article = Asks.ARTICLE, message.made_by.removeprefix(ARTICLE)
    else:
        return None
    return FeedbackLink(
        asks=asks, ticket_id=message.ticket_id, asked_at=message.at, article=article
    )
