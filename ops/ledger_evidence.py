"""What a verification needs to know, read from a stack, or from a folder that was once its bucket.

Copies and checkpoints are read before the table: what is appended meanwhile is then in the table
and not yet copied, as it is every second of the day.
"""

from collections.abc import Iterable, Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from ops.ledger_objects import Objects, read_all
from triagewire.ledger.chains import Chains
from triagewire.ledger.checkpoint_chain import CheckpointChain, Genuine
from triagewire.ledger.copied import Copies
from triagewire.ledger.copies import CHANGED, CHECKPOINTS, EVENTS, LATEST_COPY
from triagewire.ledger.event import Event
from triagewire.ledger.moments import day_of, in_key
from triagewire.ledger.verification import COPIED_WITHIN, Evidence, Stated
from triagewire.store.heads import (
    events_of,
    every_event,
    every_ticket,
    stated_heads,
    subjects_of,
)
from triagewire.store.table import Tables
from triagewire.store.tickets import ticket_pk

TRIES = 3
"""How often a ledger is read anew that does not fit its subject: both go on while they are read."""
A_DAY = timedelta(days=1)
TABLE = "the ledger table"


@dataclass(frozen=True, slots=True)
class Place:
    """Where to look, with which keys' signatures to believe, and what the time is (UTC)."""

    objects: Objects
    genuine: Genuine
    now: datetime


def of_copies(place: Place) -> Evidence:
    """All copies and checkpoints by themselves: nothing else is there to hold them against."""
    checkpoints, copies = _everything(place)
    return Evidence(
        recorded=copies.chains,
        stated={},
        checkpoints=checkpoints,
        now=place.now,
        sums=copies.sums,
        wanted=frozenset(checkpoints.files),
    )


def of_all(place: Place, tables: Tables) -> Evidence:
    """The whole ledger, every ticket, every copy, every checkpoint."""
    checkpoints, copies = _everything(place)
    recorded = Chains(TABLE)
    _take(recorded, every_event(tables))
    stated = _stated(tables, recorded, {*recorded.links, *every_ticket(tables)})
    return Evidence(
        recorded=recorded,
        stated=stated,
        checkpoints=checkpoints,
        now=place.now,
        copies=copies.chains,
        sums=copies.sums,
        wanted=frozenset(checkpoints.files),
    )


def of_day(place: Place, tables: Tables, day: date) -> Evidence:
    """The copies of one day (UTC), the checkpoints that name them, and the ledgers they are of; and
    those of which the table has an event on that day, copied or not.
    """
    checkpoints = _checkpoints(place, _folders(day - A_DAY, day + A_DAY))
    copies = Copies()
    prefixes = [f"{folder}{each}/" for folder in (EVENTS, CHANGED) for each in (day, day + A_DAY)]
    present = {key for prefix in prefixes for key in place.objects.keys(prefix)}
    _read(copies, place, sorted(present))
    today = tuple(f"{folder}{day}/" for folder in (EVENTS, CHANGED))
    about = frozenset({*copies.chains.links, *subjects_of(tables, day)})
    recorded = Chains(TABLE)
    for subject in about:
        _take(recorded, events_of(tables, subject))
    if lacking := _lacking(copies, recorded, place.now, day):
        checkpoints = _elsewhere(copies, place, lacking)
    return Evidence(
        recorded=recorded,
        stated=_stated(tables, recorded, about),
        checkpoints=checkpoints,
        now=place.now,
        about=about,
        copies=copies.chains,
        sums=copies.sums,
        wanted=frozenset(key for key in checkpoints.files if key.startswith(today)),
        day=day.isoformat(),
    )


def of_ticket(place: Place, tables: Tables, ticket_id: str) -> Evidence:
    """One ticket's ledger, the checkpoints of its days, and the copies of it that they name."""
    subject = ticket_pk(ticket_id)
    seen = Chains(TABLE)
    _take(seen, events_of(tables, subject))
    days = sorted({link.at.date() for link in seen.links.get(subject, {}).values()})
    folders = _folders(days[0] - A_DAY, days[-1] + 2 * A_DAY) if days else []
    checkpoints = _checkpoints(place, folders)
    if not any(head.subject == subject for _, head in checkpoints.heads):
        checkpoints = _checkpoints(place, [CHECKPOINTS], whole=True)
    wanted = _naming(checkpoints, {subject})
    copies = Copies()
    _read(copies, place, sorted(wanted | _not_yet_named(place, checkpoints, seen, subject)))
    recorded = Chains(TABLE)
    _take(recorded, events_of(tables, subject))
    if lacking := _lacking(copies, recorded, place.now):
        checkpoints = _elsewhere(copies, place, lacking)
        wanted = _naming(checkpoints, {subject})
    return Evidence(
        recorded=recorded,
        stated=_stated(tables, recorded, [subject]),
        checkpoints=checkpoints,
        now=place.now,
        about=frozenset({subject}),
        copies=copies.chains,
        sums=copies.sums,
        wanted=wanted,
    )


