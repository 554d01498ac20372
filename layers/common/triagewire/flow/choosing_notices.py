"""What of a box goes to its person now, by the tickets and by their ways as they are known now."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache, partial

from triagewire.errors import SealedError
from triagewire.escalation.dispatch import MOST_NOTICES, Dispatch, Ways, dispatch
from triagewire.escalation.notice import AnyNotice, Notice
from triagewire.escalation.owed import still_owed
from triagewire.escalation.reach import Reach, ways_of
from triagewire.escalation.told import Told, failed_to, sent_to
from triagewire.flow.context import Context
from triagewire.flow.publishing import Tried
from triagewire.ladder import Way
from triagewire.observability import logger
from triagewire.policy.limits import Notices
from triagewire.policy.model import Site
from triagewire.store.outbox import Waiting
from triagewire.store.tickets import load_tickets

MOST_PENDING = 8
"""Boxes of one person of which it is remembered that something sent may still lie in them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What one look at a box found: what to send now, what of the rest is no longer owed (`moot`),
    what was sent before (`known`), and what is `owed` at all, that which is sent now included.

    `unreachable` says that no way of the person's own works for what is sent: it goes to whoever
    else hears the topic. `longest` is how long a message counts by the rules of any site.
    """

    waiting: Waiting
    told: Told
    rules: Notices
    longest: timedelta
    ways: Ways
    spare: tuple[Way, ...]
    what: Dispatch
    moot: tuple[AnyNotice, ...]
    known: tuple[AnyNotice, ...]
    owed: tuple[AnyNotice, ...]
    unreachable: bool

    def next_at(self, left: Sequence[AnyNotice], told: Told, now: datetime) -> datetime | None:
        """When something of what is left may go by what the person has been told; None at once."""
        site = self.waiting.box.site
        return dispatch(left, told, self.ways, self.rules, now, site, self.spare).wait_until

    def left_after(self, tried: Tried) -> tuple[AnyNotice, ...]:
        """What is still to be told."""
        sent = {each.id for each in self.what.notices} if tried.sent else set()
        return tuple(each for each in self.owed if each.id not in sent)

    def gone_after(self, tried: Tried) -> tuple[str, ...]:
        """The ids of what has no business in the box any more."""
        sent = self.what.notices if tried.sent else ()
        return tuple(each.id for each in (*sent, *self.moot, *self.known))

    def remembered(self, told: Told, tried: Tried, pending: tuple[str, ...], now: datetime) -> Told:
        """What the person has been told by now; `pending` is what leaves the box later."""
        if tried.sent:
            page_of = self.waiting.box.site if self.what.is_page else ""
            told = sent_to(told, tried.sent, now, self.longest, page_of)
        elif self.what.notices and not self.what.is_page:
            told = failed_to(told, now)  # a page that failed makes no alert wait longer
        boxes = {box: ids for box, ids in told.pending.items() if box != self.waiting.box.id}
        if pending:
            boxes[self.waiting.box.id] = pending
        return replace(told, pending=dict(list(boxes.items())[-MOST_PENDING:]))


def choose(
    context: Context, waiting: Waiting, told: Told, reach: Reach, *, alerts_only: bool = False
) -> Found:
    """Decide about one box; `alerts_only` leaves the pages in it alone, which no way takes."""
    box = waiting.box
    site = context.policy.policy.sites.get(box.site)
    sent = set(told.pending.get(box.id, ()))
    unsent = [each for each in waiting.notices if each.id not in sent]
    aside = [each for each in unsent if alerts_only and each.is_page]
    left = [each for each in unsent if not (alerts_only and each.is_page)]
    rules, ways = site.notices if site else Notices(), _ways(site, box.person, reach)
    spare = ways_of(site, box.person, reach.pages) if site else ()
    decide = partial(dispatch, told=told, ways=ways, rules=rules, site=box.site, spare=spare)
    moot: list[AnyNotice] = []
    looked_at: set[str] = set()
    while True:
        what = decide(left, now=context.now) if left else Dispatch()
        fresh = [each for each in what.notices if each.id not in looked_at]
        if not fresh:
            break
        if len(moot) >= MOST_NOTICES:
            what = Dispatch(wait_until=context.now)  # the next look takes the others
            break
        gone = _no_longer_owed(context, fresh)
        looked_at |= {each.id for each in fresh}
        moot += [each for each in fresh if each.id in gone]
        left = [each for each in left if each.id not in gone]
    return Found(
        waiting=waiting,
        told=told,
        rules=rules,
        longest=max(
            (each.notices.longest for each in context.policy.policy.sites.values()),
            default=rules.longest,
        ),
        ways=ways,
        spare=spare,
        what=what,
        moot=tuple(moot),
        known=tuple(each for each in waiting.notices if each.id in sent),
        owed=(*aside, *left),
        unreachable=bool(what.notices) and not _own_ways(site, box.person, reach, what),
    )


def _ways(site: Site | None, person: str, reach: Reach) -> Ways:
    """The ways of a person; who has none that works is told by the topic's other subscribers."""

    @cache
    def known(page: bool, asked: tuple[Way, ...]) -> tuple[Way, ...]:
        if site is None:
            return (Way.TOPIC,)
        return ways_of(site, person, reach.pages if page else reach, asked) or (Way.TOPIC,)

    return lambda notice: known(notice.is_page, notice.ways)


def _own_ways(site: Site | None, person: str, reach: Reach, what: Dispatch) -> tuple[Way, ...]:
    known = reach.pages if what.is_page else reach
    return ways_of(site, person, known) if site else (Way.TOPIC,)


def _no_longer_owed(context: Context, notices: Sequence[AnyNotice]) -> set[str]:
    """The ids of those that no longer hold, by the tickets as they are now."""
    of_tickets = [each for each in notices if isinstance(each, Notice)]
    ids = list(dict.fromkeys(each.ticket_id for each in of_tickets))
    try:
        tickets = load_tickets(context.tables, ids)
    except SealedError as error:
        # Told for nothing is better than untold: what notices say needs no ticket to be opened.
        logger.error("tickets of notices not opened", error=type(error).__name__)
        return set()
    return {each.id for each in of_tickets if not still_owed(each, tickets.get(each.ticket_id))}
