"""What became of a message that was to leave: on the message, on its ticket, in the ledger, and for
those who must know.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from triagewire.errors import ConflictError, SiteMissingError
from triagewire.escalation.holding import alert
from triagewire.escalation.notice import NoticeKind
from triagewire.flow.addressing import record_of
from triagewire.flow.answer_left import answer_if_possible
from triagewire.flow.context import Context, Plan
from triagewire.flow.former import known_to
from triagewire.flow.notifying import put_out
from triagewire.flow.placing import give
from triagewire.flow.promising import promised_again
from triagewire.flow.survivor import last_of_chain
from triagewire.ledger.event import Action, Entry
from triagewire.message import Delivery, Message
from triagewire.observability import count
from triagewire.policy.model import Site
from triagewire.replies.schedule import next_try
from triagewire.replies.undelivered import State, Undelivered
from triagewire.replies.ways import has_opted_out
from triagewire.states import reopened
from triagewire.store.addresses import write_address
from triagewire.store.due_replies import noted, put_off
from triagewire.store.messages import delivered, message_sk, read_messages
from triagewire.store.table import commit
from triagewire.store.tickets import Change
from triagewire.ticket import ANSWERED_AUTOMATICALLY, AT_WORK, REVIEW, Status, Ticket

ATTEMPTS = 12
ANSWERED = "answered"
"""The outcome of a ticket that a person's words have settled."""
NEVER_LEFT = "the answer that resolved it never left"
ANSWER_LOST = "its automatic answer could not be delivered"

type Deed = Callable[[Context, Ticket, Plan], None]
"""Fills a plan that holds the change of one ticket with what else becomes of it."""


def mark_sent(context: Context, message: Message) -> None:
    """Record that a message has left. A person's answer keeps the promise of a first response, and
    resolves its ticket if it was written to.
    """
    by_person = not message.automatic
    acting = replace(context, actor=message.author) if by_person else context

    def deed(acting: Context, ticket: Ticket, plan: Plan) -> None:
        why = "accepted for delivery" if context.notifies else "debug mode: nothing was sent"
        _note(plan, Entry(action=Action.REPLY_SENT, why=why, detail=_of(message)))
        _settle_list(acting, message, ticket, plan)
        if by_person and ticket.status in (*AT_WORK, Status.WAITING):
            answer_if_possible(acting, message, plan)

    _record(acting, message, Delivery.SENT, "", deed)


def withhold(context: Context, message: Message, why: str) -> None:
    """Record that an automatic message does not leave any more."""

    def deed(context: Context, ticket: Ticket, plan: Plan) -> None:
        entry = Entry(action=Action.REPLY_WITHHELD, why=why, detail=_of(message))
        _note(plan, entry)
        _settle_list(context, message, ticket, plan)
        _take_up_if_answered_by(context, message, ticket, plan)

    _record(context, message, Delivery.FAILED, "withheld", deed)


def give_up(context: Context, message: Message, code: str, *, gone: bool) -> None:
    """Record that a message will never leave. Of a person's, who holds its ticket is told, else
    its team's lead; where the receiver is `gone`, the owner of the source. A ticket that it was to
    settle is taken up again.
    """

    def deed(context: Context, ticket: Ticket, plan: Plan) -> None:
        entry = Entry(action=Action.REPLY_FAILED, why=code, detail=_of(message))
        _note(plan, entry)
        plan.writes.append(noted(context.tables, listed_as(context, message, ticket, code)))
        if code == "opted_out":
            _bar(context, message, ticket, plan)
        if is_settled_by(ticket, message) and not _answered_since(context, ticket, message):
            take_up(context, plan, NEVER_LEFT)
        _take_up_if_answered_by(context, message, ticket, plan)
        source = message.source if gone else ""
        tell_undelivered(context, plan, keeper=not message.automatic, source=source)

    count("ReplyFailedForGood")
    _record(context, message, Delivery.FAILED, code, deed)


def try_later(
    context: Context, message: Message, identity: str, code: str, asked: timedelta | None
) -> timedelta | None:
    """Let a message wait for its next try; returns for how long, None when there is none and it was
    given up.
    """
    begun = message.send_at or message.at
    at = next_try(identity, message.tries, message.way, begun=begun, now=context.now, asked=asked)
    ticket = last_of_chain(context, message.ticket_id)
    if at is None or ticket is None:
        give_up(context, message, code, gone=False)
        return None
    listed = listed_as(context, message, ticket, code, at)
    commit(
        context.tables, [put_off(context.tables, message, at, code), noted(context.tables, listed)]
    )
    return at - context.now


def is_settled_by(ticket: Ticket, message: Message) -> bool:
    """Whether a ticket is resolved by what a person wrote in a message: with it, or as answered
    after it.
    """
    if message.automatic or ticket.status is not Status.RESOLVED or ticket.resolved_at is None:
        return False
    by_it = bool(message.then) and ticket.outcome == message.then
    return by_it or (ticket.outcome == ANSWERED and ticket.resolved_at >= message.at)


