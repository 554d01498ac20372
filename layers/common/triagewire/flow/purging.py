"""Taking away the words of closed tickets: everything that was said, and who said it.

A ticket goes whole, with all that was merged into it. What fits one transaction is done in one.
Anything longer is begun first, which can no longer be stopped, and then done in steps; each may be
done again, so whoever dies half-way is followed by a sweep that ends it.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from heapq import merge

from triagewire.errors import ConflictError, ForbiddenTransitionError
from triagewire.escalation.timers import purge_timer
from triagewire.flow.context import Context, Plan
from triagewire.flow.former import retention_of
from triagewire.flow.stored_files import files_of
from triagewire.flow.survivor import parts_of
from triagewire.ledger.event import Action, Detail, Entry
from triagewire.message import Delivery, Direction, Message
from triagewire.observability import logger
from triagewire.purged import bare_kept, bare_message, bare_ticket
from triagewire.quarantined import KeptBody
from triagewire.retention import PurgeReason
from triagewire.store.findable import forget_words
from triagewire.store.messages import delivered, read_messages, rewritten
from triagewire.store.quarantine import emptied, load_kept
from triagewire.store.table import Write, commit
from triagewire.store.tickets import PURGES, Change, Due, due_timers, load_ticket, timer_shards
from triagewire.ticket import Status, Ticket, Timer, TimerKind

MOST_ITEMS = 90
"""A transaction takes a hundred; a change of a ticket is two of them, with its ledger."""
CHARACTERS = 30_000
"""A message counts as one item more for so many: a transaction takes four megabytes as well."""
MOST_AT_ONCE = 100
"""So many tickets are purged by one sweep at most: nobody waits for it."""
MOST_TRIED = 500
"""So many are looked at, so that a hundred which cannot be purged keep no other from it for ever.
"""
LATE = timedelta(days=1)
BEGUN = "its words are being purged"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """A ticket of the whole that is purged, with what was said on it."""

    ticket: Ticket
    messages: tuple[Message, ...]
    kept: KeptBody | None

    @property
    def counts(self) -> dict[str, Detail]:
        """How much of each kind it has, for the ledger."""
        directions = [message.direction for message in self.messages]
        return {
            "received": directions.count(Direction.INBOUND),
            "sent": directions.count(Direction.OUTBOUND),
            "notes": directions.count(Direction.NOTE),
            "bodies": int(self.kept is not None),
        }


def purge_due(context: Context, more: Callable[[], bool]) -> dict[str, int]:
    """Purge what is due, what has been for longest first, as long as there is `more` time; returns
    what was done, by the names of its metrics. One that fails keeps no other from it.
    """
    done = {"Purged": 0, "PurgeFailed": 0, "PurgesLate": 0}
    for number, due in enumerate(_due(context)):
        if done["Purged"] >= MOST_AT_ONCE or number >= MOST_TRIED or not more():
            done["PurgesLate"] += due.at < context.now - LATE
            break
        try:
            done["Purged"] += take_purge(context, due.ticket_id)
        except ConflictError:
            continue  # it has changed meanwhile: the next sweep looks at it again
        except Exception as error:
            logger.error("not purged", ticket_id=due.ticket_id, error=type(error).__name__)
            done["PurgeFailed"] += 1
            done["PurgesLate"] += due.at < context.now - LATE
    return done


def take_purge(context: Context, ticket_id: str) -> bool:
    """Do what the purge timer of a ticket asks for; whether its words are gone now. What the policy
    keeps longer by now, or for ever, is not touched.
    """
    ticket = load_ticket(context.tables, ticket_id)
    if ticket is None or ticket.timer is None or ticket.timer.kind is not TimerKind.PURGE:
        return False
    if ticket.timer.at > context.now:
        return False
    wanted = purge_timer(ticket, retention_of(context, ticket))
    if wanted is None or wanted.at > context.now:
        retime(context, ticket, wanted)
        return False
    purge(context, ticket, PurgeReason.RETENTION_OVER)
    return True


def retime(context: Context, ticket: Ticket, timer: Timer | None) -> Ticket:
    """Give a closed ticket the purge timer that the policy of now asks for. Raises
    ConflictError.
    """
    why = "the policy keeps its words" if timer is None else "the policy says when"
    detail: dict[str, Detail] = {"at": timer.at.isoformat() if timer else None}
    entry = Entry(action=Action.PURGE_TIMED, why=why, detail=detail)
    after = replace(ticket, timer=timer)
    return Plan(changes=[Change(before=ticket, after=after, entries=(entry,))]).commit(context)[0]


def purge(context: Context, ticket: Ticket, reason: PurgeReason) -> Ticket:
    """Take away the words of a closed ticket and of all that was merged into it; returns what is
    left. What a purge before it has begun is gone on with.

    Raises ForbiddenTransitionError for one that is not closed, or is held, and ConflictError when
    it has changed meanwhile; a purge that had begun is still due then.
    """
    require_purgeable(ticket)
    whole = _whole(context, ticket)
    files = files_of(context, [(each.ticket, each.messages, each.kept) for each in whole])
    plans = _plans(context, whole, ticket, reason)
    pending = [message for each in whole for message in _pending(each)]
    if (len(plans) > 1 or files or pending) and ticket.purging_since is None:
        ticket = _begin(context, ticket, len(files))
        plans = _plans(context, whole, ticket, reason)
    for file in files:
        context.erase(file)
    for message in pending:
        commit(context.tables, [delivered(context.tables, message, Delivery.WITHDRAWN, "purged")])
    stored: tuple[Ticket, ...] = ()
    for plan in plans:
        stored = plan.commit(context)
    return stored[-1]


def require_purgeable(ticket: Ticket) -> None:
    """Refuse to purge what is not closed for good, is held, or has no words any more. Raises
    ForbiddenTransitionError.
    """
    if ticket.hold is not None:
        raise ForbiddenTransitionError("purge: a legal hold stands on the ticket: release it first")
    if ticket.status is not Status.CLOSED:
        raise ForbiddenTransitionError(f"purge: the ticket is {ticket.status.value}, not closed")
    if ticket.purged_at is not None:
        raise ForbiddenTransitionError("purge: its words are purged already")


def _due(context: Context) -> Iterator[Due]:
    shards = (due_timers(context.tables, shard, context.now) for shard in timer_shards(PURGES))
    return merge(*shards, key=lambda each: each.at)


def _whole(context: Context, ticket: Ticket) -> list[_Part]:
    """The ticket, at the end, and what was merged into it; one that is anybody's work is none."""
    merged = [each for each in parts_of(context, ticket).values() if each.status is Status.MERGED]
    if any(each.hold is not None for each in merged):
        raise ForbiddenTransitionError("purge: a legal hold stands on a part of the ticket")
    return [_part(context, each) for each in (*merged, ticket)]


