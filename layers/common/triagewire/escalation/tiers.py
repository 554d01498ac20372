"""What people hear of a promise: half of it gone, soon due, all of it gone, and then step by step
for as long as the ticket stays open.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from triagewire.clock.calendar import is_open, local
from triagewire.clock.promise import Clock, TargetKind
from triagewire.escalation.ladders import (
    begun,
    forewarnings,
    next_forewarning,
    once_a_day,
    overdue,
    told_today,
)
from triagewire.escalation.notice import NoticeKind
from triagewire.escalation.pages import expiry, without_acknowledgement
from triagewire.escalation.people import Around, Found, find
from triagewire.escalation.taken import Step, What, about, told, untold
from triagewire.ladder import LadderStep, Tell
from triagewire.ledger.event import Action, Entry
from triagewire.ticket import Escalation, Ticket
from triagewire.verdict import Urgency

FRESH = timedelta(minutes=30)
FRESH_PART = 4
"""Work mutes a reminder for this part of the promise, and for `FRESH` at most: who has it in hand
needs no nagging, but half of the time that was left at the reminder must still be left after it.
"""


def remind(ticket: Ticket, around: Around) -> Step:
    """Half of the time for a first response is gone."""
    if ticket.clock is not None and ticket.clock.due_at <= around.now:
        return breach(ticket, around)  # a late reminder would only announce the breach
    after = replace(ticket.escalation, reminded_at=around.now)
    return _reminded(ticket, after, ticket.clock, TargetKind.FIRST_RESPONSE, around)


def remind_resolution(ticket: Ticket, around: Around) -> Step:
    """Half of the time to settle it is gone."""
    if ticket.resolution is not None and ticket.resolution.due_at <= around.now:
        return breach_resolution(ticket, around)
    after = replace(ticket.escalation, resolution_reminded_at=around.now)
    return _reminded(ticket, after, ticket.resolution, TargetKind.RESOLUTION, around)


def _reminded(
    ticket: Ticket, after: Escalation, clock: Clock | None, target: TargetKind, around: Around
) -> Step:
    if _in_hand(ticket, clock, around):
        why = "half of the target has elapsed, but somebody worked on it just now"
        detail = about(ticket, around.now, target)
        return untold(ticket, after, (Entry(action=Action.MUTED, why=why, detail=detail),), around)
    what = What(
        kind=NoticeKind.REMINDER,
        action=Action.REMINDED,
        why="half of the target has elapsed",
        target=target,
    )
    return told(ticket, after, what, _first(ticket, around, LadderStep(tell=Tell.ASSIGNEE)), around)


def _in_hand(ticket: Ticket, clock: Clock | None, around: Around) -> bool:
    if clock is None or ticket.worked_at is None:
        return False
    window = min(FRESH, timedelta(minutes=clock.target_minutes) / FRESH_PART)
    return around.now - ticket.worked_at <= window


def forewarn(ticket: Ticket, around: Around) -> Step:
    """A promise is due soon, as the policy's `before` says."""
    if ticket.clock is not None and ticket.clock.due_at <= around.now:
        return breach(ticket, around)
    number, at = next_forewarning(ticket, around.site) or (0, None)
    before = begun(ticket, around.site)
    if before.ladders is None or at is None or at > around.now:
        why = "the policy asks for this forewarning no more, or for a later one"
        entry = Entry(action=Action.MUTED, why=why, detail=about(ticket, around.now, None))
        return untold(ticket, ticket.escalation, (entry,), around)
    each = forewarnings(before.ladders)[number]
    wanted = LadderStep(tell=each.tell, member=each.member, ways=each.ways)
    what = What(
        kind=NoticeKind.FOREWARNING,
        action=Action.FOREWARNED,
        why="the target has nearly elapsed",
        target=TargetKind.FIRST_RESPONSE,
    )
    after = replace(before, forewarned=number + 1)
    return told(ticket, after, what, _first(ticket, around, wanted), around)


