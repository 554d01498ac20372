"""What a due timer does: whom it tells, what the ledger says and how far the escalation has then
got.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from triagewire.escalation.pages import page
from triagewire.escalation.people import Around
from triagewire.escalation.reach import EVERYBODY, Reach
from triagewire.escalation.taken import Step
from triagewire.escalation.tiers import (
    breach,
    breach_resolution,
    climb,
    forewarn,
    remind,
    remind_resolution,
    tell_of_bounces,
)
from triagewire.escalation.timers import purge_timer
from triagewire.ledger.event import Action, Entry
from triagewire.policy.model import Site
from triagewire.policy.retention import Retention
from triagewire.routing.duty import NOBODY
from triagewire.ticket import Status, Ticket, TimerKind

__all__ = ["Step", "close", "step"]


def step(
    ticket: Ticket,
    site: Site,
    now: datetime,
    away: frozenset[str] = NOBODY,
    reach: Reach = EVERYBODY,
) -> Step:
    """Do what the ticket's due timer asks for; an owner who is not there, or is one of those who
    have said that they are `away`, is told nothing, nor is anybody whom no way reaches.

    Scoring, looking for an owner and waking are not done here: they are decisions of their own, so
    a ticket whose timer asks for one of them, or that has none, is a ValueError.
    """
    if ticket.timer is None or ticket.timer.kind not in _STEPS:
        raise ValueError("no step is due")
    paging = ticket.timer.kind is TimerKind.PAGE
    around = Around(site=site, now=now, away=away, reach=reach.pages if paging else reach)
    return _STEPS[ticket.timer.kind](ticket, around)


def close(ticket: Ticket, now: datetime, retention: Retention) -> Step:
    """A resolved ticket is closed for good: a later message is a ticket of its own. From then on
    the time runs after which its words are purged.

    This needs no site: the policy may have it no more by then.
    """
    after = replace(ticket, status=Status.CLOSED, closed_at=now)
    after = replace(after, timer=purge_timer(after, retention))
    entry = Entry(action=Action.CLOSED, why="nobody reopened it in time")
    return Step(ticket=after, notices=(), entries=(entry,))


def _close(ticket: Ticket, around: Around) -> Step:
    return close(ticket, around.now, around.site.retention)


_STEPS: Mapping[TimerKind, Callable[[Ticket, Around], Step]] = {
    TimerKind.PAGE: page,
    TimerKind.REMIND: remind,
    TimerKind.FOREWARN: forewarn,
    TimerKind.BREACH: breach,
    TimerKind.REMIND_RESOLUTION: remind_resolution,
    TimerKind.BREACH_RESOLUTION: breach_resolution,
    TimerKind.LADDER: climb,
    TimerKind.BOUNCED: tell_of_bounces,
    TimerKind.CLOSE: _close,
}
