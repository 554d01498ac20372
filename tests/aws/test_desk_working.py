"""What owners do with their work: take it up, answer, let it wait, go on with it."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.aws.test_desk_calls import TICKET, Desk, a_desk, the_policy
from tests.builders import MONDAY_MORNING, a_site, a_ticket, a_verdict, for_review, minutes
from triagewire.clock.promise import CalendarKind, PauseReason
from triagewire.clock.sla import start_clock
from triagewire.policy.model import Policy, Waits
from triagewire.store.handlers import load_handler
from triagewire.store.ledger import read_events
from triagewire.store.tickets import ticket_pk
from triagewire.ticket import Status, Timer, TimerKind

AT, LATER = MONDAY_MORNING, MONDAY_MORNING + minutes(30)
SETTLING = start_clock(480, a_site().calendar, AT, kind=CalendarKind.SITE)
UNHELD = a_ticket(id=TICKET, resolution=SETTLING)
GIVEN = a_ticket(id=TICKET, assignee="nick", assigned_at=AT, resolution=SETTLING)
TAKEN_UP = replace(GIVEN, status=Status.ACCEPTED, accepted_at=AT)
URGENT = a_ticket(a_verdict(5), id=TICKET, assignee="nick", assigned_at=AT)
IN_REVIEW = a_ticket(for_review(candidate=5, score=2), id=TICKET)
IN_TWO_DAYS = AT + timedelta(days=2)


def detail(desk: Desk, action: str) -> dict[str, object]:
    """The detail of the last event of an action."""
    events = read_events(desk.tables, ticket_pk(TICKET))
    return dict([event.detail for event in events if event.action.value == action][-1])


def timer(desk: Desk) -> TimerKind:
    """What the system does next for the ticket."""
    found = desk.ticket().timer
    assert found is not None
    return found.kind


def waits_of(waits: Waits) -> Policy:
    """The policy with other waiting times."""
    policy = the_policy()
    north = replace(policy.sites["north"], waits=waits)
    return replace(policy, sites={**policy.sites, "north": north})


def waiting(desk: Desk, who: str = "nick", at: datetime = AT) -> None:
    """Let the ticket wait for two days."""
    until = IN_TWO_DAYS.isoformat()
    assert desk.act(who, "wait", at=at, waiting_for="requester", until=until).status == 200


# Taking up


def test_who_accepts_has_taken_it_up_and_it_returns_to_no_queue() -> None:
    with a_desk(GIVEN) as desk:
        answer = desk.act("nick", "accept", at=LATER)

        assert (answer.body["status"], answer.body["accepted_at"]) == (
            "accepted",
            LATER.isoformat(),
        )
        assert desk.actions() == ["accepted"]
        assert timer(desk) is not TimerKind.RETURN


def test_accepting_what_one_has_accepted_changes_nothing() -> None:
    with a_desk(TAKEN_UP) as desk:
        before = desk.ticket()

        answer = desk.act("nick", "accept", at=LATER)

        assert (answer.status, desk.ticket()) == (200, before)


def test_accepting_what_nobody_holds_claims_it() -> None:
    with a_desk(UNHELD) as desk:
        answer = desk.act("nick", "accept")

        assert (answer.body["assignee"], answer.body["status"]) == ("nick", "accepted")
        assert (desk.load_of("nick"), desk.actions()) == (4, ["claimed"])


def test_what_somebody_else_holds_cannot_be_accepted() -> None:
    with a_desk(GIVEN) as desk:
        answer = desk.act("nell", "accept")

        assert (answer.status, answer.body["message"]) == (
            409,
            "held by nick: reassign it with a reason",
        )


def test_accepting_is_no_first_response() -> None:
    with a_desk(GIVEN) as desk:
        answer = desk.act("nick", "accept", at=LATER)

        assert (answer.body["clock"]["state"], answer.body["responded_at"]) == ("running", None)


def test_accepting_an_urgent_ticket_does_not_stop_its_pages() -> None:
    with a_desk(URGENT) as desk:
        desk.act("nick", "accept")

        assert timer(desk) is TimerKind.PAGE


def test_a_review_that_somebody_takes_up_stays_a_review() -> None:
    with a_desk(IN_REVIEW) as desk:
        answer = desk.act("rhea", "accept")

        assert (answer.body["status"], answer.body["review"]) == ("accepted", True)


# Answering


def test_an_answer_stops_the_clock_of_the_first_response_and_no_other() -> None:
    with a_desk(TAKEN_UP) as desk:
        answer = desk.act("nick", "respond", at=LATER, how="called")

        clock, settling = answer.body["clock"], answer.body["resolution"]
        assert (clock["state"], clock["stopped_at"]) == ("stopped", LATER.isoformat())
        assert (settling["state"], settling["stopped_at"]) == ("running", None)
        assert answer.body["responded_at"] == LATER.isoformat()
        assert timer(desk) is TimerKind.REMIND_RESOLUTION


def test_a_stopped_clock_shows_the_time_that_it_took_whenever_one_looks() -> None:
    with a_desk(TAKEN_UP) as desk:
        desk.act("nick", "respond", at=LATER, how="called")

        look = desk.get("nick", f"/desk/tickets/{TICKET}", at=LATER + minutes(60)).body["clock"]

        assert (look["elapsed_minutes"], look["paused_minutes"]) == (30, 0)


def test_an_answer_stops_the_pages() -> None:
    with a_desk(URGENT) as desk:
        desk.act("nora", "respond", at=AT + minutes(2), how="called")

        assert timer(desk) is not TimerKind.PAGE


def test_an_answer_stands_in_the_ledger_with_its_way_and_whether_it_was_in_time() -> None:
    with a_desk(TAKEN_UP) as desk:
        desk.act("nick", "respond", at=AT + minutes(119), how="wrote")

        assert detail(desk, "responded") == {"team": "clinical", "urgency": 4, "in_time": True}
        assert desk.actions() == ["responded"]


def test_an_answer_at_the_very_end_of_the_target_was_late() -> None:
    with a_desk(TAKEN_UP) as desk:
        answer = desk.act("nick", "respond", at=AT + minutes(120), how="wrote")

        assert detail(desk, "responded")["in_time"] is False
        assert answer.body["clock"]["breached"] is True


def test_who_answers_what_nobody_holds_has_it() -> None:
    with a_desk(UNHELD) as desk:
        answer = desk.act("nell", "respond", how="called")

        assert (answer.body["assignee"], answer.body["status"]) == ("nell", "accepted")
        assert (desk.load_of("nell"), desk.actions()) == (4, ["claimed", "responded"])


def test_who_answers_what_they_were_given_has_taken_it_up() -> None:
    with a_desk(GIVEN) as desk:
        answer = desk.act("nick", "respond", how="called")

        assert (answer.body["status"], desk.actions()) == ("accepted", ["accepted", "responded"])


def test_a_colleague_who_answers_leaves_the_ticket_with_its_owner() -> None:
    with a_desk(GIVEN) as desk:
        answer = desk.act("nell", "respond", how="called")

        assert (answer.body["assignee"], answer.body["status"]) == ("nick", "routed")
        assert answer.body["clock"]["state"] == "stopped"


def test_who_answers_is_kept_as_who_knows_the_patient() -> None:
    with a_desk(replace(GIVEN, known_as=("hash-of-the-record",))) as desk:
        desk.act("nell", "respond", how="called")

        known = load_handler(desk.tables, "north", "hash-of-the-record")
        assert known is not None
        assert (known.member, known.team) == ("nell", "clinical")


def test_a_second_answer_changes_nothing() -> None:
    with a_desk(TAKEN_UP) as desk:
        desk.act("nick", "respond", how="called")
        before = desk.ticket()

        answer = desk.act("nell", "respond", at=LATER, how="wrote")

        assert (answer.status, desk.ticket()) == (200, before)


def test_who_judges_may_call_the_patient_first_and_must_still_decide() -> None:
    with a_desk(IN_REVIEW) as desk:
        answer = desk.act("rhea", "respond", how="called")

        assert (answer.body["review"], answer.body["urgency"]) == (True, 5)
        assert answer.body["clock"]["state"] == "stopped"
        assert desk.ticket().timer is not None


def test_one_that_waits_may_be_answered_and_goes_on_waiting() -> None:
    with a_desk(TAKEN_UP) as desk:
        waiting(desk)

        answer = desk.act("nick", "respond", at=LATER, how="called")

        assert (answer.body["status"], answer.body["responded_at"]) == (
            "waiting",
            LATER.isoformat(),
        )
        assert timer(desk) is TimerKind.WAKE


def test_a_message_left_on_a_machine_is_no_answer() -> None:
    with a_desk(TAKEN_UP) as desk:
        answer = desk.act("nick", "respond", how="left_message")

        assert (answer.status, answer.body["fields"][0]["field"]) == (422, "how")
        assert desk.ticket().responded_at is None


# Waiting


@pytest.mark.parametrize("reason", list(PauseReason))
def test_a_ticket_waits_for_somebody_outside_with_both_clocks_standing(reason: PauseReason) -> None:
    with a_desk(TAKEN_UP) as desk:
        until = IN_TWO_DAYS.isoformat()
        answer = desk.act("nick", "wait", at=LATER, waiting_for=reason.value, until=until)

        line = answer.body
        assert (line["status"], line["waiting_for"], line["wake_at"]) == (
            "waiting",
            reason.value,
            until,
        )
        assert {line["clock"]["state"], line["resolution"]["state"]} == {"paused"}
        assert (desk.actions(), detail(desk, "paused")) == (["paused"], {"until": until})


def test_what_waits_weighs_nothing_and_wakes_by_its_timer() -> None:
    with a_desk(TAKEN_UP) as desk:
        waiting(desk)

        assert desk.load_of("nick") == 0
        assert desk.ticket().timer == Timer(at=IN_TWO_DAYS, kind=TimerKind.WAKE)


@pytest.mark.parametrize(
    ("reason", "wakes"),
    [
        pytest.param("requester", MONDAY_MORNING + timedelta(days=1), id="nine hours"),
        pytest.param("payer", MONDAY_MORNING + timedelta(days=4), id="four days of nine hours"),
    ],
)
def test_without_a_time_the_policy_says_when_to_look_again_in_the_sites_hours(
    reason: str, wakes: datetime
) -> None:
    with a_desk(TAKEN_UP) as desk:
        desk.publish(waits_of(Waits(requester=540, payer=4 * 540)))

        answer = desk.act("nick", "wait", waiting_for=reason)

        assert answer.body["wake_at"] == wakes.isoformat()


@pytest.mark.parametrize(
    "until",
    [
        pytest.param(AT.isoformat(), id="now"),
        pytest.param((AT - minutes(1)).isoformat(), id="past"),
        pytest.param((AT + timedelta(days=90, minutes=1)).isoformat(), id="over ninety days"),
        pytest.param("2026-03-04T09:00:00", id="without a zone"),
        pytest.param("tomorrow", id="words"),
        pytest.param(1_772_600_000, id="a number"),
    ],
)
def test_a_wait_ends_at_a_time_with_a_zone_within_ninety_days(until: object) -> None:
    with a_desk(TAKEN_UP) as desk:
        answer = desk.act("nick", "wait", waiting_for="payer", until=until)

        assert (answer.status, answer.body["fields"][0]["field"]) == (422, "until")
        assert str(until) not in answer.text
        assert desk.actions() == []


def test_clinical_urgent_work_never_waits() -> None:
    with a_desk(URGENT) as desk:
        answer = desk.act("nick", "wait", waiting_for="requester")

        assert (answer.status, answer.body["error"]) == (409, "not_now")
        assert desk.ticket().status is Status.ROUTED


def test_a_clock_that_counts_every_hour_never_waits_not_even_the_second() -> None:
    always = start_clock(600, a_site().calendar, AT, kind=CalendarKind.ALWAYS)
    with a_desk(replace(TAKEN_UP, resolution=always)) as desk:
        answer = desk.act("nick", "wait", waiting_for="vendor")

        assert (answer.status, answer.body["error"]) == (409, "not_now")


def test_a_ticket_under_review_is_decided_first() -> None:
    with a_desk(replace(IN_REVIEW, assignee="rhea")) as desk:
        answer = desk.act("rhea", "wait", waiting_for="requester")

        assert (answer.status, answer.body["error"]) == (409, "not_now")


def test_who_lets_wait_what_nobody_holds_has_it_without_weight() -> None:
    with a_desk(UNHELD) as desk:
        waiting(desk, "nell")

        assert (desk.ticket().assignee, desk.load_of("nell")) == ("nell", 0)
        assert desk.actions() == ["claimed", "paused"]


def test_what_waits_may_be_claimed_and_weighs_nothing_until_it_wakes() -> None:
    asleep = replace(UNHELD, status=Status.WAITING, wake_at=IN_TWO_DAYS)
    with a_desk(asleep) as desk:
        answer = desk.act("nell", "claim")

        assert (answer.body["status"], desk.load_of("nell")) == ("waiting", 0)


# Going on


def test_going_on_gives_the_weight_back_and_counts_no_minute_of_the_wait() -> None:
    with a_desk(TAKEN_UP) as desk:
        waiting(desk, at=LATER)

        answer = desk.act("nick", "resume", at=LATER + minutes(60))

        clock = answer.body["clock"]
        assert (answer.body["status"], answer.body["wake_at"]) == ("accepted", None)
        assert (clock["state"], clock["elapsed_minutes"], clock["paused_minutes"]) == (
            "running",
            30,
            60,
        )
        assert (desk.load_of("nick"), desk.actions()) == (4, ["paused", "resumed"])


def test_an_answer_before_the_wait_stays_the_answer() -> None:
    with a_desk(TAKEN_UP) as desk:
        desk.act("nick", "respond", at=LATER, how="called")
        waiting(desk, at=LATER)

        answer = desk.act("nick", "resume", at=LATER + minutes(60))

        assert answer.body["responded_at"] == LATER.isoformat()
        assert answer.body["clock"]["state"] == "stopped"


def test_only_what_waits_can_go_on() -> None:
    with a_desk(TAKEN_UP) as desk:
        answer = desk.act("nick", "resume")

        assert (answer.status, answer.body["message"]) == (
            409,
            "the ticket is accepted, not waiting",
        )


def test_what_waits_is_resolved_without_taking_a_weight_off_twice() -> None:
    with a_desk(TAKEN_UP) as desk:
        waiting(desk)

        answer = desk.act("nick", "resolve", at=LATER, outcome="done")

        assert (answer.body["status"], answer.body["wake_at"]) == ("resolved", None)
        assert desk.load_of("nick") == 0
        assert {answer.body["clock"]["state"], answer.body["resolution"]["state"]} == {"stopped"}
