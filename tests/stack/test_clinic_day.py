"""What the workflow promises to its users, on the deployed template: one test or more a promise."""

from datetime import datetime, timedelta

import pytest

from local.demo.day import Person
from local.demo.world import World
from local.stack.clock import SimulatedClock
from tests.stack.messages import CHEST_PAIN, MOVE, REFILL, mails_to, open_hours, somebody, tell
from triagewire.arrival import Channel
from triagewire.clock.sla import expected_by
from triagewire.ledger.chain import first_fault
from triagewire.ledger.event import Action
from triagewire.store.tickets import ticket_pk
from triagewire.ticket import REVIEW, Status

# ---- urgency scoring


@pytest.mark.parametrize(
    ("text", "score", "team"),
    [
        (CHEST_PAIN, 5, "clinical"),
        (REFILL, 4, "clinical"),
        ("I need the insurance auth for tomorrow's procedure, it is not approved", 3, "billing"),
        (MOVE, 2, "scheduling"),
        ("What are your hours?", 1, "portal"),
    ],
    ids=["clinical urgent", "clinical", "administrative urgent", "administrative", "self-serve"],
)
def test_each_kind_of_message_gets_its_score_and_its_team(
    world: World, morning: datetime, text: str, score: int, team: str
) -> None:
    scored = tell(world, text).event(Action.SCORED)

    assert (scored.detail["score"], scored.detail["team"]) == (score, team)


def test_a_member_of_staff_with_a_printer_gets_the_it_team(world: World, morning: datetime) -> None:
    colleague = Person(name="Ada Mercer", staff="a.mercer", email="a.mercer@riverside.example")
    told = tell(world, "The label printer is jammed and offline.", by="slack", writer=colleague)

    assert told.ticket.team == "it"


def test_a_message_that_says_nothing_goes_to_review_with_15_minutes(
    world: World, morning: datetime
) -> None:
    ticket = tell(world, "help", by="sms").ticket

    assert ticket.team == REVIEW
    assert ticket.clock is not None
    assert ticket.clock.target_minutes == 15


# ---- routing


def test_tickets_are_shared_out_among_those_on_duty(world: World, morning: datetime) -> None:
    owners = [tell(world, REFILL).ticket.assignee for _ in range(3)]

    assert None not in owners
    assert len(set(owners)) == 3


def test_routing_takes_less_than_four_seconds_and_the_clock_runs_from_the_receipt(
    world: World, morning: datetime
) -> None:
    told = tell(world, REFILL)
    ticket = told.ticket

    assert told.seconds < 4
    assert ticket.clock is not None
    assert ticket.clock.started_at == ticket.received_at
    assert ticket.clock.target_minutes == 120


# ---- duplicates


def test_the_same_need_by_phone_joins_the_ticket_from_the_portal(
    world: World, morning: datetime
) -> None:
    patient = somebody()
    first = tell(world, REFILL, writer=patient)
    again = tell(world, "calling about a prescription refill", by="voicemail", writer=patient)

    assert again.ticket.status is Status.MERGED
    assert again.ticket.merged_into == first.ticket_id
    assert first.ticket.duplicate_channels == (Channel.PHONE,)


def test_a_mother_and_her_child_on_one_phone_keep_their_own_tickets(
    world: World, morning: datetime
) -> None:
    mother = somebody()
    child = somebody(phone=mother.phone, email=mother.email)
    tickets = [tell(world, REFILL, writer=mother).ticket]
    tickets.append(tell(world, REFILL, by="website", writer=child).ticket)

    assert [ticket.status for ticket in tickets] == [Status.ROUTED, Status.ROUTED]


def test_a_webhook_that_comes_again_changes_nothing(world: World, morning: datetime) -> None:
    told = tell(world, REFILL)
    before = told.ticket
    again = told.again()

    assert (again.ticket_id, again.body) == (told.ticket_id, told.body)
    assert told.ticket == before


# ---- automatic replies


def test_a_question_about_the_hours_is_answered_from_the_knowledge_base(
    world: World, morning: datetime
) -> None:
    told = tell(world, "What are your hours on Friday?", by="website")

    (answer,) = mails_to(world, told)
    assert "Monday to Thursday 8:00 to 17:30" in answer
    assert told.ticket.status is Status.RESOLVED


def test_an_administrative_request_is_acknowledged_with_the_expected_time(
    world: World, clock: SimulatedClock
) -> None:
    site = world.site("riverside")
    open_hours(site, clock)
    told = tell(world, MOVE)
    assert told.ticket.clock is not None

    (text,) = mails_to(world, told)
    assert expected_by(told.ticket.clock, site.calendar).strftime("%A, %B") in text


def test_nothing_automatic_is_said_to_somebody_with_chest_pain(
    world: World, morning: datetime
) -> None:
    told = tell(world, CHEST_PAIN)

    assert mails_to(world, told) == []
    assert told.event(Action.REPLY_WITHHELD).actor == "system:score_route"


# ---- audit


def test_every_step_is_in_the_ledger_with_time_actor_and_policy_version(
    world: World, morning: datetime
) -> None:
    told = tell(world, MOVE)
    ticket, events = told.ticket, told.events

    steps = [Action.RECEIVED, Action.SCORED, Action.ROUTED, Action.REPLY_QUEUED, Action.REPLY_SENT]
    assert [event.action for event in events] == steps
    assert {event.actor for event in events} == {"source:riverside/portal", "system:score_route"}
    assert {event.policy_version for event in events} == {ticket.policy_version}
    assert all(event.at > morning - timedelta(seconds=1) for event in events)
    subject = ticket_pk(ticket.id)
    assert first_fault(subject, events, ticket.version, ticket.ledger_head) is None
