"""Counting what became of articles, in the transaction that decides it."""

from triagewire.clock.calendar import local
from triagewire.flow.context import Context, Plan
from triagewire.message import Direction, Message
from triagewire.replies.feedback_tokens import ARTICLE
from triagewire.replies.uses import Use
from triagewire.store.article_uses import use_written
from triagewire.store.messages import read_messages
from triagewire.ticket import ANSWERED_AUTOMATICALLY, Ticket


def note_answered(context: Context, ticket: Ticket, article: str, plan: Plan) -> None:
    """Count in the plan that an article answers a ticket."""
    _note(context, ticket, article, Use.ANSWERED, plan)


def note_reopened(context: Context, ticket: Ticket, plan: Plan) -> None:
    """Count in the plan that a ticket is opened again, if an article had answered it."""
    if ticket.outcome != ANSWERED_AUTOMATICALLY:
        return
    said = read_messages(context.tables, ticket.id)
    if article := next(filter(None, map(article_of, said)), ""):
        _note(context, ticket, article, Use.REOPENED, plan)


def not_helpful(context: Context, ticket: Ticket, article: str, plan: Plan) -> None:
    """Count in the plan that a reader says an article did not answer their question."""
    _note(context, ticket, article, Use.NOT_HELPFUL, plan)


def article_of(message: Message) -> str:
    """The article that an outbound message answers with, or `""`."""
    made = message.made_by if message.direction is Direction.OUTBOUND else ""
    return made.removeprefix(ARTICLE) if made.startswith(ARTICLE) else ""


def month_at(context: Context, site_id: str) -> str:
    """The month of the site in which a use counts, such as `2026-03`."""
    return local(context.site(site_id).calendar, context.now).strftime("%Y-%m")


def _note(context: Context, ticket: Ticket, article: str, use: Use, plan: Plan) -> None:
    month = month_at(context, ticket.site)
    plan.writes.append(use_written(context.tables, ticket.site, article, month, use))
