"""A message that continues a conversation: found by token or thread, landed on its ticket.

Ticket, ledgers and thread lock are written in one transaction that holds only on the versions it
was decided from, so two follow-ups at once, or a follow-up and a resolve, never lose each other.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from triagewire.flow.article_uses import note_reopened
from triagewire.flow.context import Context, Plan
from triagewire.flow.joining import add_merge, join, keep_record
from triagewire.flow.returning import back_to
from triagewire.flow.survivor import last_of_chain
from triagewire.flow.taking import Pair, take_up
from triagewire.ids import ticket_of_token
from triagewire.ledger.event import Action, Entry
from triagewire.message import Direction, Message
from triagewire.routing.follow_up import (
    REMEMBERED,
    Authority,
    Conversation,
    Landing,
    ThreadLock,
    bare_subject,
    is_participant,
)
from triagewire.routing.merge import record, sealed
from triagewire.scoring.questions import questions_in
from triagewire.store.messages import read_messages, remark
from triagewire.store.threads import load_thread, thread_hash, write_thread
from triagewire.store.tickets import Change
from triagewire.ticket import Ticket

MOST_LINKS = 20
"""Strangers who write into a thread again and again fill no ticket with links."""

WHY_TOKEN = "it carries our token of this conversation"  # noqa: S105 a sentence
WHY_THREAD = "a participant wrote again in the same thread"
WHY_RECORDING = "the recording of the same call"
WHY_WORDS = "these are the words of the same recording"
OTHER_SENDER = "from another sender than the ticket's requester"
TOKEN_REFUSED = "its thread token is none of this site's: it opened a ticket of its own"  # noqa: S105


def find_conversation(context: Context, newcomer: Ticket, message: Message) -> Conversation:
    """Where a new message says that it belongs, and whether it may land there.

    A further need, split off from another message, continues no conversation.
    """
    if newcomer.verdict is not None or newcomer.unreadable:
        return Conversation()
    lock = _lock(context, newcomer, message)
    named = _of_token(context, newcomer, message)
    refused = message.thread_token is not None and named is None
    ticket = named or _of_lock(context, newcomer, lock)
    if ticket is None:
        return Conversation(token_refused=refused, lock=lock)
    participant = is_participant(message, newcomer.requester, ticket)
    authority = Authority.PARTICIPANT if participant else Authority.NONE
    said = () if ticket.is_open else tuple(read_messages(context.tables, ticket.id))
    return Conversation(
        ticket=ticket,
        authority=Authority.TOKEN if named else authority,
        other_sender=not participant,
        token_refused=refused,
        lock=lock,
        subject_known=bare_subject(message.subject)
        in {bare_subject(each.subject) for each in said},
        asked=_asked(said),
        names=_names(context, newcomer),
    )


def _asked(said: Sequence[Message]) -> bool:
    """Whether the last that people of ours wrote holds a question."""
    ours = [each for each in said if each.direction is Direction.OUTBOUND and not each.automatic]
    return bool(ours) and bool(questions_in(ours[-1].text))


def _names(context: Context, newcomer: Ticket) -> tuple[str, ...]:
    """The names with which somebody greets and signs: their own, and those of the site's staff."""
    own = (newcomer.requester.name,) if newcomer.requester.name else ()
    return (*own, *(each.name for each in context.site(newcomer.site).members.values()))


def land(
    context: Context,
    before: Ticket,
    newcomer: Ticket,
    conversation: Conversation,
    how: Landing,
    plan: Plan,
) -> None:
    """Put a newcomer on the ticket of its conversation."""
    if conversation.ticket is None:
        raise ValueError("a conversation without a ticket has nothing to land on")
    by_token = conversation.authority is Authority.TOKEN
    why = WHY_TOKEN if by_token else WHY_RECORDING if before.awaits else WHY_THREAD
    pair = Pair(
        before=before,
        newcomer=replace(newcomer, clock=None, resolution=None),
        survivor=conversation.ticket,
        why=why,
        other_sender=conversation.other_sender,
    )
    _LANDINGS[how](context, pair, plan)


def await_words(context: Context, waiting: Ticket, message: Message) -> Plan:
    """The plan for a recording whose words may still come: onto their ticket if they came first,
    else only the thread is claimed, so that they find it.
    """
    conversation, plan = find_conversation(context, waiting, message), Plan()
    if conversation.authority is not Authority.NONE and conversation.ticket is not None:
        heard = replace(waiting, thread_hash=thread_of(context, waiting, message))
        land(context, waiting, heard, conversation, Landing.RECORDED, plan)
    elif conversation.lock is None or not conversation.lock.live(context.now):
        remember_thread(context, waiting, message, conversation, Landing.APART, plan)
    return plan


def take_words(context: Context, waiting: Ticket, words: Ticket, plan: Plan) -> None:
    """Merge a recording that has waited into the ticket of its words, which leads the plan."""
    lead = plan.changes[0]
    kept = record(lead.after, replace(waiting, thread_hash=words.thread_hash), WHY_WORDS)
    merged = sealed(kept, lead.after, context.now)
    entries = (*lead.entries, kept.survivor_entry)
    plan.changes[0] = Change(before=lead.before, after=kept.survivor, entries=entries)
    plan.changes.append(Change(before=waiting, after=merged, entries=(kept.merged_entry,)))


