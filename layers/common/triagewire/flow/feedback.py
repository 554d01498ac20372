"""What a requester says of how they were served, by the link of a text of ours.

A score is counted where it belongs. A comment is a message like any other: it is scored, so a chest
pain in it pages, and thanks in it open nothing.
"""

import hashlib
from dataclasses import replace
from datetime import timedelta

from triagewire.arrival import Arrival, Channel
from triagewire.channels.bucket import MICROSECOND, Bucket
from triagewire.errors import BadLinkError, ConflictError
from triagewire.flow.article_uses import not_helpful
from triagewire.flow.context import Context, Plan
from triagewire.flow.placing import give
from triagewire.flow.promising import promised_again
from triagewire.flow.receive import receive
from triagewire.ids import thread_token
from triagewire.ledger.event import Action, Entry
from triagewire.observability import count, logger
from triagewire.replies.feedback_tokens import Asks, FeedbackLink
from triagewire.replies.satisfaction import SCORES, month_of
from triagewire.states import reopened
from triagewire.store.satisfaction import count_score
from triagewire.store.source_states import take_callers_token
from triagewire.store.tickets import Change, load_ticket
from triagewire.survey import Survey
from triagewire.ticket import ANSWERED_AUTOMATICALLY, Status, Ticket

ATTEMPTS = 12
LONGEST_COMMENT = 2_000
BY_ONE_LINK = Bucket(spacing=timedelta(minutes=1) // MICROSECOND, size=10)
"""Answers that are taken of one link: each may change the ticket, and bring a message to score."""
NOT_HELPED = "not_helped"
"""Why a ticket is open again whose answer was none."""


def asked_of(context: Context, link: FeedbackLink) -> Ticket:
    """The ticket that a link asks about, as it stands; nothing is changed and nothing recorded.

    Raises BadLinkError for a ticket that is gone, or whose requester was asked anew since, and for
    an article's where the ticket is closed for good: nobody would get the question. Also for one
    whose words are purged: a comment would be nobody's, and nobody could answer it.
    """
    ticket = load_ticket(context.tables, link.ticket_id)
    if ticket is None or ticket.purging_since is not None or ticket.purged_at is not None:
        raise BadLinkError("no link that holds")
    if link.asks is Asks.ARTICLE and ticket.status is Status.CLOSED:
        raise BadLinkError("no link that holds")
    if link.asks is Asks.SURVEY:
        _survey(ticket, link)
    return ticket


def may_answer(context: Context, link: FeedbackLink) -> bool:
    """Whether one more answer is taken of a link. A limiter that cannot be reached stops nobody."""
    named = f"feedback\0{link.ticket_id}\0{int(link.asked_at.timestamp())}".encode()
    try:
        wait = take_callers_token(
            context.tables, hashlib.sha256(named).hexdigest(), BY_ONE_LINK, context.now
        )
    except Exception as error:
        count("LimiterFailed")
        logger.error("limiter failed", error=type(error).__name__)
        return True
    return not wait


def rate(context: Context, link: FeedbackLink, score: int) -> Ticket:
    """Record how a requester was served; another score takes the place of the first.

    Raises BadLinkError, and ConflictError when others keep changing the ticket.
    """
    if score not in SCORES:
        raise ValueError("a score is one of 1 to 5")
    for trying in context.tries(ATTEMPTS):
        ticket = asked_of(trying, link)
        survey = _survey(ticket, link)
        if survey.score == score:
            return ticket
        try:
            return _rated(trying, ticket, survey, score).commit(trying)[0]
        except ConflictError:
            continue
    raise ConflictError(f"ticket {link.ticket_id}: lost {ATTEMPTS} races in a row")


def comment(context: Context, ticket: Ticket, link: FeedbackLink, text: str) -> str:
    """Take what a requester wants to add, as a message of theirs on the ticket; the same words
    again change nothing. Returns the id that it was stored under.
    """
    words = text.strip()
    digest = hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()[:32]
    arrival = Arrival(
        site=ticket.site,
        source=ticket.source,
        channel=Channel.WEB,
        event_id=f"feedback:{ticket.id}:{int(link.asked_at.timestamp())}:{digest}",
        requester=ticket.requester,
        text=words,
        language=ticket.language,
        thread_token=thread_token(context.identity_key, ticket.id),
        remarks=("written on the page behind the link of our text",),
    )
    return receive(context.tables, arrival, context.stamp)


def not_helped(context: Context, link: FeedbackLink) -> Ticket:
    """Bring a question that an article did not answer to a person; once it is with one, nothing
    changes. Raises BadLinkError, and ConflictError when others keep changing the ticket.
    """
    for trying in context.tries(ATTEMPTS):
        ticket = asked_of(trying, link)
        if not is_left_to_an_article(ticket):
            return ticket
        try:
            return _for_a_person(trying, ticket, link).commit(trying)[0]
        except ConflictError:
            continue
    raise ConflictError(f"ticket {link.ticket_id}: lost {ATTEMPTS} races in a row")


def is_left_to_an_article(ticket: Ticket) -> bool:
    """Whether nobody but an article has answered a ticket."""
    return ticket.status is Status.RESOLVED and ticket.outcome == ANSWERED_AUTOMATICALLY


def _survey(ticket: Ticket, link: FeedbackLink) -> Survey:
    survey = ticket.survey
    asked = survey.asked_at if survey else None
    if survey is None or asked is None or int(asked.timestamp()) != int(link.asked_at.timestamp()):
        raise BadLinkError("no link that holds")
    return survey


def _rated(context: Context, ticket: Ticket, survey: Survey, score: int) -> Plan:
    after = replace(ticket, survey=replace(survey, score=score))
    detail = {"score": score, "before": survey.score}
    entry = Entry(action=Action.RATED, why="the requester said how it was", detail=detail)
    month = month_of(survey.resolved_at, context.site(ticket.site).zone)
    counted = count_score(context.tables, ticket.site, month, score, survey.score)
    return Plan(changes=[Change(before=ticket, after=after, entries=(entry,))], writes=[counted])


def _for_a_person(context: Context, ticket: Ticket, link: FeedbackLink) -> Plan:
    site = context.site(ticket.site)
    fresh = promised_again(reopened(ticket, context.now), site, context.now)
    placed = give(fresh, "reopened: an article did not answer it", site, context)
    opened = Entry(action=Action.REOPENED, why=NOT_HELPED, detail={"article": link.article})
    entries = (opened, placed.entry)
    change = Change(before=ticket, after=placed.ticket, entries=entries)
    plan = Plan(changes=[change], writes=[*placed.writes])
    not_helpful(context, ticket, link.article, plan)
    return plan
