"""The promised time of a ticket: when it is due, how much of it has gone, what a pause takes out.

A `Clock` keeps what happened (start, pauses) and the two instants that follow from it; whatever
changes it computes both anew with the one function `recompute`, so due date and elapsed time can
never disagree. Minutes are minutes of the calendar's open time. Time is always an argument.
Every `calendar` here is the site's: a clock of kind `always` counts each hour by itself.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from triagewire.clock.calendar import ALWAYS, NOTHING, Calendar, advance, elapsed, local
from triagewire.clock.promise import CalendarKind, Clock, Pause
from triagewire.errors import ForbiddenTransitionError, InvalidFieldError

MINUTE = timedelta(minutes=1)
REMIND_AFTER = 0.5
"""Share of the target after which the assignee is reminded."""


def start_clock(
    target_minutes: int, calendar: Calendar, now: datetime, *, kind: CalendarKind | None = None
) -> Clock:
    """A running clock that started `now`.

    Without a `kind` it counts the site's hours, or every hour on a calendar that never closes;
    a site that never closes says `kind=CalendarKind.SITE` where its tickets may wait.
    Raises InvalidFieldError for a target below one minute.
    """
    now = now.astimezone(UTC)
    unset = Clock(
        started_at=now,
        target_minutes=target_minutes,
        calendar_kind=_kind(calendar, kind, CalendarKind.SITE),
        due_at=now,
        remind_at=now,
    )
    return recompute(unset, calendar)


def recompute(clock: Clock, calendar: Calendar) -> Clock:
    """The same history measured again: after any change of it, or of the site's calendar."""
    if clock.target_minutes < 1:
        raise InvalidFieldError("target_minutes", "must be one minute or more")
    target = clock.target_minutes * MINUTE
    return replace(
        clock,
        due_at=_reached(clock, calendar, target),
        remind_at=_reached(clock, calendar, target * REMIND_AFTER),
    )


def raise_to(
    clock: Clock,
    target_minutes: int,
    calendar: Calendar,
    now: datetime,
    *,
    kind: CalendarKind | None = None,
) -> Clock:
    """The clock after its urgency rose: elapsed time and pauses stay, the due time never moves out.

    A running pause ends `now`, because what raised the urgency is news for us to act on. Where the
    new promise would be due later than the old one, the old one is kept whole.
    """
    running = resume(clock, calendar, now)
    raised = recompute(
        replace(
            running,
            target_minutes=target_minutes,
            calendar_kind=_kind(calendar, kind, clock.calendar_kind),
        ),
        calendar,
    )
    return raised if raised.due_at <= running.due_at else running


def earliest(a: Clock | None, b: Clock | None) -> Clock | None:
    """The clock of a merged ticket: the one that is due first; it runs if either of the two runs.

    A paused clock that meets a running one gives up its running pause: the time it waited counts,
    so the survivor can be early but never late. A ticket without a clock yet brings none.
    """
    if a is None or b is None:
        return a or b
    first = min(a, b, key=_by_due)
    if a.paused_at is None or b.paused_at is None:
        return replace(first, paused_at=None)
    return first


def restart(
    clock: Clock, calendar: Calendar, now: datetime, target_minutes: int | None = None
) -> Clock:
    """A new segment for a ticket that was reopened: nothing of the closed time counts."""
    target = clock.target_minutes if target_minutes is None else target_minutes
    return start_clock(target, calendar, now, kind=clock.calendar_kind)


def pause(clock: Clock, now: datetime) -> Clock:
    """Stop counting while the ticket waits; pausing twice changes nothing.

    Raises ForbiddenTransitionError for a clock that counts every hour: clinical urgent never waits.
    """
    if clock.calendar_kind is CalendarKind.ALWAYS:
        raise ForbiddenTransitionError("a clock that counts every hour cannot be paused")
    if clock.paused_at is not None:
        return clock
    return replace(clock, paused_at=_not_before_known(clock, now))


