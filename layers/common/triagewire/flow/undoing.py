"""Taking a written reply back before it leaves, and sending one again that never left."""

from collections.abc import Iterator
from dataclasses import replace

from triagewire.access import Principal
from triagewire.errors import ConflictError, ForbiddenTransitionError, NotFoundError
from triagewire.flow.acting import act
from triagewire.flow.addressing import barred
from triagewire.flow.context import Context, Plan
from triagewire.flow.sent import listed_as
from triagewire.flow.survivor import last_of_chain, parts_of
from triagewire.ledger.event import Action, Entry
from triagewire.message import Delivery, Direction, Message
from triagewire.policy.model import Site
from triagewire.replies.undelivered import Undelivered
from triagewire.store.due_replies import begun_again, load_pending, noted, withdrawn
from triagewire.store.messages import PREFIX
from triagewire.store.table import Write
from triagewire.store.tickets import Change, ticket_pk
from triagewire.ticket import Ticket

ATTEMPTS = 12


def undo(
    context: Context,
    principal: Principal,
    ticket_id: str,
    message_id: str,
    *,
    seen: int | None = None,
) -> Ticket:
    """Take back a reply that a person wrote. One that was taken back stays so.

    Raises NotFoundError for what is no such reply, and NotNowError once it has left: whoever takes
    it to send it first decides.
    """

    def decide(ticket: Ticket, _site: Site, plan: Plan) -> tuple[Ticket, tuple[Entry, ...]]:
        message = _written(context, ticket, message_id)
        if message.delivery is Delivery.WITHDRAWN:
            return ticket, ()
        if message.delivery is not Delivery.PENDING or message.tries or message.why:
            raise ForbiddenTransitionError("undo: it has left")
        plan.writes.append(withdrawn(context.tables, message))
        return ticket, (Entry(action=Action.REPLY_WITHDRAWN, why="taken back before it left"),)

    return act(context, principal, ticket_id, decide, seen=seen)


def try_again(
    context: Context,
    principal: Principal,
    ticket_id: str,
    message_id: str,
    *,
    seen: int | None = None,
) -> Ticket:
    """Send a reply again that was given up, under its old id, so that a receiver that had it after
    all can tell. One that is on its way already stays so.

    Raises NotFoundError for what is no such reply, and NotNowError for one that has arrived or was
    taken back, or whose requester asked for no more texts.
    """

    def decide(ticket: Ticket, _site: Site, plan: Plan) -> tuple[Ticket, tuple[Entry, ...]]:
        message = _written(context, ticket, message_id)
        if message.delivery is Delivery.PENDING:
            return ticket, ()
        if message.delivery is not Delivery.FAILED:
            raise ForbiddenTransitionError("try again: it did not fail")
        if barred(context, ticket, message.to) == "opted_out":
            raise ForbiddenTransitionError("try again: they asked for no more texts: call them")
        plan.writes.extend(again(context, ticket, message))
        return ticket, (retried(message),)

    return act(context, principal, ticket_id, decide, seen=seen)


def send_once_more(context: Context, listed: Undelivered) -> bool:
    """Send a listed message once more for an administrator; False if others change its ticket all
    the time. One that is on its way, or has arrived meanwhile, stays as it is.
    """
    for trying in context.tries(ATTEMPTS):
        ticket = last_of_chain(trying, listed.ticket_id)
        found = load_pending(trying.tables, ticket_pk(listed.ticket_id), listed.sk)
        if ticket is None or found is None or found.message.delivery is not Delivery.FAILED:
            return True
        entry = retried(found.message)
        plan = Plan(
            changes=[Change(before=ticket, after=ticket, entries=(entry,))],
            writes=list(again(trying, ticket, found.message)),
        )
        try:
            plan.commit(trying)
        except ConflictError:
            continue
        return True
    return False


def again(context: Context, ticket: Ticket, message: Message) -> Iterator[Write]:
    """The writes by which a failed message is sent once more."""
    yield begun_again(context.tables, message, context.now)
    anew = replace(message, tries=0)
    yield noted(context.tables, listed_as(context, anew, ticket, message.why, context.now))


def retried(message: Message) -> Entry:
    """What the ledger says of a message that is sent once more."""
    detail = {"made_by": message.made_by, "way": message.way.value}
    return Entry(action=Action.REPLY_WRITTEN, why="sent once more", detail=detail)


def _written(context: Context, ticket: Ticket, message_id: str) -> Message:
    """A person's reply on a ticket, or on one that is a part of it, by its id."""
    if message_id.startswith(PREFIX):
        for each in (ticket.id, *parts_of(context, ticket)):
            found = load_pending(context.tables, ticket_pk(each), message_id)
            if found is not None and _is_reply(found.message):
                return found.message
    raise NotFoundError("no such reply")


def _is_reply(message: Message) -> bool:
    return message.direction is Direction.OUTBOUND and not message.automatic
