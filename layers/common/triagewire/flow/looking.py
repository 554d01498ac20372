"""Looking at queues and tickets: what is shown is recorded, and what may not be seen does not
exist.
"""

from dataclasses import dataclass

from triagewire.access import Principal
from triagewire.errors import ConflictError, NotFoundError
from triagewire.flow.context import Context, Plan
from triagewire.flow.survivor import last_of_chain
from triagewire.ledger.event import Action, Entry
from triagewire.message import Message
from triagewire.store.messages import read_messages
from triagewire.store.tickets import Change, load_tickets, queued
from triagewire.ticket import Ticket

ATTEMPTS = 5
MOST_LISTED = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A ticket as a member of staff sees it, with everything said on it and on those merged into
    it.
    """

    ticket: Ticket
    messages: tuple[Message, ...]


def visible_ticket(
    context: Context, principal: Principal, ticket_id: str, *, to_work: bool = False
) -> Ticket:
    """The ticket, or the one it was merged into. Raises NotFoundError if the principal may not."""
    ticket = last_of_chain(context, ticket_id)
    allowed = principal.may_work if to_work else principal.may_see
    if ticket is None or not allowed(ticket.site, ticket.team):
        raise NotFoundError("no such ticket")
    return ticket


def open_ticket(context: Context, principal: Principal, ticket_id: str) -> Opened:
    """Show a ticket; the view is in the ledger before anything is shown."""
    for _ in range(ATTEMPTS):
        ticket = visible_ticket(context, principal, ticket_id)
        entry = Entry(action=Action.VIEWED, why="opened", detail={"team": ticket.team})
        plan = Plan(changes=[Change(before=ticket, after=ticket, entries=(entry,))])
        try:
            (seen,) = plan.commit(context)
        except ConflictError:
            continue
        return Opened(ticket=seen, messages=_said(context, seen))
    raise ConflictError(f"ticket {ticket_id} is changing too fast: try again")


def queue(context: Context, principal: Principal, site_id: str, team: str) -> list[Ticket]:
    """The open tickets of a queue, the most urgent first, then by due time; at most a hundred."""
    if team not in principal.site(site_id).teams or not principal.may_see(site_id, team):
        raise NotFoundError("no such queue")
    ids = queued(context.tables, site_id, team, MOST_LISTED)
    found = load_tickets(context.tables, ids)
    return [found[each] for each in ids if each in found and found[each].team == team]


def _said(context: Context, ticket: Ticket) -> tuple[Message, ...]:
    said = [
        message
        for each in (ticket.id, *ticket.merged_from)
        for message in read_messages(context.tables, each)
    ]
    return tuple(sorted(said, key=lambda message: (message.at, message.number)))
