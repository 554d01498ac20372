"""Looking at tickets: what is shown is recorded, and what may not be seen does not exist."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from triagewire.access import Principal
from triagewire.errors import ConflictError, NotFoundError
from triagewire.flow.context import Context, Plan
from triagewire.flow.denying import is_to_record, not_recorded
from triagewire.flow.readable import readable_tickets
from triagewire.flow.survivor import last_of_chain, parts_of
from triagewire.ledger.event import Action, Detail, Entry, Event
from triagewire.message import Message
from triagewire.observability import logger
from triagewire.quarantined import KeptBody
from triagewire.store.ledger import read_events
from triagewire.store.messages import message_sk, read_messages_of
from triagewire.store.quarantine import load_kept
from triagewire.store.tickets import Change, load_ticket, ticket_pk
from triagewire.ticket import Ticket

ATTEMPTS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A ticket as staff see it, with all that was said on it and on those merged into it.

    `parts` are those tickets, `linked` those beside it. `timeline` is the ticket's ledger, this
    view included. `kept` is what could not be read, and `body` its bytes, or their beginning when
    it has a link.
    """

    ticket: Ticket
    parts: Mapping[str, Ticket]
    linked: Mapping[str, Ticket]
    messages: tuple[Message, ...]
    timeline: tuple[Event, ...]
    kept: KeptBody | None = None
    body: bytes = b""


def visible_ticket(
    context: Context, principal: Principal, ticket_id: str, *, to_work: bool = False
) -> Ticket:
    """The ticket, or the one it was merged into.

    Raises NotFoundError if there is none or the principal may not; that they tried is recorded.
    """
    ticket = last_of_chain(context, ticket_id)
    allowed = principal.may_work if to_work else principal.may_see
    if ticket is not None and allowed(ticket.site, ticket.team):
        return ticket
    if ticket is not None:
        wanted = "to work on it" if to_work else "to see it"
        detail = {"site": ticket.site, "team": ticket.team}
        entry = Entry(action=Action.DENIED, why=f"no right {wanted}", detail=detail)
        _deny(context, principal, ticket, entry)
    raise NotFoundError("no such ticket")


def _deny(context: Context, principal: Principal, ticket: Ticket, entry: Entry) -> None:
    """Record that somebody tried what they may not; what cannot be recorded is counted. The answer
    is the same whatever comes of it: it must not tell which tickets exist.
    """
    if not _is_recorded(context, principal, ticket, entry):
        not_recorded(principal.id, ticket.id)


def _is_recorded(context: Context, principal: Principal, ticket: Ticket, entry: Entry) -> bool:
    try:
        if not is_to_record(context, principal.id, ticket.id):
            return False
        record(context, ticket, entry)
    except ConflictError:
        return False
    except Exception as error:
        logger.error("denial failed", error=type(error).__name__)
        return False
    return True


def open_ticket(context: Context, principal: Principal, ticket_id: str) -> Opened:
    """Show a ticket; the view is in the ledger before anything is shown."""
    ticket = visible_ticket(context, principal, ticket_id)
    entry = Entry(action=Action.VIEWED, why="opened", detail=_seen_by(principal, ticket))
    seen = record(context, ticket, entry)
    kept, body = _unreadable(context, seen)
    parts = parts_of(context, seen)
    return Opened(
        ticket=seen,
        parts=parts,
        linked=readable_tickets(context, seen.linked),
        messages=_said(context, (seen.id, *parts)),
        timeline=tuple(read_events(context.tables, ticket_pk(seen.id))),
        kept=kept,
        body=body,
    )


def seen_as(ticket: Ticket) -> dict[str, Detail]:
    """Where a ticket stood when somebody looked at it: who examines the ledger asks whether it was
    theirs to look at.
    """
    return {"site": ticket.site, "team": ticket.team}


def _seen_by(principal: Principal, ticket: Ticket) -> dict[str, Detail]:
    """The same, and whether it is a request that who looks had made themselves, by its address."""
    site = principal.policy.sites.get(ticket.site)
    member = site.members.get(principal.id) if site else None
    stated = (ticket.requester.email or "").strip().casefold()
    own = {address.casefold() for address in member.ways.values()} if member else set()
    return {**seen_as(ticket), **({"own": True} if stated and stated in own else {})}


def name_of(message: Message) -> str:
    """What names a message among those of its ticket, for who acts on it later."""
    return message_sk(message)


def record(context: Context, ticket: Ticket, entry: Entry) -> Ticket:
    """Add an entry to a ticket's ledger and nothing else; returns the ticket as it stands."""
    for _ in range(ATTEMPTS):
        plan = Plan(changes=[Change(before=ticket, after=ticket, entries=(entry,))])
        try:
            return plan.commit(context)[0]
        except ConflictError:
            ticket = load_ticket(context.tables, ticket.id) or ticket
    raise ConflictError(f"ticket {ticket.id} is changing too fast: try again")


def _unreadable(context: Context, ticket: Ticket) -> tuple[KeptBody | None, bytes]:
    found = load_kept(context.tables, ticket.site, ticket.id) if ticket.unreadable else None
    return found or (None, b"")


def _said(context: Context, ids: Iterable[str]) -> tuple[Message, ...]:
    said = read_messages_of(context.tables, ids)
    return tuple(sorted(said, key=lambda message: (message.at, message.number)))
