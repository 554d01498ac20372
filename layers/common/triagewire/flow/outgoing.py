"""Messages to requesters: queued in the transaction that decides them, sent by the stream
afterwards.

A crash between the two loses nothing, and the mark on the message keeps a retry from sending twice
once the first sending was recorded.

"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from triagewire.arrival import Channel
from triagewire.flow.addressing import Addressed
from triagewire.flow.context import Context, Plan
from triagewire.ids import thread_token
from triagewire.ledger.event import Action, Detail, Entry
from triagewire.message import Delivery, Direction, Message
from triagewire.store.messages import add_message, is_message_of
from triagewire.ticket import Ticket

REPLY_NUMBER = 1
"""Beside an inbound message of the same millisecond, which has number 0. The ticket's version comes
on top: two people who write in the same millisecond change it one after the other.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A message to be sent: what it says, to where, and what becomes of its ticket.

    `channel` is the way in that it answers (None: the ticket's first). An `automatic` one is marked
    as such and answers for nobody; any other is its `author`'s. It leaves at `send_at` (UTC; None:
    at once), and then its ticket is resolved with the outcome `then`, if it names one. `why` and
    `detail` are for the ledger.
    """

    addressed: Addressed
    text: str
    subject: str = ""
    language: str | None = None
    made_by: str = ""
    automatic: bool = True
    author: str = ""
    channel: Channel | None = None
    send_at: datetime | None = None
    then: str = ""
    why: str = "safe to answer automatically"
    detail: Mapping[str, Detail] = field(default_factory=dict)


def queue_message(context: Context, ticket: Ticket, outgoing: Outgoing, plan: Plan) -> Entry:
    """Add a message to a plan; returns what the ledger says of it. The stream sends it once the
    plan is written.
    """
    message = message_of(context, ticket, outgoing, plan)
    plan.writes.append(add_message(context.tables, message, ticket.site))
    return Entry(
        action=Action.REPLY_QUEUED if outgoing.automatic else Action.REPLY_WRITTEN,
        why=outgoing.why,
        detail={
            "made_by": outgoing.made_by,
            "language": outgoing.language,
            "way": outgoing.addressed.way.value,
            **outgoing.detail,
        },
    )


def message_of(context: Context, ticket: Ticket, outgoing: Outgoing, plan: Plan) -> Message:
    """The message as it will be stored by a plan."""
    goes = outgoing.addressed
    queued = sum(is_message_of(ticket.id, write) for write in plan.writes)
    return Message(
        ticket_id=ticket.id,
        at=context.now,
        number=REPLY_NUMBER + ticket.version + queued,
        direction=Direction.OUTBOUND,
        channel=outgoing.channel or ticket.channels[0],
        subject=outgoing.subject,
        text=outgoing.text,
        language=outgoing.language,
        thread=goes.thread,
        thread_token=thread_token(context.identity_key, ticket.id),
        automatic=outgoing.automatic,
        author=outgoing.author or context.actor,
        to=goes.to,
        reply_to=context.site(ticket.site).replies.address,
        made_by=outgoing.made_by,
        way=goes.way,
        source=goes.source,
        send_at=outgoing.send_at,
        then=outgoing.then,
        urgency=int(ticket.urgency),
        delivery=Delivery.PENDING,
    )
