"""One ticket, with everything that was said on it and done to it."""

from dataclasses import replace

from triagewire.desk.api import Call, Route
from triagewire.desk.beside import (
    Beside,
    ReplyWayView,
    WholeTicketView,
    WritingView,
    reply_view,
    writing_view,
)
from triagewire.desk.requests import WritingBody, checked_ticket_id
from triagewire.desk.shapes import Line
from triagewire.desk.views import line, ticket_view
from triagewire.flow import writing
from triagewire.flow.acting import changed_since
from triagewire.flow.addressing import addressed_by, barred
from triagewire.flow.context import Context
from triagewire.flow.looking import Opened, open_ticket
from triagewire.flow.writing import who_writes
from triagewire.replies.ways import is_texted
from triagewire.secrets import identity_key
from triagewire.ticket import Ticket


def ticket_of(call: Call) -> str:
    """The ticket that a path names. Raises NotFoundError for what cannot be one."""
    return checked_ticket_id(call.path["ticket_id"])


def line_of(call: Call, ticket: Ticket) -> Line:
    """A ticket as every act answers it."""
    return line(ticket, call.context.site(ticket.site), call.context.now)


def keyed(call: Call) -> Context:
    """The surroundings with the key that stands for addresses; only some routes need it."""
    return replace(call.context, identity_key=identity_key().get())


def show_ticket(call: Call) -> WholeTicketView:
    """One ticket whole; the ledger has the view before the caller has it."""
    context = call.context
    opened = open_ticket(context, call.principal, ticket_of(call))
    site = context.site(opened.ticket.site)
    said, done = opened.messages, opened.timeline
    view = ticket_view(
        opened.ticket, said, done, site, context.now, kept=opened.kept, body=opened.body
    )
    return {
        **view,
        "writing": writing_view(who_writes(context, opened.ticket), site),
        "duplicates": _beside(call, opened),
        "reply": _reply_of(call, opened),
    }


def say_writing(call: Call) -> WritingView:
    """Say that one writes on a ticket, or has stopped; nobody is kept from anything by that. It
    tells what has happened since, without a look at the ticket that the ledger would hold.
    """
    body = call.body(WritingBody)
    ticket, writers = writing.say_writing(
        call.context, call.principal, ticket_of(call), writes=body.writing
    )
    since = changed_since(call.context, ticket, ticket_of(call), body.version)
    return {
        "writing": writing_view(writers, call.context.site(ticket.site)),
        "changed": list(since),
    }


def _beside(call: Call, opened: Opened) -> list[Beside]:
    """What was merged into a ticket and what is linked with it; of what the caller may not see, the
    id alone.
    """
    known = {**opened.parts, **opened.linked}
    ids = dict.fromkeys((*opened.parts, *opened.ticket.linked))
    found: list[Beside] = []
    for each in ids:
        other = known.get(each)
        if other is not None and call.principal.may_see(other.site, other.team):
            found.append(line_of(call, other))
        else:
            found.append({"id": each})
    return found


def _reply_of(call: Call, opened: Opened) -> ReplyWayView | None:
    """How the requester is answered, and whether anything keeps texts from getting there."""
    ticket = opened.ticket
    goes = addressed_by(call.context, ticket, opened.parts, opened.messages)
    known = barred(keyed(call), ticket, goes.to) if goes and is_texted(goes.to) else ""
    return reply_view(goes, known)


ROUTES = (
    Route("GET", "/desk/tickets/{ticket_id}", show_ticket, gives=WholeTicketView),
    Route(
        "POST",
        "/desk/tickets/{ticket_id}/writing",
        say_writing,
        takes=WritingBody,
        gives=WritingView,
        looks=True,
    ),
)
