"""A soft lock: while somebody writes to a requester, colleagues who open the ticket see it.

It keeps nobody from anything, and it runs out by itself: a browser that was closed holds up no
patient. It is not in the ledger: nothing happens to the ticket, the lock is renewed every minute,
and what comes of the writing, a reply or a note, is recorded when it is there.
"""

from dataclasses import replace
from datetime import timedelta

from triagewire.access import Principal
from triagewire.flow.context import Context
from triagewire.flow.looking import visible_ticket
from triagewire.store.writing import write_writer, writers_of
from triagewire.ticket import Ticket
from triagewire.writer import Writer

BELIEVED_FOR = timedelta(minutes=2)
"""A program that renews it every 45 seconds may fail once before colleagues think it is over."""


def say_writing(
    context: Context, principal: Principal, ticket_id: str, *, writes: bool | None
) -> tuple[Ticket, tuple[Writer, ...]]:
    """Say that the principal writes on a ticket, goes on writing, or has stopped (None: say
    nothing, and only ask); returns the ticket, and all who write on it from then on.

    Raises NotFoundError. Who may see a ticket may ask, and who may work on it may say.
    """
    ticket = visible_ticket(context, principal, ticket_id, to_work=writes is not None)
    if writes is None:
        return ticket, who_writes(context, ticket)
    known = writers_of(context.tables, ticket.id, context.now)
    others, mine = [], Writer(member=principal.id, since=context.now, until=context.now)
    for each in known:
        if each.member == principal.id:
            mine = each
        else:
            others.append(each)
    mine = replace(mine, until=context.now + BELIEVED_FOR if writes else context.now)
    write_writer(context.tables, ticket.id, mine)
    return ticket, _in_order([*others, mine] if writes else others)


def who_writes(context: Context, ticket: Ticket) -> tuple[Writer, ...]:
    """Who writes on a ticket now, who began first."""
    return _in_order(list(writers_of(context.tables, ticket.id, context.now)))


def _in_order(writers: list[Writer]) -> tuple[Writer, ...]:
    return tuple(sorted(writers, key=lambda each: (each.since, each.member)))
