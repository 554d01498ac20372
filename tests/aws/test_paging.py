"""Clinical urgent at any hour: somebody is paged at once, and again until a person has heard it."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine

from functions.escalate import handler as escalate
from tests.aws.clinic import LAMBDA, Clinic
from tests.aws.said import CHEST_PAIN, MIXED, REFILL, WORSE
from tests.aws.senders import by_mail, by_phone, by_portal
from tests.aws.wire import Call, Died, Fault
from tests.builders import AT_NIGHT, MEMBERS, a_policy, a_site, minutes
from triagewire.ledger.event import Action


def test_chest_pain_at_two_in_the_morning_pages_the_provider_on_call_at_once(
    clinic: Clinic,
) -> None:
    clinic.now = AT_NIGHT

    ticket = clinic.ticket(clinic.take(by_portal(CHEST_PAIN, AT_NIGHT, "evt-1")))

    assert clinic.paged() == ["dr-okafor"]
    assert (ticket.team, ticket.escalation.paged_at) == ("clinical", AT_NIGHT)


def test_chest_pain_by_day_pages_the_nurse_who_got_it(clinic: Clinic) -> None:
    ticket = clinic.ticket(clinic.take(by_portal(CHEST_PAIN, clinic.now, "evt-1")))

    assert ticket.assignee is not None
    assert clinic.paged() == [ticket.assignee]


def test_a_page_that_nobody_hears_goes_up_the_ladder_and_begins_again(clinic: Clinic) -> None:
    clinic.now = AT_NIGHT
    clinic.take(by_portal(CHEST_PAIN, AT_NIGHT, "evt-1"))

    clinic.pass_minutes(20)

    assert clinic.paged() == ["dr-okafor", "nora", "director", "dr-okafor", "nora"]


def test_pages_go_on_although_no_reminder_and_no_breach_can_be_told(clinic: Clinic) -> None:
    def alerts_are_refused(_number: int, call: Call) -> Fault | None:
        alert = call.operation == "Publish" and "alerts" in call.arguments["TopicArn"]
        return Fault.REFUSED if alert else None

    clinic.now = AT_NIGHT
    with clinic.wire.failing(alerts_are_refused):
        clinic.take(by_portal(CHEST_PAIN, AT_NIGHT, "evt-1"))
        clinic.pass_minutes(20)

    assert clinic.paged() == ["dr-okafor", "nora", "director", "dr-okafor", "nora"]


def test_the_lead_is_told_of_a_breach_although_no_page_can_be_sent(clinic: Clinic) -> None:
    def pages_are_refused(_number: int, call: Call) -> Fault | None:
        page = call.operation == "Publish" and "pages" in call.arguments["TopicArn"]
        return Fault.REFUSED if page else None

    clinic.post(by_portal(CHEST_PAIN, clinic.now, "evt-1"))
    with clinic.wire.failing(pages_are_refused):
        clinic.pass_minutes(11)

    assert clinic.sweep(clinic.now)["Failed"] == 0
    assert [notice["person"] for notice in clinic.notices("breach")] == ["nora"]


def test_an_invocation_with_a_time_to_come_silences_no_page(clinic: Clinic) -> None:
    clinic.now = AT_NIGHT
    urgent = clinic.take(by_portal(CHEST_PAIN, AT_NIGHT, "evt-1"))

    with time_machine.travel(AT_NIGHT + minutes(5), tick=False):
        escalate.lambda_handler({"time": (AT_NIGHT + timedelta(days=3)).isoformat()}, LAMBDA)

    timer = clinic.ticket(urgent).timer
    assert clinic.paged() == ["dr-okafor", "nora"]
    assert timer is not None
    assert timer.at == AT_NIGHT + minutes(10)


def test_an_acknowledgement_ends_the_pages(clinic: Clinic) -> None:
    clinic.now = AT_NIGHT
    urgent = clinic.take(by_portal(CHEST_PAIN, AT_NIGHT, "evt-1"))

    clinic.acknowledge(urgent, "dr-okafor")
    clinic.pass_minutes(30)

    assert clinic.paged() == ["dr-okafor"]


def test_an_acknowledgement_without_a_deed_pages_again(clinic: Clinic) -> None:
    clinic.now = AT_NIGHT
    urgent = clinic.take(by_portal(CHEST_PAIN, AT_NIGHT, "evt-1"))
    clinic.acknowledge(urgent, "dr-okafor")

    clinic.pass_minutes(61)

    assert clinic.paged() == ["dr-okafor", "dr-okafor"]


def test_a_resolved_ticket_pages_nobody(clinic: Clinic) -> None:
    urgent = clinic.take(by_portal(CHEST_PAIN, clinic.now, "evt-1"))
    clinic.resolve(urgent, "nora")

    clinic.pass_minutes(60)

    assert len(clinic.paged()) == 1
    assert clinic.notices("breach") == []


def test_a_refill_at_night_waits_for_the_morning_and_wakes_nobody(clinic: Clinic) -> None:
    clinic.now = AT_NIGHT
    refill = clinic.ticket(clinic.take(by_portal(REFILL, AT_NIGHT, "evt-1")))

    clinic.pass_minutes(30)

    assert clinic.wire.of("Publish") == []
    assert refill.clock is not None
    # Two hours from eight in the morning, New York.
    assert refill.clock.due_at.isoformat() == "2026-03-03T15:00:00+00:00"


def test_nobody_is_at_capacity_for_chest_pain(clinic: Clinic) -> None:
    full = {name: replace(each, capacity=1) for name, each in MEMBERS.items()}
    clinic.publish(a_policy(site=a_site(members=full)))
    for number in range(4):
        clinic.take(by_mail(REFILL, clinic.now, f"mail-{number}", email=f"p{number}@mail.example"))

    urgent = clinic.ticket(clinic.take(by_portal(CHEST_PAIN, clinic.now, "evt-1")))

    assert urgent.assignee is not None


def test_a_refill_that_turns_into_chest_pain_pages(clinic: Clinic) -> None:
    refill = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    clinic.now += minutes(20)

    clinic.take(by_phone(WORSE, clinic.now, "call-1"))

    worse = clinic.ticket(refill)
    assert int(worse.urgency) == 5
    assert clinic.paged() == [worse.assignee]


def test_a_second_cry_for_help_pages_again_although_the_first_was_heard(clinic: Clinic) -> None:
    clinic.now = AT_NIGHT
    urgent = clinic.take(by_portal(CHEST_PAIN, clinic.now, "evt-1"))
    clinic.acknowledge(urgent, "dr-okafor")
    clinic.now += minutes(7)

    clinic.take(by_phone(CHEST_PAIN, clinic.now, "call-1"))

    assert clinic.paged() == ["dr-okafor", "dr-okafor"]
    assert len({notice["notice"] for notice in clinic.notices("page")}) == 2


def test_chest_pain_beside_a_bill_goes_to_clinicians_and_the_bill_to_billing(
    clinic: Clinic,
) -> None:
    clinic.take(by_portal(MIXED, clinic.now, "evt-1"))

    lead, bill = sorted(clinic.tickets(), key=lambda ticket: -ticket.urgency)
    assert (lead.team, int(lead.urgency)) == ("clinical", 5)
    assert (bill.team, int(bill.urgency)) == ("billing", 3)
    assert (lead.linked, bill.linked) == ((bill.id,), (lead.id,))
    assert clinic.mails() == []


def test_when_the_page_cannot_be_sent_it_is_sent_with_the_next_sweeps(clinic: Clinic) -> None:
    clinic.now = AT_NIGHT
    clinic.post(by_portal(CHEST_PAIN, AT_NIGHT, "evt-1"))
    with clinic.wire.failing(lambda _at, call: _fails(call.operation, "Publish")):
        clinic.settle()
    clinic.wire.calls.clear()

    clinic.pass_minutes(1)

    assert clinic.paged() == ["dr-okafor"]


def test_a_function_that_died_before_it_paged_pages_when_the_record_comes_again(
    clinic: Clinic,
) -> None:
    clinic.now = AT_NIGHT
    clinic.post(by_portal(CHEST_PAIN, AT_NIGHT, "evt-1"))
    records = clinic.records()
    with clinic.wire.failing(_dies_after_routing), pytest.raises(Died):
        clinic.hand_over(records)
    assert clinic.wire.of("Publish") == []

    assert clinic.hand_over(records) == []

    assert clinic.paged() == ["dr-okafor"]


def test_a_page_is_in_the_ledger_with_whom_it_went_to(clinic: Clinic) -> None:
    clinic.now = AT_NIGHT
    urgent = clinic.take(by_portal(CHEST_PAIN, AT_NIGHT, "evt-1"))

    (event,) = [each for each in clinic.ledger(urgent) if each.action is Action.PAGED]
    assert event.detail["people"] == ["dr-okafor"]
    assert (event.at, event.policy_version) == (AT_NIGHT, 1)


def _dies_after_routing(_at: int, call: Call) -> Fault | None:
    """The function is killed once the ticket has been routed."""
    routed = call.operation == "TransactWriteItems" and "routed" in str(call.arguments)
    return Fault.DIES_AFTER if routed else None


def _fails(operation: str, failing: str) -> Fault | None:
    return Fault.REFUSED if operation == failing else None