def remember_thread(
    context: Context,
    newcomer: Ticket,
    message: Message,
    conversation: Conversation,
    how: Landing,
    plan: Plan,
) -> None:
    """Let the thread lead to the ticket that the plan begins with; a stranger takes no thread
    away.
    """
    if message.thread is None or newcomer.verdict is not None or newcomer.unreadable:
        return
    lock = conversation.lock
    if lock is not None and lock.shared and lock.live(context.now):
        return
    taken = lock is not None and lock.live(context.now) and conversation.ticket is not None
    stranger = conversation.authority is Authority.NONE
    if how is Landing.APART and taken and stranger:
        return
    claimed = ThreadLock(
        site=newcomer.site,
        source=newcomer.source,
        thread_hash=_hash(context, newcomer, message.thread),
        ticket_id=plan.changes[0].after.id if plan.changes else newcomer.id,
        expires=context.now + REMEMBERED,
        version=(lock.version if lock else 0) + 1,
    )
    plan.writes.append(write_thread(context.tables, claimed))


def link_conversation(conversation: Conversation, plan: Plan) -> None:
    """Name the ticket of a conversation and a message that does not land on it to each other."""
    known, lead = conversation.ticket, plan.changes[0]
    if known is None or known.id == lead.after.id or known.id in lead.after.linked:
        return
    theirs = Entry(
        action=Action.LINKED,
        why="in the conversation of another ticket, on which it does not land",
        detail={"ticket": known.id},
    )
    linked = replace(lead.after, linked=(*lead.after.linked, known.id))
    plan.changes[0] = Change(before=lead.before, after=linked, entries=(*lead.entries, theirs))
    if len(known.linked) >= MOST_LINKS:
        return
    ours = Entry(
        action=Action.LINKED,
        why="another ticket came in through this conversation",
        detail={"ticket": lead.after.id},
    )
    after = replace(known, linked=(*known.linked, lead.after.id))
    plan.changes.append(Change(before=known, after=after, entries=(ours,)))


def mark_message(
    context: Context,
    ticket: Ticket,
    message: Message,
    conversation: Conversation,
    how: Landing,
    plan: Plan,
) -> None:
    """Tell staff, beside the words, what to think of where they came from."""
    said = []
    if conversation.token_refused:
        said.append(TOKEN_REFUSED)
    if conversation.other_sender and how is not Landing.APART:
        said.append(OTHER_SENDER)
    if said:
        plan.writes.append(remark(context.tables, message, ticket.site, tuple(said)))


def _reopen(context: Context, pair: Pair, plan: Plan) -> None:
    """A resolved ticket open again, with who had it if they are at work."""
    site = context.site(pair.survivor.site)
    merged = take_up(context, pair)
    why = "reopened: the requester wrote again"
    placed = back_to(merged.survivor, pair.survivor.assignee, why, site, context)
    plan.writes.extend(placed.writes)
    note_reopened(context, pair.survivor, plan)
    reopened = Entry(action=Action.REOPENED, why="requester_wrote_again")
    entries = (merged.survivor_entry, reopened, placed.entry)
    add_merge(context, plan, pair, replace(merged, survivor=placed.ticket), entries)


_LANDINGS: dict[Landing, Callable[[Context, Pair, Plan], None]] = {
    Landing.JOINS: join,
    Landing.REOPENS: _reopen,
    Landing.RECORDED: keep_record,
}


def _of_token(context: Context, newcomer: Ticket, message: Message) -> Ticket | None:
    """The ticket of a genuine token of this site, else None."""
    token = message.thread_token
    named = ticket_of_token(context.identity_key, token) if token else None
    ticket = last_of_chain(context, named) if named else None
    if ticket is None or ticket.site != newcomer.site or ticket.id == newcomer.id:
        return None
    return ticket


def _of_lock(context: Context, newcomer: Ticket, lock: ThreadLock | None) -> Ticket | None:
    leads = lock is not None and lock.live(context.now) and not lock.shared
    ticket = last_of_chain(context, lock.ticket_id) if lock and leads else None
    return None if ticket is None or ticket.id == newcomer.id else ticket


def thread_of(context: Context, ticket: Ticket, message: Message) -> str:
    """The keyed hash of the sender's thread that a message came through; empty without one."""
    return _hash(context, ticket, message.thread) if message.thread else ""


def _lock(context: Context, newcomer: Ticket, message: Message) -> ThreadLock | None:
    if message.thread is None:
        return None
    hashed = _hash(context, newcomer, message.thread)
    return load_thread(context.tables, newcomer.site, newcomer.source, hashed)


def _hash(context: Context, newcomer: Ticket, thread: str) -> str:
    return thread_hash(context.identity_key, newcomer.site, newcomer.source, thread)
