"""The automatic text for a ticket that has just been routed, or the reason why there is none.

An automatic text must never make somebody wait who should call for help: it goes to nobody whose
ticket is clinical, under review or in a crisis, nor to a requester who is not known.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from triagewire.arrival import RequesterKind
from triagewire.clock.calendar import is_open
from triagewire.clock.sla import expected_by
from triagewire.message import Message
from triagewire.policy.model import Site
from triagewire.policy.replies import Article, Template
from triagewire.ticket import Ticket
from triagewire.verdict import Urgency

DEFAULT_LANGUAGE = "en"
DATES = {"en": "%A, %B %d, %I:%M %p", "es": "%d/%m/%Y, %H:%M"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A text to send. `answers` says that it settles the request; `made_by` names template or
    article; `asks` are the fields of a staff request that it asks for.
    """

    to: str
    subject: str
    text: str
    language: str
    made_by: str
    answers: bool
    asks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Withheld:
    """No automatic text, and why."""

    why: str


def find_article(message: Message, topic: str, site: Site) -> tuple[str, Article] | None:
    """The knowledge-base article for a question: its topic, and one of its words where it asks for
    any.
    """
    said = f"{message.subject} {message.text}".casefold()
    for article_id, article in site.replies.articles.items():
        if not article.enabled or topic not in article.topics:
            continue
        if not article.any_of or any(word.casefold() in said for word in article.any_of):
            return article_id, article
    return None


def automatic_reply(
    ticket: Ticket, message: Message, site: Site, now: datetime
) -> Reply | Withheld:
    """What to send for a ticket with its verdict, queue and clock set, in the requester's
    language.
    """
    if why := _forbidden(ticket, message, site):
        return Withheld(why)
    verdict = ticket.verdict
    if verdict is not None and verdict.score is Urgency.SELF_SERVE:
        found = find_article(message, verdict.topic, site)
        if found is not None:
            return _answer(ticket, message, site, *found)
    question = _question(ticket, message, site)
    return question or _acknowledgement(ticket, message, site, now)


def _forbidden(ticket: Ticket, message: Message, site: Site) -> str:
    """Why nothing may be sent, or `""`. The safety reasons come first."""
    verdict = ticket.verdict
    reasons = (
        (verdict is None, "not scored"),
        (verdict is not None and verdict.crisis, "a crisis is answered by a person"),
        (verdict is not None and verdict.score >= Urgency.CLINICAL_STANDARD, "clinical"),
        (verdict is not None and verdict.review, "under review"),
        (ticket.in_review, "under review"),
        (ticket.requester.kind is RequesterKind.UNKNOWN, "the requester is not known"),
        (ticket.quiet or message.automatic, "no automatic text on this ticket"),
        (message.doubtful_sender, "the sender could not be verified"),
        (ticket.unreachable, "mail to the requester comes back"),
        (not site.replies.enabled, "switched off for this site"),
        (not ticket.requester.email, "no address to write to"),
    )
    return next((why for applies, why in reasons if applies), "")


def _answer(
    ticket: Ticket, message: Message, site: Site, article_id: str, article: Article
) -> Reply:
    language = _language(message, article.text.keys())
    values = {
        "site": site.name,
        "phone": site.phone,
        "title": article.title[language],
        "answer": article.text[language],
    }
    return _filled(
        ticket, site.replies.answer, language, values, f"article:{article_id}", answers=True
    )


def _acknowledgement(ticket: Ticket, message: Message, site: Site, now: datetime) -> Reply:
    open_now = is_open(site.calendar, now)
    template = site.replies.acknowledgement if open_now else site.replies.after_hours
    language = _language(message, template.text.keys())
    values = {"site": site.name, "phone": site.phone, "expected": _expected(ticket, site, language)}
    name = "acknowledgement" if open_now else "after_hours"
    return _filled(ticket, template, language, values, f"template:{name}", answers=False)


def _question(ticket: Ticket, message: Message, site: Site) -> Reply | None:
    """One question for all that a staff request lacks, if that was never asked before."""
    template, verdict = site.replies.question, ticket.verdict
    staff = ticket.requester.kind is RequesterKind.STAFF
    if template is None or verdict is None or not verdict.missing or ticket.asked or not staff:
        return None
    wanted = message.language or verdict.language or DEFAULT_LANGUAGE
    language = _spoken(wanted, template.text.keys())
    asked = (site.intake.fields.get(name, {}) for name in verdict.missing)
    lines = (
        words.get(language) or words.get(DEFAULT_LANGUAGE) or name
        for name, words in zip(verdict.missing, asked, strict=True)
    )
    values = {
        "site": site.name,
        "phone": site.phone,
        "expected": _expected(ticket, site, language),
        "missing": "\n".join(f"- {line}" for line in lines),
    }
    reply = _filled(ticket, template, language, values, "template:question", answers=False)
    return replace(reply, asks=verdict.missing)


def _filled(
    ticket: Ticket,
    template: Template,
    language: str,
    values: dict[str, str],
    made_by: str,
    *,
    answers: bool,
) -> Reply:
    """The template in its language, English where it has no such text."""
    spoken = language if language in template.text else DEFAULT_LANGUAGE
    return Reply(
        to=ticket.requester.email or "",
        subject=template.subject[spoken].format(**values),
        text=template.text[spoken].format(**values),
        language=spoken,
        made_by=made_by,
        answers=answers,
    )


def _language(message: Message, available: Collection[str]) -> str:
    return _spoken(message.language or DEFAULT_LANGUAGE, available)


def _spoken(language: str, available: Collection[str]) -> str:
    wanted = language.split("-", maxsplit=1)[0].casefold()
    return wanted if wanted in available else DEFAULT_LANGUAGE


def _expected(ticket: Ticket, site: Site, language: str) -> str:
    """When somebody will have looked, in site time and the way the language writes it."""
    if ticket.clock is None:
        return ""
    local = expected_by(ticket.clock, site.calendar)
    return local.strftime(DATES.get(language, DATES[DEFAULT_LANGUAGE])).replace(" 0", " ")
