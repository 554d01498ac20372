"""Whom a step tells while the owner of a ticket or a lead is not there, and when an owner's work
goes back.
"""

from dataclasses import replace
from datetime import date, datetime, time

import pytest

from tests.builders import (
    AT_NIGHT,
    MEMBERS,
    MONDAY_MORNING,
    a_site,
    a_ticket,
    a_verdict,
    minutes,
)
from triagewire.clock.calendar import Interval
from triagewire.escalation.notice import NoticeKind
from triagewire.escalation.steps import step
from triagewire.escalation.timers import next_timer
from triagewire.ladder import LadderStep, Tell
from triagewire.policy.model import Site
from triagewire.policy.roster import AfterHours, Leave, Member, Presence
from triagewire.ticket import Ticket, Timer, TimerKind

AT = MONDAY_MORNING
SITE = a_site()
QUICK = replace(SITE, presence=Presence(accept_minutes=60))
CLOSING = AT.replace(hour=22)
"""Monday 17:00 in New York."""


def with_nick(site: Site = SITE, **changes: object) -> Site:
    """The clinic with another entry for nick in its roster."""
    nick: Member = replace(MEMBERS["nick"], **changes)  # type: ignore[arg-type]
    return replace(site, members={**MEMBERS, "nick": nick})


def due(kind: TimerKind, score: int = 4, at: datetime = AT) -> Ticket:
    """A ticket of nick with a timer that is due."""
    timer = Timer(at=at, kind=kind)
    return a_ticket(a_verdict(score), assignee="nick", accepted_at=AT, timer=timer)


