"""From an arrival to a durable ticket: all that happens before a sender gets its 2xx."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime

import msgspec

from triagewire.arrival import Arrival, RequesterKind
from triagewire.channels.outcome import Outcome, OutcomeKind
from triagewire.channels.source import Source
from triagewire.flow.opening import write_once
from triagewire.ids import ticket_id
from triagewire.ledger.event import Action, Entry, Stamp
from triagewire.message import Message
from triagewire.store.table import Tables
from triagewire.ticket import Ticket

_NO_STAFF_REQUEST = b'"staff_request":null,'
"""How an arrival without such fields says so; no text can hold it, for there a quote is escaped."""
_USED_BEFORE = "its proof was used before for another message: it may be forged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """An arrival that could be read only after a fix: when it came, and what stood for it since."""

    received_at: datetime
    review: str


def store_outcome(tables: Tables, outcome: Outcome, source: Source, stamp: Stamp) -> None:
    """Make what was decided about a webhook durable; only then may its answer be sent."""
    for arrival in outcome.arrivals:
        receive(tables, arrival, stamp)
    if outcome.facts:
        _store_facts(tables, outcome, stamp)
    if outcome.kind is OutcomeKind.QUARANTINED and outcome.event_id is not None:
        from triagewire.flow.quarantine import quarantine  # noqa: PLC0415  seldom needed

        quarantine(tables, outcome, source, stamp)


def _store_facts(tables: Tables, outcome: Outcome, stamp: Stamp) -> None:
    from triagewire.store.facts import store_fact  # noqa: PLC0415  most senders give none

    for fact in outcome.facts:
        store_fact(tables, fact, stamp.at)


def receive(tables: Tables, arrival: Arrival, stamp: Stamp, late: Late | None = None) -> str:
    """Store an arrival as a new ticket and return its id; the same event again changes nothing.

    An event id that comes again with other content becomes a ticket of its own, with a mark in the
    ledger: both texts are somebody's words. A `late` one counts from when it came: its requester
    has waited since, and the fault was ours.
    """
    digest = _digest(arrival)
    known = ticket_id(arrival.site, arrival.source, arrival.event_id)
    told = (_verified(arrival),)
    if _open(tables, _ticket(arrival, known, digest, stamp), arrival, told, stamp, late):
        return known
    other = ticket_id(arrival.site, arrival.source, f"{arrival.event_id}#{digest}")
    told = (_repeated(arrival, known),)
    arrival = _doubted(arrival) if arrival.unproven else arrival
    _open(tables, _ticket(arrival, other, digest, stamp), arrival, told, stamp, late)
    return other


def _doubted(arrival: Arrival) -> Arrival:
    """Other content under a proof that covers none and was used before: perhaps a forgery. It is
    kept for a person to judge; it names nobody known, joins no ticket and is not answered.
    """
    return replace(
        arrival,
        requester=replace(arrival.requester, kind=RequesterKind.UNKNOWN),
        doubtful_sender=True,
        automatic=True,
        thread=None,
        thread_token=None,
        remarks=(*arrival.remarks, _USED_BEFORE),
    )


def _digest(arrival: Arrival) -> str:
    """Tells two contents of one event id apart.

    Times are left out: an age in years is computed when a copy arrives, some senders put the time
    of sending into what they repeat, and a sender may repeat an event for days. So are the links to
    files, which some senders sign anew each time.
    """
    if arrival.restated:
        return hashlib.sha256(arrival.event_id.encode("utf-8", "replace")).hexdigest()
    context = replace(arrival.context, age_years=None)
    files = tuple(replace(each, link="") for each in arrival.attachments)
    timeless = replace(arrival, context=context, attachments=files, occurred_at=None)
    # A copy that a sender repeats across our update must be known by the digest it had before.
    content = msgspec.json.encode(timeless).replace(_NO_STAFF_REQUEST, b"", 1)
    return hashlib.sha256(content).hexdigest()


def _open(
    tables: Tables,
    ticket: Ticket,
    arrival: Arrival,
    told: tuple[Entry, ...],
    stamp: Stamp,
    late: Late | None,
) -> bool:
    """Write the ticket; False if the id is taken by other content."""
    if late is not None:
        ticket = replace(ticket, received_at=late.received_at, linked=(late.review,))
        told = (*told, redriven_from(late))
    message = _message(arrival, ticket.id, ticket.received_at)
    stored = write_once(tables, ticket, message, told, stamp)
    return stored.content_digest == ticket.content_digest


def redriven_from(late: Late) -> Entry:
    """What the ledger of a ticket says of the review ticket that stood for it."""
    return Entry(
        action=Action.REDRIVEN,
        why="read from quarantine after a fix",
        detail={"of": late.review, "received_at": late.received_at.isoformat()},
    )


def _verified(arrival: Arrival) -> Entry:
    detail = {"automatic": True} if arrival.automatic else {}
    return Entry(action=Action.RECEIVED, why="verified", detail=detail)


def _repeated(arrival: Arrival, first: str) -> Entry:
    return Entry(
        action=Action.REPEATED_DIFFERENTLY,
        why="the sender used an event id again for other content",
        detail={"source": arrival.source, "first": first},
    )


def _ticket(arrival: Arrival, new_id: str, digest: str, stamp: Stamp) -> Ticket:
    return Ticket(
        id=new_id,
        site=arrival.site,
        source=arrival.source,
        requester=arrival.requester,
        received_at=stamp.at,
        channels=(arrival.channel,),
        content_digest=digest,
        language=arrival.language,
        quiet=arrival.automatic,
        awaits=arrival.awaits,
    )


def _message(arrival: Arrival, new_id: str, at: datetime) -> Message:
    return Message(
        ticket_id=new_id,
        at=at,
        channel=arrival.channel,
        text=arrival.text,
        full_text=arrival.full_text,
        subject=arrival.subject,
        language=arrival.language,
        request_type=arrival.request_type,
        staff_request=arrival.staff_request,
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
