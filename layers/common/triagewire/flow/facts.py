"""Recording what a mail or phone system told us, on the ticket it is about: never a new one."""

from triagewire.arrival import Fact
from triagewire.errors import ConflictError
from triagewire.flow.came_back import learn_of_address, mark_lost
from triagewire.flow.context import Context, Plan
from triagewire.flow.sent import take_up
from triagewire.flow.survivor import last_of_chain, parts_of
from triagewire.ids import ticket_of_token
from triagewire.message import Message
from triagewire.observability import count
from triagewire.replies.facts import told
from triagewire.store.facts import load_fact, recorded
from triagewire.store.messages import read_messages
from triagewire.store.threads import load_thread, thread_hash
from triagewire.store.tickets import Change
from triagewire.ticket import Ticket

ATTEMPTS = 12


def record_fact(context: Context, pk: str, sk: str) -> Ticket | None:
    """Put a stored fact into the ledger of its ticket, once; returns that ticket.

    None if it is there already, or if neither token nor thread names a ticket: then it stays where
    it is kept. Raises ConflictError when every attempt lost a race.
    """
    for _ in range(ATTEMPTS):
        stored = load_fact(context.tables, pk, sk)
        if stored is None or stored.recorded:
            return None
        ticket = _ticket_of(context, stored.fact)
        if ticket is None:
            count("FactsUnmatched")
            return None
        known = told(ticket, stored.fact)
        plan = Plan(
            changes=[Change(before=ticket, after=known.ticket, entries=(known.entry,))],
            writes=[recorded(context.tables, pk, sk, ticket.id)],
        )
        said = _said(context, ticket)
        learn_of_address(context, ticket, stored.fact, said, plan)
        if known.unanswered:
            take_up(context, plan)
        elif known.lost:
            mark_lost(context, stored.fact, said, plan)
        try:
            return plan.commit(context)[0]
        except ConflictError:
            continue
    raise ConflictError(f"a fact of {pk}: lost {ATTEMPTS} races in a row")


def _said(context: Context, ticket: Ticket) -> list[Message]:
    """Everything said on the ticket and on those merged into it."""
    ids = (ticket.id, *parts_of(context, ticket))
    return [message for each in ids for message in read_messages(context.tables, each)]


def _ticket_of(context: Context, fact: Fact) -> Ticket | None:
    """The ticket of a genuine token, else that of the source's own thread; of the fact's site."""
    token = fact.thread_token
    named = ticket_of_token(context.identity_key, token) if token else None
    ticket = last_of_chain(context, named or _of_thread(context, fact))
    return ticket if ticket is not None and ticket.site == fact.site else None


def _of_thread(context: Context, fact: Fact) -> str:
    if fact.thread is None:
        return ""
    hashed = thread_hash(context.identity_key, fact.site, fact.source, fact.thread)
    lock = load_thread(context.tables, fact.site, fact.source, hashed)
    return lock.ticket_id if lock is not None and lock.live(context.now) else ""
