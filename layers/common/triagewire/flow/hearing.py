"""What a message means in its conversation: a "yes" to the question that was asked, a nod that
adds nothing, a turn for the worse, a danger sign under a cover note.

All but the nod only raise. Whatever fails here, the verdict on the words alone stands.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from triagewire.flow import judge as judging
from triagewire.flow.context import Context
from triagewire.flow.insisting import insisting, landed_last
from triagewire.flow.placing import standing
from triagewire.message import Delivery, Direction, Message
from triagewire.observability import count, logger
from triagewire.routing.follow_up import Authority, Conversation, bare_subject
from triagewire.routing.nods import NOTHING_NEW, takes_nods
from triagewire.routing.thanks import only_thanks
from triagewire.scoring.answers import Answer, answer_of, is_short, leads_with
from triagewire.scoring.course import is_worse
from triagewire.scoring.doubt import MIN_SPEECH, Doubt, doubted
from triagewire.scoring.form import SHORT_FORMS
from triagewire.scoring.questions import (
    asks_if_well,
    asks_of_danger,
    no_is_bad_news,
    questions_in,
)
from triagewire.scoring.quoted import MOST_ASKED, not_heard, quoted_part, said_now
from triagewire.store.messages import read_messages
from triagewire.ticket import Ticket
from triagewire.verdict import Reason, RuleSet, Urgency, Verdict

QUOTED = Doubt(
    rule="quoted-text",
    why="a danger sign in a part of the mail that was quoted, and that nobody has judged",
    effect="review: it may be old, and it may be now",
)
ANSWERED = Doubt(
    rule="answers-danger-question",
    why="a short answer to a question about a danger sign",
    effect="review: it may say yes to a danger sign",
)
WORSE = Doubt(
    rule="worse-than-before",
    why="a follow-up on a clinical need says that it is worse, or no better",
    effect="review: what is known has become worse",
)
RAISED = "raised"
"""What a verdict says of an assistant that found it urgent."""
_SHORT = SHORT_FORMS | {"second-opinion"}
"""Doubts that every nod raises."""


@dataclass(frozen=True, slots=True)
class _Turn:
    """One message with its own verdict, and the ticket on which it may land."""

    context: Context
    ticket: Ticket
    message: Message
    verdict: Verdict
    known: Ticket | None
    other_sender: bool


def heard(
    context: Context,
    ticket: Ticket,
    verdict: Verdict,
    message: Message,
    conversation: Conversation,
) -> Verdict:
    """The verdict on a new message as it is to be understood where it belongs.

    A need that was split off, an unreadable body and a recording that waits for its words stay as
    they are.
    """
    wordless = message.awaits or (message.pointer and not message.text.strip())
    if ticket.verdict is not None or ticket.unreadable or wordless:
        return verdict
    believed = conversation.authority is not Authority.NONE
    known = conversation.ticket if believed else None
    turn = _Turn(context, ticket, message, verdict, known, conversation.other_sender)
    try:
        return _understood(turn)
    except Exception as error:
        count("HearingFailed")
        logger.error("conversation not heard", ticket_id=ticket.id, error=type(error).__name__)
        return verdict


def heard_again(context: Context, newcomer: Ticket, message: Message, survivor: Ticket) -> Ticket:
    """A newcomer that repeats an open ticket, in the queue where its being repeated puts it."""
    if newcomer.verdict is None or message.automatic:
        return newcomer
    try:
        verdict = insisting(context, newcomer, newcomer.verdict, survivor)
    except Exception as error:
        count("HearingFailed")
        logger.error("repetition not heard", ticket_id=newcomer.id, error=type(error).__name__)
        return newcomer
    if verdict is newcomer.verdict:
        return newcomer
    raised, _ = standing(newcomer, verdict, context.site(newcomer.site), context, message)
    return raised


def _understood(turn: _Turn) -> Verdict:
    doubts = tuple(_doubts(turn))
    if doubts:
        raised = doubted(turn.verdict, doubts)
        return raised if _is_robots(turn) else _insisted(turn, raised)
    if _is_robots(turn):
        return turn.verdict
    if turn.known is not None and _adds_nothing(turn, turn.known):
        return _nod(turn.known, turn.verdict)
    return _insisted(turn, turn.verdict)


def _insisted(turn: _Turn, verdict: Verdict) -> Verdict:
    if turn.known is None or not turn.known.is_open or turn.other_sender:
        return verdict
    return insisting(turn.context, turn.ticket, verdict, turn.known)


def _is_robots(turn: _Turn) -> bool:
    return turn.message.automatic


def _doubts(turn: _Turn) -> Iterator[Doubt]:
    """What raises the message, beside its own words. A robot's mail answers nothing."""
    if _quotes_danger(turn):
        yield QUOTED
    if turn.known is None or turn.message.automatic:
        return
    if _answers_danger(turn, turn.known):
        yield ANSWERED
    if _is_clinical(turn.known) and is_worse(turn.message.text):
        yield WORSE


def _is_clinical(ticket: Ticket) -> bool:
    return ticket.verdict is not None and ticket.urgency >= Urgency.CLINICAL_STANDARD


# What was quoted


def _quotes_danger(turn: _Turn) -> bool:
    """Whether what the mail quotes scores 5, without what this conversation has said before."""
    message = turn.message
    if said_now(message.text, message.full_text, message.subject) != message.text:
        return False  # handed on: scored as the message itself
    quoted = quoted_part(message.text, message.full_text)
    fresh = not_heard(quoted, ())
    if not fresh or not _is_urgent(turn, fresh):
        return False
    fresh = not_heard(quoted, _heard_before(turn)) if turn.known else fresh
    return bool(fresh) and _is_urgent(turn, fresh)