# The bucket --------------------------------------------------------------------------------------


def _everything(place: Place) -> tuple[CheckpointChain, Copies]:
    checkpoints, copies = _checkpoints(place, [CHECKPOINTS], whole=True), Copies()
    for prefix in (EVENTS, CHANGED):
        _read(copies, place, place.objects.keys(prefix))
    return checkpoints, copies


def _checkpoints(place: Place, prefixes: Iterable[str], *, whole: bool = False) -> CheckpointChain:
    chain = CheckpointChain(place.genuine, whole=whole, gapless=True)
    for prefix in prefixes:
        for key, body in read_all(place.objects, place.objects.keys(prefix)):
            chain.add(body, key)
    return chain


def _folders(first: date, last: date) -> list[str]:
    """The folders of the checkpoints of some days: each stands under the day of the one before."""
    days = range((last - first).days + 1)
    return [f"{CHECKPOINTS}{first + each * A_DAY}/" for each in days]


def _naming(checkpoints: CheckpointChain, subjects: Set[str]) -> frozenset[str]:
    """The copies that hold what is signed of subjects."""
    numbers = {number for number, head in checkpoints.heads if head.subject in subjects}
    named = checkpoints.files.items()
    return frozenset(
        key for key, (number, _) in named if number in numbers and key.startswith(EVENTS)
    )


def _not_yet_named(
    place: Place, checkpoints: CheckpointChain, seen: Chains, subject: str
) -> set[str]:
    """The copies that may hold the events of a subject that no checkpoint covers yet."""
    covered = (head.sequence for _, head in checkpoints.heads if head.subject == subject)
    signed = max(covered, default=0)
    known = seen.links.get(subject, {})
    open_since = min((link.at for at, link in known.items() if at > signed), default=None)
    if open_since is None:
        return set()
    days = range((place.now.date() - open_since.date()).days + 1)
    folders = (f"{EVENTS}{open_since.date() + each * A_DAY}/" for each in days)
    first = EVENTS + in_key(open_since.replace(microsecond=0))
    found = (key for folder in folders for key in place.objects.keys(folder))
    return {key for key in found if key >= first and key not in checkpoints.files}


def _lacking(
    copies: Copies, recorded: Chains, now: datetime, day: date | None = None
) -> frozenset[str]:
    """The subjects of events, of one day or of any, that should have a copy and have none so
    far.
    """
    return frozenset(
        subject
        for subject, known in recorded.links.items()
        for sequence, link in known.items()
        if copies.chains.at(subject, sequence) is None
        and link.at <= now - COPIED_WITHIN
        and (day is None or day_of(link.at) == day.isoformat())
    )


def _elsewhere(copies: Copies, place: Place, subjects: Set[str]) -> CheckpointChain:
    """Take up every copy of subjects, under whatever day: one that was made by hand, or by a clock
    that went a little differently, does not stand under that of its events. Returns all
    checkpoints, because any of them may name it.
    """
    checkpoints = _checkpoints(place, [CHECKPOINTS], whole=True)
    newest = checkpoints.newest
    since = newest.until - LATEST_COPY if newest else place.now - LATEST_COPY
    days = range((place.now.date() - since.date()).days + 1)
    folders = (f"{EVENTS}{since.date() + each * A_DAY}/" for each in days)
    unnamed = {key for folder in folders for key in place.objects.keys(folder)}
    unnamed -= checkpoints.files.keys()
    _read(copies, place, sorted((_naming(checkpoints, subjects) | unnamed) - copies.sums.keys()))
    return checkpoints


def _read(copies: Copies, place: Place, keys: Iterable[str]) -> None:
    for key, body in read_all(place.objects, keys):
        copies.add(key, body)


# The table ---------------------------------------------------------------------------------------


def _take(recorded: Chains, found: Iterable[tuple[str, int, Event | None]]) -> None:
    for subject, sequence, event in found:
        if event is None:
            recorded.spoil(subject, sequence, "is not as an event is stored")
        else:
            recorded.add(event)


def _stated(tables: Tables, recorded: Chains, subjects: Iterable[str]) -> dict[str, Stated]:
    """What the subjects say, after those were read again that went on meanwhile."""
    stated = stated_heads(tables, subjects)
    for _ in range(TRIES):
        moved = [each for each, said in stated.items() if recorded.length(each) != said.last]
        for subject in moved:
            recorded.forget(subject)
            _take(recorded, events_of(tables, subject))
        stated |= stated_heads(tables, moved)
    return stated
