"""Looking for the open ticket that a newcomer repeats, by the locks of its identities."""

from datetime import timedelta

from triagewire.errors import ConflictError
from triagewire.flow.context import Context, Plan
from triagewire.message import Message
from triagewire.routing.duplicates import Finding, Sighting, find_duplicate
from triagewire.routing.person import Identity, identities, identity_hash
from triagewire.store.locks import load_lock, write_lock
from triagewire.store.tickets import load_ticket, load_tickets
from triagewire.ticket import Ticket


def find_survivor(context: Context, newcomer: Ticket, message: Message, plan: Plan) -> Finding:
    """The ticket to merge into, if any; the plan gets the locks that make the decision race-free.

    What a person must judge first is merged with nothing: its topic is a guess. Nor is the mail of
    somebody who may not be who they say: their identities are stated and not believed.
    Raises ConflictError for a newcomer that another router has placed since it was read.
    """
    if newcomer.in_review or newcomer.unreadable or message.doubtful_sender:
        return Finding(survivor=None, locks=())
    if newcomer.verdict is None:
        return Finding(survivor=None, locks=())
    topic = newcomer.verdict.topic
    sightings = [
        _sight(context, newcomer, topic, identity) for identity in identities(newcomer.requester)
    ]
    window = timedelta(minutes=context.site(newcomer.site).merge_window_minutes)
    finding = find_duplicate(newcomer, topic, sightings, context.now, window)
    plan.writes.extend(write_lock(context.tables, lock) for lock in finding.locks)
    return finding


def last_of_chain(context: Context, ticket_id: str) -> Ticket | None:
    """The ticket that stands for this one after every merge; a chain that bites its tail ends."""
    seen: set[str] = set()
    ticket = load_ticket(context.tables, ticket_id)
    while ticket is not None and ticket.merged_into and ticket.merged_into not in seen:
        seen.add(ticket.id)
        ticket = load_ticket(context.tables, ticket.merged_into)
    return ticket


def parts_of(context: Context, ticket: Ticket) -> dict[str, Ticket]:
    """The tickets that a ticket is made of besides itself, by id: those that were merged into it,
    and into those.
    """
    parts: dict[str, Ticket] = {}
    fresh = ticket.merged_from
    while fresh:
        found = load_tickets(context.tables, fresh)
        parts |= found
        inner = dict.fromkeys(each for one in found.values() for each in one.merged_from)
        fresh = tuple(each for each in inner if each not in parts and each != ticket.id)
    return parts


def _sight(context: Context, newcomer: Ticket, topic: str, identity: Identity) -> Sighting:
    hashed = identity_hash(context.identity_key, newcomer.site, identity)
    lock = load_lock(context.tables, newcomer.site, hashed, topic)
    ticket = None
    if lock is not None and lock.expires > context.now:
        ticket = last_of_chain(context, lock.ticket_id)
    if ticket is not None and ticket.id == newcomer.id and ticket.version != newcomer.version:
        raise ConflictError(f"ticket {newcomer.id}: another router had it meanwhile")
    return Sighting(identity=identity, identity_hash=hashed, lock=lock, ticket=ticket)
