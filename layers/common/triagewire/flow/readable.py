"""Tickets for a list: one that does not open must not keep a whole queue from being shown."""

from collections.abc import Iterator, Sequence

from triagewire.errors import SealBrokenError
from triagewire.flow.context import Context
from triagewire.observability import count, logger
from triagewire.store.tickets import load_ticket, load_tickets
from triagewire.ticket import Ticket


def readable_tickets(context: Context, ticket_ids: Sequence[str]) -> dict[str, Ticket]:
    """Several tickets by id, without those that were altered or whose key is gone: operations hear
    of them here, and by the heartbeat once one is due. Raises KeyUnavailableError.
    """
    try:
        return load_tickets(context.tables, ticket_ids)
    except SealBrokenError:
        return {ticket.id: ticket for ticket in _one_by_one(context, ticket_ids)}


def _one_by_one(context: Context, ticket_ids: Sequence[str]) -> Iterator[Ticket]:
    for each in ticket_ids:
        try:
            ticket = load_ticket(context.tables, each)
        except SealBrokenError as error:
            count("TicketsUnopened")
            logger.error("ticket left out of a list", ticket_id=each, error=type(error).__name__)
            continue
        if ticket is not None:
            yield ticket
