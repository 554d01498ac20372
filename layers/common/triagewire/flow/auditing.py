"""The look at the end of a sweep: does every open ticket have a timer, and is none late?

Two indexes watch each other. What is late shows in the timer index, which costs what is late; what
has no timer there shows in the queue's index, of which each sweep reads a stretch, so that all open
tickets are seen within minutes. What is found wrong is read as it is stored, and mended.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import islice

from triagewire.errors import ConflictError, SiteMissingError
from triagewire.escalation.timers import next_timer
from triagewire.flow.context import Context, Plan
from triagewire.flow.former import known_to
from triagewire.ledger.event import Action, Entry
from triagewire.observability import logger
from triagewire.store.outbox import due_boxes
from triagewire.store.queues import queue_of
from triagewire.store.rounds import (
    Listed,
    Place,
    Stored,
    listed,
    load_stored,
    read_place,
    write_place,
)
from triagewire.store.tickets import Change, due_timers, timer_shards
from triagewire.ticket import Status, Ticket

LATE = timedelta(minutes=2)
"""A sweep comes every minute: who waits longer than this was forgotten by at least one."""
MOST_SEEN = 1000
"""How many open tickets a sweep looks at in the queue's index."""
MOST_QUEUES = 100
MOST_LATE = 20
"""How many late timers of one partition are looked at: that there are more is no news."""
MOST_SUSPECTS = 200
PASSED = "~"
"""Behind every rank: all of a queue has been seen."""

UNTIMED = "it was open and had no timer"
UNINDEXED = "its timer was not where a sweep looks for it"
STALE = "its timer asked for something that is not to be done"


@dataclass(slots=True)
class _Stretch:
    """What a part of the round through all open tickets has found."""

    seen: int = 0
    untimed: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)


def audit(context: Context, tried: Collection[str], more: Callable[[], bool]) -> dict[str, int]:
    """Look for what was forgotten and mend it; returns what was found, by the names of metrics.

    `tried` are the tickets whose steps this sweep has done: what is late among them asks for
    something that cannot be done. Without time left nothing is looked at, which is counted too.
    """
    done = {"Audited": 0, "Repaired": 0, "Overdue": 0, "Unaudited": 0, "Failed": 0}
    if not more():
        return done | {"Unaudited": 1}
    before = context.now - LATE
    late = list(_late(context, before))
    found = _stretch(context, before)
    done["Audited"] = found.seen
    suspects = dict.fromkeys((*found.untimed, *late, *found.late))
    for stored in _read(context, list(suspects)[:MOST_SUSPECTS], done):
        _look_at(context, stored, before, done, tried=stored.ticket.id in tried)
    done["Overdue"] += sum(1 for _ in islice(due_boxes(context.tables, before), MOST_LATE))
    return done


def _late(context: Context, before: datetime) -> Iterator[str]:
    """The tickets that the timer index shows as late, moments behind."""
    for shard in timer_shards():
        found = due_timers(context.tables, shard, before, MOST_LATE)
        yield from (each.ticket_id for each in islice(found, MOST_LATE))


def _stretch(context: Context, before: datetime) -> _Stretch:
    """The next part of the round: what the queue's index shows without a timer or as late."""
    found, queues = _Stretch(), _queues(context)
    began = place = read_place(context.tables)
    ahead = (each for each in queues if Place(queue=each, rank=PASSED) > began)
    for queue in islice(ahead, MOST_QUEUES):
        at = began if queue == began.queue else Place(queue=queue)
        entries, ended = listed(context.tables, at, MOST_SEEN - found.seen)
        _note(entries, before, found)
        place = Place(queue=queue, rank=PASSED if ended else entries[-1].rank)
        if found.seen >= MOST_SEEN:
            break
    if place in (began, Place(queue=queues[-1], rank=PASSED)):
        place = Place()
    if place != began:
        write_place(context.tables, place)
    return found


def _queues(context: Context) -> list[str]:
    """Every queue in which a ticket may stand, that of those without a team among them."""
    sites = context.policy.policy.sites.items()
    return sorted(queue_of(name, team) for name, site in sites for team in (None, *site.teams))


def _note(entries: Iterable[Listed], before: datetime, found: _Stretch) -> None:
    for each in entries:
        found.seen += 1
        if each.timer_at is None:
            found.untimed.append(each.ticket_id)
        elif each.timer_at <= before:
            found.late.append(each.ticket_id)


def _read(context: Context, ids: list[str], done: dict[str, int]) -> list[Stored]:
    """The tickets as they are stored; one that cannot be read hides none of the others."""
    try:
        return load_stored(context.tables, ids)
    except Exception as error:
        if len(ids) == 1:
            _not_audited(ids[0], error, done)
            return []
    return [each for one in ids for each in _read(context, [one], done)]


def _look_at(
    context: Context, stored: Stored, before: datetime, done: dict[str, int], *, tried: bool
) -> None:
    ticket = stored.ticket
    try:
        around = known_to(context, ticket)
        mended = _mended(around, stored, before, tried=tried)
        if mended is not None:
            done["Repaired"] += _repaired(around, ticket, *mended)
        elif ticket.timer is not None and ticket.timer.at <= before:
            done["Overdue"] += 1
    except SiteMissingError:
        logger.error("nobody can be told of a ticket", ticket_id=ticket.id, site=ticket.site)
    except Exception as error:
        _not_audited(ticket.id, error, done)


def _mended(
    context: Context, stored: Stored, before: datetime, *, tried: bool
) -> tuple[Ticket, str] | None:
    """The ticket as it should be, and what was wrong; None where nothing is, or not yet."""
    ticket, site = stored.ticket, context.site(stored.ticket.site)
    if not ticket.is_open and ticket.status is not Status.RESOLVED:
        return None
    if ticket.timer is None:
        return replace(ticket, timer=next_timer(ticket, site)), UNTIMED
    if not stored.indexed:
        return ticket, UNINDEXED
    if tried and ticket.timer.at <= before and ticket.status is not Status.NEW:
        timely = replace(ticket, timer=next_timer(ticket, site))
        return None if timely == ticket else (timely, STALE)
    return None


def _repaired(context: Context, before: Ticket, after: Ticket, why: str) -> bool:
    """Store a mended ticket, which puts its timer where a sweep looks; False if it was changed
    meanwhile.
    """
    timer = after.timer
    detail = {"timer": timer.kind.value, "due_at": timer.at.isoformat()} if timer else {}
    entry = Entry(action=Action.REPAIRED, why=why, detail=detail)
    try:
        Plan(changes=[Change(before=before, after=after, entries=(entry,))]).commit(context)
    except ConflictError:
        return False
    logger.error("ticket repaired", ticket_id=after.id, why=why)
    return True


def _not_audited(ticket_id: str, error: Exception, done: dict[str, int]) -> None:
    done["Failed"] += 1
    logger.error("ticket not audited", ticket_id=ticket_id, error=type(error).__name__)
