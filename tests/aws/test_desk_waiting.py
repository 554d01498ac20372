"""Work that waits for somebody outside: what stands still meanwhile, and how it goes on."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.aws.test_desk_calls import TICKET, Desk, a_desk, the_policy
from tests.builders import MONDAY_MORNING, a_site, a_ticket, a_verdict, for_review, minutes
from triagewire.clock.promise import CalendarKind, PauseReason
from triagewire.clock.sla import start_clock
from triagewire.policy.model import Policy
from triagewire.policy.targets import Waits
from triagewire.store.ledger import read_events
from triagewire.store.tickets import ticket_pk
from triagewire.ticket import Status, Timer, TimerKind

AT, LATER = MONDAY_MORNING, MONDAY_MORNING + minutes(30)
IN_TWO_DAYS = AT + timedelta(days=2)
SETTLING = start_clock(480, a_site().calendar, AT, kind=CalendarKind.SITE)
UNHELD = a_ticket(id=TICKET, resolution=SETTLING)
TAKEN_UP = replace(UNHELD, status=Status.ACCEPTED, assignee="nick", assigned_at=AT, accepted_at=AT)
URGENT = a_ticket(a_verdict(5), id=TICKET, assignee="nick", assigned_at=AT)
IN_REVIEW = a_ticket(for_review(candidate=5, score=2), id=TICKET, assignee="rhea")


def detail(desk: Desk, action: str) -> dict[str, object]:
    """The detail of the last event of an action."""
    events = read_events(desk.tables, ticket_pk(TICKET))
    return dict([event.detail for event in events if event.action.value == action][-1])


def waits_of(waits: Waits) -> Policy:
    """The policy with other waiting times."""
    policy = the_policy()
    north = replace(policy.sites["north"], waits=waits)
    return replace(policy, sites={**policy.sites, "north": north})


def waiting(desk: Desk, who: str = "nick", at: datetime = AT) -> None:
    """Let the ticket wait for two days."""
    until = IN_TWO_DAYS.isoformat()
    assert desk.act(who, "wait", at=at, waiting_for="requester", until=until).status == 200


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
        assert desk.actions() == ["paused"]
        assert detail(desk, "paused") == {
            "until": until,
            "state_before": ["status=accepted"],
            "state_after": ["status=waiting"],
        }


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
    with a_desk(IN_REVIEW) as desk:
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


def test_one_that_waits_may_be_answered_and_goes_on_waiting() -> None:
    with a_desk(TAKEN_UP) as desk:
        waiting(desk)

        answer = desk.act("nick", "respond", at=LATER, how="called")

        assert (answer.body["status"], answer.body["responded_at"]) == (
            "waiting",
            LATER.isoformat(),
        )
        assert desk.ticket().timer == Timer(at=IN_TWO_DAYS, kind=TimerKind.WAKE)
