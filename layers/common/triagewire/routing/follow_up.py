"""What becomes of a message that belongs to a conversation: does it land on its ticket, and how.

Only two things are authority: our own signed thread token, and a sender who is a participant. A
ticket number in a subject, or somebody else's thread, is neither.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from triagewire.arrival import Requester
from triagewire.message import Message
from triagewire.routing.person import contradicts, identities
from triagewire.routing.thanks import settles
from triagewire.scoring.form import SHORT_FORMS
from triagewire.ticket import Status, Ticket
from triagewire.verdict import Urgency, Verdict

_OF_SHORTNESS = SHORT_FORMS | {"second-opinion"}
"""Doubts that every short message raises."""
_MARKS = re.compile(r"^(?:\s*(?:re|aw|sv|rv|fw|fwd|antw)\s*(?:\[\d+\])?\s*:)+", re.IGNORECASE)

REMEMBERED = timedelta(days=180)
"""How long after its last message a thread still leads to its ticket."""
REOPENED_WITHIN = timedelta(days=30)
"""A later follow-up on a resolved ticket is a linked ticket of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadLock:
    """The ticket that a sender's thread belongs to, until `expires` (UTC).

    `version` lets a routing transaction notice that somebody else wrote it meanwhile. `shared` says
    that two people were seen to write in it: it leads to nobody's ticket any more.
    """

    site: str
    source: str
    thread_hash: str
    ticket_id: str
    expires: datetime
    version: int = 1
    shared: bool = False

    def live(self, now: datetime) -> bool:
        """Whether it still counts."""
        return self.expires > now


class Authority(StrEnum):
    """What lets a message land on the ticket of its conversation."""

    NONE = "none"
    TOKEN = "token"  # noqa: S105 the name of a proof, not a proof
    PARTICIPANT = "participant"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """What a message says of where it belongs: the ticket, and by what right it may land there.

    `token_refused` marks a thread token that is none of ours, or another site's. `lock` is that of
    the sender's own thread, live or not. `subject_known` says that the message's subject stood on
    the ticket before, and so says nothing new; `asked` that the last that people of ours wrote
    holds a question, so that a nod may answer it; `names` are those with which people greet and
    sign.
    """

    ticket: Ticket | None = None
    authority: Authority = Authority.NONE
    other_sender: bool = False
    token_refused: bool = False
    lock: ThreadLock | None = None
    subject_known: bool = False
    asked: bool = False
    names: tuple[str, ...] = ()


class Landing(StrEnum):
    """How a message lands: `joins` as a merge does, `reopens`, is `recorded` and moves nothing,
    brings the `words` of a ticket that awaits them, or stays `apart` as a ticket of its own.
    """

    APART = "apart"
    JOINS = "joins"
    REOPENS = "reopens"
    RECORDED = "recorded"
    WORDS = "words"


def bare_subject(subject: str) -> str:
    """A subject without the marks that mail programs put before it, to compare with another."""
    return _MARKS.sub("", subject).strip().casefold()


def is_participant(message: Message, sender: Requester, ticket: Ticket) -> bool:
    """Whether the sender is who the ticket is of: a believed identity shared, nothing contradicted.

    A recording and its transcription are one call, known by its thread: there it is enough that no
    other phone is stated, for Twilio's recordings name no caller.
    """
    if message.doubtful_sender or contradicts(sender, ticket.requester):
        return False
    if ticket.awaits or message.awaits:
        return len({_phone(sender), _phone(ticket.requester)} - {None}) <= 1
    return bool(set(identities(sender)) & set(identities(ticket.requester)))


def landing(
    newcomer: Ticket,
    verdict: Verdict,
    message: Message,
    conversation: Conversation,
    now: datetime,
) -> Landing:
    """How a scored newcomer lands. `newcomer` stands in the queue that its verdict asks for."""
    ticket = conversation.ticket
    if ticket is None or conversation.authority is Authority.NONE:
        return Landing.APART
    if ticket.unreadable or ticket.status in (Status.MERGED, Status.CLOSED):
        # The one stands for a body and is closed once that is read, the other is nobody's work:
        # a chain of merges that bites its tail ends there.
        return Landing.APART
    if message.awaits:
        return Landing.RECORDED  # a recording says nothing that its own words do not
    if ticket.status is Status.NEW:
        own_words = ticket.awaits and not conversation.other_sender
        return Landing.WORDS if own_words else Landing.APART
    if message.automatic:
        return _robots(newcomer, ticket)
    return Landing.JOINS if ticket.is_open else _on_resolved(verdict, message, conversation, now)


def _on_resolved(
    verdict: Verdict, message: Message, conversation: Conversation, now: datetime
) -> Landing:
    """What a person's word does to a ticket that somebody has closed."""
    if _settled(verdict, message, conversation):
        return Landing.RECORDED
    closed = conversation.ticket.resolved_at if conversation.ticket else None
    # Much later it is another need: the conversation of an SMS number never ends.
    late = closed is not None and now - closed > REOPENED_WITHIN
    return Landing.APART if late else Landing.REOPENS


def _robots(newcomer: Ticket, ticket: Ticket) -> Landing:
    """Automatic mail moves nothing, unless it reads like an emergency.

    Even then it reopens nothing: it is a ticket of its own beside the resolved one.
    """
    if ticket.is_open:
        return Landing.JOINS if is_grave(newcomer, ticket) else Landing.RECORDED
    grave = newcomer.urgency is Urgency.CLINICAL_URGENT
    return Landing.APART if grave else Landing.RECORDED


def is_grave(newcomer: Ticket, ticket: Ticket) -> bool:
    """Whether automatic mail may move an open ticket: a robot's mark can be wrong."""
    doubted = newcomer.verdict is not None and newcomer.verdict.review
    clearly_worse = newcomer.urgency > ticket.urgency and not doubted
    return newcomer.urgency is Urgency.CLINICAL_URGENT or clearly_worse


def _settled(verdict: Verdict, message: Message, conversation: Conversation) -> bool:
    """Whether it says thanks, or that all is well, and nothing else; any doubt reopens the ticket.

    Where each word is on the list, a score comes from an old subject ("Re: refill") or from what is
    thanked for; a new subject is read as well.
    """
    silent = not message.subject.strip()
    grave = verdict.score is Urgency.CLINICAL_URGENT and not conversation.subject_known
    harmless = not (grave or verdict.crisis or _feared(verdict))
    if not (conversation.subject_known or silent):
        harmless = harmless and verdict.score < Urgency.CLINICAL_STANDARD and not verdict.others
    if not harmless or _accompanied(message):
        return False
    # Somebody's name may be a word of health: it counts only where nothing else was found.
    nameless = silent and verdict.score >= Urgency.CLINICAL_STANDARD and bool(verdict.reasons)
    names = () if nameless else conversation.names
    return settles(message.text, names, asked=conversation.asked)


def _accompanied(message: Message) -> bool:
    """Whether there is more to a message than its words."""
    return bool(
        message.attachments
        or message.pointer
        or message.awaits
        or message.staff_request is not None
    )


def _feared(verdict: Verdict) -> bool:
    """Whether more than its words made it doubtful: what it quotes, what it may be the answer to, a
    language that nobody knows. Such a doubt names no words.
    """
    return verdict.review and not all(
        reason.text_span or reason.rule in _OF_SHORTNESS for reason in verdict.reasons
    )


def _phone(requester: Requester) -> str | None:
    return next((each.value for each in identities(requester) if each.kind == "phone"), None)
