"""What a due timer does: whom it tells, what the ledger says and how far the escalation has then
got.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from triagewire.clock.calendar import is_open
from triagewire.clock.promise import TargetKind
from triagewire.escalation.notice import Notice, NoticeKind
from triagewire.escalation.on_call import on_call
from triagewire.escalation.timers import next_timer
from triagewire.ladder import Ladder, LadderStep, Tell
from triagewire.ledger.event import Action, Entry
from triagewire.policy.model import Site
from triagewire.routing.duty import NOBODY
from triagewire.routing.presence import is_there
from triagewire.ticket import REVIEW, Status, Ticket, TimerKind
from triagewire.verdict import Urgency


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The notices to send, the ticket as it is once they are sent, and what to record."""

    ticket: Ticket
    notices: tuple[Notice, ...]
    entries: tuple[Entry, ...]


def step(ticket: Ticket, site: Site, now: datetime, away: frozenset[str] = NOBODY) -> Step:
    """Do what the ticket's due timer asks for; an owner who is not there, or is one of those who
    have said that they are `away`, is told nothing.

    Scoring, looking for an owner and waking are not done here: they are decisions of their own, so
    a ticket whose timer asks for one of them, or that has none, is a ValueError.
    """
    if ticket.timer is None or ticket.timer.kind not in _STEPS:
        raise ValueError("no step is due")
    owner = ticket.assignee if is_there(ticket, site, now, away) else None
    return _STEPS[ticket.timer.kind](ticket, site, now, owner)


def person_of(
    tell: Tell, ticket: Ticket, site: Site, now: datetime, owner: str | None = None
) -> str | None:
    """The member id behind a ladder step, or None where the step is empty at the moment, as that of
    an owner who is not there is.
    """
    match tell:
        case Tell.ASSIGNEE:
            return owner
        case Tell.LEAD:
            team = site.teams.get(ticket.team or REVIEW)
            return team.lead if team else None
        case Tell.ON_CALL:
            return on_call(site, now)
        case _:
            return site.catch_all


def _people(
    steps: Sequence[LadderStep], ticket: Ticket, site: Site, now: datetime, owner: str | None
) -> tuple[str, ...]:
    """Those on the ladder who can be told, in order and once each; never empty: the catch-all is
    always there.
    """

    def all_steps() -> Iterator[str]:
        for each in steps:
            if person := person_of(each.tell, ticket, site, now, owner):
                yield person

    return tuple(dict.fromkeys(all_steps()))


def _page(ticket: Ticket, site: Site, now: datetime, owner: str | None) -> Step:
    """Page the next person of the ladder, from the top again after the last: silence is no
    answer.
    """
    people = _people(_page_ladder(site, now).in_full, ticket, site, now, owner)
    told = ticket.escalation
    person = people[told.pages % len(people)]
    after = replace(
        ticket,
        escalation=replace(
            told, pages=told.pages + 1, paged_at=now, acknowledged_at=None, acknowledged_by=None
        ),
    )
    why = "nobody has acknowledged yet" if told.pages else "a clinical urgent message pages at once"
    if told.acknowledged_at is not None:
        why = "acknowledged, but not resolved in time"
    return _told(after, site, now, _What(NoticeKind.PAGE, Action.PAGED, why), (person,))


def _page_ladder(site: Site, now: datetime) -> Ladder:
    ladders = site.ladders
    return ladders.urgent if is_open(site.calendar, now) else ladders.urgent_after_hours


def _remind(ticket: Ticket, site: Site, now: datetime, owner: str | None) -> Step:
    if ticket.clock is not None and ticket.clock.due_at <= now:
        return _breach(ticket, site, now, owner)  # a late reminder would only announce the breach
    told = replace(ticket.escalation, reminded_at=now)
    return _reminded(replace(ticket, escalation=told), site, now, owner, TargetKind.FIRST_RESPONSE)


def _remind_resolution(ticket: Ticket, site: Site, now: datetime, owner: str | None) -> Step:
    if ticket.resolution is not None and ticket.resolution.due_at <= now:
        return _breach_resolution(ticket, site, now, owner)
    told = replace(ticket.escalation, resolution_reminded_at=now)
    return _reminded(replace(ticket, escalation=told), site, now, owner, TargetKind.RESOLUTION)


def _reminded(
    ticket: Ticket, site: Site, now: datetime, owner: str | None, target: TargetKind
) -> Step:
    people = (owner or _responsible(ticket, site, now),)
    why = "half of the target has elapsed"
    what = _What(NoticeKind.REMINDER, Action.REMINDED, why, target)
    return _told(ticket, site, now, what, people)


def _breach(ticket: Ticket, site: Site, now: datetime, _owner: str | None) -> Step:
    told = replace(ticket.escalation, breached_at=now, told_at=now)
    return _breached(replace(ticket, escalation=told), site, now, TargetKind.FIRST_RESPONSE)


