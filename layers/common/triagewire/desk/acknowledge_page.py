"""The page behind the link of a notice: what the notice said, and one button.

It is read on a telephone, at night, by somebody without a session: short, without a script, and
with nothing that a locked screen may not show. Programs that try links for safety read it too.
"""

from collections.abc import Iterator
from datetime import datetime
from html import escape
from typing import NamedTuple
from zoneinfo import ZoneInfo

from triagewire.desk.page import Page, framed
from triagewire.errors import BadLinkError, ConflictError, NotFoundError
from triagewire.escalation.acknowledging import Standing, awaited, standing
from triagewire.escalation.ladders import silent_until
from triagewire.escalation.wording import spoken
from triagewire.policy.model import Site
from triagewire.ticket import Status, Ticket

BUTTON = '<form method="post"><button type="submit">Acknowledge</button></form>'


def ticket_page(ticket: Ticket, site: Site, person: str, now: datetime, desk_url: str) -> Page:
    """How a ticket stands to the person of a link, with the button if they are asked."""
    stands = standing(ticket, person)
    title, said = _said(ticket, site, person, stands)
    rows = "".join(
        f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>"
        for name, value in _rows(ticket, site, person, now)
    )
    button = BUTTON if stands is Standing.ASKED else ""
    link = f"{desk_url.rstrip('/')}/console#/tickets/{ticket.id}" if desk_url else ""
    return framed(200, title, f"<p>{escape(said)}</p><dl>{rows}</dl>{button}{_to(link)}")


def refused_page(error: Exception, desk_url: str) -> Page:
    """What somebody reads whose link did nothing, and what they can do. Which of all the things
    that may be wrong with a link it is, is not told.
    """
    refused = next(each for each in _REFUSED if isinstance(error, each.kind))
    return framed(refused.status, refused.title, f"<p>{escape(refused.said)}</p>{_to(desk_url)}")


class _Refused(NamedTuple):
    kind: type[Exception]
    status: int
    title: str
    said: str


_REFUSED = (
    _Refused(
        BadLinkError,
        404,
        "This link does not work",
        "It is too old, or a part of it is missing. Nothing was done. Use the link of the newest "
        "message, or sign in at the desk and acknowledge there.",
    ),
    _Refused(
        NotFoundError,
        403,
        "This ticket is not yours any more",
        "Another team has it now, or your role has changed. Nothing was done, and you need not do "
        "anything.",
    ),
    _Refused(
        ConflictError,
        409,
        "Not acknowledged yet",
        "Others are changing the ticket at this very moment. Open the link and press again.",
    ),
    _Refused(
        Exception,
        500,
        "Not acknowledged",
        "Something failed on our side. Open the link again in a minute, or sign in at the desk and "
        "acknowledge there.",
    ),
)
"""The first row that fits holds; the last one fits everything."""


def _said(ticket: Ticket, site: Site, person: str, stands: Standing) -> tuple[str, str]:
    """The title and the sentence of a page."""
    match stands:
        case Standing.ASKED:
            return "Have you heard?", (
                "Acknowledge, and the messages stop for a while. It answers nobody: open the "
                "ticket next, or the messages begin again."
            )
        case Standing.HEARD:
            others = ", ".join(awaited(ticket))
            return "You have acknowledged", f"Still awaited: {others}. They go on being told."
        case Standing.ACKNOWLEDGED:
            return _by_whom(ticket.escalation.acknowledged_by, person), _until(ticket, site)
        case Standing.NOTHING:
            return "There is nothing to acknowledge", _why_nothing(ticket)


def _by_whom(acknowledged_by: str | None, person: str) -> str:
    if acknowledged_by == person:
        return "You have acknowledged"
    return f"Already acknowledged by {acknowledged_by}"


def _until(ticket: Ticket, site: Site) -> str:
    """Since when it is quiet, and for how long."""
    at = ticket.escalation.acknowledged_at or ticket.received_at
    again = _wall(silent_until(ticket, site, at), site)
    return f"{_wall(at, site)}. The messages begin again {again} unless somebody works on it."


def _why_nothing(ticket: Ticket) -> str:
    match ticket.status:
        case Status.RESOLVED | Status.CLOSED:
            return "The ticket is resolved."
        case Status.WAITING:
            return "The ticket waits for somebody outside."
        case _:
            return "Nobody is being told of the ticket any more."


def _rows(ticket: Ticket, site: Site, person: str, now: datetime) -> Iterator[tuple[str, str]]:
    """What the notice said: ids, times and member ids, never a word of a requester."""
    since = ticket.routed_at or ticket.received_at
    urgency = ticket.urgency
    yield "Ticket", ticket.id
    yield "Site", f"{site.name}, team {ticket.team}"
    yield "Urgency", f"{int(urgency)}, {urgency.name.lower().replace('_', ' ')}"
    yield "Open for", spoken(int((now - since).total_seconds() // 60))
    if ticket.clock is not None:
        late = " (late)" if ticket.clock.due_at <= now else ""
        yield "Answer due", f"{_wall(ticket.clock.due_at, site)}{late}"
    yield "Held by", ticket.assignee or "nobody"
    yield "Asked", person


def _wall(at: datetime, site: Site) -> str:
    """A time on the clock of the site's wall."""
    return f"{at.astimezone(ZoneInfo(site.zone)):%a %d %b, %H:%M %Z}"


def _to(link: str) -> str:
    return f'<p><a href="{escape(link)}" rel="noreferrer">Open the desk</a></p>' if link else ""