def _answered_since(context: Context, ticket: Ticket, message: Message) -> bool:
    """Whether something else has left that a person wrote later than a message."""
    return any(
        each.delivery is Delivery.SENT and not each.automatic and each.at > message.at
        for each in read_messages(context.tables, ticket.id)
    )


def take_up(context: Context, plan: Plan, why: str = ANSWER_LOST) -> None:
    """Open a ticket whose answer never arrived, with new promises; the plan's one change is that
    ticket's. One that is closed for good stays so, and its lead is told.
    """
    (change,) = plan.changes
    if change.after.status is not Status.RESOLVED:
        tell_undelivered(context, plan)
        return
    site = context.site(change.after.site)
    fresh = promised_again(reopened(change.after, context.now), site, context.now)
    placed = give(fresh, why, site, context)
    opened = Entry(action=Action.REOPENED, why=why)
    entries = (*change.entries, opened, placed.entry)
    plan.changes[:] = [Change(before=change.before, after=placed.ticket, entries=entries)]
    plan.writes.extend(placed.writes)


def tell_undelivered(
    context: Context, plan: Plan, *, keeper: bool = True, source: str = ""
) -> None:
    """Put out a notice that a message did not arrive: to its `keeper`, who holds the plan's ticket
    or leads its team, and to the owner of a `source` whose receiver is gone.
    """
    (change,) = plan.changes
    ticket = change.after
    site = context.policy.policy.sites.get(ticket.site)
    if site is None or not (keeper or source):
        return
    people = [_keeper(ticket, site)] if keeper else []
    people += [_owner(site, source)] if source else []
    notices = [
        alert(ticket, NoticeKind.UNDELIVERED, who, context.now) for who in dict.fromkeys(people)
    ]
    put_out(context, notices, plan)
    counted = replace(ticket, notices=ticket.notices + 1)
    plan.changes[:] = [replace(change, after=counted)]


def _record(context: Context, message: Message, delivery: Delivery, code: str, deed: Deed) -> None:
    """Mark the message and its ticket together; others may change the ticket meanwhile."""
    for trying in context.tries(ATTEMPTS):
        ticket = last_of_chain(trying, message.ticket_id)
        if ticket is None:
            return
        plan = Plan(
            changes=[Change(before=ticket, after=ticket, entries=())],
            writes=[delivered(trying.tables, message, delivery, code)],
        )
        deed(_knowing(trying, ticket), ticket, plan)
        try:
            plan.commit(trying)
        except ConflictError:
            continue
        return
    raise ConflictError(f"ticket {message.ticket_id}: lost {ATTEMPTS} races in a row")


def _knowing(context: Context, ticket: Ticket) -> Context:
    """The surroundings with the ticket's site, if any policy has it."""
    try:
        return known_to(context, ticket)
    except SiteMissingError:
        return context


def _note(plan: Plan, entry: Entry) -> None:
    (change,) = plan.changes
    plan.changes[:] = [replace(change, entries=(*change.entries, entry))]


def _of(message: Message) -> dict[str, str | int]:
    return {"made_by": message.made_by, "way": message.way.value, "tries": message.tries}


def _take_up_if_answered_by(context: Context, message: Message, ticket: Ticket, plan: Plan) -> None:
    if message.automatic and ticket.outcome == ANSWERED_AUTOMATICALLY:
        take_up(context, plan)


def _settle_list(context: Context, message: Message, ticket: Ticket, plan: Plan) -> None:
    """Take a message off the list of what did not get through, if it is there."""
    if message.why:
        listed = listed_as(context, message, ticket, message.why)
        plan.writes.append(noted(context.tables, replace(listed, state=State.SETTLED)))


def listed_as(
    context: Context,
    message: Message,
    ticket: Ticket,
    code: str,
    next_try_at: datetime | None = None,
) -> Undelivered:
    """A message as the list of what did not get through shows it."""
    return Undelivered(
        site=ticket.site,
        ticket_id=message.ticket_id,
        sk=message_sk(message),
        way=message.way,
        at=message.at,
        tried_at=context.now,
        tries=message.tries,
        why=code,
        state=State.FAILED if next_try_at is None else State.TRYING,
        next_try_at=next_try_at,
    )


def _bar(context: Context, message: Message, ticket: Ticket, plan: Plan) -> None:
    """Keep that a number takes no texts, as the service has just said."""
    known = record_of(context, ticket.site, message.to)
    if not has_opted_out(known):
        barred = replace(known, opted_out_at=context.now, version=known.version + 1)
        plan.writes.append(write_address(context.tables, barred, context.now))


def _keeper(ticket: Ticket, site: Site) -> str:
    """Who is to see to a ticket: its owner, else the lead of its team."""
    team = site.teams.get(ticket.team or REVIEW)
    return ticket.assignee or (team.lead if team else site.catch_all)


def _owner(site: Site, source: str) -> str:
    found = site.sources.get(source)
    return (found.owner if found else None) or site.catch_all
