"""From an arrival to a durable ticket: all that happens before a sender gets its 2xx."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import msgspec

from triagewire.arrival import Arrival, Channel, Requester
from triagewire.channels.outcome import Outcome, OutcomeKind
from triagewire.channels.source import Source
from triagewire.errors import ConflictError
from triagewire.ids import ticket_id
from triagewire.ledger.event import Action, Entry, Stamp
from triagewire.message import Message
from triagewire.store.messages import add_message
from triagewire.store.quarantine import keep_body
from triagewire.store.table import Tables, Write, commit
from triagewire.store.tickets import Change, changed, load_ticket
from triagewire.ticket import Ticket, scoring_timer

ATTEMPTS = 5
"""Copies of one event that arrive together cancel each other until one of them is written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A signed body that no arrival could be made of. `reason` names a field, never a value."""

    site: str
    source: str
    channel: Channel
    event_id: str
    body: bytes
    reason: str


def store_outcome(tables: Tables, outcome: Outcome, source: Source, stamp: Stamp) -> None:
    """Make what was decided about a webhook durable; only then may its answer be sent."""
    for arrival in outcome.arrivals:
        receive(tables, arrival, stamp)
    if outcome.kind is OutcomeKind.QUARANTINED and outcome.event_id is not None:
        unreadable = Unreadable(
            site=source.site,
            source=source.name,
            channel=source.channel or Channel.WEB,
            event_id=outcome.event_id,
            body=outcome.raw,
            reason=outcome.reason,
        )
        quarantine(tables, unreadable, stamp)


def receive(tables: Tables, arrival: Arrival, stamp: Stamp) -> str:
    """Store an arrival as a new ticket and return its id; the same event again changes nothing.

    An event id that comes again with other content becomes a ticket of its own, with a mark in the
    ledger: both texts are somebody's words.
    """
    digest = _digest(arrival)
    known = ticket_id(arrival.site, arrival.source, arrival.event_id)
    if _open(tables, arrival, known, digest, stamp):
        return known
    other = ticket_id(arrival.site, arrival.source, f"{arrival.event_id}#{digest}")
    _open(tables, arrival, other, digest, stamp, repeats=known)
    return other


def _digest(arrival: Arrival) -> str:
    """Tells two contents of one event id apart.

    Times are left out: an age in years is computed when a copy arrives, some senders put the time
    of sending into what they repeat, and a sender may repeat an event for days.
    """
    context = replace(arrival.context, age_years=None)
    timeless = replace(arrival, context=context, occurred_at=None)
    return hashlib.sha256(msgspec.json.encode(timeless)).hexdigest()


def quarantine(tables: Tables, unreadable: Unreadable, stamp: Stamp) -> str:
    """Keep the body as it came, with a ticket that score_route sends to review; returns its id."""
    new_id = ticket_id(unreadable.site, unreadable.source, unreadable.event_id)
    ticket = Ticket(
        id=new_id,
        site=unreadable.site,
        source=unreadable.source,
        requester=Requester(),
        received_at=stamp.at,
        channels=(unreadable.channel,),
        unreadable=True,
        quiet=True,
    )
    message = Message(
        ticket_id=new_id,
        at=stamp.at,
        channel=unreadable.channel,
        text="",
        remarks=(unreadable.reason,),
    )
    entry = Entry(
        action=Action.RECEIVED,
        why="signed, but it could not be read",
        detail={"source": unreadable.source, "problem": unreadable.reason},
    )
    body = keep_body(tables, unreadable.site, new_id, unreadable.body)
    _write_once(tables, ticket, message, entry, stamp, body)
    return new_id


def _open(
    tables: Tables, arrival: Arrival, new_id: str, digest: str, stamp: Stamp, repeats: str = ""
) -> bool:
    """Write the ticket; False if the id is taken by other content."""
    ticket = Ticket(
        id=new_id,
        site=arrival.site,
        source=arrival.source,
        requester=arrival.requester,
        received_at=stamp.at,
        channels=(arrival.channel,),
        content_digest=digest,
        language=arrival.language,
        quiet=arrival.automatic,
    )
    entry = Entry(action=Action.RECEIVED, why="verified", detail={"source": arrival.source})
    if repeats:
        entry = Entry(
            action=Action.REPEATED_DIFFERENTLY,
            why="the sender used an event id again for other content",
            detail={"source": arrival.source, "first": repeats},
        )
    stored = _write_once(tables, ticket, _message(arrival, new_id, stamp), entry, stamp)
    return stored.content_digest == digest


def _write_once(
    tables: Tables,
    ticket: Ticket,
    message: Message,
    entry: Entry,
    stamp: Stamp,
    more: Sequence[Write] = (),
) -> Ticket:
    """Ticket, message and ledger event in one transaction; returns what now stands under the id.

    Raises ConflictError, for the sender to try again, while a copy of the event stays half-way.
    """
    timed = replace(ticket, timer=scoring_timer(ticket))
    opened, writes = changed(tables, Change(before=None, after=timed, entries=(entry,)), stamp)
    for _ in range(ATTEMPTS):
        try:
            commit(tables, [*writes, add_message(tables, message), *more])
        except ConflictError:
            if stored := load_ticket(tables, ticket.id):
                return stored
        else:
            return opened
    raise ConflictError(f"ticket {ticket.id}: another copy of the event is being written")


def _message(arrival: Arrival, new_id: str, stamp: Stamp) -> Message:
    return Message(
        ticket_id=new_id,
        at=stamp.at,
        channel=arrival.channel,
        text=arrival.text,
        full_text=arrival.full_text,
        subject=arrival.subject,
        language=arrival.language,
        request_type=arrival.request_type,
        context=arrival.context,
        speech=arrival.speech,
        automatic=arrival.automatic,
        attachments=arrival.attachments,
        remarks=arrival.remarks,
        occurred_at=arrival.occurred_at,
        thread=arrival.thread,
        thread_token=arrival.thread_token,
        awaits=arrival.awaits,
        pointer=arrival.pointer,
        doubtful_sender=arrival.doubtful_sender,
    )
