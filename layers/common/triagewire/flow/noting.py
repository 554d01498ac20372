"""What staff write for each other: a message of the ticket that no requester ever gets."""

from triagewire.access import Principal
from triagewire.errors import InvalidFieldError
from triagewire.flow.acting import act
from triagewire.flow.context import Context, Plan
from triagewire.ledger.event import Action, Entry
from triagewire.message import Direction, Message
from triagewire.policy.model import Site
from triagewire.states import require_status
from triagewire.store.messages import add_message
from triagewire.store.table import Write
from triagewire.ticket import AT_WORK, Status, Ticket

LONGEST_NOTE = 50_000
"""Characters: a note of a long call. In any script it fits an item of the table, 400 KB, twice."""


def note(
    context: Context, principal: Principal, ticket_id: str, text: str, *, seen: int | None = None
) -> Ticket:
    """Keep a note for colleagues on a ticket, as it is written; nothing else of the ticket moves.

    The ledger says that there is one and never what it says. Raises InvalidFieldError for a note
    without a word, and NotNowError for a ticket that is closed for good.
    """
    if not text.strip():
        raise InvalidFieldError("text", "says nothing")

    def decide(ticket: Ticket, _site: Site, plan: Plan) -> tuple[Ticket, tuple[Entry, ...]]:
        require_status(ticket, Status.NEW, *AT_WORK, Status.WAITING, Status.RESOLVED)
        plan.writes.append(note_on(context, ticket, text, principal))
        return ticket, (Entry(action=Action.NOTED, why="for colleagues"),)

    return act(context, principal, ticket_id, decide, seen=seen, works=False)


def note_on(context: Context, ticket: Ticket, text: str, principal: Principal) -> Write:
    """The write of a note beside an act on a ticket, of which it stands as it was decided on."""
    message = Message(
        ticket_id=ticket.id,
        at=context.now,
        number=ticket.version,  # other than any other note's, even of the same millisecond
        direction=Direction.NOTE,
        channel=ticket.channels[0],
        text=text,
        author=principal.id,
    )
    return add_message(context.tables, message, ticket.site)
