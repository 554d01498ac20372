"""A step that was taken: the ticket after it, the notices, and what the ledger says."""

from dataclasses import dataclass, replace
from datetime import datetime

from triagewire.clock.promise import TargetKind
from triagewire.escalation.holding import alert, elapsed_minutes
from triagewire.escalation.notice import Notice, NoticeKind
from triagewire.escalation.people import Around, Found, ways_to
from triagewire.escalation.timers import next_timer
from triagewire.ledger.event import Action, Detail, Entry
from triagewire.ticket import Escalation, Ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The notices to send, the ticket as it is once they are sent, and what to record."""

    ticket: Ticket
    notices: tuple[Notice, ...]
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class What:
    """What people are told, what is recorded of it, and which promise it is about, if one.

    `again` says of a page that somebody was paged of the ticket before; `first` is recorded before
    it.
    """

    kind: NoticeKind
    action: Action
    why: str
    target: TargetKind | None = None
    again: bool = False
    first: tuple[Entry, ...] = ()


def told(ticket: Ticket, after: Escalation, what: What, found: Found, around: Around) -> Step:
    """The step that tells those whom a ladder found; `after` already counts it as done."""
    counted = replace(ticket, escalation=after)
    notices = tuple(_notice(counted, what, each, found, around) for each in found.people)
    detail: dict[str, Detail] = {
        "people": list(found.people),
        "notices": [notice.id for notice in notices],
        **about(counted, around.now, what.target),
    }
    if found.skipped:
        detail["skipped"] = list(found.skipped)
    entry = Entry(action=what.action, why=what.why, detail=detail)
    after_all = replace(counted, notices=ticket.notices + 1)
    return Step(
        ticket=replace(after_all, timer=next_timer(after_all, around.site)),
        notices=notices,
        entries=(*what.first, entry),
    )


def untold(ticket: Ticket, after: Escalation, entries: tuple[Entry, ...], around: Around) -> Step:
    """A step that tells nobody, and is recorded all the same."""
    counted = replace(ticket, escalation=after)
    timed = replace(counted, timer=next_timer(counted, around.site))
    return Step(ticket=timed, notices=(), entries=entries)


def about(ticket: Ticket, now: datetime, target: TargetKind | None) -> dict[str, Detail]:
    """What the ledger says of the ticket itself at each step."""
    return {
        "team": ticket.team,
        "urgency": int(ticket.urgency),
        "elapsed_minutes": elapsed_minutes(ticket, now),
        **({"target": target.value} if target else {}),
    }


def _notice(ticket: Ticket, what: What, person: str, found: Found, around: Around) -> Notice:
    of_resolution = what.target is TargetKind.RESOLUTION
    promise = ticket.resolution if of_resolution else ticket.clock
    notice = alert(ticket, what.kind, person, around.now, ways_to(person, found.step, around))
    return replace(notice, due_at=promise.due_at if promise else None, again=what.again)
