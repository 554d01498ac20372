"""Promises about what becomes of a message: its ticket, score, queue, reply, secrecy and record."""

from collections.abc import Callable, Iterator
from typing import Any

from local.demo.day import words_of_people
from local.demo.facts import Facts
from local.demo.hostile import CANARY
from local.demo.replay import Posted
from triagewire.arrival import RequesterKind
from triagewire.ledger.chain import first_fault
from triagewire.ledger.event import Action, Event
from triagewire.message import ReplyWay
from triagewire.replies.feedback_tokens import SURVEY
from triagewire.store.tickets import ticket_pk
from triagewire.verdict import Urgency

ACCEPTED = {200, 202}
HIDDEN = 404
LEAST_REVIEW, MOST_REVIEW = 0.15, 0.20
TO_REQUESTERS = frozenset({ReplyWay.EMAIL, ReplyWay.SMS, ReplyWay.WEBHOOK})
REQUESTER = "requester"
"""The actor of what somebody does by the link of a mail."""
ANSWERS = frozenset({"template", "article"})


def one_ticket_each(facts: Facts) -> Iterator[str]:
    """However often a webhook came, it made one ticket and got one answer."""
    for each in facts.posted:
        if not set(each.statuses) <= ACCEPTED:
            yield f"{each.message.id} was answered {each.statuses}"
        if len(set(each.bodies)) > 1:
            yield f"{each.message.id} got different answers to the same event"
        if each.post.ticket_id not in facts.tickets:
            yield f"{each.message.id} has no ticket"
    asked = {ticket for each in facts.posted for ticket in each.ticket_ids}
    quarantined = {refusal.ticket_id for refusal in facts.seen.refusals}
    for extra in facts.tickets.keys() - asked - quarantined:
        if _is_feedback(facts, extra):
            continue
        yield f"nobody asked for ticket {extra}"


def _is_feedback(facts: Facts, ticket_id: str) -> bool:
    """Whether it is what a requester added to saying how they were served."""
    received = facts.first(ticket_id, Action.RECEIVED)
    return received is not None and received.actor == REQUESTER


def labels_hold(facts: Facts) -> Iterator[str]:
    """Every message was scored and queued as its label says."""
    for each in facts.posted:
        if wrong := wrong_label(facts, each):
            yield f"{each.message.id}: {wrong}"


def wrong_label(facts: Facts, posted: Posted) -> str:
    """How a message was judged otherwise than labelled, or nothing."""
    label, ticket_id = posted.message.expected, posted.post.ticket_id
    scored = facts.first(ticket_id, Action.SCORED)
    if scored is None:
        return "was never scored"
    reviewed = facts.reviewed(ticket_id)
    if reviewed != label.review:
        return f"went {'to' if reviewed else 'past'} review"
    wanted = {} if label.review else {"score": label.score, "team": label.team}
    off = [f"{label.rule} is not among its reasons"] if _unnamed(label.rule, scored) else []
    off += [
        f"{name} {scored.detail[name]} instead of {value}"
        for name, value in wanted.items()
        if value is not None and scored.detail[name] != value
    ]
    return ", ".join(off)


def _unnamed(rule: str, scored: Event) -> bool:
    rules = scored.detail["rules"] if rule else []
    return bool(rule) and rule not in (rules if isinstance(rules, list) else [])


def duplicates_merged(facts: Facts) -> Iterator[str]:
    """The same need by another channel joined its ticket, which shows the channel."""
    for each in facts.posted:
        original = each.message.expected.duplicate_of
        if each.message.expected.joins:
            continue
        ticket = facts.ticket_of(each.message)
        if not original:
            if ticket.merged_into:
                yield f"{each.message.id} was merged, and is a need of its own"
            continue
        survivor = facts.tickets[facts.posted_of(original).post.ticket_id]
        if ticket.merged_into != survivor.id:
            yield f"{each.message.id} was not merged into {original}"
        elif ticket.channels[0] not in survivor.duplicate_channels:
            yield f"{original} does not show the channel of {each.message.id}"


