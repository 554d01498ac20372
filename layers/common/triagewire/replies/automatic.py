"""The automatic text for a ticket that has just been routed, or the reason why there is none.

An automatic text must never make somebody wait who should call for help: it goes to nobody whose
ticket is clinical, under review or in a crisis, nor to a requester who is not known.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from triagewire.arrival import RequesterKind
from triagewire.clock.calendar import is_open
from triagewire.clock.sla import expected_by
from triagewire.message import Message, ReplyWay
from triagewire.policy.model import Site
from triagewire.policy.replies import Template
from triagewire.replies.markdown import one_line, plain
from triagewire.replies.matching import DEFAULT_LANGUAGE, Match, Question, matches, spoken, sure
from triagewire.replies.short import MOST_CHARACTERS, shortened
from triagewire.ticket import Ticket
from triagewire.verdict import Urgency, Verdict

FEEDBACK = {
    "en": "If this does not answer your question, one tap brings it to a person: {}",
    "es": "Si esto no responde a su pregunta, un toque la lleva a una persona: {}",
}
DATES = {"en": "%A, %B %d, %I:%M %p", "es": "%d/%m/%Y, %H:%M"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A text to send. It settles the request when it is an `article`, by its id; `made_by` names
    template or article; `asks` are the fields of a staff request that it asks for.
    """

    subject: str
    text: str
    language: str
    made_by: str
    article: str = ""
    asks: tuple[str, ...] = ()

    @property
    def answers(self) -> bool:
        """Whether it settles the request."""
        return bool(self.article)


@dataclass(frozen=True, slots=True)
class Withheld:
    """No automatic text, and why."""

    why: str


@dataclass(frozen=True, slots=True)
class _Asking:
    """Who asks what, on which ticket, and by which way they hear of it."""

    ticket: Ticket
    message: Message
    site: Site
    now: datetime
    way: ReplyWay
    feedback: Callable[[str], str]

    @property
    def language(self) -> str:
        """The language that the requester wrote in."""
        heard = self.ticket.verdict.language if self.ticket.verdict else ""
        return self.message.language or heard or DEFAULT_LANGUAGE

    @property
    def texted(self) -> bool:
        """Whether it goes out as a text message."""
        return self.way is ReplyWay.SMS


def no_feedback(_article: str) -> str:
    """The link of an answer that nobody can judge by a tap."""
    return ""


def find_article(message: Message, verdict: Verdict, site: Site, now: datetime) -> Match | None:
    """The article that surely answers a message, or None: then a person does."""
    return _sure_of(message, verdict, site, now, "")


def automatic_reply(
    ticket: Ticket,
    message: Message,
    site: Site,
    now: datetime,
    way: ReplyWay | None = ReplyWay.EMAIL,
    feedback: Callable[[str], str] = no_feedback,
) -> Reply | Withheld:
    """What to send for a ticket with its verdict, queue and clock set, in the requester's
    language. `way` None says that nothing reaches them; `feedback` gives the link by which they
    say that an article did not answer them.
    """
    if why := _forbidden(ticket, message, site):
        return Withheld(why)
    if way is None:
        return Withheld("no address to write to")
    asking = _Asking(ticket, message, site, now, way, feedback)
    return _answer(asking) or _question(asking) or _acknowledgement(asking)


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
    )
    return next((why for applies, why in reasons if applies), "")


def _sure_of(
    message: Message, verdict: Verdict, site: Site, now: datetime, name: str
) -> Match | None:
    if verdict.score is not Urgency.SELF_SERVE:
        return None
    question = Question(
        text=message.text,
        subject=message.subject,
        topic=verdict.topic,
        language=message.language or verdict.language or DEFAULT_LANGUAGE,
        name=name,
    )
    return sure(matches(question, site, now))


def _answer(asking: _Asking) -> Reply | None:
    """An article, if one is sure to answer, and fits the way: half an answer answers nobody."""
    ticket, site, verdict = asking.ticket, asking.site, asking.ticket.verdict
    name = ticket.requester.name or ""
    found = verdict and _sure_of(asking.message, verdict, site, asking.now, name)
    if not found:
        return None
    article, language = found.article, found.language
    shown = (one_line if asking.texted else plain)(article.text[language])
    link = asking.feedback(found.article_id)
    values = {
        "title": article.title[language],
        "answer": shown,
        "feedback": FEEDBACK.get(language, FEEDBACK[DEFAULT_LANGUAGE]).format(link) if link else "",
    }
    made_by = f"article:{found.article_id}"
    reply = _filled(asking, site.replies.answer, language, values, made_by, whole=True)
    if asking.texted and len(reply.text) > MOST_CHARACTERS:
        return None
    return replace(reply, article=found.article_id)


def _acknowledgement(asking: _Asking) -> Reply:
    site = asking.site
    open_now = is_open(site.calendar, asking.now)
    template = site.replies.acknowledgement if open_now else site.replies.after_hours
    name = "acknowledgement" if open_now else "after_hours"
    return _filled(asking, template, asking.language, {}, f"template:{name}")


def _question(asking: _Asking) -> Reply | None:
    """One question for all that a staff request lacks, if that was never asked before."""
    ticket, site = asking.ticket, asking.site
    template, verdict = site.replies.question, ticket.verdict
    staff = ticket.requester.kind is RequesterKind.STAFF
    if template is None or verdict is None or not verdict.missing or ticket.asked or not staff:
        return None
    language = spoken(asking.language, template.text.keys())
    asked = (site.intake.fields.get(name, {}) for name in verdict.missing)
    lines = (
        words.get(language) or words.get(DEFAULT_LANGUAGE) or name
        for name, words in zip(verdict.missing, asked, strict=True)
    )
    values = {"missing": "\n".join(f"- {line}" for line in lines)}
    reply = _filled(asking, template, language, values, "template:question")
    return replace(reply, asks=verdict.missing)


def _filled(
    asking: _Asking,
    template: Template,
    language: str,
    values: dict[str, str],
    made_by: str,
    *,
    whole: bool = False,
) -> Reply:
    """The template in its language, English where it has no such text. A text message has its own
    words or the first of the long ones, unless it must be `whole`.
    """
    language = spoken(language, template.text.keys())
    site = asking.site
    said = {
        "site": site.name,
        "phone": site.phone,
        "expected": _expected(asking.ticket, site, language),
        **values,
    }
    own = template.sms.get(language, "") if asking.texted else ""
    text = (own or template.text[language]).format(**said).strip()
    if asking.texted:
        text = " ".join(text.split()) if whole else shortened(text)
    return Reply(
        subject=template.subject[language].format(**said),
        text=text,
        language=language,
        made_by=made_by,
    )


def _expected(ticket: Ticket, site: Site, language: str) -> str:
    """When somebody will have looked, in site time and the way the language writes it."""
    if ticket.clock is None:
        return ""
    local = expected_by(ticket.clock, site.calendar)
    return local.strftime(DATES.get(language, DATES[DEFAULT_LANGUAGE])).replace(" 0", " ")
