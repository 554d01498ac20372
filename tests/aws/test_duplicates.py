"""One need of one person is one ticket, however many channels it comes through."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest

from tests.aws.clinic import Clinic
from tests.aws.said import APPOINTMENT, CHEST_PAIN, HOURS, REFILL, SOONER, UNCLEAR, WORSE
from tests.aws.senders import by_mail, by_phone, by_portal
from tests.builders import a_requester, minutes
from triagewire.arrival import Channel
from triagewire.ledger.event import Action
from triagewire.ticket import Status

CHILD = a_requester(
    patient_id="MRN-9", name="Ben Marlow", date_of_birth=date(2019, 8, 2), email=None
)


def test_portal_phone_and_mail_about_one_refill_are_one_ticket(clinic: Clinic) -> None:
    refill = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    clinic.now += minutes(20)
    clinic.take(by_phone(REFILL, clinic.now, "call-1"))
    clinic.now += minutes(20)
    clinic.take(by_mail(REFILL, clinic.now, "mail-1"))

    ticket = clinic.ticket(refill)
    statuses = [each.status for each in clinic.tickets()]
    assert statuses == [Status.ROUTED, Status.MERGED, Status.MERGED]
    assert ticket.channels == (Channel.EHR, Channel.PHONE, Channel.EMAIL)
    assert ticket.duplicate_channels == (Channel.PHONE, Channel.EMAIL)


def test_a_merge_leaves_the_promise_where_the_first_message_put_it(clinic: Clinic) -> None:
    refill = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    promised = clinic.ticket(refill).clock
    clinic.now += minutes(30)

    clinic.take(by_phone(REFILL, clinic.now, "call-1"))

    assert clinic.ticket(refill).clock == promised


def test_both_ledgers_say_what_became_of_the_second_message(clinic: Clinic) -> None:
    refill = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    clinic.now += minutes(1)
    clinic.take(by_phone(REFILL, clinic.now, "call-1"))

    merged = clinic.newest()
    assert clinic.actions(refill)[-1] is Action.ABSORBED
    assert clinic.actions(merged) == [Action.RECEIVED, Action.SCORED, Action.MERGED]


def test_mother_and_child_on_one_phone_keep_a_ticket_each(clinic: Clinic) -> None:
    clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    clinic.now += minutes(10)
    clinic.take(by_portal(REFILL, clinic.now, "evt-2", who=CHILD))

    assert [ticket.status for ticket in clinic.tickets()] == [Status.ROUTED, Status.ROUTED]


def test_after_both_used_the_phone_a_nameless_call_joins_neither(clinic: Clinic) -> None:
    clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    clinic.take(by_portal(REFILL, clinic.now, "evt-2", who=CHILD))
    clinic.now += minutes(10)

    clinic.take(by_phone(REFILL, clinic.now, "call-1"))

    assert all(ticket.status is Status.ROUTED for ticket in clinic.tickets())


def test_a_nameless_call_does_not_join_mother_and_child_afterwards(clinic: Clinic) -> None:
    clinic.take(by_phone(REFILL, clinic.now, "call-1"))
    clinic.now += minutes(1)
    clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    clinic.now += minutes(1)
    clinic.take(by_portal(REFILL, clinic.now, "evt-2", who=CHILD))

    statuses = [ticket.status for ticket in clinic.tickets()]
    assert statuses == [Status.ROUTED, Status.MERGED, Status.ROUTED]


def test_another_topic_is_another_ticket(clinic: Clinic) -> None:
    clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    clinic.take(by_phone(APPOINTMENT, clinic.now, "call-1"))

    assert [ticket.status for ticket in clinic.tickets()] == [Status.ROUTED, Status.ROUTED]


def test_after_two_hours_the_same_topic_is_a_new_ticket(clinic: Clinic) -> None:
    clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    clinic.now += timedelta(hours=2)

    clinic.take(by_phone(REFILL, clinic.now, "call-1"))

    assert [ticket.status for ticket in clinic.tickets()] == [Status.ROUTED, Status.ROUTED]


def test_after_the_first_was_resolved_the_same_topic_is_a_new_ticket(clinic: Clinic) -> None:
    refill = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    clinic.resolve(refill, "nora")
    clinic.now += minutes(5)

    clinic.take(by_phone(REFILL, clinic.now, "call-1"))

    assert [ticket.status for ticket in clinic.tickets()] == [Status.RESOLVED, Status.ROUTED]


def test_two_clinics_of_a_group_never_share_a_ticket(clinic: Clinic) -> None:
    clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    clinic.take(by_portal(REFILL, clinic.now, "evt-2", site="west"))

    assert [ticket.status for ticket in clinic.tickets()] == [Status.ROUTED, Status.ROUTED]


def test_what_a_person_must_judge_first_is_merged_with_nothing(clinic: Clinic) -> None:
    clinic.take(by_portal(UNCLEAR, clinic.now, "evt-1"))
    clinic.take(by_phone(UNCLEAR, clinic.now, "call-1"))

    assert [ticket.status for ticket in clinic.tickets()] == [Status.ROUTED, Status.ROUTED]


def test_a_worse_newcomer_raises_the_ticket_and_its_owners_load(clinic: Clinic) -> None:
    refill = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    owner = clinic.ticket(refill).assignee
    clinic.now += minutes(5)
    clinic.take(by_phone(WORSE, clinic.now, "call-1"))

    after = clinic.ticket(refill)
    assert (int(after.urgency), after.assignee, after.load) == (5, owner, 5)
    assert clinic.loads("clinical")[owner or ""] == 5


def test_a_worse_newcomer_is_due_no_later_than_the_first_promise(clinic: Clinic) -> None:
    refill = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    before = clinic.ticket(refill).clock
    clinic.now += minutes(5)
    clinic.take(by_phone(WORSE, clinic.now, "call-1"))

    after = clinic.ticket(refill).clock
    assert before is not None
    assert after is not None
    assert after.due_at <= before.due_at


def test_a_worse_newcomer_of_another_team_moves_the_ticket_to_that_team(clinic: Clinic) -> None:
    appointment = clinic.take(by_portal(APPOINTMENT, clinic.now, "evt-1"))
    clinic.now += minutes(30)
    clinic.take(by_phone(SOONER, clinic.now, "call-1"))

    after = clinic.ticket(appointment)
    assert (after.team, int(after.urgency), after.channels) == (
        "clinical",
        4,
        (Channel.EHR, Channel.PHONE),
    )
    assert clinic.loads("scheduling") == {"sami": 0}
    assert clinic.loads("clinical") == {after.assignee: 4}


def test_two_copies_of_a_need_routed_at_the_same_time_still_become_one_ticket(
    clinic: Clinic,
) -> None:
    clinic.post(by_portal(CHEST_PAIN, clinic.now, "evt-1"))
    clinic.post(by_phone(CHEST_PAIN, clinic.now, "call-1"))

    with ThreadPoolExecutor(2) as routers:
        batches = [[record] for record in clinic.records()]
        assert list(routers.map(clinic.hand_over, batches)) == [[], []]

    assert sorted(ticket.status for ticket in clinic.tickets()) == [Status.MERGED, Status.ROUTED]


@pytest.mark.parametrize("text", [REFILL, HOURS, CHEST_PAIN])
def test_identities_stand_in_no_key_as_they_are(clinic: Clinic, text: str) -> None:
    clinic.take(by_portal(text, clinic.now, "evt-1"))

    keys = " ".join(f"{item['pk']['S']} {item['sk']['S']}" for item in clinic.items())
    for identity in ("MRN-4401", "mrn-4401", "ada.marlow", "5550107744", "Marlow"):
        assert identity not in keys
