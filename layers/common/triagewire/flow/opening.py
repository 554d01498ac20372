"""A new ticket, its first message and its ledger events: all of it once, or nothing."""

from collections.abc import Sequence
from dataclasses import replace

from triagewire.errors import ConflictError
from triagewire.ledger.event import Detail, Entry, Stamp
from triagewire.message import Message
from triagewire.observability import count
from triagewire.store.messages import add_message
from triagewire.store.table import Tables, Write, commit
from triagewire.store.tickets import Change, changed, load_ticket
from triagewire.ticket import Ticket, scoring_timer

ATTEMPTS = 5
"""Copies of one event that arrive together cancel each other until one of them is written."""


def write_once(
    tables: Tables,
    ticket: Ticket,
    message: Message,
    entries: tuple[Entry, ...],
    stamp: Stamp,
    more: Sequence[Write] = (),
) -> Ticket:
    """Ticket, message and ledger events in one transaction; returns what now stands under the id.

    The timer counts from the write: a ticket read late is still to be scored within a minute.
    Raises ConflictError, for the sender to try again, while a copy of the event stays half-way.
    """
    timer = scoring_timer(replace(ticket, received_at=stamp.at))
    first, *rest = entries
    first = replace(first, detail={**first.detail, **came_by(ticket)})
    change = Change(before=None, after=replace(ticket, timer=timer), entries=(first, *rest))
    opened, writes = changed(tables, change, stamp)
    for _ in range(ATTEMPTS):
        try:
            commit(tables, [*writes, add_message(tables, message, ticket.site), *more])
        except ConflictError:
            if stored := load_ticket(tables, ticket.id):
                return stored
        else:
            count("Arrivals", site=ticket.site)
            return opened
    raise ConflictError(f"ticket {ticket.id}: another copy of the event is being written")


def came_by(ticket: Ticket) -> dict[str, Detail]:
    """What the first event of a ticket says of where it comes from: measures are told apart by
    it.
    """
    return {
        "site": ticket.site,
        "source": ticket.source,
        "channel": ticket.channels[0].value if ticket.channels else "",
        "requester": ticket.requester.kind.value,
    }
