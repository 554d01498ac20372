"""A new ticket scored, merged or routed, in one transaction that no other router can cut into."""

from dataclasses import replace
from datetime import datetime, timedelta

import msgspec

from triagewire.clock.calendar import Calendar
from triagewire.clock.promise import CalendarKind
from triagewire.clock.segments import settled
from triagewire.clock.sla import start_clock
from triagewire.errors import ConflictError, KeyUnavailableError, TriagewireError
from triagewire.escalation.timers import next_timer
from triagewire.flow.answering import automatic_text, queued
from triagewire.flow.asking import answered, is_answer, note_answer
from triagewire.flow.assist import assisted
from triagewire.flow.automating import hand_over, hand_over_answered
from triagewire.flow.context import Context, Plan
from triagewire.flow.findable import findable, findable_if_possible
from triagewire.flow.follow_up import (
    await_words,
    find_conversation,
    land,
    link_conversation,
    mark_message,
    remember_thread,
    take_words,
    thread_of,
)
from triagewire.flow.hearing import heard, heard_again
from triagewire.flow.inflating import with_words
from triagewire.flow.joining import join, keep_record
from triagewire.flow.judge import FAILED, for_review, scored
from triagewire.flow.linking import link_aside, link_displaced, link_needs
from triagewire.flow.notifying import put_out_digest
from triagewire.flow.placing import give, standing
from triagewire.flow.record import judged
from triagewire.flow.survivor import find_survivor
from triagewire.flow.taking import Pair
from triagewire.ledger.event import Action, Entry
from triagewire.message import Message
from triagewire.observability import count, logger
from triagewire.policy.model import Site
from triagewire.routing.follow_up import (
    Authority,
    Conversation,
    Landing,
    is_grave,
    landing,
)
from triagewire.routing.person import identities, identity_hash
from triagewire.store.messages import first_said
from triagewire.store.tickets import Change, load_ticket
from triagewire.ticket import ANSWERED_AUTOMATICALLY, REVIEW, Status, Ticket, scoring_timer
from triagewire.verdict import Verdict

ATTEMPTS = 60
"""A lost race means that somebody else got on, and when a whole clinic writes at once many do
before one's turn comes; so many in a row mean a fault.
"""
GIVEN_UP_AFTER = timedelta(minutes=2)
"""So long after a ticket should have been scored at the latest, a person gets it unscored: three
minutes after it came.
"""


def triage(context: Context, new_id: str) -> Ticket | None:
    """Score a new ticket and put it where it belongs; returns the ticket that people work on.

    None if that was done before, or if its words are still to come. Raises ConflictError when every
    attempt lost a race.
    """
    verdict: Verdict | None = None
    for trying in context.tries(ATTEMPTS):
        ticket = load_ticket(trying.tables, new_id)
        if ticket is None or ticket.status is not Status.NEW:
            return None
        message = first_message(trying, ticket)
        try:
            if _still_waits(ticket, trying):
                return _commit(await_words(trying, ticket, message), trying)
            verdict = verdict or ticket.verdict
            if verdict is None:
                ticket, message = with_words(trying, ticket, message)
                ticket, message, verdict = judged(trying, ticket, message)
                verdict = assisted(trying, ticket, message, verdict)
            return _commit(_plan(trying, ticket, verdict, message), trying)
        except ConflictError:
            continue
    raise ConflictError(f"ticket {new_id}: lost {ATTEMPTS} races in a row")


def _still_waits(ticket: Ticket, context: Context) -> bool:
    """Whether the transcription of a recording may still come."""
    return ticket.awaits and ticket.timer is not None and context.now < ticket.timer.at


def _commit(plan: Plan, context: Context) -> Ticket | None:
    if not plan.changes and not plan.writes:
        return None
    return next(iter(plan.commit(context)), None)


def first_message(context: Context, ticket: Ticket) -> Message:
    """What the requester said first: it is written together with the ticket."""
    return first_said(context.tables, ticket.id)


def _plan(context: Context, ticket: Ticket, verdict: Verdict, message: Message) -> Plan:
    """What to do with a new ticket; one that cannot be routed stands before a person instead."""
    try:
        return _decide(context, ticket, verdict, message)
    except (ConflictError, KeyUnavailableError):
        raise
    except (TriagewireError, msgspec.MsgspecError, ValueError, LookupError, TypeError) as error:
        count("RoutingFailed")
        logger.error("routing failed", ticket_id=ticket.id, error=type(error).__name__)
        return _last_resort(context, ticket, "routing_failed", "it could not be routed")


def given_up_at(ticket: Ticket) -> datetime:
    """When it is no use any more to try to score a new ticket again."""
    return scoring_timer(ticket).at + GIVEN_UP_AFTER


def to_review_unscored(context: Context, new_id: str) -> Ticket | None:
    """Put a new ticket before a person as it is, because it cannot be scored; None if somebody has
    scored it meanwhile. Raises ConflictError when every attempt lost a race.
    """
    for trying in context.tries(ATTEMPTS):
        ticket = load_ticket(trying.tables, new_id)
        if ticket is None or ticket.status is not Status.NEW:
            return None
        plan = _last_resort(trying, ticket, FAILED, "it could not be scored")
        try:
            return _commit(plan, trying)
        except ConflictError:
            continue
    raise ConflictError(f"ticket {new_id}: lost {ATTEMPTS} races in a row")