def _is_urgent(turn: _Turn, text: str) -> bool:
    alone = replace(turn.message, text=text, full_text="", subject="", attachments=())
    verdict = judging.judge(turn.ticket, alone, turn.context.policy, turn.context.now)
    return verdict.score is Urgency.CLINICAL_URGENT or verdict.topic == judging.FAILED


def _heard_before(turn: _Turn) -> Iterator[str]:
    """What was said on the ticket and on those that landed on it last, by us and by them."""
    if turn.known is None:
        return
    for each in (turn.known.id, *(one.id for one in landed_last(turn.context, turn.known))):
        for message in read_messages(turn.context.tables, each):
            yield f"{message.subject}\n{message.full_text or message.text}"


# What was answered


def _answers_danger(turn: _Turn, known: Ticket) -> bool:
    """Whether a short answer may say yes to a danger sign that we asked about."""
    text = turn.message.text
    answer = answer_of(text, _names(turn))
    if only_thanks(text) or not (is_short(text) or leads_with(text, Answer.YES)):
        return False
    questions = _asked(turn, known) or (_asked_before(turn, known) if _affirms(answer) else "")
    if asks_if_well(questions) and answer not in (Answer.YES, Answer.AGREES):
        return True
    if not questions or not _may_affirm(answer, questions, turn):
        return False
    return asks_of_danger(questions, judging.engine_of(turn.context.policy))


def _may_affirm(answer: Answer, questions: str, turn: _Turn) -> bool:
    """Whether it is more than a denial, where a denial is good news."""
    if no_is_bad_news(questions):
        return True
    understood = bool(turn.verdict.reasons) and leads_with(turn.message.text, Answer.NO)
    return answer is not Answer.NO and not (answer is Answer.MORE and understood)


def _asked(turn: _Turn, known: Ticket) -> str:
    """The questions that people of ours put last, and those in what the answer quotes that were
    put by another way than the desk.
    """
    quoted = quoted_part(turn.message.text, turn.message.full_text)[:MOST_ASKED]
    out = _ours(turn, known)
    if not out:
        return questions_in(quoted)
    elsewhere = questions_in(not_heard(quoted, _heard_before(turn))) if quoted else ""
    times = [known.received_at, *(each.received_at for each in landed_last(turn.context, known))]
    before = max((at for at in times if at < out[-1].at), default=known.received_at)
    last = questions_in("\n".join(each.text for each in out if each.at >= before))
    return "\n".join(filter(None, (last, elsewhere)))


def _ours(turn: _Turn, known: Ticket) -> list[Message]:
    """What people of ours wrote to the requester and did not take back."""
    return [
        each
        for each in read_messages(turn.context.tables, known.id)
        if each.direction is Direction.OUTBOUND
        and not each.automatic
        and each.delivery is not Delivery.WITHDRAWN
    ]


def _affirms(answer: Answer) -> bool:
    return answer in (Answer.YES, Answer.SOME)


def _asked_before(turn: _Turn, known: Ticket) -> str:
    """The last questions that people of ours put, where they have since written without one: a
    "yes" answers nothing else.
    """
    return next(
        (found for each in reversed(_ours(turn, known)) if (found := questions_in(each.text))), ""
    )


def _names(turn: _Turn) -> tuple[str, ...]:
    return (turn.ticket.requester.name,) if turn.ticket.requester.name else ()


# What adds nothing


def _adds_nothing(turn: _Turn, known: Ticket) -> bool:
    """Whether it is a nod on a ticket that is understood, and its own words say nothing else.

    A bare yes or no counts only where it is known what was asked, or on administrative work.
    """
    message = turn.message
    raised = turn.verdict.assistant == RAISED
    if not takes_nods(known) or turn.other_sender or raised or not _is_plain(message):
        return False
    answer = answer_of(message.text, _names(turn))
    if answer is Answer.MORE:
        return False
    office = known.urgency < Urgency.CLINICAL_STANDARD and answer is not Answer.SOME
    if answer is not Answer.AGREES and not office and not _asked(turn, known):
        return False
    return _says_nothing(_on_words_alone(turn, known))


def _is_plain(message: Message) -> bool:
    """Words only, from who they seem to be from, and surely heard."""
    unsure = message.speech is not None and message.speech < MIN_SPEECH
    return not (message.attachments or message.pointer or message.doubtful_sender or unsure)


def _says_nothing(verdict: Verdict) -> bool:
    """Whether no clinical rule knows anything in it; that it is short is known."""
    if verdict.crisis or verdict.score is Urgency.CLINICAL_URGENT:
        return False
    return all(each.set is not RuleSet.CLINICAL or each.rule in _SHORT for each in verdict.reasons)


def _on_words_alone(turn: _Turn, known: Ticket) -> Verdict:
    """The verdict without the subject, where that stood on the ticket before."""
    subject = bare_subject(turn.message.subject)
    stood = {bare_subject(each.subject) for each in read_messages(turn.context.tables, known.id)}
    if not subject or subject not in stood:
        return turn.verdict
    alone = replace(turn.message, subject="")
    return judging.judge(turn.ticket, alone, turn.context.policy, turn.context.now)


def _nod(known: Ticket, verdict: Verdict) -> Verdict:
    """The ticket's own verdict again: a nod neither raises nor opens anything."""
    own = known.verdict or verdict
    reason = Reason(
        rule=NOTHING_NEW,
        set=own.reasons[0].set if own.reasons else RuleSet.ADMINISTRATIVE,
        text_span="",
        effect="adds nothing to its ticket",
        why="an answer that says nothing new on a ticket that is understood",
    )
    return replace(own, reasons=(reason,), others=())
