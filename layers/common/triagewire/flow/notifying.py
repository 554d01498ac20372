"""Putting notices into the outbox, in the same transaction as what they tell of."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from triagewire.escalation.holding import digest_of, held_until, opening
from triagewire.escalation.notice import AnyNotice
from triagewire.flow.context import Context, Plan
from triagewire.ledger.event import Action, Entry
from triagewire.store.outbox import Box, Waiting, emptied, enqueue
from triagewire.store.table import commit
from triagewire.store.tickets import Change

MOST_MOVED = 40
"""Notices that a transaction takes out of one box and puts into another: it holds 100 writes."""


def put_out(context: Context, notices: Iterable[AnyNotice], plan: Plan) -> tuple[Box, ...]:
    """Add notices to a plan, for now or for the opening of the site; returns the boxes that they go
    into.
    """
    boxes: dict[Box, None] = {}
    for notice in notices:
        opens, page = _held_until(context, notice), notice.is_page
        box = Box(site=notice.site, person=notice.person, opens=opens, page=page)
        plan.writes.extend(enqueue(context.tables, notice, box, context.now))
        boxes[box] = None
    return tuple(boxes)


def _held_until(context: Context, notice: AnyNotice) -> datetime | None:
    site = context.policy.policy.sites.get(notice.site)
    return held_until(notice, site, context.now) if site else None


def put_out_digest(context: Context, plan: Plan) -> None:
    """Let those who get work by a plan while their site is closed hear of it at the opening."""
    plan.changes[:] = [_with_digest(context, each, plan) for each in plan.changes]


def _with_digest(context: Context, change: Change, plan: Plan) -> Change:
    site = context.policy.policy.sites.get(change.after.site)
    notices = digest_of(change.before, change.after, site, context.now) if site else ()
    if not notices:
        return change
    boxes = put_out(context, notices, plan)
    entry = Entry(
        action=Action.HELD,
        why="the site is closed: it is told of at the opening",
        detail={
            "people": [each.person for each in notices],
            "notices": [each.id for each in notices],
            "until": next(each.opens.isoformat() for each in boxes if each.opens),
        },
    )
    counted = replace(change.after, notices=change.after.notices + 1)
    return replace(change, after=counted, entries=(*change.entries, entry))


def held_again(context: Context, waiting: Waiting) -> bool:
    """Whether a site is closed at the opening for which a box was held, as on a holiday that the
    policy has got since: then all of it waits for the next one, with what came in later.

    Crashes on the way lose nothing: each notice is in one box or in the other.
    """
    site = context.policy.policy.sites.get(waiting.box.site)
    if waiting.box.opens is None or site is None or not waiting.notices:
        return False
    opens = opening(site.calendar, context.now)
    if opens is None:
        return False
    later = replace(waiting.box, opens=opens)
    for at in range(0, len(waiting.notices), MOST_MOVED):
        part = waiting.notices[at : at + MOST_MOVED]
        put = [
            write for each in part for write in enqueue(context.tables, each, later, context.now)
        ]
        gone = emptied(context.tables, waiting, tuple(each.id for each in part))
        commit(context.tables, [*put, *gone])
    return True
