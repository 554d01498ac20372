"""What the workflow promises about time, people and bad input, on the deployed template."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from local.demo.desk import Desk, DeskError
from local.demo.facts import sent_messages
from local.demo.hostile import POSTS, attack
from local.demo.notices import Delivered, Pager
from local.demo.watch import wait_until_settled
from local.demo.world import World
from local.stack.clock import SimulatedClock
from tests.stack.messages import (
    CHARGED_TWICE,
    CHEST_PAIN,
    MOVE,
    REFILL,
    Told,
    mails_to,
    night,
    open_hours,
    somebody,
    tell,
)
from triagewire.clock.calendar import next_open
from triagewire.escalation.on_call import on_call
from triagewire.escalation.undelivered import REPORT
from triagewire.store.ledger import read_events
from triagewire.store.tickets import load_ticket
from triagewire.store.told import told_subject
from triagewire.ticket import REVIEW

MINUTE = timedelta(minutes=1)


def notices_of(pager: Pager, told: Told) -> list[Delivered]:
    """The notices about one ticket that were delivered since the last look, each once, by whatever
    way and in whatever message it came.
    """
    found: dict[str, Delivered] = {}
    for message in pager.fresh():
        if message.kind == REPORT:
            continue
        ledger = read_events(told.world.tables, told_subject(message.person))
        for notice in sent_messages(ledger)[message.id]:
            if notice.startswith(f"{told.ticket_id}-"):
                found[notice] = replace(message, id=notice, kind=notice.split("-")[2])
    return list(found.values())


def sweep_at(world: World, clock: SimulatedClock, moment: datetime) -> None:
    """Let escalate run in the minute after a moment, and once more when what waited for another
    message to the same person goes too.
    """
    clock.move_to(moment.replace(second=0, microsecond=0) + MINUTE)
    assert world.sweep(clock.now())
    clock.move_to(clock.now() + 3 * MINUTE)
    assert world.sweep(clock.now())


# ---- SLA escalation


def test_the_assignee_is_reminded_at_half_and_the_lead_told_at_the_breach(
    world: World, clock: SimulatedClock, pager: Pager, desk: Desk
) -> None:
    open_hours(world.site("riverside"), clock, hours=2.2)
    told = tell(world, REFILL)
    ticket = told.ticket
    assert ticket.clock is not None
    assert ticket.assignee is not None
    desk.act(ticket.assignee, ticket.id, "accept")

    sweep_at(world, clock, ticket.clock.remind_at)
    reminders = notices_of(pager, told)
    sweep_at(world, clock, ticket.clock.due_at)
    breaches = notices_of(pager, told)

    lead = world.site("riverside").teams["clinical"].lead
    assert [(each.kind, each.person) for each in reminders] == [("reminder", ticket.assignee)]
    assert [(each.kind, each.person) for each in breaches] == [("breach", lead)]


def test_a_breach_says_all_about_the_ticket_and_nothing_about_the_patient(
    world: World, clock: SimulatedClock, pager: Pager
) -> None:
    open_hours(world.site("riverside"), clock, hours=4.2)
    patient = somebody(name="Zebedee Quillfeather")
    told = tell(world, CHARGED_TWICE, writer=patient)
    ticket = told.ticket
    assert ticket.clock is not None
    sweep_at(world, clock, ticket.clock.due_at)

    (breach,) = [each for each in notices_of(pager, told) if each.kind == "breach"]

    for said in (ticket.id, "riverside", "billing", "urgency 2", str(ticket.assignee), "open for"):
        assert said in breach.body
    for hidden in (patient.name, patient.mrn, patient.phone, patient.email, "charged"):
        assert hidden not in breach.body


# ---- after hours


def test_at_night_chest_pain_pages_the_provider_on_call_until_it_is_acknowledged(
    world: World, clock: SimulatedClock, pager: Pager, desk: Desk
) -> None:
    site = world.site("riverside")
    now = night(site, clock)
    provider = on_call(site, now)
    assert provider is not None
    told = tell(world, CHEST_PAIN)
    first = notices_of(pager, told)
    sweep_at(world, clock, now + 4 * MINUTE)
    second = notices_of(pager, told)
    desk.act(provider, told.ticket_id, "acknowledge")
    sweep_at(world, clock, now + 13 * MINUTE)
    third = notices_of(pager, told)

    assert [(each.kind, each.person) for each in first] == [("page", provider)]
    assert (first[0].at - now).total_seconds() < 10
    assert [each.kind for each in second if each.kind != "reminder"] == ["page"]
    assert [each for each in third if each.kind == "page"] == []


def test_at_night_a_refill_waits_for_the_morning_queue(world: World, clock: SimulatedClock) -> None:
    site = world.site("riverside")
    now = night(site, clock)
    ticket = tell(world, REFILL).ticket

    assert (ticket.team, ticket.assignee) == ("clinical", None)
    assert ticket.clock is not None
    assert ticket.clock.due_at == next_open(site.calendar, now) + timedelta(hours=2)


def test_at_night_an_administrative_request_hears_when_to_expect_an_answer(
    world: World, clock: SimulatedClock
) -> None:
    night(world.site("riverside"), clock)
    told = tell(world, MOVE)

    (text,) = mails_to(world, told)
    assert "We are closed now" in text


# ---- staff actions


def test_staff_list_open_claim_hand_over_resolve_and_reopen(
    world: World, clock: SimulatedClock, desk: Desk
) -> None:
    night(world.site("riverside"), clock)
    told = tell(world, REFILL)
    who, path = "nurse.okafor", f"/desk/tickets/{told.ticket_id}"

    listed = desk.get(who, "/desk/queues/riverside/clinical")["tickets"]
    opened = desk.get(who, path)
    claimed = desk.act(who, told.ticket_id, "claim")
    moved = desk.act(who, told.ticket_id, "reassign", reason="workload", member="nurse.kim")
    resolved = desk.act("nurse.kim", told.ticket_id, "resolve", outcome="done")
    reopened = desk.act("nurse.kim", told.ticket_id, "reopen", reason="not_finished")

    assert told.ticket_id in {line["id"] for line in listed}
    assert opened["messages"][0]["text"] == REFILL
    assert (claimed["assignee"], moved["assignee"]) == (who, "nurse.kim")
    assert (resolved["status"], reopened["status"]) == ("resolved", "reopened")


@pytest.mark.parametrize(
    ("who", "status"),
    [("nurse.voss", 404), ("biller.mensah", 404)],
    ids=["a nurse of the other site", "a biller of this site"],
)
def test_a_clinical_ticket_does_not_exist_for_others(
    world: World, morning: datetime, desk: Desk, who: str, status: int
) -> None:
    told = tell(world, REFILL)

    assert desk.status_of(who, f"/desk/tickets/{told.ticket_id}") == status


# ---- bad input


def test_hostile_posts_get_their_code_and_no_echo(world: World, clock: SimulatedClock) -> None:
    found = {each.name: (each.got, each.echoed) for each in attack(world, clock.now())}

    assert found == {name: (wanted, False) for name, (wanted, _) in POSTS.items()}


def test_a_signed_message_that_cannot_be_read_becomes_a_review_ticket(
    world: World, clock: SimulatedClock
) -> None:
    (unreadable,) = [each for each in attack(world, clock.now()) if each.ticket_id]
    wait_until_settled(world.tables, unreadable.ticket_id)
    ticket = load_ticket(world.tables, unreadable.ticket_id)

    assert ticket is not None
    assert ticket.unreadable
    assert ticket.team == REVIEW


@pytest.mark.parametrize(
    ("action", "body", "field"),
    [
        ("resolve", {"outcome": "cured"}, "outcome"),
        ("resolve", {}, "outcome"),
        ("reassign", {"reason": "workload", "team": "kitchen"}, "team"),
        ("reassign", {"reason": "workload", "score": 9}, "score"),
    ],
    ids=["unknown value", "missing field", "no such team", "out of range"],
)
def test_a_wrong_staff_action_is_a_422_that_names_the_field(
    world: World, morning: datetime, desk: Desk, action: str, body: dict[str, object], field: str
) -> None:
    told = tell(world, REFILL)

    with pytest.raises(DeskError, match=f'422.*"{field}"'):
        desk.act("nurse.okafor", told.ticket_id, action, **body)
