"""A signed body that no arrival could be made of: kept, with a ticket that a person looks at."""

from triagewire import aws
from triagewire.arrival import Channel, Requester
from triagewire.channels.outcome import Outcome
from triagewire.channels.source import Source
from triagewire.flow.opening import write_once
from triagewire.ids import ticket_id
from triagewire.ledger.event import Action, Entry, Stamp
from triagewire.message import Message
from triagewire.quarantined import KeptBody
from triagewire.settings import settings
from triagewire.store.quarantine import fits_an_item, keep, put_in_bucket
from triagewire.store.table import Tables
from triagewire.ticket import Ticket


def quarantine(tables: Tables, outcome: Outcome, source: Source, stamp: Stamp) -> str:
    """Keep the body as it came, with a ticket that score_route sends to review; returns its id."""
    review = ticket_id(source.site, source.name, outcome.event_id or "")
    kept = KeptBody(
        ticket_id=review,
        site=source.site,
        source=source.name,
        received_at=stamp.at,
        reason=outcome.reason,
        method=outcome.method,
        headers=outcome.headers_kept,
        size_bytes=len(outcome.raw),
        link=_link(source.site, review, outcome.raw),
    )
    body = keep(tables, kept, outcome.raw)
    entry = Entry(
        action=Action.RECEIVED,
        why="signed, but it could not be read",
        detail={"problem": outcome.reason},
    )
    ticket, message = _review_ticket(kept, source.usual_channel)
    write_once(tables, ticket, message, (entry,), stamp, (body,))
    return review


def _link(site: str, review: str, body: bytes) -> str:
    """Where a body went that is too large for the table; it must be there before the ticket is."""
    if fits_an_item(body):
        return ""
    return put_in_bucket(aws.s3(), settings().inbound_bucket, site, review, body)


def _review_ticket(kept: KeptBody, channel: Channel) -> tuple[Ticket, Message]:
    ticket = Ticket(
        id=kept.ticket_id,
        site=kept.site,
        source=kept.source,
        requester=Requester(),
        received_at=kept.received_at,
        channels=(channel,),
        unreadable=True,
        quiet=True,
    )
    message = Message(
        ticket_id=kept.ticket_id,
        at=kept.received_at,
        channel=channel,
        text="",
        remarks=(kept.reason,),
    )
    return ticket, message
