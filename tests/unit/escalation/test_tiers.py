"""What people hear of a promise: half of it gone, soon due, all of it gone, and what follows."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.builders import (
    LADDERS,
    MONDAY_MORNING,
    a_site,
    a_ticket,
    a_verdict,
    for_review,
    minutes,
)
from triagewire.clock.calendar import local
from triagewire.clock.sla import start_clock, stop
from triagewire.escalation.notice import NoticeKind
from triagewire.escalation.reach import Reach
from triagewire.escalation.steps import Step, step
from triagewire.escalation.timers import next_timer
from triagewire.ladder import BeforeDue, Ladder, LadderStep, Tell, Way
from triagewire.ledger.event import Action
from triagewire.policy.model import Site
from triagewire.ticket import Ticket, Timer, TimerKind

AT = MONDAY_MORNING
SITE = a_site()
HELD = a_ticket(assignee="nick", accepted_at=AT)
"""A refill of nick, promised within two hours."""


def due(kind: TimerKind, ticket: Ticket = HELD, at: datetime = AT) -> Ticket:
    return replace(ticket, timer=Timer(at=at, kind=kind))


def told(done: Step) -> list[tuple[NoticeKind, str]]:
    return [(notice.kind, notice.person) for notice in done.notices]


def lived(ticket: Ticket, site: Site, until: timedelta) -> list[tuple[str, NoticeKind, str]]:
    """Who hears of a ticket that nobody touches: when on the site's clock, of what, and who."""
    found = []
    while ticket.timer and ticket.timer.at < ticket.received_at + until:
        at = ticket.timer.at
        done = step(ticket, site, at)
        clock = f"{local(site.calendar, at):%a %H:%M}"
        found += [(clock, notice.kind, notice.person) for notice in done.notices]
        ticket = done.ticket
    return found


# Half of it


def test_the_reminder_goes_to_the_lead_when_no_way_reaches_the_owner() -> None:
    silent = Reach(broken={"nick": frozenset({Way.TOPIC})})

    done = step(due(TimerKind.REMIND), SITE, AT + minutes(60), reach=silent)

    assert told(done) == [(NoticeKind.REMINDER, "nora")]
    assert done.entries[0].detail["skipped"] == ["assignee: no working way"]


@pytest.mark.parametrize(("ago", "silent"), [(0, True), (30, True), (31, False)])
def test_fresh_work_mutes_the_reminder_of_a_promise(ago: int, silent: bool) -> None:
    worked = replace(HELD, worked_at=AT + minutes(60 - ago))

    done = step(due(TimerKind.REMIND, worked), SITE, AT + minutes(60))

    assert [entry.action for entry in done.entries] == [Action.MUTED if silent else Action.REMINDED]
    assert bool(done.notices) is not silent
    assert done.ticket.timer == Timer(at=AT + minutes(120), kind=TimerKind.BREACH)


def test_work_mutes_the_reminder_of_a_short_promise_for_a_quarter_of_it_only() -> None:
    urgent = replace(HELD, clock=start_clock(20, SITE.calendar, AT), worked_at=AT + minutes(4))

    assert step(due(TimerKind.REMIND, urgent), SITE, AT + minutes(9)).notices == ()
    assert step(due(TimerKind.REMIND, urgent), SITE, AT + minutes(10)).notices


def test_no_work_mutes_a_breach() -> None:
    worked = replace(HELD, worked_at=AT + minutes(120))

    done = step(due(TimerKind.BREACH, worked), SITE, AT + minutes(120))

    assert told(done) == [(NoticeKind.BREACH, "nora")]


# Soon due


def forewarning(*before: BeforeDue) -> Site:
    return a_site(ladders=replace(LADDERS, before=before))


WARNED = forewarning(
    BeforeDue(minutes=10, tell=Tell.LEAD), BeforeDue(minutes=45, tell=Tell.ASSIGNEE)
)


