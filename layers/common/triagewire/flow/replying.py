"""What a person writes to the requester: by the way they wrote last, and not gone until it has
left.

It may be taken back for some seconds, so that nothing is answered by its writing: the promise of a
first response is kept, and the ticket resolved, when it leaves (`flow.sent`).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from triagewire.access import Principal
from triagewire.errors import ForbiddenTransitionError, InvalidFieldError
from triagewire.flow.acting import act
from triagewire.flow.addressing import Addressed, barred, last_addressed
from triagewire.flow.context import Context, Plan
from triagewire.flow.looking import record, seen_as, visible_ticket
from triagewire.flow.outgoing import Outgoing, message_of, queue_message
from triagewire.flow.staff import Outcome
from triagewire.flow.working import taken_up
from triagewire.ledger.event import Action, Entry
from triagewire.message import Message, ReplyWay
from triagewire.policy.model import Site
from triagewire.replies.templates import Filled, filled
from triagewire.replies.texts import LONGEST_SMS, line_of, parts_of, plain_of
from triagewire.states import require_status
from triagewire.store.messages import message_sk
from triagewire.ticket import AT_WORK, Status, Ticket

_ANSWERS = re.compile(r"\s*(?:(?:re|aw|rv|sv|antw)\s*:\s*)+", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What somebody wrote. `template` is what they began with; once it has left, the ticket is
    resolved as `resolve`, if that is named. `anyway` sends it to an address that mail came back
    from.
    """

    text: str
    subject: str = ""
    template: str = ""
    language: str = ""
    resolve: Outcome | None = None
    anyway: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Replied:
    """The ticket, its new message by id, and until when (UTC) that may be taken back."""

    ticket: Ticket
    message: str
    undo_until: datetime


def reply(
    context: Context,
    principal: Principal,
    ticket_id: str,
    written: Written,
    *,
    seen: int | None = None,
) -> Replied:
    """Write to the requester of a ticket. One that nobody holds is theirs from then on; one that is
    resolved stays so, and its requester's answer opens it as always.

    Raises NotNowError where nothing but a telephone reaches them, or nothing may be sent there, and
    InvalidFieldError for a text that does not fit its way.
    """
    made: list[Message] = []

    def write(ticket: Ticket, site: Site, plan: Plan) -> tuple[Ticket, tuple[Entry, ...]]:
        require_status(ticket, *AT_WORK, Status.WAITING, Status.RESOLVED)
        _require_resolvable(ticket, written)
        goes = _open_way(context, ticket, written)
        outgoing = _outgoing(context, ticket, site, written, goes)
        after: Ticket = ticket
        taken: tuple[Entry, ...] = ()
        if ticket.is_open:
            after, taken = taken_up(ticket, principal, site, context, plan)
        made[:] = [message_of(context, ticket, outgoing, plan)]
        return after, (*taken, queue_message(context, ticket, outgoing, plan))

    ticket = act(context, principal, ticket_id, write, seen=seen)
    (message,) = made
    return Replied(
        ticket=ticket, message=message_sk(message), undo_until=message.send_at or message.at
    )


def templates_for(context: Context, principal: Principal, ticket_id: str) -> tuple[Filled, ...]:
    """What staff may begin a reply on a ticket with, filled in for its requester: those in their
    language first. They show a name, so that the look is recorded.
    """
    ticket = visible_ticket(context, principal, ticket_id, to_work=True)
    entry = Entry(action=Action.VIEWED, why="templates", detail=seen_as(ticket))
    ticket = record(context, ticket, entry)
    site, wanted = context.site(ticket.site), language_of(ticket)
    values = _values(ticket, site, principal)
    found = [
        filled(each, template, wanted, values) for each, template in site.replies.templates.items()
    ]
    return tuple(sorted(found, key=lambda each: each.language != _plain(wanted)))


def language_of(ticket: Ticket) -> str:
    """The language that a requester is answered in, as far as it is known."""
    heard = ticket.verdict.language if ticket.verdict else ""
    return heard or ticket.language or ""


def _values(ticket: Ticket, site: Site, principal: Principal) -> Mapping[str, str]:
    member = site.members.get(principal.id)
    return {
        "name": line_of(ticket.requester.name or ""),
        "site": site.name,
        "phone": site.phone,
        "member": member.name if member else "",
    }


def _require_resolvable(ticket: Ticket, written: Written) -> None:
    if written.resolve is None:
        return
    if ticket.in_review:
        raise ForbiddenTransitionError("resolve: a ticket under review is reassigned first")
    require_status(ticket, *AT_WORK, Status.WAITING)


def _open_way(context: Context, ticket: Ticket, written: Written) -> Addressed:
    """Where the reply goes, if it may."""
    goes = last_addressed(context, ticket)
    if goes is None:
        raise ForbiddenTransitionError(
            "reply: only a telephone reaches the requester: call them, and say so by responding"
        )
    known = barred(context, ticket, goes.to)
    if known == "opted_out":
        raise ForbiddenTransitionError("reply: they asked for no more texts: call them")
    if not written.anyway and (known == "bounced" or _came_back(ticket, goes)):
        raise ForbiddenTransitionError(
            "reply: mail to that address came back: call them, or send it there anyway"
        )
    return goes


def _came_back(ticket: Ticket, goes: Addressed) -> bool:
    """Whether mail on this very ticket came back from there."""
    return ticket.unreachable and goes.to == ticket.requester.email


def _outgoing(
    context: Context, ticket: Ticket, site: Site, written: Written, goes: Addressed
) -> Outgoing:
    if written.template and written.template not in site.replies.templates:
        raise InvalidFieldError("template", "is none of this site")
    texted, text = goes.way is ReplyWay.SMS, plain_of(written.text)
    if not text.strip():
        raise InvalidFieldError("text", "says nothing")
    if texted and len(parts_of(text)) > 1:
        problem = f"is too long for a text message, which has at most {LONGEST_SMS} characters"
        raise InvalidFieldError("text", problem)
    return Outgoing(
        addressed=goes,
        text=text,
        subject="" if texted else _subject(written, goes, site),
        language=written.language or language_of(ticket) or None,
        made_by=f"template:{written.template}" if written.template else "",
        automatic=False,
        author=context.actor,
        send_at=context.now + timedelta(seconds=site.replies.undo_seconds),
        then=written.resolve.value if written.resolve else "",
        why="written by a person",
    )


def _subject(written: Written, goes: Addressed, site: Site) -> str:
    """Their own words above an answer to them, once."""
    theirs = _ANSWERS.sub("", line_of(goes.subject), count=1)
    return line_of(written.subject) or (f"Re: {theirs}" if theirs else site.name)


def _plain(language: str) -> str:
    return language.split("-", maxsplit=1)[0].casefold()
