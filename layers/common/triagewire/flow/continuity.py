"""Who knows a requester: kept when a person answers or settles a ticket, asked for by the next one.

Only the strongest identity counts: the patient id, and a mail address or phone only for who has
none. A phone that a family shares can mix up whom somebody knows, and that does no harm: the
handler is only preferred among those who could get the ticket anyway, and nothing of one ticket is
shown on another.
"""

from datetime import timedelta

from triagewire.flow.context import Context
from triagewire.store.handlers import Handler, load_handler, write_handler
from triagewire.store.table import Write
from triagewire.ticket import Ticket

STAFF = "staff:"
"""How an actor begins who is a person of the roster."""


def acting_member(context: Context) -> str:
    """The member of staff who acts, "" where the system does."""
    return context.actor.removeprefix(STAFF) if context.actor.startswith(STAFF) else ""


def remember(context: Context, ticket: Ticket, member: str) -> tuple[Write, ...]:
    """The write that keeps who worked for the requester of a ticket; none where nobody can be known
    again, or for somebody who is not on the site's roster.
    """
    site = context.site(ticket.site)
    if not ticket.known_as or not site.continuity_days or member not in site.members:
        return ()
    handler = Handler(member=member, team=ticket.team or "", at=context.now)
    expires = context.now + timedelta(days=site.continuity_days)
    strongest = ticket.known_as[0]
    return (write_handler(context.tables, ticket.site, strongest, handler, expires),)


def last_handler(context: Context, ticket: Ticket) -> Handler | None:
    """Who worked for the requester of a ticket within the site's days of continuity."""
    site = context.site(ticket.site)
    if not ticket.known_as or not site.continuity_days:
        return None
    handler = load_handler(context.tables, ticket.site, ticket.known_as[0])
    if handler is None:
        return None
    recent = context.now < handler.at + timedelta(days=site.continuity_days)
    return handler if recent and handler.member in site.members else None
