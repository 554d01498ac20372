"""Sending a queued message the way its requester can be reached, and recording how it went."""

from collections.abc import Callable
from dataclasses import replace

from triagewire.errors import ConflictError, UndeliverableError
from triagewire.flow.context import Context, Plan
from triagewire.flow.placing import give
from triagewire.ledger.event import Action, Entry
from triagewire.message import Delivery, Direction, Message
from triagewire.store.messages import delivered, load_message
from triagewire.store.tickets import Change, load_ticket
from triagewire.ticket import ANSWERED_AUTOMATICALLY, Status, Ticket
from triagewire.verdict import Urgency

ATTEMPTS = 5


def send(context: Context, pk: str, sk: str, deliver: Callable[[Message], None]) -> bool:
    """Deliver a pending outgoing message; False if there is nothing to send (any more).

    `deliver` raises UndeliverableError for a refusal that stays; whatever else it raises is passed
    on, so that the stream hands the message over again.
    """
    message = load_message(context.tables, pk, sk)
    if message is None or message.direction is not Direction.OUTBOUND:
        return False
    if message.delivery is not Delivery.PENDING:
        return False
    ticket = load_ticket(context.tables, message.ticket_id)
    if message.automatic and (ticket is None or _unsafe(ticket)):
        _record(context, message, Delivery.FAILED, Action.REPLY_WITHHELD, "no longer safe to send")
        return True
    try:
        deliver(message)
    except UndeliverableError:
        _record(context, message, Delivery.FAILED, Action.REPLY_FAILED, "refused for good")
    else:
        why = "accepted for delivery" if context.notifies else "debug mode: nothing was sent"
        _record(context, message, Delivery.SENT, Action.REPLY_SENT, why)
    return True


def _unsafe(ticket: Ticket) -> bool:
    """Whether the ticket has become one that no automatic text may answer."""
    verdict = ticket.verdict
    grave = verdict is None or verdict.crisis or verdict.score >= Urgency.CLINICAL_STANDARD
    return grave or ticket.in_review or ticket.quiet or ticket.unreachable


def _record(
    context: Context, message: Message, delivery: Delivery, action: Action, why: str
) -> None:
    """Mark the message and the ledger together; the ticket may be changed by others meanwhile."""
    for _ in range(ATTEMPTS):
        ticket = load_ticket(context.tables, message.ticket_id)
        if ticket is None:
            return
        entry = Entry(action=action, why=why, detail={"made_by": message.made_by})
        plan = Plan(
            changes=[Change(before=ticket, after=ticket, entries=(entry,))],
            writes=[delivered(context.tables, message, delivery)],
        )
        if delivery is Delivery.FAILED and ticket.outcome == ANSWERED_AUTOMATICALLY:
            take_up(context, plan)
        try:
            plan.commit(context)
        except ConflictError:
            continue
        return
    raise ConflictError(f"ticket {message.ticket_id}: lost {ATTEMPTS} races in a row")


def take_up(context: Context, plan: Plan) -> None:
    """Open a ticket whose only answer never arrived; the plan's one change is that ticket's."""
    (change,) = plan.changes
    unanswered = replace(change.after, status=Status.REOPENED, outcome=None, resolved_at=None)
    site = context.site(unanswered.site)
    placed = give(unanswered, "its automatic answer could not be delivered", site, context)
    entries = (*change.entries, placed.entry)
    plan.changes[:] = [Change(before=change.before, after=placed.ticket, entries=entries)]
    plan.writes.extend(placed.writes)
