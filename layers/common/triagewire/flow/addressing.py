"""Where an answer goes: by the way the requester wrote last, and whether it may go there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from triagewire.arrival import Channel, RequesterKind
from triagewire.channels.source import Source
from triagewire.flow.context import Context
from triagewire.flow.survivor import parts_of
from triagewire.message import Direction, Message, ReplyWay
from triagewire.policy.model import Site
from triagewire.replies.ways import AddressRecord, Barred, barred_by, is_texted
from triagewire.routing.person import Identity, identity_hash
from triagewire.store.addresses import load_address
from triagewire.store.messages import read_messages_of
from triagewire.ticket import Ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressed:
    """Where an answer goes. `to` is a mail address, a telephone number (E.164) or, for a webhook,
    the source's `site/name`; `thread` is the requester's own reference of the conversation,
    `subject` what they wrote above their message.
    """

    way: ReplyWay
    to: str
    source: str
    thread: str | None = None
    subject: str = ""


def addressed(ticket: Ticket, site: Site, message: Message | None = None) -> Addressed | None:
    """How the requester of a ticket is answered who wrote `message` on it; without one, what came
    first. None: only a telephone can reach them.
    """
    source = site.sources.get(ticket.source)
    thread = message.thread if message else None
    subject = message.subject if message else ""
    if source is not None and source.replies.webhook:
        to = f"{ticket.site}/{source.name}"
        return Addressed(
            way=ReplyWay.WEBHOOK, to=to, source=source.name, thread=thread, subject=subject
        )
    channel = message.channel if message else ticket.channels[0]
    for way in _ways(source, channel):
        if to := _address(ticket, way):
            return Addressed(way=way, to=to, source=ticket.source, thread=thread, subject=subject)
    return None


def last_addressed(context: Context, ticket: Ticket) -> Addressed | None:
    """The same for the last that its requester wrote: on the ticket, or on one that was merged into
    it and is believed to be theirs.
    """
    merged = parts_of(context, ticket)
    theirs = (ticket.id, *(each.id for each in merged.values() if _is_theirs(each)))
    return addressed_by(context, ticket, merged, read_messages_of(context.tables, theirs))


def addressed_by(
    context: Context, ticket: Ticket, merged: Mapping[str, Ticket], messages: Iterable[Message]
) -> Addressed | None:
    """The same, by what was said on the ticket and on those `merged` into it."""
    site = context.site(ticket.site)
    theirs = {ticket.id: ticket} | {n: each for n, each in merged.items() if _is_theirs(each)}
    said = [each for each in messages if each.ticket_id in theirs and _is_said(each)]
    for message in sorted(said, key=lambda one: one.at, reverse=True):
        each = theirs[message.ticket_id]
        found = addressed(each, site, message)
        if found is not None and _may_go(ticket, each, found):
            return found
    return addressed(ticket, site)


def barred(context: Context, ticket: Ticket, to: str) -> Barred:
    """Why no automatic text may go to an address, or `""`. A person may still write to one from
    which mail came back, or complaints; to nobody who asked for no more texts.
    """
    if not is_texted(to):
        return ""
    return barred_by(record_of(context, ticket.site, to), context.now)


def record_of(context: Context, site: str, to: str) -> AddressRecord:
    """What is known of a mail address or telephone number at a site."""
    return load_address(context.tables, site, address_hash(context, site, to))


def address_hash(context: Context, site: str, to: str) -> str:
    """The keyed hash that stands for an address: it may not stand in a key itself."""
    kind = "email" if "@" in to else "phone"
    return identity_hash(context.identity_key, site, Identity(kind, to.strip().casefold()))


def _ways(source: Source | None, channel: Channel) -> tuple[ReplyWay, ...]:
    """The ways that may be taken, the best first."""
    if source is not None and source.replies.by is not None:
        return (source.replies.by,)
    if channel is Channel.SMS:
        return (ReplyWay.SMS, ReplyWay.EMAIL)
    return (ReplyWay.EMAIL,)


def _address(ticket: Ticket, way: ReplyWay) -> str:
    if way is ReplyWay.EMAIL:
        return ticket.requester.email or ""
    phone = ticket.requester.phone or ""
    # Behind an extension there is a desk telephone.
    return phone if phone.startswith("+") and ";" not in phone else ""


def _is_theirs(merged: Ticket) -> bool:
    return merged.joined is None or not merged.joined.other_sender


def _may_go(ticket: Ticket, merged: Ticket, found: Addressed) -> bool:
    """Whether an answer on a ticket may go where a merged one came from. Who is not known may have
    stated somebody else's number: where the requester's own answers go, and nowhere else.
    """
    if merged.id == ticket.id or merged.requester.kind is not RequesterKind.UNKNOWN:
        return True
    if found.way is ReplyWay.WEBHOOK:
        return bool(merged.thread_hash) and merged.thread_hash == ticket.thread_hash
    own = (ticket.requester.email, ticket.requester.phone)
    return found.to.casefold() in {each.casefold() for each in own if each}


def _is_said(message: Message) -> bool:
    said = message.direction is Direction.INBOUND
    return said and not message.automatic and not message.doubtful_sender
