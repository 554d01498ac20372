"""What a fact says of the address that we wrote to, and of an answer that did not arrive."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

from triagewire.arrival import Channel, Fact, FactKind
from triagewire.clock.segments import asked_again
from triagewire.escalation.timers import next_timer
from triagewire.flow.addressing import record_of
from triagewire.flow.context import Context, Plan
from triagewire.flow.promising import response_target
from triagewire.flow.sent import is_settled_by, listed_as, take_up, tell_undelivered
from triagewire.message import Delivery, Direction, Message, ReplyWay
from triagewire.replies.ways import learnt
from triagewire.store.addresses import write_address
from triagewire.store.due_replies import came_back, noted
from triagewire.ticket import Ticket

NOT_ARRIVED = "the answer that resolved it did not arrive"
COMES_BACK_WITHIN = timedelta(days=5)
"""So long a mail system may try before it gives a mail back (RFC 5321 §4.5.4.1)."""
TEXTED = (Channel.PHONE, Channel.SMS)
_CODES = {FactKind.BOUNCE: "bounced"}


def learn_of_address(
    context: Context, ticket: Ticket, fact: Fact, said: Iterable[Message], plan: Plan
) -> None:
    """Keep what a fact says of the address that it is about, where that is news."""
    to = _address(context, ticket, fact, said)
    if not to:
        return
    known = record_of(context, ticket.site, to)
    now_known = learnt(known, fact, context.now)
    if now_known != known:
        plan.writes.append(write_address(context.tables, now_known, context.now))


def mark_lost(context: Context, fact: Fact, said: Iterable[Message], plan: Plan) -> None:
    """A person's answer has not arrived: it is shown and listed so, who holds the ticket is told,
    and what it had settled is owed again: the response, and a ticket that it resolved. The plan's
    one change is that ticket's.
    """
    (change,) = plan.changes
    lost = _lost(fact, tuple(said), _way(context, fact))
    if lost is None or lost.automatic or _is_older(fact, lost):
        return
    code = _CODES.get(fact.kind, "not_delivered")
    ticket = change.after
    plan.writes.append(came_back(context.tables, lost, code))
    plan.writes.append(noted(context.tables, listed_as(context, lost, ticket, code)))
    if is_settled_by(ticket, lost):
        take_up(context, plan, NOT_ARRIVED)
    elif ticket.at_work and _answered_by(ticket, lost):
        _owe_again(context, plan)
    tell_undelivered(context, plan)


def _answered_by(ticket: Ticket, message: Message) -> bool:
    """Whether it is this answer that a response was promised for."""
    stopped_at = ticket.clock.stopped_at if ticket.clock else None
    return stopped_at is not None and stopped_at >= message.at


def _owe_again(context: Context, plan: Plan) -> None:
    (change,) = plan.changes
    site = context.site(change.after.site)
    target = response_target(change.after, site)
    owed = asked_again(change.after, target, site.calendar, context.now)
    plan.changes[:] = [replace(change, after=replace(owed, timer=next_timer(owed, site)))]


def _address(context: Context, ticket: Ticket, fact: Fact, said: Iterable[Message]) -> str:
    """The address that we wrote to by the fact's way, else the requester's own: what they opt out
    of is theirs.
    """
    way = _way(context, fact)
    requester = ticket.requester
    theirs = (requester.email if way is ReplyWay.EMAIL else requester.phone) or ""
    if fact.kind in (FactKind.OPT_OUT, FactKind.OPT_IN) and theirs:
        return theirs
    last = _last_sent(said, way)
    return last.to if last else theirs


def _is_older(fact: Fact, message: Message) -> bool:
    """Whether a fact is of a time at which a message had not been written: it is of another."""
    return fact.occurred_at is not None and fact.occurred_at < message.at


def _way(context: Context, fact: Fact) -> ReplyWay:
    site = context.policy.policy.sites.get(fact.site)
    source = site.sources.get(fact.source) if site else None
    texted = source is not None and source.usual_channel in TEXTED
    return ReplyWay.SMS if texted else ReplyWay.EMAIL


def _lost(fact: Fact, said: Sequence[Message], way: ReplyWay) -> Message | None:
    """The message that a fact is taken to be of: the last one. Mail comes back after hours, and by
    then a robot may have asked how it was: what a person had written to the same address shortly
    before is what matters.
    """
    last = _last_sent(said, way)
    if last is None or not last.automatic or fact.kind is not FactKind.BOUNCE:
        return last
    theirs = _last_sent([each for each in said if not each.automatic], way)
    near = theirs is not None and theirs.to == last.to and last.at - theirs.at <= COMES_BACK_WITHIN
    return theirs if near else last


def _last_sent(said: Iterable[Message], way: ReplyWay) -> Message | None:
    sent = [
        each
        for each in said
        if each.direction is Direction.OUTBOUND
        and each.delivery is Delivery.SENT
        and each.way is way
    ]
    return max(sent, key=lambda each: each.at, default=None)