def told(ticket: Ticket, site: Site, away: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """Who hears of a step at the time of its timer."""
    assert ticket.timer is not None
    done = step(ticket, site, ticket.timer.at, away)
    return tuple(notice.person for notice in done.notices)


def test_the_reminder_is_for_the_owner_who_is_there() -> None:
    assert told(due(TimerKind.REMIND), SITE) == ("nick",)


@pytest.mark.parametrize("kind", [TimerKind.REMIND, TimerKind.REMIND_RESOLUTION])
def test_the_reminder_goes_to_the_lead_while_the_owner_says_that_they_are_away(
    kind: TimerKind,
) -> None:
    assert told(due(kind), SITE, frozenset({"nick"})) == ("nora",)


def test_the_reminder_goes_to_the_lead_while_the_owner_is_on_leave() -> None:
    on_leave = with_nick(leave=(Leave(begins=date(2026, 3, 2), ends=date(2026, 3, 6)),))

    assert told(due(TimerKind.REMIND), on_leave) == ("nora",)


def test_a_page_is_not_spent_on_an_owner_who_is_away() -> None:
    page = due(TimerKind.PAGE, score=5)

    assert told(page, SITE) == ("nick",)
    assert told(page, SITE, frozenset({"nick"})) == ("nora",)


def test_the_ladder_after_a_breach_passes_over_an_owner_who_is_away() -> None:
    ladders = replace(
        SITE.ladders, breach=replace(SITE.ladders.breach, steps=(Tell.ASSIGNEE, Tell.CATCH_ALL))
    )
    site = replace(SITE, ladders=ladders)

    assert told(due(TimerKind.LADDER), site) == ("nick",)
    assert told(due(TimerKind.LADDER), site, frozenset({"nick"})) == ("director",)


@pytest.mark.parametrize(
    ("kind", "next_one"),
    [
        (TimerKind.BREACH, "director"),
        (TimerKind.LADDER, "director"),
        (TimerKind.PAGE, "dr-okafor"),
    ],
)
def test_a_lead_who_is_away_is_passed_over_at_once(kind: TimerKind, next_one: str) -> None:
    late = replace(due(kind, score=5), assignee=None)

    assert told(late, SITE) == ("nora",)
    assert told(late, SITE, frozenset({"nora"})) == (next_one,)


def test_a_lead_who_is_on_leave_is_passed_over_at_once_and_the_ledger_says_so() -> None:
    leave = (Leave(begins=date(2026, 3, 2), ends=date(2026, 3, 6)),)
    site = replace(SITE, members={**MEMBERS, "nora": replace(MEMBERS["nora"], leave=leave)})

    done = step(due(TimerKind.BREACH), site, AT)

    assert [each.person for each in done.notices] == ["director"]
    assert [each.detail.get("skipped") for each in done.entries] == [["lead: nobody"]]


def test_a_named_member_who_is_away_is_passed_over_at_once() -> None:
    steps = (LadderStep(tell=Tell.MEMBER, member="nell"), LadderStep(tell=Tell.CATCH_ALL))
    breach = replace(SITE.ladders.breach, steps=steps)
    site = replace(SITE, ladders=replace(SITE.ladders, breach=breach))

    assert told(due(TimerKind.LADDER), site) == ("nell",)
    assert told(due(TimerKind.LADDER), site, frozenset({"nell"})) == ("director",)


def test_the_catch_all_is_told_though_they_are_away() -> None:
    late = due(TimerKind.BREACH)

    assert told(late, SITE, frozenset({"nora", "director"})) == ("director",)


def test_what_is_told_of_a_ticket_names_its_owner_though_they_are_away() -> None:
    done = step(due(TimerKind.REMIND), SITE, AT, frozenset({"nick"}))

    assert [(each.kind, each.assignee) for each in done.notices] == [(NoticeKind.REMINDER, "nick")]
    assert done.ticket.assignee == "nick"


def test_who_is_on_call_for_a_closed_site_is_there() -> None:
    site = replace(SITE, after_hours={"clinical_urgent": AfterHours.ON_CALL})
    timer = Timer(at=AT_NIGHT, kind=TimerKind.REMIND)
    held = a_ticket(a_verdict(5), AT_NIGHT, assignee="dr-okafor", accepted_at=AT_NIGHT, timer=timer)
    clock = held.clock
    assert clock is not None

    assert told(held, site) == ("dr-okafor",)


def test_who_does_not_take_up_a_ticket_has_it_for_the_time_of_the_policy() -> None:
    given = a_ticket(a_verdict(2), assignee="nick", assigned_at=AT)

    assert next_timer(given, QUICK) == Timer(at=AT + minutes(60), kind=TimerKind.RETURN)


def test_what_was_taken_up_does_not_go_back() -> None:
    accepted = a_ticket(a_verdict(2), assignee="nick", assigned_at=AT, accepted_at=AT)

    assert next_timer(accepted, QUICK) == Timer(at=AT + minutes(120), kind=TimerKind.REMIND)


def test_the_time_to_take_up_a_ticket_is_counted_in_the_hours_of_its_promise() -> None:
    # Nick works on Mondays only, and was named by a colleague late on Friday.
    mondays = with_nick(QUICK, week={"mon": (Interval(time(8), time(17)),)})
    friday = datetime.fromisoformat("2026-03-06T16:30-05:00")
    given = a_ticket(a_verdict(2), friday, site=mondays, assignee="nick", assigned_at=friday)

    monday = datetime.fromisoformat("2026-03-09T08:30-04:00")
    assert next_timer(given, mondays) == Timer(at=monday, kind=TimerKind.RETURN)


def test_untouched_work_goes_back_with_the_end_of_the_shift() -> None:
    afternoon = CLOSING - minutes(40)
    given = a_ticket(a_verdict(2), afternoon, assignee="nick", assigned_at=afternoon)

    assert next_timer(given, QUICK) == Timer(at=CLOSING, kind=TimerKind.RETURN)


def test_an_urgent_ticket_does_not_go_back_before_the_shift_ends() -> None:
    given = a_ticket(a_verdict(5), assignee="nick", assigned_at=AT, accepted_at=None)
    paged = replace(given.escalation, pages=1, paged_at=CLOSING, reminded_at=AT, breached_at=AT)
    unheard = replace(given, escalation=replace(paged, told_at=CLOSING))

    assert next_timer(unheard, QUICK) == Timer(at=CLOSING, kind=TimerKind.RETURN)


def test_of_what_is_tried_when_a_shift_begins_the_more_urgent_is_tried_first() -> None:
    waiting = [
        next_timer(a_ticket(a_verdict(score), AT_NIGHT, try_at=AT_NIGHT), SITE)
        for score in (1, 2, 3, 4)
    ]

    assert [each.kind for each in waiting if each] == [TimerKind.ASSIGN] * 4
    ordered = sorted(waiting, key=lambda each: each.at if each else AT)
    assert ordered == waiting[::-1]
    assert all(AT_NIGHT - each.at < minutes(0.001) for each in waiting if each)