def resume(clock: Clock, calendar: Calendar, now: datetime) -> Clock:
    """Count again from `now`; resuming a running clock changes nothing."""
    if clock.paused_at is None:
        return clock
    waited = Pause(begins=clock.paused_at, ends=_not_before_known(clock, now))
    return recompute(replace(clock, pauses=(*clock.pauses, waited), paused_at=None), calendar)


def counted(clock: Clock, calendar: Calendar, now: datetime) -> timedelta:
    """Open time that counts towards the target, up to `now`."""
    hours = _hours(clock, calendar)
    until = now if clock.paused_at is None else min(now, clock.paused_at)
    whole = elapsed(hours, clock.started_at, until)
    waited = (elapsed(hours, each.begins, min(each.ends, until)) for each in clock.pauses)
    return whole - sum(waited, NOTHING)


def is_breached(clock: Clock, now: datetime) -> bool:
    """Whether all of the promised time has gone; a clock paused before that cannot breach."""
    until = now if clock.paused_at is None else min(now, clock.paused_at)
    return until >= clock.due_at


def expected_by(clock: Clock, calendar: Calendar) -> datetime:
    """The due time for a reader at the site: its wall clock, rounded up to the whole minute."""
    whole = clock.due_at.replace(second=0, microsecond=0)
    return local(calendar, whole if whole == clock.due_at else whole + MINUTE)


def explain(clock: Clock, calendar: Calendar, now: datetime) -> dict[str, str | float | None]:
    """The clock in plain values for a page, an audit or a terminal; no value is PHI.

    `remaining_minutes` is below zero once the clock is breached, and counts open time too.
    """
    gone = counted(clock, calendar, now)
    waited = elapsed(_hours(clock, calendar), clock.started_at, now) - gone
    paused_at = clock.paused_at
    return {
        "state": _state(clock, now),
        "calendar": clock.calendar_kind.value,
        "target_minutes": clock.target_minutes,
        "elapsed_minutes": _minutes(gone),
        "paused_minutes": _minutes(waited),
        "remaining_minutes": _minutes(clock.target_minutes * MINUTE - gone),
        "started_at": clock.started_at.isoformat(),
        "remind_at": clock.remind_at.isoformat(),
        "due_at": clock.due_at.isoformat(),
        "due_at_site": expected_by(clock, calendar).isoformat(),
        "paused_at": None if paused_at is None else paused_at.isoformat(),
    }


def _reached(clock: Clock, calendar: Calendar, open_time: timedelta) -> datetime:
    # Walk from one pause to the next: what is left after the last one is counted from its end.
    hours = _hours(clock, calendar)
    begins, left = clock.started_at, open_time
    for each in clock.pauses:
        run = elapsed(hours, begins, each.begins)
        if run >= left:
            break
        begins, left = each.ends, left - run
    return advance(hours, begins, left)


def _kind(calendar: Calendar, kind: CalendarKind | None, otherwise: CalendarKind) -> CalendarKind:
    if kind is not None:
        return kind
    return CalendarKind.ALWAYS if calendar.never_closes else otherwise


def _hours(clock: Clock, calendar: Calendar) -> Calendar:
    return ALWAYS if clock.calendar_kind is CalendarKind.ALWAYS else calendar


def _not_before_known(clock: Clock, now: datetime) -> datetime:
    # Two hosts' clocks differ by a little: an instant before the last known one becomes that one.
    known = clock.pauses[-1].ends if clock.pauses else clock.started_at
    return max(now.astimezone(UTC), clock.paused_at or known)


def _by_due(clock: Clock) -> tuple[object, ...]:
    # All of the value, so that equal due times leave no choice to the order of the arguments.
    # Of two that wait, the one that ran longer.
    ran_until = clock.paused_at.timestamp() if clock.paused_at else 0.0
    return (
        clock.due_at,
        clock.remind_at,
        clock.started_at,
        clock.target_minutes,
        clock.calendar_kind.value,
        clock.pauses,
        -ran_until,
    )


def _state(clock: Clock, now: datetime) -> str:
    if is_breached(clock, now):
        return "breached"
    return "running" if clock.paused_at is None else "paused"


def _minutes(span: timedelta) -> float:
    return round(span / MINUTE, 2)
