"""Sending a queued message by its way, and recording how it went.

Who sends it takes it first, so that nobody else does; if they die, it is due again a little later
and leaves under the same id. What a person's answer does to its ticket, it does when it has left.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import timedelta

from triagewire.arrival import RequesterKind
from triagewire.channels.source import Source
from triagewire.clock.calendar import local
from triagewire.errors import TryLaterError, UndeliverableError
from triagewire.flow.addressing import barred
from triagewire.flow.context import Context
from triagewire.flow.sent import give_up, mark_sent, try_later, withhold
from triagewire.flow.survivor import last_of_chain
from triagewire.message import Delivery, Direction, Message, ReplyWay
from triagewire.observability import count, logger
from triagewire.replies.events import event_id
from triagewire.replies.feedback_tokens import ARTICLE, SURVEY
from triagewire.replies.satisfaction import why_not
from triagewire.store.codec import stamp
from triagewire.store.due_replies import claim, load_pending
from triagewire.store.messages import message_sk
from triagewire.store.tickets import ticket_pk
from triagewire.ticket import Ticket
from triagewire.verdict import Urgency

LEASE = timedelta(minutes=3)
"""So long nobody else sends a message that somebody has taken: longer than a function may run."""

MOST_UNSETTLED = 1
"""So often a message is tried again without knowing whether it left; then a person decides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """A message at the moment at which it leaves. `id` is the same at every try; `source` is the
    configured one whose system a webhook goes to, None where the policy has it no more.
    """

    id: str
    sk: str
    message: Message
    ticket: Ticket
    source: Source | None


type Deliver = Callable[[Leaving], None]


def send(
    context: Context,
    pk: str,
    sk: str,
    deliver: Deliver,
    by_queue: Collection[ReplyWay] = (),
) -> bool:
    """Deliver a pending outgoing message that is due; False if there is nothing to send (yet).

    `deliver` raises UndeliverableError for a refusal that stays; whatever else it raises is tried
    again. What goes by one of the ways `by_queue` is only handed to the queue: it may take long,
    and the caller has others to serve.
    """
    pending = load_pending(context.tables, pk, sk)
    if pending is None or not _waits(pending.message):
        return False
    message = pending.message
    if message.tries == 0 and message.send_at is not None and message.send_at > context.now:
        context.later(pk, sk, message.send_at - context.now)
        return False
    if message.way in by_queue:
        context.later(pk, sk, timedelta())
        return False
    ticket = last_of_chain(context, message.ticket_id)
    if ticket is None or pending.due > stamp(context.now):
        return False
    if pending.unsettled > MOST_UNSETTLED:
        give_up(context, message, "not_known", gone=False)
    elif why := _unwanted(context, message, ticket):
        withhold(context, message, why)
    elif claim(context.tables, pending, context.claimed_at + LEASE):
        _deliver(context, _leaving(context, message, ticket), deliver)
    else:
        return False
    return True


def _waits(message: Message) -> bool:
    return message.direction is Direction.OUTBOUND and message.delivery is Delivery.PENDING


def _leaving(context: Context, message: Message, ticket: Ticket) -> Leaving:
    """A message that was just taken, at its next try."""
    site, sk = context.policy.policy.sites.get(ticket.site), message_sk(message)
    return Leaving(
        id=event_id(message.ticket_id, sk),
        sk=sk,
        message=replace(message, tries=message.tries + 1),
        ticket=ticket,
        source=site.sources.get(message.source) if site else None,
    )


def _deliver(context: Context, leaving: Leaving, deliver: Deliver) -> None:
    message, ticket = leaving.message, leaving.ticket
    if not message.automatic and barred(context, ticket, message.to) == "opted_out":
        give_up(context, message, "opted_out", gone=False)
        return
    try:
        deliver(leaving)
    except UndeliverableError as error:
        give_up(context, message, error.code, gone=error.code == "gone")
    except Exception as error:
        asked = error.after if isinstance(error, TryLaterError) else None
        code = error.code if isinstance(error, TryLaterError) else "unavailable"
        count("ReplyNotDelivered")
        # Only its type is told: a service's error may repeat an address.
        logger.warning(
            "message not delivered",
            ticket_id=ticket.id,
            way=message.way.value,
            why=code,
            error=type(error).__name__,
        )
        wait = try_later(context, message, leaving.id, code, asked)
        if wait is not None:
            context.later(ticket_pk(message.ticket_id), leaving.sk, wait)
    else:
        mark_sent(context, message)


def _unwanted(context: Context, message: Message, ticket: Ticket) -> str:
    """Why an automatic message must not leave any more, or `""`; what a person wrote leaves."""
    if not message.automatic:
        return ""
    if message.made_by == SURVEY:
        site = context.policy.policy.sites.get(ticket.site)
        if why := why_not(ticket, site) if site else "no policy has its site":
            return f"not asked how it was: {why}"
    elif _unsafe(ticket, message.way):
        return "no longer safe to send"
    elif _has_lapsed(context, message, ticket):
        return "its article is not given any more"
    if code := barred(context, ticket, message.to):
        return f"the address is barred: {code}"
    overtaken = ticket.responded_at is not None and ticket.responded_at >= message.at
    return "a person has answered meanwhile" if overtaken else ""


def _unsafe(ticket: Ticket, way: ReplyWay) -> bool:
    """Whether the ticket has become one that no automatic text may answer."""
    verdict = ticket.verdict
    grave = verdict is None or verdict.crisis or verdict.score >= Urgency.CLINICAL_STANDARD
    quiet = ticket.quiet and way is not ReplyWay.AUTOMATION
    comes_back = ticket.unreachable and way is ReplyWay.EMAIL
    doubted = ticket.in_review or (verdict is not None and verdict.review)
    unknown = ticket.requester.kind is RequesterKind.UNKNOWN
    return grave or doubted or unknown or quiet or comes_back


def _has_lapsed(context: Context, message: Message, ticket: Ticket) -> bool:
    """Whether a text is of an article that the site gives no more, or not on this day."""
    if not message.made_by.startswith(ARTICLE):
        return False
    site = context.policy.policy.sites.get(ticket.site)
    named = message.made_by.removeprefix(ARTICLE)
    article = site.replies.articles.get(named) if site else None
    if site is None or article is None:
        return True
    return not article.holds_on(local(site.calendar, context.now).date())
