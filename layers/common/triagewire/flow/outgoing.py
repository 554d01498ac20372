"""Messages to requesters: queued in the transaction that decides them, sent by the stream
afterwards.

A crash between the two loses nothing, and the mark on the message keeps a retry from sending twice
once the first sending was recorded.

"""

from triagewire.flow.context import Context, Plan
from triagewire.ids import thread_token
from triagewire.ledger.event import Action, Entry
from triagewire.message import Delivery, Direction, Message
from triagewire.replies.automatic import Reply, Withheld
from triagewire.replies.limits import one_more, too_many
from triagewire.routing.person import Identity, identity_hash
from triagewire.store.messages import add_message
from triagewire.store.texts import load_texts, write_texts
from triagewire.ticket import Ticket

REPLY_NUMBER = 1
"""Beside an inbound message of the same millisecond, which has number 0."""


def count_text(context: Context, ticket: Ticket, reply: Reply, plan: Plan) -> Reply | Withheld:
    """The reply, counted in the plan; or why its address has had enough automatic texts."""
    address = Identity("email", reply.to.strip().casefold())
    hashed = identity_hash(context.identity_key, ticket.site, address)
    texts = load_texts(context.tables, ticket.site, hashed)
    if too_many(texts.sent, context.now):
        return Withheld("the address has had too many automatic texts lately")
    plan.writes.append(write_texts(context.tables, one_more(texts, context.now), context.now))
    return reply


def queue_reply(
    context: Context, ticket: Ticket, reply: Reply, cause: Message, plan: Plan
) -> Entry:
    """Add an automatic reply to the plan; returns what the ledger says of it."""
    message = Message(
        ticket_id=ticket.id,
        at=context.now,
        number=REPLY_NUMBER,
        direction=Direction.OUTBOUND,
        channel=cause.channel,
        subject=reply.subject,
        text=reply.text,
        language=reply.language,
        thread=cause.thread,
        thread_token=thread_token(context.identity_key, ticket.id),
        automatic=True,
        author=context.actor,
        to=reply.to,
        reply_to=context.site(ticket.site).replies.address,
        made_by=reply.made_by,
        delivery=Delivery.PENDING,
    )
    plan.writes.append(add_message(context.tables, message))
    return Entry(
        action=Action.REPLY_QUEUED,
        why="safe to answer automatically",
        detail={
            "made_by": reply.made_by,
            "language": reply.language,
            **({"asks": list(reply.asks)} if reply.asks else {}),
        },
    )


def withheld(reply: Withheld) -> Entry:
    """What the ledger says when no automatic text is sent."""
    return Entry(action=Action.REPLY_WITHHELD, why=reply.why)
