"""A message that came as a reference gets its words before it is judged, if the EHR gives them."""

from dataclasses import replace

from triagewire.arrival import Arrival, PatientContext
from triagewire.channels.ehr.reader import completed
from triagewire.channels.ehr.values import UNREAD
from triagewire.errors import UnreadableError
from triagewire.flow.context import Context
from triagewire.ledger.event import Action, Entry
from triagewire.message import Message
from triagewire.observability import count, logger
from triagewire.store.messages import rewritten
from triagewire.store.table import commit
from triagewire.store.tickets import Change, changed
from triagewire.ticket import Ticket

READ = "the text was read from the EHR"


def with_words(context: Context, ticket: Ticket, message: Message) -> tuple[Ticket, Message]:
    """The ticket and its message as stored, with the words behind the message's pointer.

    Both as they were when there is nothing to read, or when it cannot be had: then the message is
    for review. Raises ConflictError when somebody else changed the ticket meanwhile.
    """
    found = _found(context, ticket, message)
    if found is None:
        return ticket, message
    try:
        known = _known(ticket, found)
    except UnreadableError:
        count("ReadingFailed")
        logger.warning("text read is not of this ticket", ticket_id=ticket.id)
        return ticket, message
    told = _told(message, found)
    entry = Entry(action=Action.FETCHED, why=READ, detail={"source": ticket.source})
    change = Change(before=ticket, after=known, entries=(entry,))
    after, writes = changed(context.tables, change, context.stamp)
    commit(context.tables, [*writes, rewritten(context.tables, told, ticket.site)])
    return after, told


def _found(context: Context, ticket: Ticket, message: Message) -> Arrival | None:
    """What the EHR says; None for a message that has words, and for a source without a reader."""
    site = context.policy.policy.sites.get(ticket.site)
    source = site.sources.get(ticket.source) if site else None
    if not message.pointer or message.text.strip() or source is None:
        return None
    return context.read(source, message.pointer) if source.options.reader else None


def _known(ticket: Ticket, found: Arrival) -> Ticket:
    return replace(
        ticket,
        requester=completed(ticket.requester, found.requester),
        language=ticket.language or found.language,
        quiet=ticket.quiet or found.automatic,
    )


def _told(message: Message, found: Arrival) -> Message:
    """The message as if its words had come at once; the pointer stays, for staff to open it."""
    said = tuple(each for each in message.remarks if not each.endswith(UNREAD))
    stated = message.context != PatientContext()
    return replace(
        message,
        text=found.text,
        full_text=found.full_text,
        subject=message.subject or found.subject,
        language=message.language or found.language,
        request_type=message.request_type or found.request_type,
        context=message.context if stated else found.context,
        automatic=message.automatic or found.automatic,
        attachments=(*message.attachments, *found.attachments),
        remarks=(*said, READ, *found.remarks),
        occurred_at=message.occurred_at or found.occurred_at,
    )
