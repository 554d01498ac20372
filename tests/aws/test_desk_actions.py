"""What staff do: each action with its load, its clock, its timer and its line in the ledger."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.aws.test_desk_calls import TICKET, Answer, Desk, a_desk
from tests.builders import MONDAY_MORNING, a_ticket, a_verdict, for_review, minutes
from triagewire.clock.promise import CalendarKind
from triagewire.store.ledger import read_events
from triagewire.store.tickets import ticket_pk
from triagewire.ticket import Escalation, Status, Ticket, Timer, TimerKind
from triagewire.verdict import Urgency

REFILL = a_ticket(id=TICKET)
HELD = a_ticket(id=TICKET, assignee="nick")
TAKEN_UP = replace(HELD, status=Status.ACCEPTED, accepted_at=MONDAY_MORNING)
URGENT = a_ticket(a_verdict(5), id=TICKET, assignee="nick")
IN_REVIEW = a_ticket(for_review(candidate=4, score=2), id=TICKET, assignee="rhea")
LATER = MONDAY_MORNING + minutes(30)


def details(desk: Desk, action: str) -> dict[str, object]:
    """The detail of the last event of an action."""
    events = read_events(desk.tables, ticket_pk(TICKET))
    return dict([event.detail for event in events if event.action.value == action][-1])


def test_a_claim_makes_one_owner_and_puts_the_weight_on_them() -> None:
    with a_desk(REFILL) as desk:
        answer = desk.act("nick", "claim")

        assert (answer.body["assignee"], desk.load_of("nick")) == ("nick", 4)
        assert desk.actions() == ["claimed"]


def test_claiming_what_one_holds_and_has_taken_up_changes_nothing() -> None:
    with a_desk(TAKEN_UP) as desk:
        before = desk.ticket()

        answer = desk.act("nick", "claim")

        assert (answer.status, desk.ticket(), desk.load_of("nick")) == (200, before, 4)


def test_a_ticket_that_somebody_holds_cannot_be_claimed_and_the_answer_says_what_to_do() -> None:
    with a_desk(HELD) as desk:
        answer = desk.act("nell", "claim")

        assert answer.status == 409
        assert answer.body["message"] == "held by nick: reassign it with a reason"


@pytest.mark.parametrize(
    ("action", "fields", "ticket"),
    [
        ("claim", {}, a_ticket(id=TICKET, status=Status.RESOLVED, timer=None)),
        ("claim", {}, a_ticket(id=TICKET, status=Status.NEW)),
        ("acknowledge", {}, REFILL),
        ("acknowledge", {}, a_ticket(a_verdict(5), id=TICKET, status=Status.RESOLVED, timer=None)),
        ("resolve", {"outcome": "done"}, a_ticket(id=TICKET, status=Status.RESOLVED, timer=None)),
        ("reopen", {"reason": "not_finished"}, REFILL),
    ],
)
def test_an_action_out_of_turn_says_which_state_it_needs(
    action: str, fields: dict[str, str], ticket: Ticket
) -> None:
    with a_desk(ticket) as desk:
        answer = desk.post("nick", f"/desk/tickets/{TICKET}/{action}", fields)

        assert (answer.status, answer.body["error"]) == (409, "not_now")
        assert desk.actions() == []


def test_an_acknowledgement_says_who_and_when_and_moves_the_next_page() -> None:
    with a_desk(URGENT) as desk:
        answer = desk.act("nora", "acknowledge", at=MONDAY_MORNING + minutes(1))

        assert answer.body["acknowledged_by"] == "nora"
        assert answer.body["acknowledged_at"] == (MONDAY_MORNING + minutes(1)).isoformat()
        assert desk.ticket().timer != URGENT.timer
        assert desk.actions() == ["acknowledged"]


def test_a_second_acknowledgement_changes_nothing_and_says_who_was_first() -> None:
    with a_desk(URGENT) as desk:
        desk.act("nora", "acknowledge")
        before = desk.ticket()

        answer = desk.act("nell", "acknowledge", at=LATER)

        assert (answer.status, answer.body["acknowledged_by"]) == (200, "nora")
        assert desk.ticket() == before


def test_an_acknowledgement_is_no_first_response_and_leaves_the_clock_alone() -> None:
    with a_desk(URGENT) as desk:
        desk.act("nora", "acknowledge")

        assert desk.ticket().clock == URGENT.clock


@pytest.mark.parametrize("action", ["claim", "acknowledge", "reassign", "reopen"])
def test_no_action_lowers_an_urgency_unless_a_person_states_the_score(action: str) -> None:
    fields = {
        "reassign": {"reason": "workload", "member": "nell"},
        "reopen": {"reason": "not_finished"},
    }.get(action, {})
    ticket = replace(URGENT, assignee=None)
    if action == "reopen":
        ticket = a_ticket(a_verdict(5), id=TICKET, status=Status.RESOLVED, timer=None)
    with a_desk(ticket) as desk:
        answer = desk.post("nick", f"/desk/tickets/{TICKET}/{action}", fields)

        assert (answer.status, desk.ticket().urgency) == (200, Urgency.CLINICAL_URGENT)


def test_resolving_takes_the_weight_off_and_leaves_only_the_timer_that_closes_for_good() -> None:
    with a_desk(HELD) as desk:
        answer = desk.act("nick", "resolve", at=LATER, outcome="called_back")

        assert desk.ticket().timer == Timer(at=LATER + timedelta(days=30), kind=TimerKind.CLOSE)
        assert desk.load_of("nick") == 0
        assert (answer.body["status"], answer.body["outcome"]) == ("resolved", "called_back")
        assert details(desk, "resolved")["in_time"] is True


def test_what_is_resolved_at_the_very_end_of_its_target_was_late() -> None:
    with a_desk(HELD) as desk:
        desk.act("nick", "resolve", at=MONDAY_MORNING + minutes(120), outcome="done")

        assert details(desk, "resolved")["in_time"] is False


def test_a_ticket_under_review_is_not_resolved_before_somebody_judged_it() -> None:
    with a_desk(IN_REVIEW) as desk:
        answer = desk.act("rhea", "resolve", outcome="done")

        assert answer.status == 409


def reopened(desk: Desk) -> Answer:
    """Resolve a ticket, and reopen it ten days later."""
    desk.act("nick", "resolve", at=LATER, outcome="done")
    return desk.act("nick", "reopen", at=TEN_DAYS_LATER, reason="requester_wrote_again")


TEN_DAYS_LATER = MONDAY_MORNING + minutes(10 * 24 * 60)


def test_a_reopened_ticket_starts_a_new_clock_and_is_not_late_at_once() -> None:
    with a_desk(HELD) as desk:
        answer = reopened(desk)

        assert answer.body["clock"]["state"] == "running"
        assert answer.body["clock"]["started_at"] == TEN_DAYS_LATER.isoformat()
        assert answer.body["reopened"] == 1


def test_a_reopened_ticket_goes_to_somebody_on_duty_with_its_weight_and_a_timer() -> None:
    with a_desk(HELD) as desk:
        answer = reopened(desk)

        owner = answer.body["assignee"]
        assert owner in ("nick", "nell", "rhea")
        assert desk.load_of(owner) == 4
        assert desk.ticket().timer is not None


def test_a_reopened_ticket_is_measured_by_its_score_whatever_clock_it_had() -> None:
    assert REFILL.clock is not None
    leftover = replace(REFILL.clock, target_minutes=15, calendar_kind=CalendarKind.ALWAYS)
    with a_desk(replace(HELD, clock=leftover)) as desk:
        answer = reopened(desk)

        assert answer.body["clock"]["target_minutes"] == 120


def test_a_reopened_urgent_ticket_pages_again() -> None:
    told = Escalation(pages=1, paged_at=MONDAY_MORNING, acknowledged_at=MONDAY_MORNING)
    with a_desk(replace(URGENT, escalation=told)) as desk:
        reopened(desk)

        timer = desk.ticket().timer
        assert timer is not None
        assert (timer.kind, timer.at) == (TimerKind.PAGE, TEN_DAYS_LATER)
