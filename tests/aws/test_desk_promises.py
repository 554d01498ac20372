"""What a handoff, a raise or a review makes of the promises of a ticket, answered or not."""

from dataclasses import replace

from tests.aws.test_desk_calls import TICKET, Desk, a_desk
from tests.builders import MONDAY_MORNING, TARGETS, a_policy, a_site, a_ticket, minutes
from triagewire.clock.promise import CalendarKind, Clock
from triagewire.clock.segments import answered
from triagewire.clock.sla import start_clock
from triagewire.policy.targets import Target
from triagewire.ticket import REVIEW, Escalation, TimerKind

HELD = a_ticket(id=TICKET, assignee="nick")
ANSWERED = answered(HELD, MONDAY_MORNING + minutes(20))
ANSWERED_LATE = replace(
    answered(HELD, MONDAY_MORNING + minutes(150)),
    escalation=Escalation(
        reminded_at=MONDAY_MORNING + minutes(60), breached_at=MONDAY_MORNING + minutes(120)
    ),
)
LATER = MONDAY_MORNING + minutes(180)


def first_response(desk: Desk) -> Clock:
    clock = desk.ticket().clock
    assert clock is not None
    return clock


def test_what_a_person_raises_to_urgent_after_an_answer_pages() -> None:
    with a_desk(ANSWERED) as desk:
        desk.act("nick", "reassign", at=LATER, reason="reviewed", member="nick", score=5)

        raised = desk.ticket()
        assert raised.timer is not None
        assert raised.timer.kind is TimerKind.PAGE
        assert first_response(desk).due_at == LATER + minutes(10)


def test_what_a_person_lowers_after_an_answer_stays_answered() -> None:
    with a_desk(ANSWERED) as desk:
        desk.act("nick", "reassign", at=LATER, reason="reviewed", member="nell", score=2)

        assert first_response(desk) == ANSWERED.clock


def test_what_goes_to_review_after_a_late_answer_is_promised_another_and_told_anew() -> None:
    with a_desk(ANSWERED_LATE) as desk:
        desk.act("nick", "reassign", at=LATER, reason="wrong_team", team=REVIEW)

        assert first_response(desk).due_at == LATER + minutes(15)
        assert desk.ticket().escalation.breached_at is None


def test_what_is_raised_to_urgent_in_the_morning_was_not_late_in_the_night() -> None:
    friday_evening = a_ticket(
        id=TICKET, assignee="nick", at=MONDAY_MORNING - minutes(60 * 24 * 3) + minutes(60 * 9)
    )
    monday = MONDAY_MORNING + minutes(-55)  # five minutes after the clinic opened
    with a_desk(friday_evening) as desk:
        desk.act("nick", "reassign", at=monday, reason="reviewed", member="nick", score=5)

        assert first_response(desk).calendar_kind is CalendarKind.ALWAYS
        assert first_response(desk).due_at == monday + minutes(5)


def test_a_team_that_promises_other_times_takes_over_the_promise_that_was_given() -> None:
    site = a_site()
    sooner = replace(site.teams["billing"], targets={"clinical_standard": Target(minutes=30)})
    with a_desk(HELD) as desk:
        desk.publish(a_policy(replace(site, teams={**site.teams, "billing": sooner})))
        desk.act("nick", "reassign", reason="wrong_team", team="billing")

        assert first_response(desk) == HELD.clock


def test_a_promise_that_the_site_did_not_make_before_begins_when_it_is_judged_anew() -> None:
    with a_desk(HELD) as desk:
        desk.publish(a_policy(a_site(resolution=TARGETS)))
        desk.act("nick", "reassign", at=LATER, reason="reviewed", member="nell", score=3)

        assert desk.ticket().resolution == start_clock(180, a_site().calendar, LATER)
