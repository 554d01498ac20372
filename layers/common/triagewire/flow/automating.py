"""Handing requests of staff to programs, and taking back what none has settled in time.

The event is queued in the transaction that routes the ticket, so there is never one without the
other; the ticket stays with its team and its clocks run on.
"""

import json
from collections.abc import Sequence
from dataclasses import replace

from triagewire.automated import AutomationState
from triagewire.errors import ConflictError
from triagewire.escalation.timers import next_timer
from triagewire.flow.addressing import Addressed
from triagewire.flow.context import Context, Plan
from triagewire.flow.outgoing import Outgoing, queue_message
from triagewire.ledger.event import Action, Entry
from triagewire.message import Message, ReplyWay
from triagewire.observability import count, logger
from triagewire.replies.automation import (
    Wanted,
    event_of,
    fields_of,
    requested,
    wanted_from_program,
)
from triagewire.store.messages import first_said
from triagewire.store.tickets import Change
from triagewire.ticket import Ticket


def hand_over(
    context: Context, ticket: Ticket, said: Sequence[Message], plan: Plan
) -> tuple[Ticket, tuple[Entry, ...]]:
    """A routed ticket handed to programs, if it is a request that one may settle, and what the
    ledger says of it. A failure here costs only the program: the team has the ticket.
    """
    try:
        wanted = wanted_from_program(ticket, said, context.site(ticket.site))
        return _handed(context, ticket, wanted, said, plan) if wanted else (ticket, ())
    except Exception as error:
        count("AutomationFailed")
        logger.error("not handed to programs", ticket_id=ticket.id, error=type(error).__name__)
        return ticket, ()


def hand_over_answered(context: Context, known: Ticket, message: Message, plan: Plan) -> None:
    """The same for a ticket of a plan whose requester has just told what we asked for; also through
    a mailbox that takes everybody for a patient, and so for another sender.
    """
    lead = plan.changes[0]
    if lead.after.id != known.id:
        return
    said = (first_said(context.tables, known.id), message)
    theirs = replace(lead.after, quiet=known.quiet)
    after, entries = hand_over(context, theirs, said, plan)
    if entries:
        entries = (*lead.entries, *entries)
        plan.changes[0] = Change(before=lead.before, after=after, entries=entries)


def take_back(context: Context, ticket: Ticket) -> bool:
    """Give a request that no program has settled in time back to its team, which had it all along;
    False if somebody else changed it first.
    """
    asked = ticket.automation
    if asked is None or asked.state is not AutomationState.REQUESTED:
        return False
    given_back = replace(asked, state=AutomationState.GIVEN_BACK, at=context.now)
    after = replace(ticket, automation=given_back)
    after = replace(after, timer=next_timer(after, context.site(ticket.site)))
    entry = Entry(
        action=Action.TAKEN_BACK,
        why="no program has settled it in time",
        detail={"type": asked.type},
    )
    plan = Plan(changes=[Change(before=ticket, after=after, entries=(entry,))])
    try:
        plan.commit(context)
    except ConflictError:
        return False
    count("AutomationUnanswered")
    return True


def _handed(
    context: Context, ticket: Ticket, wanted: Wanted, said: Sequence[Message], plan: Plan
) -> tuple[Ticket, tuple[Entry, ...]]:
    automated = requested(wanted, context.now)
    handed = replace(ticket, automation=automated)
    handed = replace(handed, timer=next_timer(handed, context.site(ticket.site)))
    outgoing = Outgoing(
        addressed=Addressed(
            way=ReplyWay.AUTOMATION, to=f"{ticket.site}/{wanted.name}", source=ticket.source
        ),
        text=json.dumps(event_of(ticket, automated, fields_of(said)), ensure_ascii=False),
        made_by=f"automation:{wanted.name}",
        why="a program may settle it",
        detail={"type": wanted.name, "due_at": automated.due_at.isoformat()},
    )
    queued = queue_message(context, ticket, outgoing, plan)
    return handed, (replace(queued, action=Action.HANDED_TO_PROGRAM),)
