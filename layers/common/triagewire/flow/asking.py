"""The answer to our one question about a staff request: its words join those of the request.

Alone "PRN-0412, by the window" says nothing and would go to review; with the request it says what
was missing. The two together may raise the ticket and never lower it.
"""

from dataclasses import replace

from triagewire.flow import judge as judging
from triagewire.flow.context import Context, Plan
from triagewire.message import Message
from triagewire.observability import count, logger
from triagewire.routing.follow_up import Authority, Conversation, is_participant
from triagewire.scoring.form import SHORT_FORMS
from triagewire.scoring.missing import INTAKE_MISSING
from triagewire.scoring.stated import not_below, understood
from triagewire.store.messages import first_said
from triagewire.store.tickets import Change
from triagewire.ticket import Ticket
from triagewire.verdict import RuleSet, Urgency, Verdict

_OF_SHORTNESS = SHORT_FORMS | {INTAKE_MISSING, "second-opinion"}
"""Doubts that every short answer raises alone."""


def answered(
    context: Context,
    ticket: Ticket,
    verdict: Verdict,
    message: Message,
    conversation: Conversation,
) -> Verdict:
    """The verdict on an answer to our question, as the request reads with it.

    Anything else keeps its own verdict, and so does what cannot be judged.
    """
    known = conversation.ticket
    if known is None or not is_answer(ticket, message, conversation, known):
        return verdict
    if verdict.score is Urgency.CLINICAL_URGENT or verdict.crisis:
        return verdict
    try:
        return _together(context, ticket, verdict, message, known)
    except Exception as error:
        count("AnswerNotJoined")
        logger.error("answer not joined", ticket_id=ticket.id, error=type(error).__name__)
        return verdict


def is_answer(ticket: Ticket, message: Message, conversation: Conversation, known: Ticket) -> bool:
    """Whether the requester of a ticket that we asked about wrote to it, in words."""
    ours = bool(known.asked) and known.is_open and known.verdict is not None
    theirs = not conversation.other_sender or _same_person(ticket, message, known)
    theirs = theirs and conversation.authority is not Authority.NONE
    new = ticket.verdict is None and not ticket.unreadable
    spoken = bool(message.text.strip()) and not (message.awaits or message.automatic)
    return ours and theirs and new and spoken and not message.doubtful_sender


def _same_person(ticket: Ticket, message: Message, known: Ticket) -> bool:
    """Whether the sender is the requester but for the mailbox, which takes everybody who writes to
    it for a patient.
    """
    as_staff = replace(ticket.requester, kind=known.requester.kind)
    return is_participant(message, as_staff, known)


def _together(
    context: Context, ticket: Ticket, verdict: Verdict, message: Message, known: Ticket
) -> Verdict:
    first = first_said(context.tables, known.id)
    whole = replace(first, text=f"{first.text}\n\n{message.text}")
    joined = judging.judge(known, whole, context.policy, context.now)
    # Staff answer a mail by mail: the mailbox may be one that patients write to. The subject is
    # that of our question.
    by_staff = replace(ticket, requester=replace(ticket.requester, kind=known.requester.kind))
    own = judging.judge(by_staff, replace(message, subject=""), context.policy, context.now)
    if own.score < Urgency.CLINICAL_URGENT and _harmless(own, context):
        return joined
    graver = not_below(joined, own) if understood(own) else _graver(verdict, own)
    return replace(graver, missing=joined.missing)


def _graver(verdict: Verdict, own: Verdict) -> Verdict:
    return own if own.candidate > verdict.candidate else verdict


def _harmless(own: Verdict, context: Context) -> bool:
    """Whether no clinical rule knows anything in the answer but that it is short."""
    little = _OF_SHORTNESS | judging.engine_of(context.policy).weak
    return all(each.set is not RuleSet.CLINICAL or each.rule in little for each in own.reasons)


def note_answer(
    ticket: Ticket, message: Message, conversation: Conversation, verdict: Verdict, plan: Plan
) -> None:
    """Take off the ticket's list what the answer told. What was asked is not asked again."""
    known = conversation.ticket
    if known is None or not is_answer(ticket, message, conversation, known) or not plan.changes:
        return
    lead = plan.changes[0]
    standing = lead.after.verdict
    if lead.after.id != known.id or standing is None:
        return
    left = tuple(name for name in standing.missing if name in verdict.missing)
    after = replace(lead.after, verdict=replace(standing, missing=left))
    plan.changes[0] = Change(before=lead.before, after=after, entries=lead.entries)
