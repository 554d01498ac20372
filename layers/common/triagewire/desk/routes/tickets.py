"""One ticket, with everything that was said on it and done to it."""

from triagewire.desk.api import Call, Route
from triagewire.desk.requests import checked_ticket_id
from triagewire.desk.shapes import Line, TicketView
from triagewire.desk.views import line, ticket_view
from triagewire.flow.looking import open_ticket
from triagewire.ticket import Ticket


def ticket_of(call: Call) -> str:
    """The ticket that a path names. Raises NotFoundError for what cannot be one."""
    return checked_ticket_id(call.path["ticket_id"])


def line_of(call: Call, ticket: Ticket) -> Line:
    """A ticket as every act answers it."""
    return line(ticket, call.context.site(ticket.site), call.context.now)


def show_ticket(call: Call) -> TicketView:
    """One ticket whole; the ledger has the view before the caller has it."""
    context = call.context
    opened = open_ticket(context, call.principal, ticket_of(call))
    site = context.site(opened.ticket.site)
    said, done = opened.messages, opened.timeline
    return ticket_view(
        opened.ticket, said, done, site, context.now, kept=opened.kept, body=opened.body
    )


ROUTES = (Route("GET", "/desk/tickets/{ticket_id}", show_ticket, gives=TicketView),)
