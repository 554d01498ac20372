"""Reading a quarantined body again with the code at hand: it becomes the tickets it should have
been.

Every step can be repeated: the arrivals have the ids that an accepted webhook would have given
them, and the review ticket and the kept body are settled in one transaction that holds only once.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from triagewire.channels.adapter import adapter_of
from triagewire.channels.outcome import Outcome, OutcomeKind
from triagewire.channels.receiving import understood
from triagewire.channels.request import WebhookRequest
from triagewire.errors import ConflictError, NotFoundError
from triagewire.flow.context import Context, Plan
from triagewire.flow.placing import closed
from triagewire.flow.receive import Late, receive, redriven_from
from triagewire.ledger.event import Action, Entry
from triagewire.quarantined import KeptBody, Settled
from triagewire.store.facts import store_fact
from triagewire.store.quarantine import load_kept, settle
from triagewire.store.tickets import Change, load_ticket
from triagewire.ticket import Ticket

ATTEMPTS = 8


class Redrive(StrEnum):
    """What came of reading a body again."""

    REDRIVEN = "redriven"
    BEFORE = "settled before"
    UNREADABLE = "still unreadable"
    NO_MESSAGE = "no message"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Redriven:
    """What came of it, the tickets that it became, and why not. `reason` holds no value."""

    came: Redrive
    tickets: tuple[str, ...] = ()
    reason: str = ""

    @property
    def done(self) -> bool:
        """Whether nothing is left to do."""
        return self.came in (Redrive.REDRIVEN, Redrive.BEFORE, Redrive.DISMISSED)


def redrive(context: Context, kept: KeptBody, body: bytes, *, dismiss: bool = False) -> Redriven:
    """Parse a body again, as of the time when it came, and settle it.

    Its signature was verified then. What the code now takes for no message at all is settled only
    when the operator says so (`dismiss`): it was somebody's words until proven otherwise.
    Raises NotFoundError if the policy has no such source any more.
    """
    if kept.settled is not None:
        return Redriven(came=Redrive.BEFORE, tickets=kept.tickets)
    outcome = read_again(context, kept, body)
    if outcome.kind is OutcomeKind.ACCEPTED:
        return _stored(context, kept, outcome)
    if outcome.kind is not OutcomeKind.IGNORED:
        return Redriven(came=Redrive.UNREADABLE, reason=outcome.reason)
    if not dismiss:
        return Redriven(came=Redrive.NO_MESSAGE, reason=outcome.reason)
    entry = Entry(
        action=Action.QUARANTINE_DISMISSED,
        why=f"read again, it is no message: {outcome.reason}",
        detail={"source": kept.source},
    )
    for fact in outcome.facts:
        store_fact(context.tables, fact, context.now)
    _settle(context, kept, Settled.DISMISSED, (), entry)
    return Redriven(came=Redrive.DISMISSED, reason=outcome.reason)


def read_again(context: Context, kept: KeptBody, body: bytes) -> Outcome:
    """What the code at hand makes of a kept body; nothing is written."""
    source = context.site(kept.site).sources.get(kept.source)
    if source is None:
        raise NotFoundError(f"the policy has no source {kept.site}/{kept.source}")
    request = WebhookRequest(method=kept.method, url=source.url, headers=kept.headers, body=body)
    return understood(adapter_of(source), request, source, kept.received_at)


def _stored(context: Context, kept: KeptBody, outcome: Outcome) -> Redriven:
    late = Late(received_at=kept.received_at, review=kept.ticket_id)
    tickets = tuple(
        receive(context.tables, arrival, context.stamp, late) for arrival in outcome.arrivals
    )
    for ticket_id in tickets:
        _link(context, ticket_id, late)
    entry = Entry(
        action=Action.REDRIVEN,
        why="read after a fix",
        detail={"source": kept.source, "tickets": list(tickets)},
    )
    _settle(context, kept, Settled.REDRIVEN, tickets, entry)
    return Redriven(came=Redrive.REDRIVEN, tickets=tickets)


def _link(context: Context, ticket_id: str, late: Late) -> None:
    """Link a ticket that was there already: its sender sent the event again after the fix."""
    for _ in range(ATTEMPTS):
        ticket = load_ticket(context.tables, ticket_id)
        if ticket is None or late.review in ticket.linked:
            return
        after = replace(ticket, linked=(*ticket.linked, late.review))
        change = Change(before=ticket, after=after, entries=(redriven_from(late),))
        try:
            Plan(changes=[change]).commit(context)
        except ConflictError:
            continue
        return
    raise ConflictError(f"ticket {ticket_id} is changing too fast: try again")


def _settle(
    context: Context, kept: KeptBody, how: Settled, tickets: tuple[str, ...], entry: Entry
) -> None:
    """Close the review ticket, if nobody has, and mark the body: both or neither."""
    ended = replace(kept, settled=how, settled_at=context.now, tickets=tickets)
    for _ in range(ATTEMPTS):
        if _is_settled(context, kept):
            return
        ticket = load_ticket(context.tables, kept.ticket_id)
        if ticket is None:
            raise NotFoundError(f"there is no ticket {kept.ticket_id}")
        plan = _closing(context, ticket, how, tickets, entry)
        plan.writes.append(settle(context.tables, ended))
        try:
            plan.commit(context)
        except ConflictError:
            continue
        return
    raise ConflictError(f"ticket {kept.ticket_id} is changing too fast: try again")


def _is_settled(context: Context, kept: KeptBody) -> bool:
    found = load_kept(context.tables, kept.site, kept.ticket_id)
    return found is not None and found[0].settled is not None


def _closing(
    context: Context, ticket: Ticket, how: Settled, tickets: tuple[str, ...], entry: Entry
) -> Plan:
    """The review ticket with its links, resolved unless staff have closed it before."""
    plan, entries = Plan(), [entry]
    after = ticket
    if ticket.is_open:
        after, writes, resolved = closed(ticket, how.value, context)
        plan.writes.extend(writes)
        entries.append(resolved)
    new = tuple(each for each in tickets if each not in ticket.linked)
    after = replace(after, linked=(*ticket.linked, *new))
    plan.changes.append(Change(before=ticket, after=after, entries=tuple(entries)))
    return plan
