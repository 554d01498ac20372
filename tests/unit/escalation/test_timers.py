"""The single next moment at which a ticket needs the system's attention."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import (
    AT_NIGHT,
    MONDAY_MORNING,
    RESOLUTION,
    a_new_ticket,
    a_site,
    a_ticket,
    a_verdict,
    minutes,
)
from tests.strategies import gaps, starts, verdicts
from triagewire.clock.calendar import is_open
from triagewire.clock.sla import start_clock, stop
from triagewire.escalation.notice import NoticeKind
from triagewire.escalation.steps import Step, step
from triagewire.escalation.timers import next_timer
from triagewire.ladder import Tell
from triagewire.ticket import Escalation, Status, Ticket, Timer, TimerKind
from triagewire.verdict import Verdict

AT = MONDAY_MORNING
SITE = a_site()
NOTICE_OF = {TimerKind.PAGE: NoticeKind.PAGE, TimerKind.LADDER: NoticeKind.LADDER}
"""The steps that are repeated, each after its wait."""


def test_a_new_ticket_is_scored_within_a_minute_by_somebody() -> None:
    assert next_timer(a_new_ticket(), SITE) == Timer(at=AT + minutes(1), kind=TimerKind.SCORE)


def test_a_routed_ticket_reminds_at_half_of_its_target() -> None:
    assert next_timer(a_ticket(), SITE) == Timer(at=AT + minutes(60), kind=TimerKind.REMIND)


def test_an_urgent_ticket_pages_at_once() -> None:
    assert next_timer(a_ticket(a_verdict(5)), SITE) == Timer(at=AT, kind=TimerKind.PAGE)


def test_a_page_that_nobody_heard_comes_again() -> None:
    unheard = Escalation(pages=1, paged_at=AT_NIGHT, reminded_at=AT_NIGHT)

    timer = next_timer(a_ticket(a_verdict(5), AT_NIGHT, escalation=unheard), SITE)

    assert timer == Timer(at=AT_NIGHT + minutes(5), kind=TimerKind.PAGE)


def test_after_a_breach_nobody_is_told_again_before_the_site_opens() -> None:
    closing = AT.replace(hour=21, minute=45)
    told = Escalation(breached_at=closing, told_at=closing)

    refill = next_timer(a_ticket(a_verdict(4), escalation=told), SITE)

    assert refill is not None
    assert refill.kind is TimerKind.LADDER
    assert is_open(SITE.calendar, refill.at - minutes(1))
    assert refill.at > closing + minutes(8 * 60)


def test_after_the_breach_of_an_urgent_ticket_people_are_told_at_any_hour() -> None:
    told = Escalation(pages=1, paged_at=AT_NIGHT, breached_at=AT_NIGHT, told_at=AT_NIGHT)
    rare = replace(SITE.ladders.urgent_after_hours, wait_minutes=600)
    site = replace(SITE, ladders=replace(SITE.ladders, urgent_after_hours=rare))
    urgent = a_ticket(a_verdict(5), AT_NIGHT, escalation=told)

    timer = next_timer(urgent, site)

    assert timer == Timer(
        at=AT_NIGHT + minutes(SITE.ladders.breach.wait_minutes), kind=TimerKind.LADDER
    )


def test_an_acknowledgement_silences_the_pages_for_its_time_only() -> None:
    done = Escalation(
        pages=1, paged_at=AT, acknowledged_at=AT, reminded_at=AT, breached_at=AT, told_at=AT
    )
    slow = replace(SITE.ladders, breach=replace(SITE.ladders.breach, wait_minutes=600))
    site = replace(SITE, ladders=slow)

    timer = next_timer(a_ticket(a_verdict(5), escalation=done), site)

    assert timer == Timer(at=AT + minutes(60), kind=TimerKind.PAGE)


@pytest.mark.parametrize("status", [Status.CLOSED, Status.MERGED])
def test_a_closed_ticket_has_none(status: Status) -> None:
    assert next_timer(a_ticket(status=status), SITE) is None


def test_a_waiting_ticket_has_only_the_timer_that_wakes_it() -> None:
    waiting = a_ticket(status=Status.WAITING, wake_at=AT + minutes(600))

    assert next_timer(waiting, SITE) == Timer(at=AT + minutes(600), kind=TimerKind.WAKE)


def test_a_resolved_ticket_is_closed_for_good_after_the_days_in_which_it_may_reopen() -> None:
    resolved = a_ticket(status=Status.RESOLVED, resolved_at=AT)

    wanted = Timer(at=AT + timedelta(days=SITE.close_after_days), kind=TimerKind.CLOSE)
    assert next_timer(resolved, SITE) == wanted
    assert step(replace(resolved, timer=wanted), SITE, wanted.at).ticket.status is Status.CLOSED


def test_half_of_the_time_to_settle_it_reminds_again() -> None:
    settling = replace(SITE, resolution=RESOLUTION)
    told = a_ticket(site=settling, resolution=start_clock(480, SITE.calendar, AT))
    answered = replace(told, clock=told.clock and stop(told.clock, AT + minutes(10)))

    timer = next_timer(answered, settling)

    assert timer == Timer(at=AT + minutes(240), kind=TimerKind.REMIND_RESOLUTION)


def test_who_was_answered_is_paged_for_no_more() -> None:
    urgent = a_ticket(a_verdict(5))
    called = replace(urgent, clock=urgent.clock and stop(urgent.clock, AT + minutes(2)))

    timer = next_timer(called, SITE)

    assert timer is not None
    assert timer.kind is not TimerKind.PAGE


def test_a_late_answer_ends_the_ladder_of_its_breach() -> None:
    late = Escalation(breached_at=AT + minutes(120), told_at=AT + minutes(120))
    unanswered = a_ticket(escalation=late, resolution=start_clock(2_000, SITE.calendar, AT))
    answered = replace(
        unanswered, clock=unanswered.clock and stop(unanswered.clock, AT + minutes(130))
    )

    kinds = [
        each and each.kind for each in (next_timer(unanswered, SITE), next_timer(answered, SITE))
    ]

    assert kinds == [TimerKind.LADDER, TimerKind.REMIND_RESOLUTION]


def lived(
    ticket: Ticket, late: list[timedelta], acknowledge: list[bool]
) -> list[tuple[Step, datetime]]:
    """The steps of an open ticket whose sweeps come more or less late, with acknowledgements."""
    steps = []
    now = ticket.received_at
    for gap, heard in zip(late, acknowledge, strict=False):
        assert ticket.timer is not None
        now = max(now, ticket.timer.at) + gap
        done = step(ticket, SITE, now)
        steps.append((done, now))
        ticket = done.ticket
        if heard and ticket.must_page:
            told = replace(ticket.escalation, acknowledged_at=now, acknowledged_by="nick")
            ticket = replace(ticket, escalation=told)
            ticket = replace(ticket, timer=next_timer(ticket, SITE))
    return steps


lateness = st.lists(gaps, min_size=1, max_size=12)
hearing = st.lists(st.booleans(), min_size=12, max_size=12)


@given(verdicts, starts, lateness, hearing)
def test_an_open_ticket_always_has_a_timer_and_it_never_asks_for_what_is_done(
    verdict: Verdict, start: datetime, late: list[timedelta], heard: list[bool]
) -> None:
    for done, now in lived(a_ticket(verdict, start), late, heard):
        timer = done.ticket.timer
        assert timer is not None
        if NOTICE_OF.get(timer.kind) in {notice.kind for notice in done.notices}:
            assert timer.at > now
        if timer.kind is TimerKind.REMIND:
            assert done.ticket.escalation.reminded_at is None
        if timer.kind is TimerKind.BREACH:
            assert done.ticket.escalation.breached_at is None


@given(verdicts, starts, lateness, hearing)
def test_a_ticket_is_breached_once_however_late_the_sweeps_come(
    verdict: Verdict, start: datetime, late: list[timedelta], heard: list[bool]
) -> None:
    kinds = [
        notice.kind
        for done, _ in lived(a_ticket(verdict, start), late, heard)
        for notice in done.notices
    ]

    assert kinds.count(NoticeKind.BREACH) <= 1
    assert kinds.count(NoticeKind.REMINDER) <= 1


@given(verdicts, starts, lateness, hearing)
def test_no_step_of_an_open_ticket_is_silent(
    verdict: Verdict, start: datetime, late: list[timedelta], heard: list[bool]
) -> None:
    for done, _ in lived(a_ticket(verdict, start), late, heard):
        assert done.notices
        assert all(notice.person for notice in done.notices)


@given(starts, st.sampled_from([(tell,) for tell in Tell if tell is not Tell.MEMBER]))
def test_an_unheard_page_is_repeated_within_the_wait_of_the_ladder(
    start: datetime, steps: tuple[Tell, ...]
) -> None:
    ladder = replace(SITE.ladders.urgent, steps=steps)
    site = replace(SITE, ladders=replace(SITE.ladders, urgent=ladder, urgent_after_hours=ladder))
    ticket = a_ticket(a_verdict(5), start, site=site)
    paged: list[datetime] = []
    while len(paged) < 6:
        assert ticket.timer is not None
        done = step(ticket, site, ticket.timer.at)
        if done.notices[0].kind is NoticeKind.PAGE:
            paged.append(ticket.timer.at)
        ticket = done.ticket

    assert paged[0] == start
    assert all(later - sooner <= minutes(5) for sooner, later in pairwise(paged))
