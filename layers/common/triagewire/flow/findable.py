"""What makes a ticket findable, written together with the decision of where it stands."""

from collections.abc import Iterator

from triagewire.flow.context import Context
from triagewire.folding import folded
from triagewire.message import Message
from triagewire.observability import count, logger
from triagewire.routing.person import identities, identity_hash
from triagewire.store.findable import add_requester, add_words
from triagewire.store.messages import first_said
from triagewire.store.table import Write
from triagewire.ticket import Ticket


def findable(context: Context, ticket: Ticket, message: Message) -> Iterator[Write]:
    """The writes by which a new ticket is found: under each identity that its sender states,
    believed or not, and by the words of its message.
    """
    for each in identities(ticket.requester):
        hashed = identity_hash(context.identity_key, ticket.site, each)
        yield add_requester(context.tables, ticket.site, hashed, ticket.id, ticket.received_at)
    if words := folded(f"{message.subject}\n{message.text}"):
        yield add_words(context.tables, ticket.site, ticket.id, words, context.now)


def findable_if_possible(context: Context, ticket: Ticket) -> tuple[Write, ...]:
    """The same for a ticket with which something is wrong: it reaches a person all the same."""
    try:
        return tuple(findable(context, ticket, first_said(context.tables, ticket.id)))
    except Exception as error:
        count("NotFindable")
        logger.error("ticket not findable", ticket_id=ticket.id, error=type(error).__name__)
        return ()
