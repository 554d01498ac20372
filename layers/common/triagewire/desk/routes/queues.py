"""The queues of a team, page by page, and what one holds oneself."""

import re
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from triagewire.arrival import Channel
from triagewire.desk.api import Call, Plain, Route
from triagewire.desk.cursors import cursor_of, place_of
from triagewire.desk.requests import Asked, Name, Score
from triagewire.desk.shapes import Line, MineView, QueueView
from triagewire.desk.views import line
from triagewire.flow.listing import Listed, Sought, held, queue
from triagewire.secrets import link_key
from triagewire.ticket import Status

MOST_LINES = 100
USUAL_LINES = 50
ME, NOBODY = "me", "nobody"
NUMBER = re.compile(r"[0-9]{1,9}")


def _number(text: object) -> object:
    """A number as a query writes it: digits, and nothing that would only pass for them."""
    if not isinstance(text, str):
        return text
    if not NUMBER.fullmatch(text):
        raise ValueError("must be a whole number")
    return int(text)


type Level = Annotated[Score, BeforeValidator(_number)]
type Lines = Annotated[int, Field(ge=1, le=MOST_LINES), BeforeValidator(_number)]


class Filters(Asked):
    """Which tickets of a queue: those of an `assignee` (`me`, `nobody` or a member's id), of a
    status, urgency, topic, language or channel, or those of which a promise is broken now.
    """

    assignee: Name | None = None
    status: Status | None = None
    urgency: Level | None = None
    topic: Name | None = None
    language: Name | None = None
    channel: Channel | None = None
    late: Literal["true"] | None = None

    def sought(self, caller: str) -> Sought:
        """The same as the value that the use case takes."""
        people = {ME: caller, NOBODY: ""}
        return Sought(
            assignee=None if self.assignee is None else people.get(self.assignee, self.assignee),
            status=self.status,
            urgency=self.urgency,
            topic=self.topic,
            language=self.language,
            channel=self.channel,
            late=self.late is not None,
        )


class QueuePage(Filters):
    """A page of a queue: so many lines at most, from a `cursor` on that the page before gave."""

    cursor: str | None = None
    limit: Lines = USUAL_LINES


class MinePage(Asked):
    """Where the page begins."""

    cursor: str | None = None


def show_queue(call: Call) -> QueueView:
    """List the open tickets of a team, the most urgent first, then by due time.

    A page may be shorter than asked for, and even empty, while `next` says that there are more: so
    it is when few of many tickets are those that are sought.
    """
    site, team, asked = call.path["site"], call.path["team"], call.asked(QueuePage)
    sought = asked.sought(call.principal.id)
    walk = queue(call.context, call.principal, site, team, sought, most=asked.limit)
    bound = ("queue", call.principal.id, site, team, asked.model_dump(exclude={"cursor", "limit"}))
    found = walk.page(_place(asked.cursor, bound))
    return {
        "site": site,
        "team": team,
        "at": call.context.now.isoformat(),
        "tickets": _lines(call, found),
        "next": _next(found, bound),
    }


def show_mine(call: Call) -> MineView:
    """List the open tickets that the caller holds in all their sites, the most urgent first."""
    bound = ("mine", call.principal.id)
    place = _place(call.asked(MinePage).cursor, bound)
    found = held(call.context, call.principal, place, MOST_LINES)
    return {
        "at": call.context.now.isoformat(),
        "tickets": _lines(call, found),
        "next": _next(found, bound),
    }


def export_queue(call: Call) -> Plain:
    """Take the open tickets of a team as a file of comma-separated values.

    It holds ids, codes and times of at most 5,000 tickets. It is for leads, administrators and
    auditors, and the ledger has who took how many.
    """
    from triagewire.desk.exports import MEDIA_TYPE, csv_text, file_name  # noqa: PLC0415  seldom
    from triagewire.flow.exporting import export  # noqa: PLC0415

    site, team = call.path["site"], call.path["team"]
    sought = call.asked(Filters).sought(call.principal.id)
    found = export(call.context, call.principal, site, team, sought)
    return Plain(MEDIA_TYPE, csv_text(found), file_name(site, team, call.context.now))


def _lines(call: Call, found: Listed) -> list[Line]:
    context = call.context
    return [line(each, context.site(each.site), context.now) for each in found.tickets]


def _place(cursor: str | None, bound: tuple[object, ...]) -> str:
    return "" if cursor is None else place_of(link_key().get(), cursor, *bound)


def _next(found: Listed, bound: tuple[object, ...]) -> str | None:
    return None if found.after is None else cursor_of(link_key().get(), found.after, *bound)


ROUTES = (
    Route("GET", "/desk/queues/{site}/{team}", show_queue, asks=QueuePage, gives=QueueView),
    Route(
        "GET",
        "/desk/queues/{site}/{team}/export",
        export_queue,
        asks=Filters,
        files=("text/csv",),
        refuses=(403,),
    ),
    Route("GET", "/desk/mine", show_mine, asks=MinePage, gives=MineView),
)
