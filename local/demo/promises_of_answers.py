"""Promises about what requesters are told: replies by their own way, undone ones by none, programs
that settle, and one question how it was.
"""

from collections import Counter
from collections.abc import Callable, Iterator

from local.demo.answering import SLIP
from local.demo.facts import Facts
from local.demo.replay import Posted
from triagewire.ledger.event import Action
from triagewire.message import Delivery, Message, ReplyWay
from triagewire.replies.feedback_tokens import SURVEY
from triagewire.ticket import Status

OK = 200
WAYS = frozenset({ReplyWay.EMAIL, ReplyWay.SMS, ReplyWay.WEBHOOK})


def replies_reach_their_requester(facts: Facts) -> Iterator[str]:
    """What staff wrote has left once, and only that made it an answer."""
    for each, message in _written(facts):
        sent = facts.all_of(message.ticket_id, Action.REPLY_SENT)
        answered = facts.first(message.ticket_id, Action.RESPONDED)
        if message.delivery is not Delivery.SENT:
            yield f"the reply to {each.message.id} is {message.delivery.value}"
        elif answered is None or answered.actor != message.author:
            yield f"nobody knows who answered {each.message.id}"
        elif not any(answered.at >= event.at for event in sent):
            yield f"{each.message.id} counts as answered before its reply had left"


def undone_ones_reach_nobody(facts: Facts) -> Iterator[str]:
    """What was taken back within its seconds was never sent."""
    for message in _all(facts):
        if message.text != SLIP:
            continue
        if message.delivery is not Delivery.WITHDRAWN:
            yield f"a slip on ticket {message.ticket_id} is {message.delivery.value}"
    if any(SLIP in str(mail) for mail in facts.mails):
        yield "a slip was mailed"


def down_systems_get_each_reply_once(facts: Facts) -> Iterator[str]:
    """A system that refused a reply while it was down took it later, once, and signed."""
    met = facts.met
    if met.forged:
        yield f"{met.forged} replies were not signed"
    for sent, count in Counter(each.id for each in met.received).items():
        if count > 1:
            yield f"reply {sent} came {count} times"
    left = sum(
        message.way is ReplyWay.WEBHOOK and message.delivery is Delivery.SENT
        for message in _all(facts)
    )
    if left != len({each.id for each in met.received}):
        yield f"{left} replies left and {len(met.received)} came"


def programs_settle_what_they_can(facts: Facts) -> Iterator[str]:
    """A password reset was done by a program, and its ticket closed by the callback."""
    for each in facts.settled:
        ticket = facts.tickets[each.ticket]
        if each.status != OK:
            yield f"the callback of {each.ticket} was answered {each.status}"
        elif ticket.status not in (Status.RESOLVED, Status.CLOSED):
            yield f"ticket {each.ticket} is {ticket.status.value} after the program was done"


def requesters_say_how_it_was(facts: Facts) -> Iterator[str]:
    """A look at the link changed nothing, one tap counted, and nobody was asked twice."""
    for each in facts.answered:
        if set(each.statuses) != {OK} or len(each.statuses) < 2:
            yield f"a requester's link was answered {each.statuses}"
    scored = [ticket for ticket in facts.tickets.values() if ticket.survey and ticket.survey.score]
    if len(scored) != len(facts.answered):
        yield f"{len(facts.answered)} requesters tapped, and {len(scored)} tickets know a score"
    for ticket_id, replies in facts.replies.items():
        asked = sum(message.made_by == SURVEY for message in replies)
        if asked > 1 + facts.tickets[ticket_id].reopened:
            yield f"the requester of ticket {ticket_id} was asked {asked} times"


def it_all_happened(facts: Facts) -> Iterator[str]:
    """The day had in it what the other promises are about."""
    for missing in sorted(WAYS - {message.way for _, message in _written(facts)}):
        yield f"no reply of staff went by {missing}"
    if all(message.text != SLIP for message in _all(facts)):
        yield "nobody took a reply back"
    if not facts.met.refused:
        yield "no receiver was ever down"
    if not facts.settled:
        yield "no program was asked for anything"
    if not facts.answered:
        yield "nobody was asked how it was"


def _all(facts: Facts) -> Iterator[Message]:
    """All that was written to requesters."""
    for replies in facts.replies.values():
        yield from replies


def _written(facts: Facts) -> Iterator[tuple[Posted, Message]]:
    """What staff wrote by plan, with the message that it answers."""
    for each in facts.posted:
        plan = each.message.staff
        if not plan.reply:
            continue
        ticket = facts.ticket_of(each.message)
        found = [one for one in facts.replies[ticket.id] if one.text.startswith(plan.reply)]
        yield from ((each, message) for message in found)


CHECKS: dict[str, Callable[[Facts], Iterator[str]]] = {
    "a reply leaves by its requester's way, once, and counts when it has left": (
        replies_reach_their_requester
    ),
    "a reply that is taken back in time reaches nobody": undone_ones_reach_nobody,
    "a system that was down gets every reply once, signed": down_systems_get_each_reply_once,
    "a program settles a password reset, and its callback closes the ticket": (
        programs_settle_what_they_can
    ),
    "a requester says by one tap how it was, once a ticket": requesters_say_how_it_was,
    "staff replied by every way, one took a slip back, a program and a requester answered": (
        it_all_happened
    ),
}
