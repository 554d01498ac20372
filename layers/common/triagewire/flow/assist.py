"""A message in doubt is shown to the assistant, if the site has one, before it stands in review."""

from dataclasses import replace

from triagewire.arrival import RequesterKind
from triagewire.flow.context import Context
from triagewire.message import Message
from triagewire.observability import count, logger
from triagewire.scoring.assistant import (
    Assistant,
    Outcome,
    opinion_in,
    question_about,
    with_opinion,
    worth_asking,
)
from triagewire.ticket import Ticket
from triagewire.verdict import Verdict


def assisted(context: Context, ticket: Ticket, message: Message, verdict: Verdict) -> Verdict:
    """The verdict with the assistant's opinion; whatever goes wrong, the verdict as it was."""
    site = context.policy.policy.sites.get(ticket.site)
    if site is None or site.assistant is None or not worth_asking(verdict):
        return verdict
    try:
        after, outcome = _second_look(context, ticket, message, verdict, site.assistant)
    except Exception as error:
        count("AssistantFailed")
        logger.error("assistant failed", ticket_id=ticket.id, error=type(error).__name__)
        after, outcome = verdict, Outcome.FAILED
    return replace(after, assistant=outcome)


def _second_look(
    context: Context, ticket: Ticket, message: Message, verdict: Verdict, assistant: Assistant
) -> tuple[Verdict, Outcome]:
    staff = ticket.requester.kind is RequesterKind.STAFF
    question = question_about(
        f"{message.subject}\n\n{message.text}", "staff" if staff else "patient"
    )
    answer = context.ask(assistant, question) if question.text else None
    if answer is None:
        return verdict, Outcome.FAILED
    opinion = opinion_in(answer, question)
    if opinion is None:
        return verdict, Outcome.REFUSED
    return with_opinion(verdict, opinion, assistant)