def _breach_resolution(ticket: Ticket, site: Site, now: datetime, _owner: str | None) -> Step:
    told = replace(ticket.escalation, resolution_breached_at=now, told_at=now)
    return _breached(replace(ticket, escalation=told), site, now, TargetKind.RESOLUTION)


def _breached(ticket: Ticket, site: Site, now: datetime, target: TargetKind) -> Step:
    what = _What(NoticeKind.BREACH, Action.BREACHED, "the target has elapsed", target)
    return _told(ticket, site, now, what, (_responsible(ticket, site, now),))


def _climb(ticket: Ticket, site: Site, now: datetime, owner: str | None) -> Step:
    people = _people(site.ladders.breach.in_full, ticket, site, now, owner)
    told = ticket.escalation
    person = people[told.level % len(people)]
    after = replace(ticket, escalation=replace(told, level=told.level + 1, told_at=now))
    what = _What(NoticeKind.LADDER, Action.ESCALATED, "still open after the breach")
    return _told(after, site, now, what, (person,))


def _responsible(ticket: Ticket, site: Site, now: datetime) -> str:
    """The team's lead; for an urgent ticket of a closed site the provider on call, who is awake."""
    if ticket.urgency is Urgency.CLINICAL_URGENT and not is_open(site.calendar, now):
        return on_call(site, now) or site.catch_all
    return person_of(Tell.LEAD, ticket, site, now) or site.catch_all


def _tell_of_bounces(ticket: Ticket, site: Site, now: datetime, _owner: str | None) -> Step:
    """The lead hears of a ticket that goes from team to team."""
    after = replace(ticket, escalation=replace(ticket.escalation, bounce_told_at=now))
    why = "it was handed from team to team again and again"
    what = _What(NoticeKind.BOUNCED, Action.BOUNCED, why)
    return _told(after, site, now, what, (_responsible(ticket, site, now),))


def close(ticket: Ticket) -> Step:
    """A resolved ticket is closed for good: a later message is a ticket of its own.

    This needs no site: the policy may have it no more by then.
    """
    after = replace(ticket, status=Status.CLOSED, timer=None)
    entry = Entry(action=Action.CLOSED, why="nobody reopened it in time")
    return Step(ticket=after, notices=(), entries=(entry,))


def _close(ticket: Ticket, _site: Site, _now: datetime, _owner: str | None) -> Step:
    return close(ticket)


@dataclass(frozen=True, slots=True)
class _What:
    """What people are told, what is recorded of it, and which promise it is about, if one."""

    kind: NoticeKind
    action: Action
    why: str
    target: TargetKind | None = None


def _told(ticket: Ticket, site: Site, now: datetime, what: _What, people: tuple[str, ...]) -> Step:
    """The step that tells `people`; `ticket` already counts it as done."""
    notices = tuple(_notice(ticket, what, person, now) for person in people)
    elapsed = _elapsed_minutes(ticket, now)
    entry = Entry(
        action=what.action,
        why=what.why,
        detail={
            "people": list(people),
            "notices": [notice.id for notice in notices],
            "team": ticket.team,
            "urgency": int(ticket.urgency),
            "elapsed_minutes": elapsed,
            **({"target": what.target.value} if what.target else {}),
        },
    )
    timed = replace(ticket, notices=ticket.notices + 1, timer=next_timer(ticket, site))
    return Step(ticket=timed, notices=notices, entries=(entry,))


def _notice(ticket: Ticket, what: _What, person: str, now: datetime) -> Notice:
    of_resolution = what.target is TargetKind.RESOLUTION
    promise = ticket.resolution if of_resolution else ticket.clock
    return Notice(
        # No count that begins anew: a page must never pass for a repetition of an earlier one.
        id=f"{ticket.id}-{ticket.notices + 1}-{what.kind.value}-{person}",
        kind=what.kind,
        person=person,
        ticket_id=ticket.id,
        site=ticket.site,
        team=ticket.team or REVIEW,
        urgency=ticket.urgency,
        elapsed_minutes=_elapsed_minutes(ticket, now),
        due_at=promise.due_at if promise else None,
        assignee=ticket.assignee,
        at=now,
    )


def _elapsed_minutes(ticket: Ticket, now: datetime) -> int:
    """Minutes since the ticket was routed, by the wall clock: what a person who waits feels."""
    since = ticket.routed_at or ticket.received_at
    return max(0, int((now - since).total_seconds() // 60))


_STEPS: dict[TimerKind, Callable[[Ticket, Site, datetime, str | None], Step]] = {
    TimerKind.PAGE: _page,
    TimerKind.REMIND: _remind,
    TimerKind.BREACH: _breach,
    TimerKind.REMIND_RESOLUTION: _remind_resolution,
    TimerKind.BREACH_RESOLUTION: _breach_resolution,
    TimerKind.LADDER: _climb,
    TimerKind.BOUNCED: _tell_of_bounces,
    TimerKind.CLOSE: _close,
}
