"""The promised time of a ticket: when it is due, how much of it has gone, what a pause takes out.

A `Clock` keeps what happened (start, pauses) and the two instants that follow from it; whatever
changes it computes both anew with the one function `recompute`, so due date and elapsed time can
never disagree. Minutes are minutes of the calendar's open time. Time is always an argument.
Every `calendar` here is the site's: a clock of kind `always` counts each hour by itself.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from triagewire.clock.calendar import ALWAYS, NOTHING, Calendar, advance, elapsed, local
from triagewire.clock.promise import CalendarKind, Clock, Pause, PauseReason
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
    """The same history measured again: after any change of it, or of the site's calendar.

    A stopped clock is history and stays as it is.
    """
    if clock.target_minutes < 1:
        raise InvalidFieldError("target_minutes", "must be one minute or more")
    if clock.stopped_at is not None:
        return clock
    target = clock.target_minutes * MINUTE
    remind_at = _reached(clock, calendar, target * REMIND_AFTER)
    if clock.counted_from is not None and _carried(clock) >= target * REMIND_AFTER:
        # When exactly is only known by the calendar of then, and was written down.
        remind_at = min(clock.remind_at, remind_at)
    return replace(clock, due_at=_reached(clock, calendar, target), remind_at=remind_at)


def recalendared(clock: Clock, before: Calendar, after: Calendar, at: datetime) -> Clock:
    """An open ticket's clock after its site's calendar was changed `at`.

    The whole history is measured by the new calendar, so a closure that is entered late counts too.
    But no edit breaches the past: where the new due time would already be over, what had gone by
    the old calendar is kept and only the rest is counted by the new one. A paused clock counts as
    far as it ran; one that was breached before the edit stays so.
    """
    if clock.stopped_at is not None:
        return clock
    at, fresh = _until(clock, at), recompute(clock, after)
    breached = at >= clock.due_at
    if fresh == clock or (fresh.due_at > at and not breached):
        return fresh
    return _carried_over(clock, before, clock, after, at)


def raise_to(
    clock: Clock,
    target_minutes: int,
    calendar: Calendar,
    now: datetime,
    *,
    kind: CalendarKind | None = None,
) -> Clock:
    """The clock after its urgency rose: elapsed time and pauses stay, the due time never moves out.

    The shorter of both targets holds, and every hour counts from now on if it does for one of the
    two: what had gone by the site's hours is no more by that. A running pause ends `now`, because
    what raised the urgency is news for us to act on.
    """
    always = CalendarKind.ALWAYS in (
        _kind(calendar, kind, clock.calendar_kind),
        clock.calendar_kind,
    )
    strictest = CalendarKind.ALWAYS if always else CalendarKind.SITE
    shorter = min(target_minutes, clock.target_minutes)
    return retarget(resume(clock, calendar, now), shorter, calendar, now, kind=strictest)


def retarget(
    clock: Clock, target_minutes: int, calendar: Calendar, now: datetime, *, kind: CalendarKind
) -> Clock:
    """The clock with another target, longer or shorter, which a person decided `now`.

    By the same hours the whole history counts. When every hour begins to count, that is from now
    on (and ends a pause); when the hours of the site do, the nights so far count no more.
    """
    if clock.stopped_at is not None:
        return clock
    if kind is CalendarKind.ALWAYS:
        clock = resume(clock, calendar, now)
    measured = recompute(replace(clock, target_minutes=target_minutes), calendar)
    if kind is measured.calendar_kind:
        return measured
    changed = replace(measured, calendar_kind=kind)
    if kind is CalendarKind.SITE:
        return recompute(changed, calendar)
    return _carried_over(measured, calendar, changed, calendar, now)


def earliest(a: Clock | None, b: Clock | None) -> Clock | None:
    """The clock of a merged ticket: the one that is due first; it runs if either of the two runs.

    A paused clock that meets a running one gives up its running pause: the time it waited counts,
    so the survivor can be early but never late. A ticket without a clock yet brings none, and a
    promise that was kept or given up stands for none that is still open.
    """
    if a is None or b is None:
        return a or b
    if (a.stopped_at is None) != (b.stopped_at is None):
        return a if a.stopped_at is None else b
    first = min(a, b, key=_by_due)
    if a.paused_at is None or b.paused_at is None:
        return replace(first, paused_at=None, paused_for=None)
    return first


def since(clock: Clock, calendar: Calendar, received: datetime) -> Clock:
    """The clock of a ticket that takes in a message `received` before it began; else unchanged."""
    if clock.stopped_at is not None or received >= clock.started_at:
        return clock
    began = replace(clock, started_at=received.astimezone(UTC))
    if clock.counted_from is not None:
        before = elapsed(hours_of(clock, calendar), received, clock.started_at).total_seconds()
        began = replace(began, carried_seconds=clock.carried_seconds + before)
    return recompute(began, calendar)


def pause(clock: Clock, now: datetime, reason: PauseReason = PauseReason.REQUESTER) -> Clock:
    """Stop counting while the ticket waits; pausing twice, or after it stopped, changes nothing.

    Raises ForbiddenTransitionError for a clock that counts every hour: clinical urgent never waits.
    """
    if not clock.running:
        return clock
    if clock.calendar_kind is CalendarKind.ALWAYS:
        raise ForbiddenTransitionError("a clock that counts every hour cannot be paused")
    return replace(clock, paused_at=_not_before_known(clock, now), paused_for=reason)


def stop(clock: Clock, now: datetime) -> Clock:
    """The promise is kept or given up `now`; stopping twice changes nothing."""
    if clock.stopped_at is not None:
        return clock
    return replace(clock, stopped_at=_not_before_known(clock, now))


def resume(clock: Clock, calendar: Calendar, now: datetime) -> Clock:
    """Count again from `now`; resuming a running clock changes nothing."""
    if clock.paused_at is None or clock.stopped_at is not None:
        return clock
    waited = Pause(
        begins=clock.paused_at,
        ends=_not_before_known(clock, now),
        reason=clock.paused_for or PauseReason.REQUESTER,
    )
    running = replace(clock, pauses=(*clock.pauses, waited), paused_at=None, paused_for=None)
    return recompute(running, calendar)


def counted(clock: Clock, calendar: Calendar, now: datetime) -> timedelta:
    """Open time that counts towards the target, up to `now`."""
    hours, until = hours_of(clock, calendar), _until(clock, now)
    begins = clock.counted_from or clock.started_at
    whole = _carried(clock) + elapsed(hours, begins, until)
    waited = (
        elapsed(hours, max(each.begins, begins), min(each.ends, until)) for each in clock.pauses
    )
    return whole - sum(waited, NOTHING)


def is_breached(clock: Clock, now: datetime) -> bool:
    """Whether all of the promised time has gone; a clock paused or stopped before that cannot
    breach.
    """
    return _until(clock, now) >= clock.due_at


def hours_of(clock: Clock, calendar: Calendar) -> Calendar:
    """The calendar by which a clock counts at a site."""
    return ALWAYS if clock.calendar_kind is CalendarKind.ALWAYS else calendar


def expected_by(clock: Clock, calendar: Calendar) -> datetime:
    """The due time for a reader at the site: its wall clock, rounded up to the whole minute."""
    whole = clock.due_at.replace(second=0, microsecond=0)
    return local(calendar, whole if whole == clock.due_at else whole + MINUTE)


def _reached(clock: Clock, calendar: Calendar, open_time: timedelta) -> datetime:
    # Walk from one pause to the next: what is left after the last one is counted from its end.
    hours = hours_of(clock, calendar)
    begins = clock.counted_from or clock.started_at
    left = max(NOTHING, open_time - _carried(clock))
    for each in clock.pauses:
        run = elapsed(hours, begins, each.begins)
        if run >= left:
            break
        begins, left = max(begins, each.ends), left - run
    return advance(hours, begins, left)


def _carried_over(
    clock: Clock, before: Calendar, changed: Clock, after: Calendar, at: datetime
) -> Clock:
    """The clock as `changed` from `at` on; by then, or by its due time if that was sooner, so much
    had gone as it counted itself.
    """
    cut = max(min(at.astimezone(UTC), clock.due_at), clock.counted_from or clock.started_at)
    carried = counted(clock, before, cut).total_seconds()
    return recompute(replace(changed, counted_from=cut, carried_seconds=carried), after)


def _carried(clock: Clock) -> timedelta:
    return timedelta(seconds=clock.carried_seconds)


def _until(clock: Clock, now: datetime) -> datetime:
    """The instant up to which its time counts."""
    return min(each for each in (now, clock.paused_at, clock.stopped_at) if each is not None)


def _kind(calendar: Calendar, kind: CalendarKind | None, otherwise: CalendarKind) -> CalendarKind:
    if kind is not None:
        return kind
    return CalendarKind.ALWAYS if calendar.never_closes else otherwise


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
        clock.paused_for or "",
        clock.counted_from or clock.started_at,
        clock.carried_seconds,
        clock.stopped_at or clock.started_at,
    )
