"""The automatic text of a ticket as it is routed: which it is, whether it may go, and its counts.

All of it is written with the decision that it belongs to.
"""

from dataclasses import dataclass
from email.utils import parseaddr

from triagewire.flow.addressing import Addressed, addressed, barred
from triagewire.flow.article_uses import note_answered
from triagewire.flow.context import Context, Plan
from triagewire.flow.outgoing import Outgoing, queue_message
from triagewire.ledger.event import Action, Entry
from triagewire.message import Message, ReplyWay
from triagewire.observability import count, logger
from triagewire.replies.automatic import Reply, Withheld, automatic_reply
from triagewire.replies.feedback_tokens import feedback_link
from triagewire.replies.limits import one_more, too_many
from triagewire.replies.loops import (
    ECHO,
    WORDS_OF_ROBOTS,
    heard,
    is_robots_address,
    why_silent,
)
from triagewire.routing.person import Identity, identity_hash
from triagewire.store.texts import load_texts, write_texts
from triagewire.ticket import Ticket

ROBOTS_ADDRESS = "the address is a robot's, or ours"
TOO_MANY = "the address has had too many automatic texts lately"
OF_ROBOTS = frozenset({ROBOTS_ADDRESS, TOO_MANY, ECHO, WORDS_OF_ROBOTS})


@dataclass(frozen=True, slots=True, kw_only=True)
class AutomaticText:
    """A text that may go, and where; or why none does. `robots` says that it would have answered a
    robot, or have been one too many.
    """

    reply: Reply | Withheld
    goes: Addressed | None = None
    robots: bool = False

    @property
    def answers(self) -> bool:
        """Whether it settles the request."""
        return isinstance(self.reply, Reply) and self.reply.answers

    @property
    def made_by(self) -> str:
        """The template or article that it is made of, or `""`."""
        return self.reply.made_by if isinstance(self.reply, Reply) else ""

    @property
    def asks(self) -> tuple[str, ...]:
        """The fields of a staff request that it asks for."""
        return self.reply.asks if isinstance(self.reply, Reply) else ()


def automatic_text(context: Context, ticket: Ticket, message: Message, plan: Plan) -> AutomaticText:
    """The automatic text for a new ticket, counted in the plan; one that cannot be made costs the
    requester nothing but the text.
    """
    try:
        goes = addressed(ticket, context.site(ticket.site), message)
        way = goes.way if goes else None
        site = context.site(ticket.site)
        reply = automatic_reply(ticket, message, site, context.now, way, feedback_link)
    except Exception as error:
        count("ReplyFailed")
        logger.error("reply failed", ticket_id=ticket.id, error=type(error).__name__)
        return AutomaticText(reply=Withheld("the text could not be made"))
    if isinstance(reply, Withheld) or goes is None:
        return AutomaticText(reply=reply)
    if why := _why_not(context, ticket, message, goes, plan):
        return AutomaticText(reply=Withheld(why), robots=why in OF_ROBOTS)
    if reply.article:
        note_answered(context, ticket, reply.article, plan)
    return AutomaticText(reply=reply, goes=goes)


def queued(
    context: Context, ticket: Ticket, text: AutomaticText, message: Message, plan: Plan
) -> Entry:
    """Add the text to the plan that routes the ticket; returns what the ledger says of it, or of
    why there is none.
    """
    reply = text.reply
    if isinstance(reply, Withheld) or text.goes is None:
        why = reply.why if isinstance(reply, Withheld) else "no address to write to"
        return Entry(action=Action.REPLY_WITHHELD, why=why)
    outgoing = Outgoing(
        addressed=text.goes,
        channel=message.channel,
        subject=reply.subject,
        text=reply.text,
        language=reply.language,
        made_by=reply.made_by,
        detail={"asks": list(reply.asks)} if reply.asks else {},
    )
    return queue_message(context, ticket, outgoing, plan)


def _why_not(
    context: Context, ticket: Ticket, message: Message, goes: Addressed, plan: Plan
) -> str:
    """Why the text may not go to this address, or `""`; then it is counted."""
    if is_robots_address(ticket.requester.email, _our_addresses(context)):
        return ROBOTS_ADDRESS
    if bar := barred(context, ticket, goes.to):
        return f"the address is barred: {bar}"
    site = context.site(ticket.site)
    key, replies = context.identity_key, site.replies
    said = heard(message.text, message.full_text, message.subject, replies, key)
    texts = load_texts(context.tables, ticket.site, _who(context, ticket, goes))
    if why := why_silent(said, texts, ticket.received_at):
        return why
    if too_many(texts.sent, context.now):
        return TOO_MANY
    more = one_more(texts, context.now, said.said, ticket.received_at)
    plan.writes.append(write_texts(context.tables, more, context.now))
    return ""


def _who(context: Context, ticket: Ticket, goes: Addressed) -> str:
    """The keyed hash of who is written to. Behind a webhook there are many: there it is the person,
    or else their conversation.
    """
    kind = {ReplyWay.EMAIL: "email", ReplyWay.SMS: "phone"}.get(goes.way, "way")
    named = goes.to.strip().casefold()
    if kind == "way":
        named = f"{named}\0{next(iter(ticket.known_as), None) or goes.thread or ticket.id}"
    return identity_hash(context.identity_key, ticket.site, Identity(kind, named))


def _our_addresses(context: Context) -> tuple[str, ...]:
    """The addresses that this deployment writes from, or reads answers at."""
    _, sender = parseaddr(context.sender_address)
    return (sender, *(site.replies.address for site in context.policy.policy.sites.values()))