def breach(ticket: Ticket, around: Around) -> Step:
    """All of the time for a first response is gone."""
    after = replace(_fresh(ticket, around), breached_at=around.now)
    return _breached(ticket, after, TargetKind.FIRST_RESPONSE, around)


def breach_resolution(ticket: Ticket, around: Around) -> Step:
    """All of the time to settle it is gone."""
    after = replace(_fresh(ticket, around), resolution_breached_at=around.now)
    return _breached(ticket, after, TargetKind.RESOLUTION, around)


def _fresh(ticket: Ticket, around: Around) -> Escalation:
    """The escalation with its breach ladder at the first step, unless it is climbed already."""
    before = begun(ticket, around.site)
    return before if overdue(ticket) else replace(before, level=0)


def _breached(ticket: Ticket, after: Escalation, target: TargetKind, around: Around) -> Step:
    what = What(
        kind=NoticeKind.BREACH,
        action=Action.BREACHED,
        why="the target has elapsed",
        target=target,
    )
    found = _first(ticket, around)
    return told(ticket, _remembered(ticket, after, found.people, around), what, found, around)


def climb(ticket: Ticket, around: Around) -> Step:
    """Tell the next step of the ladder that follows a breach. Of what is not urgent nobody hears
    twice on a day; an acknowledgement that silenced it has expired by then.
    """
    before = begun(ticket, around.site)
    expired = (expiry(ticket, around),) if before.acknowledged_at is not None else ()
    heard = told_today(ticket, around.site, around.now) if once_a_day(ticket) else ()
    found = find(_ladder(before), before.level, ticket, around, heard)
    after = _remembered(
        ticket, without_acknowledgement(before), found.people if found else (), around
    )
    if found is None:
        why = "still open, and everybody has heard of it today"
        entry = Entry(action=Action.MUTED, why=why, detail=about(ticket, around.now, None))
        return untold(ticket, after, (*expired, entry), around)
    what = What(
        kind=NoticeKind.LADDER,
        action=Action.ESCALATED,
        why="still open after the breach",
        first=expired,
    )
    return told(ticket, replace(after, level=found.index + 1), what, found, around)


def tell_of_bounces(ticket: Ticket, around: Around) -> Step:
    """The lead hears of a ticket that goes from team to team."""
    after = replace(ticket.escalation, bounce_told_at=around.now)
    why = "it was handed from team to team again and again"
    what = What(kind=NoticeKind.BOUNCED, action=Action.BOUNCED, why=why)
    return told(ticket, after, what, _first(ticket, around), around)


def _first(ticket: Ticket, around: Around, *wanted: LadderStep) -> Found:
    """The first with somebody to tell: who is wanted, else the team's lead; for an urgent ticket of
    a closed site the provider on call before them, who is awake; else the catch-all.
    """
    night = ticket.urgency is Urgency.CLINICAL_URGENT and not is_open(
        around.site.calendar, around.now
    )
    tells = (*((Tell.ON_CALL,) if night else ()), Tell.LEAD, Tell.CATCH_ALL)
    steps = (*wanted, *(LadderStep(tell=each) for each in tells))
    found = find(steps, 0, ticket, around)
    if found is None:  # the catch-all is always told
        raise ValueError("a site without its catch-all")
    return found


def _remembered(
    ticket: Ticket, told: Escalation, people: Sequence[str], around: Around
) -> Escalation:
    """The escalation after these have heard of the breach: who has, and whether anybody is left."""
    heard = tuple(dict.fromkeys((*told_today(ticket, around.site, around.now), *people)))
    return replace(
        told,
        told_at=around.now,
        told=heard,
        told_on=local(around.site.calendar, around.now).date(),
        all_told=find(_ladder(told), 0, ticket, around, heard) is None,
    )


def _ladder(told: Escalation) -> tuple[LadderStep, ...]:
    return told.ladders.breach.in_full if told.ladders else (LadderStep(tell=Tell.CATCH_ALL),)
