"""What a person's answer does to its ticket once it has left: it keeps the promise of a response
and resolves the ticket, as far as it was written to what the ticket is by then.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from triagewire.clock.segments import answered
from triagewire.clock.sla import is_breached
from triagewire.escalation.timers import next_timer
from triagewire.flow.context import Context, Plan
from triagewire.flow.continuity import remember
from triagewire.flow.placing import closed
from triagewire.ledger.event import Action, Entry
from triagewire.ledger.news import REPLIED
from triagewire.message import Message
from triagewire.observability import count, logger
from triagewire.routing.nods import adds_nothing
from triagewire.store.tickets import load_tickets
from triagewire.ticket import Joined, Ticket

PROMPT = timedelta(minutes=5)
"""What leaves within so long of its writing counts from the writing: the wait is ours. What took
longer has answered when it left.
"""


def answer_if_possible(context: Context, message: Message, plan: Plan) -> None:
    """What an answer does to its ticket. Whatever fails there, it has left, and must not leave once
    more every few minutes because nobody could say so: the ticket stays as it is, for people.
    """
    changes, writes = list(plan.changes), list(plan.writes)
    try:
        _answer(context, message, plan)
    except Exception as error:
        plan.changes[:], plan.writes[:] = changes, writes
        count("ReplyWithoutEffect")
        logger.error(
            "a reply that left did nothing to its ticket",
            ticket_id=message.ticket_id,
            error=type(error).__name__,
        )


def _answer(context: Context, message: Message, plan: Plan) -> None:
    """What a person's answer that has left does to its ticket."""
    (change,) = plan.changes
    before, entries = change.after, list(change.entries)
    prompt = context.now - message.at <= PROMPT
    at = message.at if prompt else context.now
    after = before
    if _owes_answer(before, message) and not _said_more(context, before, message.at):
        after = answered(before, at)
        entries.append(_responded(before, at))
        plan.writes.extend(remember(context, before, context.actor.removeprefix("staff:")))
    after = replace(after, timer=next_timer(after, context.site(after.site)))
    if message.then and not _is_overtaken(context, before, message):
        after, off, entry = closed(after, message.then, context)
        plan.writes.extend(off)
        entries.append(entry)
    plan.changes[:] = [replace(change, after=after, entries=tuple(entries))]


def _owes_answer(ticket: Ticket, message: Message) -> bool:
    """Whether a response is still promised, and was before this one was written, or sent once more:
    who wrote again meanwhile is answered by the next. What was written to less answers no more.
    """
    clock = ticket.clock
    written = message.send_at if message.why and message.send_at else message.at
    owed = clock is None or (clock.stopped_at is None and clock.started_at <= written)
    return owed and not _is_graver(ticket, message)


def _is_graver(ticket: Ticket, message: Message) -> bool:
    """Whether a ticket has become more urgent since an answer to it was written."""
    return 0 < message.urgency < ticket.urgency


def _responded(ticket: Ticket, at: datetime) -> Entry:
    return Entry(
        action=Action.RESPONDED,
        why=REPLIED,
        detail={
            "team": ticket.team,
            "urgency": int(ticket.urgency),
            "in_time": ticket.clock is None or not is_breached(ticket.clock, at),
            "answered_at": at.isoformat(),
        },
    )


def _is_overtaken(context: Context, ticket: Ticket, message: Message) -> bool:
    """Whether an answer that was to settle a ticket does so no more: somebody must judge it, it has
    become more urgent, or its requester has said more since.
    """
    if ticket.in_review or _is_graver(ticket, message):
        return True
    return any(each.at >= message.at for each in _joined(context, ticket))


def _said_more(context: Context, ticket: Ticket, at: datetime) -> bool:
    """Whether the requester wrote something new after an answer was written: nobody has read it. A
    robot says nothing, a nod nothing new, and what a person merged they have seen.
    """
    return any(
        each.at >= at and not (each.recorded or each.by_hand)
        for each in _joined(context, ticket, nods=False)
    )


def _joined(context: Context, ticket: Ticket, *, nods: bool = True) -> Iterator[Joined]:
    """How the tickets came to be merged that were merged into a ticket."""
    for each in load_tickets(context.tables, ticket.merged_from).values():
        nod = each.verdict is not None and adds_nothing(each.verdict)
        if each.joined is not None and (nods or not nod):
            yield each.joined