def _part(context: Context, ticket: Ticket) -> _Part:
    kept = load_kept(context.tables, ticket.site, ticket.id) if ticket.unreadable else None
    return _Part(
        ticket=ticket,
        messages=tuple(read_messages(context.tables, ticket.id)),
        kept=kept[0] if kept else None,
    )


def _pending(part: _Part) -> list[Message]:
    """What has not left by now: nobody sends an empty text."""
    return [each for each in part.messages if each.delivery is Delivery.PENDING]


def _begin(context: Context, ticket: Ticket, files: int) -> Ticket:
    """From here on no hold can be placed any more: a part of its words may be gone."""
    entry = Entry(action=Action.PURGE_TIMED, why=BEGUN, detail={"files": files})
    timer = Timer(at=context.now, kind=TimerKind.PURGE)
    after = replace(ticket, purging_since=context.now, timer=timer)
    return Plan(changes=[Change(before=ticket, after=after, entries=(entry,))]).commit(context)[0]


def _plans(
    context: Context, whole: Iterable[_Part], ticket: Ticket, reason: PurgeReason
) -> list[Plan]:
    """The steps in order, each one transaction; the last one has the ticket's own change."""
    plans, room = [Plan()], MOST_ITEMS
    for piece, size in _pieces(context, whole, ticket, reason):
        if size > room and (plans[-1].writes or plans[-1].changes):
            plans.append(Plan())
            room = MOST_ITEMS
        room -= size
        if isinstance(piece, Change):
            plans[-1].changes.append(piece)
        else:
            plans[-1].writes.append(piece)
    return plans


def _pieces(
    context: Context, whole: Iterable[_Part], ticket: Ticket, reason: PurgeReason
) -> Iterator[tuple[Write | Change, int]]:
    """All that is to be written, and as how many items of a transaction each counts."""
    for part in whole:
        if part.ticket.purged_at is not None:
            continue  # an earlier step has done it
        yield from _emptied(context, part)
        if part.ticket.id == ticket.id:
            yield _change(context, ticket, part, None, reason), 2
        else:
            yield _change(context, part.ticket, part, ticket, reason), 2


def _emptied(context: Context, part: _Part) -> Iterator[tuple[Write, int]]:
    """The writes that take away what was said, and what it is found by."""
    site = part.ticket.site
    for message in part.messages:
        bare = bare_message(message)
        if bare != message:
            size = 1 + (len(message.text) + len(message.full_text)) // CHARACTERS
            yield rewritten(context.tables, bare, site), size
    for write in forget_words(context.tables, site, [part.ticket.id]):
        yield write, 1
    if part.kept is not None:
        yield emptied(context.tables, bare_kept(part.kept)), 1 + part.kept.size_bytes // CHARACTERS


def _change(
    context: Context, before: Ticket, part: _Part, survivor: Ticket | None, reason: PurgeReason
) -> Change:
    """The ticket without who asked, and what the ledger says of it: how much, and never what."""
    detail = part.counts
    if survivor is not None:
        detail |= {"with": survivor.id}
    elif before.merged_from:
        detail |= {"parts": len(before.merged_from)}
    after = replace(bare_ticket(before), purged_at=context.now, timer=None)
    entry = Entry(action=Action.PURGED, why=reason.value, detail=detail)
    return Change(before=before, after=after, entries=(entry,))