def silent_where_it_must_be(facts: Facts) -> Iterator[str]:
    """No automatic text on urgent, reviewed or unknown tickets; every mail belongs to a ticket."""
    for ticket_id, said in facts.replies.items():
        replies = [each for each in said if each.automatic and each.way in TO_REQUESTERS]
        at_once = [each for each in replies if each.made_by != SURVEY]
        scored = facts.first(ticket_id, Action.SCORED)
        ticket = facts.tickets[ticket_id]
        urgent = scored is not None and scored.detail["score"] == Urgency.CLINICAL_URGENT
        unknown = ticket.requester.kind is RequesterKind.UNKNOWN
        if (replies and (urgent or unknown)) or (at_once and facts.reviewed(ticket_id)):
            yield f"ticket {ticket_id} was answered automatically"
    sent = sum(
        event.detail["way"] == ReplyWay.EMAIL
        for ticket_id in facts.tickets
        for event in facts.all_of(ticket_id, Action.REPLY_SENT)
    )
    if len(facts.mails) != sent:
        yield f"{len(facts.mails)} mails left and {sent} are in the ledger"


def replies_as_promised(facts: Facts) -> Iterator[str]:
    """Articles to score 1, an acknowledgement to 2 and 3, the after-hours text when closed."""
    for each in facts.posted:
        if each.message.expected.duplicate_of:
            continue
        made = [
            reply.made_by.removeprefix("template:")
            for reply in _replies(facts, each)
            if reply.automatic and reply.made_by.partition(":")[0] in ANSWERS
        ]
        wanted = [each.message.expected.reply] if each.message.expected.reply else []
        if made != wanted:
            yield f"{each.message.id}: {made or 'nothing'} instead of {wanted or 'nothing'}"


def review_share(facts: Facts) -> Iterator[str]:
    """Doubt goes to people, and only doubt."""
    reviewed = sum(facts.reviewed(each.post.ticket_id) for each in facts.posted)
    share = reviewed / len(facts.posted)
    if not LEAST_REVIEW <= share <= MOST_REVIEW:
        yield f"{reviewed} of {len(facts.posted)} went to review ({share:.1%})"


def ledger_verifies(facts: Facts) -> Iterator[str]:
    """The chain of every ticket holds, and its length is the ticket's version."""
    for ticket_id, ticket in facts.tickets.items():
        events = facts.events[ticket_id]
        fault = first_fault(ticket_pk(ticket_id), events, ticket.version, ticket.ledger_head)
        if fault:
            yield f"ticket {ticket_id}: {fault}"


def nothing_leaks(facts: Facts) -> Iterator[str]:
    """No name, number or address of a patient in a notice or in a log."""
    secret_words = [*words_of_people(), CANARY]
    texts = [("notice", each.body) for each in facts.seen.notices]
    texts += [("log line", line) for line in facts.logs]
    for what, said in texts:
        if any(word in said for word in secret_words):
            yield f"a {what} names a patient"
    if not facts.seen.notices or not facts.logs:
        yield "there were no notices or no log lines to look through"


def hostile_posts_fail(facts: Facts) -> Iterator[str]:
    """Each hostile post got its code and no echo; the unreadable one is in review."""
    for refusal in facts.seen.refusals:
        if not refusal.as_wanted:
            echoed = " and an echo" if refusal.echoed else ""
            yield f"{refusal.name}: {refusal.got}{echoed} instead of {refusal.wanted}"
        if refusal.ticket_id and not facts.reviewed(refusal.ticket_id):
            yield f"{refusal.name}: its ticket is not in review"
    if not facts.seen.refusals:
        yield "no hostile post was sent"


def staff_can_work(facts: Facts) -> Iterator[str]:
    """What staff did was accepted, and one site does not see the other."""
    yield from facts.problems
    if facts.seen.intruder_status != HIDDEN:
        yield f"another site's queue answered {facts.seen.intruder_status}"


def _replies(facts: Facts, posted: Posted) -> list[Any]:
    return list(facts.replies[posted.post.ticket_id])


CHECKS: dict[str, Callable[[Facts], Iterator[str]]] = {
    "one ticket for every message, however often it was sent": one_ticket_each,
    "every message is scored and queued as labelled": labels_hold,
    "15 to 20 % of the messages go to review": review_share,
    "the same need by another channel becomes one ticket, two people never do": duplicates_merged,
    "automatic replies as promised": replies_as_promised,
    "no automatic text on urgent, reviewed or unknown tickets": silent_where_it_must_be,
    "every ledger chain verifies and is complete": ledger_verifies,
    "no patient is named in a notice or a log": nothing_leaks,
    "hostile posts get their code, and no echo": hostile_posts_fail,
    "staff can do their work, and only theirs": staff_can_work,
}