def test_who_is_to_hear_before_the_due_time_hears_so_long_before_it() -> None:
    clock = HELD.clock
    assert clock is not None
    quiet = replace(HELD, escalation=replace(HELD.escalation, reminded_at=AT))
    ticket = replace(quiet, timer=next_timer(quiet, WARNED))

    assert lived(ticket, WARNED, minutes(121)) == [
        ("Mon 10:15", NoticeKind.FOREWARNING, "nick"),
        ("Mon 10:50", NoticeKind.FOREWARNING, "nora"),
        ("Mon 11:00", NoticeKind.BREACH, "nora"),
    ]


def test_the_minutes_before_the_due_time_are_those_of_the_hours_that_count() -> None:
    late = datetime.fromisoformat("2026-03-02T16:00-05:00")
    site = forewarning(BeforeDue(minutes=90, tell=Tell.LEAD))

    timer = next_timer(a_ticket(at=late, site=site), site)

    # Due on Tuesday at 09:00, so 90 minutes of open time before it are left on Monday at 16:30.
    assert timer == Timer(at=late + minutes(30), kind=TimerKind.FOREWARN)


def test_a_forewarning_that_is_no_earlier_than_the_promise_is_passed_over() -> None:
    review = a_ticket(for_review(candidate=4), site=WARNED)

    assert [kind for _, kind, _ in lived(review, WARNED, minutes(16))] == [
        NoticeKind.FOREWARNING,
        NoticeKind.REMINDER,
        NoticeKind.BREACH,
    ]


def test_a_forewarning_that_comes_after_the_due_time_is_a_breach() -> None:
    ticket = replace(HELD, timer=Timer(at=AT, kind=TimerKind.FOREWARN))

    assert told(step(ticket, WARNED, AT + minutes(121))) == [(NoticeKind.BREACH, "nora")]


def test_a_forewarning_that_the_policy_has_taken_back_tells_nobody() -> None:
    ticket = replace(HELD, timer=Timer(at=AT, kind=TimerKind.FOREWARN))

    done = step(ticket, SITE, AT + minutes(75))

    assert done.notices == ()
    assert [entry.action for entry in done.entries] == [Action.MUTED]
    assert done.ticket.timer == Timer(at=AT + minutes(60), kind=TimerKind.REMIND)


# All of it, and what follows


def test_the_lead_hears_of_the_breach_with_what_elapsed_and_when_it_was_due() -> None:
    (notice,) = step(due(TimerKind.BREACH), SITE, AT + minutes(130)).notices

    assert (notice.person, notice.elapsed_minutes, notice.due_at) == (
        "nora",
        130,
        AT + minutes(120),
    )


def test_a_lead_whom_no_way_reaches_does_not_keep_a_breach_from_being_told() -> None:
    silent = Reach(broken={"nora": frozenset({Way.TOPIC})})

    done = step(due(TimerKind.BREACH), SITE, AT + minutes(120), reach=silent)

    assert told(done) == [(NoticeKind.BREACH, "director")]


def test_nobody_hears_twice_on_a_day_of_what_is_not_urgent() -> None:
    assert lived(a_ticket(), SITE, timedelta(hours=60)) == [
        ("Mon 10:00", NoticeKind.REMINDER, "nora"),
        ("Mon 11:00", NoticeKind.BREACH, "nora"),
        ("Mon 11:30", NoticeKind.LADDER, "director"),
        ("Tue 08:00", NoticeKind.LADDER, "nora"),
        ("Tue 08:30", NoticeKind.LADDER, "director"),
        ("Wed 08:00", NoticeKind.LADDER, "nora"),
        ("Wed 08:30", NoticeKind.LADDER, "director"),
    ]


def test_a_lead_who_is_the_catch_all_hears_of_it_once_a_day() -> None:
    site = replace(SITE, catch_all="nora")

    told_of = lived(a_ticket(), site, timedelta(days=2))

    assert [(at, who) for at, kind, who in told_of if kind is not NoticeKind.REMINDER] == [
        ("Mon 11:00", "nora"),
        ("Tue 08:00", "nora"),
        ("Wed 08:00", "nora"),
    ]


