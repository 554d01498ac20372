"""Telling a person what waits for them in the outbox: claim the person, publish, record.

A crash at any point repeats at most one message, with the same notice ids, and loses none: what was
not recorded as sent still lies in its box, and the claim runs out by itself.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain, zip_longest

from triagewire.errors import ConflictError
from triagewire.escalation.bundle import Bundle
from triagewire.escalation.holding import day_ends
from triagewire.escalation.reach import EVERYBODY, Reach
from triagewire.escalation.told import Told
from triagewire.flow.choosing_notices import Found, choose
from triagewire.flow.context import Context
from triagewire.flow.notifying import held_again
from triagewire.flow.publishing import Tried, entries_of, send_by
from triagewire.observability import count, logger
from triagewire.store.outbox import Box, Waiting, emptied, read_box, rest
from triagewire.store.reach import read_reach
from triagewire.store.table import commit
from triagewire.store.told import claim_person, read_told, unclaim_person, write_told

CLAIM = timedelta(seconds=30)
"""So long nobody else tells a person whose teller died."""
CLAIM_TRIES = 6
MOST_DELETED = 80
"""Notices that leave the outbox in the transaction which records them; the rest follow."""
MOST_LOOKS = 3
"""Looks at a box into which more is put meanwhile; then it is left to the next sweep."""
RECORDING_TRIES = 5
NOTHING = timedelta()
RETRY = timedelta(minutes=1)
"""When to look again at what no way took."""


def always() -> bool:
    """The time of a caller that nobody cuts short."""
    return True


def deliver_all(context: Context, boxes: Iterable[Box], more: Callable[[], bool] = always) -> int:
    """Empty each box as far as may be, whatever happens to the others; returns how many failed.

    Pages come first, and no site waits behind all of another. `more()` says whether time is left
    for another box; one that is left stays due.
    """
    due = tuple(each for each in boxes if each.opens is None or each.opens <= context.now)
    waiting = tuple(_fairly(context, in_turn(due, context.now)))
    reach = _reach(context) if waiting else EVERYBODY
    failed = 0
    for box in waiting:
        if not more():
            logger.info("no time left to tell people")
            break
        try:
            failed += not deliver(context, box, reach)
        except Exception as error:
            failed += 1
            logger.error("notices not sent", site=box.site, error=type(error).__name__)
    return failed


def in_turn(boxes: Sequence[Box], now: datetime) -> tuple[Box, ...]:
    """Boxes with a page first; among each the sites in turn, another one first every minute."""
    return tuple(
        chain(
            _by_sites([each for each in boxes if each.page], now),
            _by_sites([each for each in boxes if not each.page], now),
        )
    )


def _by_sites(boxes: Sequence[Box], now: datetime) -> Iterator[Box]:
    sites = sorted({each.site for each in boxes})
    first = now.minute % len(sites) if sites else 0
    queues = [[b for b in boxes if b.site == each] for each in sites[first:] + sites[:first]]
    for turn in zip_longest(*queues):
        yield from (box for box in turn if box is not None)


def _fairly(context: Context, boxes: Sequence[Box]) -> Iterator[Box]:
    """The boxes with those of one person that hold pages in another order: what there is room for
    goes to the site of which the person was paged least lately.
    """
    pages = [each for each in boxes if each.page]
    several = {
        person for person, sites in Counter(each.person for each in pages).items() if sites > 1
    }
    paged = {person: _paged(context, person) for person in several}
    never = datetime.min.replace(tzinfo=UTC)
    turns = {
        person: iter(
            sorted(
                (each for each in pages if each.person == person),
                key=lambda each: last.get(each.site, never),
            )
        )
        for person, last in paged.items()
    }
    for each in boxes:
        yield next(turns[each.person]) if each.page and each.person in turns else each


def _paged(context: Context, person: str) -> Mapping[str, datetime]:
    """When the last page of each site went to a person; nothing where that cannot be read."""
    try:
        return read_told(context.tables, person).paged
    except Exception as error:
        logger.error("last pages not read", error=type(error).__name__)
        return {}


def deliver(context: Context, box: Box, reach: Reach | None = None) -> bool:
    """Tell one person what waits in a box; False if they could not be told by any way.

    True too when there is nothing to tell yet, as before an opening, or somebody else is telling
    them right now. `reach` is what is known of people's ways; it is read where it is not given.
    """
    if box.opens is not None and box.opens > context.now:
        return True
    known = _reach(context) if reach is None else reach
    told, alerts_only = True, False
    for _ in range(MOST_LOOKS):
        try:
            looked = _look(context, box, known, alerts_only)
        except ConflictError:
            logger.info("somebody else tells them", site=box.site)
            return told
        told = told and looked.told
        alerts_only = alerts_only or looked.alerts_wait
        if looked.settled and not looked.alerts_wait:
            return told
    return told


@dataclass(frozen=True, slots=True, kw_only=True)
class _Looked:
    """Whether the person was told all that was due, whether the box is at rest again, and whether
    alerts wait in it behind a page that no way took.
    """

    told: bool = True
    settled: bool = True
    alerts_wait: bool = False


def _look(context: Context, box: Box, reach: Reach, alerts_only: bool) -> _Looked:
    claimed = context.claimed_at + CLAIM
    told = _claim(context, box, claimed)
    if told is None:
        return _Looked()
    try:
        waiting = read_box(context.tables, box)
        if held_again(context, waiting):
            unclaim_person(context.tables, box.person, claimed)
            return _Looked(settled=_let_rest(context, waiting, None))
        found = choose(context, waiting, told, reach, alerts_only=alerts_only)
        tried = send_by(context, _bundle(context, found), found.what)
        after = _record(context, found, tried)
        if after is None:
            # Before the box rests: who fails to claim has put their notice into it by then, so
            # that the rest fails, and this one looks again.
            unclaim_person(context.tables, box.person, claimed)
    except Exception:
        unclaim_person(context.tables, box.person, claimed)
        raise
    left = found.left_after(tried)
    until = _next_look(context, found, tried, after or told)
    page = any(each.is_page for each in left)
    if page and alerts_only and until is not None:
        until = min(until, context.now + RETRY)  # however long the alerts beside it wait
    settled = _let_rest(context, waiting, until, page=page)
    failed = bool(found.what.notices) and not tried.sent
    alerts_wait = failed and found.what.is_page and not all(each.is_page for each in left)
    return _Looked(told=not failed, settled=settled, alerts_wait=alerts_wait)


def _claim(context: Context, box: Box, until: datetime) -> Told | None:
    """Claim the person of a box. For a page it is tried again for a moment: who has them may be
    telling them of another site.
    """
    for trying in context.tries(CLAIM_TRIES if box.page else 1):
        told = claim_person(trying.tables, box.person, until - CLAIM, until)
        if told is not None:
            return told
    return None


def _bundle(context: Context, found: Found) -> Bundle:
    box = found.waiting.box
    site = context.policy.policy.sites.get(box.site)
    return Bundle(
        person=box.person,
        site=box.site,
        notices=found.what.notices,
        at=context.now,
        day_ends=day_ends(site.calendar, context.now) if site and box.opens else None,
        links_until=context.now + timedelta(minutes=found.rules.link_minutes),
    )


def _record(context: Context, found: Found, tried: Tried) -> Told | None:
    """Write what was done, and take out of the box what is done with; returns what the person has
    been told by then, None where nothing was recorded.

    What was sent is recorded, even if the claim ran out meanwhile and somebody else recorded first.
    """
    gone = found.gone_after(tried)
    entries = tuple(entries_of(context, found.what, tried, found.moot, found.unreachable))
    if not entries:
        _take_out(context, found.waiting, gone)
        return None
    told = found.told
    for trying in context.tries(RECORDING_TRIES):
        if trying.attempt:
            told = read_told(context.tables, told.person)
        after = found.remembered(told, tried, gone[MOST_DELETED:], context.now)
        writes = write_told(context.tables, after, entries, context.stamp)
        try:
            commit(
                context.tables,
                [*writes, *emptied(context.tables, found.waiting, gone[:MOST_DELETED])],
            )
        except ConflictError:
            continue
        _take_out(context, found.waiting, gone[MOST_DELETED:])
        return after
    raise ConflictError(f"what {told.person} was told: lost {RECORDING_TRIES} races in a row")


def _take_out(context: Context, waiting: Waiting, ids: tuple[str, ...]) -> None:
    for at in range(0, len(ids), MOST_DELETED):
        commit(context.tables, emptied(context.tables, waiting, ids[at : at + MOST_DELETED]))


def _next_look(context: Context, found: Found, tried: Tried, told: Told) -> datetime | None:
    """When the box is due again; None when nothing is left in it."""
    left = found.left_after(tried)
    if not left:
        return None
    if not found.what.notices and found.what.wait_until is not None:
        return found.what.wait_until
    then = found.next_at(left, told, context.now)
    return then or context.now + (RETRY if tried.failed else NOTHING)


def _let_rest(
    context: Context, waiting: Waiting, until: datetime | None, *, page: bool = False
) -> bool:
    """Put the box to rest; False if something was put in meanwhile, so that it stays due."""
    try:
        commit(context.tables, [rest(context.tables, waiting, until, page=page)])
    except ConflictError:
        return False
    return True


def _reach(context: Context) -> Reach:
    """What is known of people's ways. Where that cannot be read, all of them are tried."""
    try:
        return read_reach(context.tables)
    except Exception as error:
        count("ReachNotRead")
        logger.error("ways of people not read", error=type(error).__name__)
        return EVERYBODY
