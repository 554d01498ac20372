"""One need of one person is one ticket, however many channels it comes through."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.aws.arriving import arrives, mailed, token_of
from tests.aws.clinic import Clinic
from tests.aws.said import APPOINTMENT, CHEST_PAIN, HOURS, REFILL, SOONER, UNCLEAR, WORSE
from tests.aws.senders import by_mail, by_phone, by_portal
from tests.builders import a_policy, a_requester, a_site, an_entry, minutes
from triagewire.arrival import Channel
from triagewire.clock.promise import PauseReason
from triagewire.flow import working
from triagewire.flow.context import Plan
from triagewire.ledger.event import Action
from triagewire.store.tickets import Change
from triagewire.ticket import Status, Ticket
from triagewire.verdict import Urgency

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


# What a robot repeats


def from_a_robot(clinic: Clinic, text: str) -> str:
    """Ada's mailbox sends something by itself, outside of every conversation."""
    return arrives(clinic, mailed(text, "auto-1", automatic=True, subject="Automatic reply"))


def test_a_robots_repetition_is_kept_on_the_ticket_and_moves_nothing(clinic: Clinic) -> None:
    refill = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    before = clinic.ticket(refill)
    clinic.now += minutes(10)

    robots = from_a_robot(clinic, REFILL)

    after = clinic.ticket(refill)
    assert after.merged_from == (robots,)
    assert (after.clock, after.assignee, after.escalation) == (
        before.clock,
        before.assignee,
        before.escalation,
    )


def test_a_robots_repetition_wakes_no_ticket_that_waits(clinic: Clinic) -> None:
    refill = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    waiting = puts_to_sleep(clinic, refill)

    from_a_robot(clinic, REFILL)

    after = clinic.ticket(refill)
    assert (after.status, after.clock, after.timer) == (
        Status.WAITING,
        waiting.clock,
        waiting.timer,
    )


def test_a_robots_repetition_of_what_was_answered_owes_nobody_another_answer(
    clinic: Clinic,
) -> None:
    refill = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    stopped = answers(clinic, refill)

    from_a_robot(clinic, REFILL)

    assert clinic.ticket(refill).clock == stopped.clock


def test_what_a_robot_repeats_raises_the_ticket_all_the_same_if_it_reads_like_an_emergency(
    clinic: Clinic,
) -> None:
    refill = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    clinic.now += minutes(10)

    from_a_robot(clinic, WORSE)

    assert clinic.ticket(refill).urgency is Urgency.CLINICAL_URGENT
    assert clinic.paged()


# What a person repeats


def test_a_repetition_wakes_a_ticket_that_waits_with_its_owner_and_its_load(
    clinic: Clinic,
) -> None:
    refill = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    waiting = puts_to_sleep(clinic, refill)
    clinic.now += minutes(30)

    clinic.take(by_phone(REFILL, clinic.now, "call-1"))

    after = clinic.ticket(refill)
    assert (after.status, after.assignee, after.load) == (
        Status.ACCEPTED,
        waiting.assignee,
        int(after.urgency),
    )
    assert clinic.loads("clinical")[after.assignee or ""] == int(after.urgency)
    assert after.clock is not None
    assert after.clock.running
    assert after.wake_at is None


def test_a_repetition_leaves_an_accepted_ticket_accepted(clinic: Clinic) -> None:
    refill = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    owner = clinic.ticket(refill).assignee
    working.accept(*clinic._desk(owner or ""), refill)

    clinic.take(by_phone(REFILL, clinic.now, "call-1"))

    after = clinic.ticket(refill)
    assert (after.status, after.assignee) == (Status.ACCEPTED, owner)


def test_who_was_answered_and_writes_again_is_owed_another_answer(clinic: Clinic) -> None:
    refill = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    settling = answers(clinic, refill).resolution
    clinic.now += minutes(30)

    clinic.take(by_phone(REFILL, clinic.now, "call-1"))

    after = clinic.ticket(refill)
    assert after.clock is not None
    assert (after.clock.started_at, after.clock.stopped_at) == (clinic.now, None)
    assert after.resolution == settling


def test_a_breach_is_told_once_however_often_its_ticket_is_repeated(clinic: Clinic) -> None:
    refill = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    clinic.sweep(clinic.now + minutes(119))
    clinic.take(by_phone(REFILL, clinic.now, "call-1"))
    clinic.sweep(clinic.now + minutes(1))
    clinic.take(by_mail(WORSE, clinic.now, "mail-1"))

    clinic.pass_minutes(5)

    assert clinic.actions(refill).count(Action.BREACHED) == 1


def test_the_window_is_the_sites_own(clinic: Clinic) -> None:
    clinic.publish(a_policy(a_site(merge_window_minutes=30)))
    clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    clinic.now += minutes(30)

    clinic.take(by_phone(REFILL, clinic.now, "call-1"))

    assert [ticket.status for ticket in clinic.tickets()] == [Status.ROUTED, Status.ROUTED]


def test_the_third_message_in_an_hour_that_nobody_answers_is_flagged(clinic: Clinic) -> None:
    refill = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    for number in (1, 2):
        clinic.now += minutes(15)
        clinic.take(by_phone(REFILL, clinic.now, f"call-{number}"))

    verdict = clinic.ticket(refill).verdict
    assert verdict is not None
    assert "third-message" in [reason.rule for reason in verdict.reasons]


def test_a_message_through_the_merged_one_lands_on_the_survivor(clinic: Clinic) -> None:
    refill = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    merged = clinic.take(by_phone(REFILL, clinic.now, "call-1"))
    clinic.now += minutes(30)

    arrives(clinic, mailed(HOURS, "re-1", thread_token=token_of(merged)))

    assert len(clinic.ticket(refill).merged_from) == 2


def puts_to_sleep(clinic: Clinic, ticket_id: str) -> Ticket:
    """The ticket once its owner, who has taken it up, waits for somebody outside."""
    context, principal = clinic._desk(clinic.ticket(ticket_id).assignee or "")
    working.accept(context, principal, ticket_id)
    return working.wait(context, principal, ticket_id, PauseReason.PAYER)


def answers(clinic: Clinic, ticket_id: str) -> Ticket:
    """The ticket once its owner has called the requester."""
    context, principal = clinic._desk(clinic.ticket(ticket_id).assignee or "")
    return working.respond(context, principal, ticket_id, working.Answer.CALLED)


def test_a_chain_of_merges_that_bites_its_tail_loses_no_message(clinic: Clinic) -> None:
    refill = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    merged = clinic.take(by_phone(REFILL, clinic.now, "call-1"))
    context, _ = clinic._desk("nick")
    turned = replace(clinic.ticket(refill), merged_into=merged)
    change = Change(before=clinic.ticket(refill), after=turned, entries=(an_entry(),))
    Plan(changes=[change]).commit(context)

    landed = arrives(clinic, mailed(HOURS, "re-1", thread_token=token_of(merged)))

    assert clinic.ticket(landed).status is not Status.NEW
