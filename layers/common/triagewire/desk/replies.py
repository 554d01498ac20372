"""Replies to requesters, as the desk takes them and shows them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, TypedDict

from pydantic import Field, StringConstraints

from triagewire.desk.requests import ActionBody, Name
from triagewire.desk.shapes import Count, Line, When
from triagewire.flow.replying import Written
from triagewire.flow.staff import Outcome
from triagewire.message import ReplyWay
from triagewire.replies.templates import Filled
from triagewire.replies.undelivered import Undelivered

LONGEST_TEXT = 20_000

type Words = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_TEXT)]
type Subject = Annotated[str, StringConstraints(max_length=200)]
type Language = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]


class ReplyBody(ActionBody):
    """What a person writes to the requester. `resolve` closes the ticket so once it has left;
    `anyway` sends it to an address that mail came back from.
    """

    text: Words
    subject: Subject = ""
    template: Name | None = None
    language: Language | None = None
    resolve: Outcome | None = None
    anyway: bool = False

    def written(self) -> Written:
        """The same as the value that the use case takes."""
        return Written(
            text=self.text,
            subject=self.subject,
            template=self.template or "",
            language=self.language or "",
            resolve=self.resolve,
            anyway=self.anyway,
        )


class ReplyNamedBody(ActionBody):
    """Which reply, by its id."""

    message: Annotated[str, StringConstraints(min_length=1, max_length=64)]


class RepliedView(Line):
    """The ticket after a reply was written: the reply's id, and until when it may be taken back."""

    message: str
    undo_until: When


class TemplateView(TypedDict):
    """What a reply may begin with, filled in for one ticket."""

    id: str
    title: str
    subject: str
    text: str
    language: str


class TemplatesView(TypedDict):
    """Those in the requester's language first."""

    templates: list[TemplateView]


class UndeliveredReplyView(TypedDict):
    """A message that did not get through: `why` is a code, `next_try_at` null when it was given
    up.
    """

    ticket: str
    message: str
    way: ReplyWay
    at: When
    tries: Annotated[Count, Field(description="how often it was tried")]
    why: str
    next_try_at: When | None


class UndeliveredRepliesView(TypedDict):
    """What a site has not got through, the newest first."""

    site: str
    at: When
    messages: list[UndeliveredReplyView]


def templates_view(found: Sequence[Filled]) -> TemplatesView:
    """The templates of a ticket."""
    return {
        "templates": [
            {
                "id": each.id,
                "title": each.title,
                "subject": each.subject,
                "text": each.text,
                "language": each.language,
            }
            for each in found
        ]
    }


def undelivered_view(
    site: str, found: Sequence[Undelivered], now: datetime
) -> UndeliveredRepliesView:
    """What a site has not got through."""
    return {"site": site, "at": now.isoformat(), "messages": [_one(each) for each in found]}


def _one(found: Undelivered) -> UndeliveredReplyView:
    again = found.next_try_at
    return {
        "ticket": found.ticket_id,
        "message": found.sk,
        "way": found.way,
        "at": found.at.isoformat(),
        "tries": found.tries,
        "why": found.why,
        "next_try_at": None if again is None else again.isoformat(),
    }
