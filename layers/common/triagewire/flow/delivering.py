"""Telling a person what waits for them in the outbox: claim the person, publish, record.

A crash at any point repeats at most one message, with the same notice ids, and loses none: what was
not recorded as sent still lies in its box, and the claim runs out by itself.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from triagewire.errors import ConflictError
from triagewire.escalation.dispatch import Dispatch, dispatch
from triagewire.escalation.notice import AnyNotice, Bundle, Notice
from triagewire.escalation.owed import still_owed
from triagewire.escalation.reach import EVERYBODY, ways_of
from triagewire.escalation.told import Told
from triagewire.flow.context import Context
from triagewire.flow.notifying import held_again
from triagewire.ladder import Way
from triagewire.ledger.event import Action, Entry
from triagewire.observability import count, logger
from triagewire.policy.limits import Notices
from triagewire.store.outbox import Box, Waiting, emptied, read_box, rest
from triagewire.store.table import commit
from triagewire.store.tickets import load_tickets
from triagewire.store.told import claim_person, read_told, unclaim_person, write_told
from triagewire.ticket import Ticket

CLAIM_SECONDS = 30
MOST_DELETED = 80
"""Notices that leave the outbox in the transaction which records them; the rest follow."""
RETRY_MINUTES = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tried:
    """Which ways took a message, and which did not."""

    sent: tuple[Way, ...] = ()
    failed: tuple[Way, ...] = ()


def deliver_all(context: Context, boxes: Iterable[Box]) -> int:
    """Empty each box as far as may be, whatever happens to the others; returns how many failed."""
    failed = 0
    for box in boxes:
        try:
            failed += not deliver(context, box)
        except Exception as error:
            failed += 1
            logger.error("notices not sent", site=box.site, error=type(error).__name__)
    return failed


def deliver(context: Context, box: Box) -> bool:
    """Tell one person what waits in a box; False if they could not be told by any way.

    True too when there is nothing to tell yet, or somebody else is telling them right now.
    """
    until = context.now + timedelta(seconds=CLAIM_SECONDS)
    if not claim_person(context.tables, box.person, context.now, until):
        return True
    done = False
    try:
        done, reached = _empty(context, box)
    finally:
        if not done:
            unclaim_person(context.tables, box.person, until)
    return reached


def _empty(context: Context, box: Box) -> tuple[bool, bool]:
    """Whether something was recorded, which ends the claim, and whether the person was reached."""
    waiting = read_box(context.tables, box)
    if held_again(context, waiting):
        _let_rest(context, waiting, None)
        return False, True
    told = read_told(context.tables, box.person)
    known = [each for each in waiting.notices if each.id in told.sent_ids]
    left = [each for each in waiting.notices if each.id not in told.sent_ids]
    owed = _owed(context, left)
    what = _decide(context, box, owed, told)
    tried = _try(context, box, what)
    moot = [each for each in left if each not in owed]
    entries = tuple(_entries(context, what, tried, moot))
    gone = [*known, *moot, *(what.notices if tried.sent else ())]
    if entries:
        after = _remembered(told, what, tried, context.now)
        writes = write_told(context.tables, after, entries, context.stamp)
        ids = tuple(each.id for each in gone)
        commit(context.tables, [*writes, *emptied(context.tables, waiting, ids[:MOST_DELETED])])
        _sweep_out(context, waiting, ids[MOST_DELETED:])
    _let_rest(context, waiting, _next_look(context, what, tried, len(left) - len(moot)))
    return bool(entries), bool(tried.sent) or not what.notices


def _owed(context: Context, notices: Sequence[AnyNotice]) -> list[AnyNotice]:
    """Those that still hold, by the tickets as they are now."""
    ids = list(dict.fromkeys(each.ticket_id for each in notices if isinstance(each, Notice)))
    tickets = load_tickets(context.tables, ids)

    def ticket_of(notice: AnyNotice) -> Ticket | None:
        return tickets.get(notice.ticket_id) if isinstance(notice, Notice) else None

    return [each for each in notices if still_owed(each, ticket_of(each))]


def _decide(context: Context, box: Box, owed: Sequence[AnyNotice], told: Told) -> Dispatch:
    if not owed:
        return Dispatch()
    site = context.policy.policy.sites.get(box.site)
    asked = tuple(dict.fromkeys(way for each in owed for way in each.ways))
    ways = ways_of(site, box.person, EVERYBODY, asked) if site else (Way.TOPIC,)
    rules = site.notices if site else Notices()
    return dispatch(owed, told, ways, rules, context.now)


def _try(context: Context, box: Box, what: Dispatch) -> _Tried:
    """Publish by each way, or until one takes it."""
    if not what.notices:
        return _Tried()
    site = context.policy.policy.sites.get(box.site)
    minutes = (site.notices if site else Notices()).link_minutes
    bundle = Bundle(
        person=box.person,
        site=box.site,
        notices=what.notices,
        links_until=context.now + timedelta(minutes=minutes),
    )
    sent: list[Way] = []
    failed: list[Way] = []
    for way in what.ways:
        try:
            context.publish(bundle, way)
        except Exception as error:
            count("NoticeFailed")
            logger.error("notice not sent", way=way.value, error=type(error).__name__)
            failed.append(way)
        else:
            sent.append(way)
            if not what.every_way:
                break
    return _Tried(sent=tuple(sent), failed=tuple(failed))


def _entries(
    context: Context, what: Dispatch, tried: _Tried, moot: Sequence[AnyNotice]
) -> Iterable[Entry]:
    """What the ledger says of a look that sent, failed to send, or threw away."""
    ids = [each.id for each in what.notices]
    ways = {
        "ways": [way.value for way in tried.sent],
        "failed": [way.value for way in tried.failed],
    }
    if tried.sent:
        detail = {"notices": ids, **ways}
        why = "notices were sent" if context.notifies else "debug mode: nothing was sent"
        yield Entry(action=Action.TOLD, why=why, detail=detail)
    elif ids:
        detail = {"notices": ids, **ways}
        yield Entry(action=Action.NOTICE_FAILED, why="no way took the message", detail=detail)
    if moot:
        why = "acknowledged, answered or closed before it was sent"
        detail = {"notices": [each.id for each in moot]}
        yield Entry(action=Action.NOTICE_DROPPED, why=why, detail=detail)


def _remembered(told: Told, what: Dispatch, tried: _Tried, now: datetime) -> Told:
    """What the person has been told once this look is recorded."""
    if not what.notices:
        return told
    if not tried.sent:
        return replace(told, failures=told.failures + 1, failed_at=now)
    sent = dict(told.sent)
    for way in tried.sent:
        sent[way] = (*sent.get(way, ()), now)
    ids = tuple(each.id for each in what.notices)
    return replace(told, sent=sent, sent_ids=ids, failures=0, failed_at=None)


def _next_look(context: Context, what: Dispatch, tried: _Tried, owed: int) -> datetime | None:
    """When the box is due again; None when it is empty."""
    if what.notices and not tried.sent:
        return context.now + timedelta(minutes=RETRY_MINUTES)
    if owed > len(what.notices):
        return what.wait_until or context.now
    return None


def _sweep_out(context: Context, waiting: Waiting, ids: tuple[str, ...]) -> None:
    for at in range(0, len(ids), MOST_DELETED):
        commit(context.tables, emptied(context.tables, waiting, ids[at : at + MOST_DELETED]))


def _let_rest(context: Context, waiting: Waiting, until: datetime | None) -> None:
    """Put the box to rest, unless something was put in meanwhile: then it stays due."""
    try:
        commit(context.tables, [rest(context.tables, waiting, until)])
    except ConflictError:
        logger.info("more was put out meanwhile", site=waiting.box.site)