def _last_resort(context: Context, ticket: Ticket, topic: str, why: str) -> Plan:
    """The review queue, nobody's yet, on a clock that needs no calendar."""
    site = context.site(ticket.site)
    minutes = site.targets.review.minutes
    standing_there = replace(
        ticket,
        verdict=for_review(topic),
        team=REVIEW,
        status=Status.ROUTED,
        quiet=True,
        routed_at=context.now,
        clock=start_clock(minutes, Calendar.always(), context.now, kind=CalendarKind.ALWAYS),
    )
    after = replace(standing_there, timer=next_timer(standing_there, site))
    entry = Entry(action=Action.ROUTED, why=why, detail={"team": REVIEW})
    return Plan(
        changes=[Change(before=ticket, after=after, entries=(entry,))],
        writes=[*findable_if_possible(context, ticket)],
    )


def _decide(context: Context, ticket: Ticket, verdict: Verdict, message: Message) -> Plan:
    """The plan for a new ticket. Its first change is the ticket that people will work on."""
    site = context.site(ticket.site)
    plan = Plan()
    conversation = find_conversation(context, ticket, message)
    verdict = answered(context, ticket, verdict, message, conversation)
    verdict = heard(context, ticket, verdict, message, conversation)
    known = _as_heard(context, ticket, message, conversation)
    newcomer, why = standing(known, verdict, site, context, message)
    how = landing(newcomer, verdict, message, conversation, context.now)
    if how in (Landing.APART, Landing.WORDS):
        _place(context, ticket, newcomer, why, message, plan)
    else:
        land(context, ticket, newcomer, conversation, how, plan)
    if how is Landing.WORDS and conversation.ticket is not None:
        take_words(context, conversation.ticket, newcomer, plan)
    note_answer(ticket, message, conversation, verdict, plan)
    if conversation.ticket and is_answer(ticket, message, conversation, conversation.ticket):
        hand_over_answered(context, conversation.ticket, message, plan)
    _link(context, newcomer, message, conversation, how, plan)
    remember_thread(context, ticket, message, conversation, how, plan)
    mark_message(context, ticket, message, conversation, how, plan)
    plan.writes.extend(findable(context, ticket, message))
    put_out_digest(context, plan)
    return plan


def _link(
    context: Context,
    newcomer: Ticket,
    message: Message,
    conversation: Conversation,
    how: Landing,
    plan: Plan,
) -> None:
    """The tickets beside the one that leads: further needs, a need that was pushed aside, and the
    conversation on which this message may not land.
    """
    if newcomer.verdict is not None and how is not Landing.RECORDED:
        link_needs(context, newcomer, newcomer.verdict, message, plan)
    if how is Landing.JOINS and conversation.ticket is not None:
        link_displaced(context, conversation.ticket, newcomer, plan)
    if how in (Landing.JOINS, Landing.REOPENS) and conversation.ticket is not None:
        link_aside(context, conversation.ticket, newcomer, message, plan)
    if how is Landing.APART:
        link_conversation(conversation, plan)


def _as_heard(
    context: Context, ticket: Ticket, message: Message, conversation: Conversation
) -> Ticket:
    """The newcomer as far as it is believed; the words of a recording have waited as long as it."""
    waited = conversation.ticket
    at = ticket.received_at
    if waited is not None and waited.awaits and conversation.authority is not Authority.NONE:
        at = min(at, waited.received_at)
    known_as = () if message.doubtful_sender else _known_as(context, ticket)
    quiet = ticket.quiet or message.doubtful_sender
    thread = thread_of(context, ticket, message)
    return replace(ticket, received_at=at, quiet=quiet, known_as=known_as, thread_hash=thread)


def _known_as(context: Context, ticket: Ticket) -> tuple[str, ...]:
    """The keyed hashes of who asks, for the functions that have no key."""
    found = identities(ticket.requester)
    return tuple(identity_hash(context.identity_key, ticket.site, each) for each in found)


def _place(
    context: Context, before: Ticket, newcomer: Ticket, why: str, message: Message, plan: Plan
) -> None:
    """A ticket of its own, unless it repeats one that is open."""
    found = find_survivor(context, newcomer, message, plan)
    if found.survivor is not None:
        alone = replace(
            heard_again(context, newcomer, message, found.survivor), clock=None, resolution=None
        )
        pair = Pair(before=before, newcomer=alone, survivor=found.survivor)
        moves = not message.automatic or is_grave(alone, found.survivor)
        (join if moves else keep_record)(context, pair, plan)
    else:
        # A question that a robot has answered once is for a person when it comes again.
        quiet = newcomer.quiet or found.answered
        _route(context, before, replace(newcomer, quiet=quiet), why, message, plan)


def _route(
    context: Context, before: Ticket, newcomer: Ticket, why: str, message: Message, plan: Plan
) -> None:
    site = context.site(newcomer.site)
    entries = [scored(newcomer.verdict)] if newcomer.verdict else []
    text = automatic_text(context, newcomer, message, plan)
    if text.answers:
        after = _answered(newcomer, site, context)
        where = {"team": after.team, "member": None}
        entries.append(
            Entry(action=Action.ANSWERED, why=f"answered by {text.made_by}", detail=where)
        )
    else:
        placed = give(newcomer, why, site, context)
        after = placed.ticket
        entries.append(placed.entry)
        plan.writes.extend(placed.writes)
    after = replace(after, asked=(*after.asked, *text.asks))
    entries.append(queued(context, after, text, message, plan))
    if not text.robots:  # what a program says would come back as the next request
        after, handed = hand_over(context, after, (message,), plan)
        entries.extend(handed)
    plan.changes.append(Change(before=before, after=after, entries=tuple(entries)))


def _answered(ticket: Ticket, site: Site, context: Context) -> Ticket:
    """Resolved by an article: no person has answered, and both promises are given up."""
    after = replace(
        settled(ticket, context.now),
        status=Status.RESOLVED,
        outcome=ANSWERED_AUTOMATICALLY,
        resolved_at=context.now,
    )
    return replace(after, timer=next_timer(after, site))