def test_who_heard_of_the_breach_last_night_hears_of_it_again_in_the_morning() -> None:
    late = datetime.fromisoformat("2026-03-02T14:50-05:00")

    told_of = lived(a_ticket(at=late), SITE, timedelta(hours=17, minutes=40))

    assert [(at, who) for at, kind, who in told_of if kind is not NoticeKind.REMINDER] == [
        ("Mon 16:50", "nora"),
        ("Tue 08:20", "nora"),
    ]


def test_each_step_after_a_breach_waits_as_long_as_it_says() -> None:
    breach = Ladder(
        steps=(Tell.ASSIGNEE, LadderStep(tell=Tell.ON_CALL, wait_minutes=10), Tell.CATCH_ALL),
        wait_minutes=20,
    )
    site = a_site(ladders=replace(LADDERS, breach=breach))

    told_of = lived(replace(HELD, timer=next_timer(HELD, site)), site, minutes(200))

    assert [(at, who) for at, kind, who in told_of if kind is NoticeKind.LADDER] == [
        ("Mon 11:20", "nick"),
        ("Mon 11:40", "dr-okafor"),
        ("Mon 11:50", "director"),
    ]


def test_of_what_may_be_urgent_people_hear_again_after_each_wait() -> None:
    told_of = lived(a_ticket(for_review(candidate=5)), SITE, minutes(140))

    assert [who for _, kind, who in told_of if kind is NoticeKind.LADDER] == [
        "rhea",
        "director",
        "rhea",
        "director",
    ]


def test_a_step_for_which_nobody_is_left_is_recorded_and_waits_for_the_next_day() -> None:
    everybody = step(due(TimerKind.BREACH), SITE, AT + minutes(120)).ticket
    others = replace(everybody.escalation, told=("nora", "director"), all_told=False)

    done = step(
        due(TimerKind.LADDER, replace(everybody, escalation=others)), SITE, AT + minutes(150)
    )

    assert done.notices == ()
    assert [entry.action for entry in done.entries] == [Action.MUTED]
    assert done.ticket.timer is not None
    assert f"{local(SITE.calendar, done.ticket.timer.at):%a %H:%M}" == "Tue 08:00"


def test_an_acknowledged_breach_is_silent_until_its_time_is_over() -> None:
    breached = step(due(TimerKind.BREACH), SITE, AT + minutes(120)).ticket
    heard = replace(breached.escalation, acknowledged_at=AT + minutes(121), acknowledged_by="nora")
    ticket = replace(breached, escalation=heard)

    timer = next_timer(ticket, SITE)

    assert timer == Timer(at=AT + minutes(181), kind=TimerKind.LADDER)
    done = step(replace(ticket, timer=timer), SITE, AT + minutes(181))
    assert [entry.action for entry in done.entries] == [
        Action.ACKNOWLEDGEMENT_EXPIRED,
        Action.ESCALATED,
    ]
    assert told(done) == [(NoticeKind.LADDER, "director")]


def test_a_breach_of_an_answered_ticket_begins_its_ladder_at_the_first_step() -> None:
    late = step(due(TimerKind.BREACH, a_ticket(a_verdict(5))), SITE, AT + minutes(10)).ticket
    climbed = step(due(TimerKind.LADDER, late), SITE, AT + minutes(40)).ticket
    answered = replace(
        climbed,
        clock=climbed.clock and stop(climbed.clock, AT + minutes(50)),
        resolution=start_clock(60, SITE.calendar, AT),
    )

    unsettled = step(due(TimerKind.BREACH_RESOLUTION, answered), SITE, AT + minutes(60)).ticket

    assert climbed.escalation.level == 1
    assert told(step(due(TimerKind.LADDER, unsettled), SITE, AT + minutes(90))) == [
        (NoticeKind.LADDER, "nora")
    ]


def test_the_catch_all_is_told_though_no_way_of_theirs_is_known_to_work() -> None:
    silent = Reach(broken={"director": frozenset({Way.TOPIC})})
    breached = step(due(TimerKind.BREACH), SITE, AT + minutes(120)).ticket
    late = due(TimerKind.LADDER, breached)

    (notice,) = step(late, SITE, AT + minutes(150), reach=silent).notices

    assert (notice.person, notice.ways) == ("director", (Way.TOPIC,))
