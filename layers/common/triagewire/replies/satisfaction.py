"""Asking a requester how they were served: whom, when, and in which words.

Nobody is asked who may still need help, nor of whom it is not known who they are; and nobody often.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from triagewire.arrival import RequesterKind
from triagewire.clock.calendar import advance
from triagewire.policy.model import Site
from triagewire.replies.feedback_tokens import FEEDBACK_LINK
from triagewire.replies.matching import DEFAULT_LANGUAGE, spoken
from triagewire.survey import Survey
from triagewire.ticket import Status, Ticket
from triagewire.verdict import Urgency

SCORES = range(1, 6)
SELDOM = timedelta(days=30)
"""Nobody is asked twice within it."""
SERVED = frozenset({"answered", "done", "called_back"})
"""The outcomes after which it can be asked: somebody of ours did something."""


def surveyed(ticket: Ticket, site: Site, now: datetime) -> Ticket:
    """A ticket that has just been resolved, with the moment at which its requester is asked; as it
    is where they are not.
    """
    if why_not(ticket, site) or _asked_lately(ticket, now):
        return ticket
    due = advance(site.calendar, now, timedelta(minutes=site.satisfaction.after_minutes))
    return replace(ticket, survey=Survey(resolved_at=now, due_at=due))


def why_not(ticket: Ticket, site: Site) -> str:
    """Why the requester of a ticket is not asked, or `""`."""
    verdict = ticket.verdict
    reasons = (
        (not site.satisfaction.enabled, "switched off for this site"),
        (ticket.status is not Status.RESOLVED, "it is open again"),
        (ticket.outcome not in SERVED, "nobody served them"),
        (verdict is None or verdict.review or ticket.in_review, "it was never judged"),
        (verdict is not None and verdict.crisis, "it was a crisis"),
        (verdict is not None and verdict.score >= Urgency.CLINICAL_URGENT, "it was urgent"),
        (ticket.requester.kind is RequesterKind.UNKNOWN, "the requester is not known"),
        (ticket.quiet or ticket.unreachable, "no automatic text on this ticket"),
    )
    return next((why for applies, why in reasons if applies), "")


def _asked_lately(ticket: Ticket, now: datetime) -> bool:
    asked = ticket.survey.asked_at if ticket.survey else None
    return asked is not None and now < asked + SELDOM


def survey_text(ticket: Ticket, site: Site) -> tuple[str, str, str]:
    """Subject, text and language of the question, with a mark where the link goes."""
    ask = site.satisfaction.ask
    if ask is None:
        raise ValueError("a site that asks nothing has no question")
    language = language_of(ticket, ask.text)
    values = {"site": site.name, "phone": site.phone, "link": FEEDBACK_LINK}
    return (
        ask.subject[language].format(**values),
        ask.text[language].format(**values),
        language,
    )


def language_of(ticket: Ticket, available: Collection[str]) -> str:
    """The language of a ticket where there are words in it, else English."""
    heard = ticket.verdict.language if ticket.verdict else ""
    return spoken(heard or ticket.language or DEFAULT_LANGUAGE, available)


def month_of(resolved_at: datetime, zone: str) -> str:
    """The month in which a ticket was resolved, on the calendar of its site's wall: `2026-03`."""
    return f"{resolved_at.astimezone(ZoneInfo(zone)):%Y-%m}"
