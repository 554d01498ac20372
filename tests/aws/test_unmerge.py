"""A merge that was wrong is undone at the desk: two tickets, each with its own words and clock."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from functions.desk import handler as desk
from tests.aws.arriving import arrives, mailed, token_of
from tests.aws.clinic import Clinic
from tests.aws.said import APPOINTMENT, BOTH, CHEST_PAIN, HOURS, REFILL, SOONER, WORSE
from tests.aws.senders import by_mail, by_phone, by_portal
from tests.aws.test_desk_calls import a_request
from tests.aws.wire import Call, Fault
from tests.builders import a_requester, an_entry, minutes
from triagewire.arrival import Channel
from triagewire.clock.promise import PauseReason
from triagewire.flow import working
from triagewire.flow.context import Plan
from triagewire.flow.handing import Handoff, HandoffReason
from triagewire.flow.staff import reassign
from triagewire.flow.unmerging import MOST_RESTATED
from triagewire.ledger.event import Action
from triagewire.store.tickets import Change
from triagewire.ticket import Status, Ticket
from triagewire.verdict import Urgency

CHILD = a_requester(patient_id="MRN-9", name="Ben Marlow", date_of_birth=date(2019, 8, 2))


def unmerged(
    clinic: Clinic, survivor: str, merged: str, by: str = "director", **fields: object
) -> dict[str, Any]:
    """What the desk answers to a person who takes a merged ticket out of its survivor."""
    body = {"ticket": merged, "reason": "other_person", **fields}
    answer = sent(clinic, by, "POST", f"/desk/tickets/{survivor}/unmerge", body)
    return {"status_code": answer["statusCode"], **json.loads(answer["body"])}


def seen(clinic: Clinic, ticket_id: str, by: str = "director") -> dict[str, Any]:
    """A ticket as the desk shows it."""
    answer = sent(clinic, by, "GET", f"/desk/tickets/{ticket_id}", {})
    shown: dict[str, Any] = json.loads(answer["body"])
    return shown


def sent(
    clinic: Clinic, who: str, method: str, path: str, body: Mapping[str, object]
) -> dict[str, Any]:
    raw = json.dumps(body).encode() if body else b""
    request = a_request(who, method, path, raw, at=clinic.now)
    return desk.lambda_handler(request, SimpleNamespace(aws_request_id="request-1"))


def two_callers(clinic: Clinic, first: str = REFILL, second: str = REFILL) -> tuple[str, str]:
    """Two calls without a name from one phone, twenty minutes apart: by mother, then by child."""
    survivor = clinic.take(by_phone(first, clinic.now, "call-1"))
    clinic.now += minutes(20)
    merged = clinic.take(by_phone(second, clinic.now, "call-2"))
    assert clinic.ticket(merged).merged_into == survivor
    return survivor, merged


def words(view: dict[str, Any]) -> list[str]:
    return [message["text"] for message in view["messages"]]


# Both tickets again


def test_each_ticket_shows_its_own_words_and_no_others(clinic: Clinic) -> None:
    mother, child = two_callers(clinic, REFILL, WORSE)

    answer = unmerged(clinic, mother, child)

    assert answer["status_code"] == 200
    assert words(seen(clinic, mother)) == [REFILL]
    assert words(seen(clinic, child)) == [WORSE]


def test_the_survivor_is_what_it_was_before_the_merge(clinic: Clinic) -> None:
    mother = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    before = clinic.ticket(mother)
    clinic.now += minutes(20)
    child = clinic.take(by_phone(WORSE, clinic.now, "call-1"))
    assert clinic.ticket(mother).urgency is Urgency.CLINICAL_URGENT

    unmerged(clinic, mother, child)

    after = clinic.ticket(mother)
    changed = ("version", "ledger_head", "linked", "escalation", "timer", "notices", "worked_at")
    assert replace(after, **{each: getattr(before, each) for each in changed}) == before
    assert after.timer == before.timer
    assert clinic.loads("clinical")[after.assignee or ""] >= 4


def test_the_parted_ticket_has_the_clock_of_its_own_receipt(clinic: Clinic) -> None:
    mother, child = two_callers(clinic)
    received = clinic.now
    clinic.now += minutes(40)

    unmerged(clinic, mother, child)

    parted = clinic.ticket(child)
    assert (parted.status, parted.team, parted.merged_into) == (Status.ROUTED, "clinical", None)
    assert parted.clock is not None
    assert (parted.clock.started_at, parted.clock.due_at) == (received, received + minutes(120))
    assert parted.timer is not None


def test_every_owner_carries_the_urgency_of_what_they_own(clinic: Clinic) -> None:
    mother, child = two_callers(clinic, REFILL, WORSE)

    unmerged(clinic, mother, child)

    carried: dict[str, int] = {}
    for ticket in map(clinic.ticket, (mother, child)):
        assert ticket.assignee is not None
        carried[ticket.assignee] = carried.get(ticket.assignee, 0) + int(ticket.urgency)
    assert {who: weight for who, weight in clinic.loads("clinical").items() if weight} == carried


def test_an_urgent_ticket_pages_on_its_own_once_it_is_apart(clinic: Clinic) -> None:
    mother, child = two_callers(clinic, REFILL, WORSE)
    paged = len(clinic.paged())

    unmerged(clinic, mother, child)
    clinic.pass_minutes(1)

    assert child in clinic.notices("page")[paged]["text"]
    assert not clinic.ticket(mother).must_page


def test_what_is_overdue_by_its_own_receipt_is_told_by_the_next_sweep(clinic: Clinic) -> None:
    mother, child = two_callers(clinic)
    clinic.now += minutes(125)

    unmerged(clinic, mother, child)
    clinic.pass_minutes(1)

    assert clinic.actions(child).count(Action.BREACHED) == 1


def test_no_automatic_text_follows(clinic: Clinic) -> None:
    mother = clinic.take(by_portal(APPOINTMENT, clinic.now, "evt-1"))
    again = clinic.take(by_mail(APPOINTMENT, clinic.now, "mail-1"))
    sent_before = len(clinic.mails())

    unmerged(clinic, mother, again)
    clinic.settle()
    clinic.pass_minutes(3)

    assert len(clinic.mails()) == sent_before


def test_both_ledgers_say_who_took_them_apart_and_why(clinic: Clinic) -> None:
    mother, child = two_callers(clinic, REFILL, WORSE)

    unmerged(clinic, mother, child)

    told = next(each for each in clinic.ledger(mother) if each.action is Action.UNMERGED)
    assert (told.actor, told.why) == ("staff:director", "other_person")
    assert told.detail["ticket"] == child
    assert (told.detail["urgency_before"], told.detail["urgency"]) == (5, 4)
    parted = next(each for each in clinic.ledger(child) if each.action is Action.PARTED)
    assert (parted.why, parted.detail["from"]) == ("other_person", mother)


def test_a_survivor_that_only_the_newcomer_had_moved_goes_back_to_its_team(clinic: Clinic) -> None:
    first = clinic.take(by_portal(APPOINTMENT, clinic.now, "evt-1"))
    clinic.now += minutes(30)
    second = clinic.take(by_phone(SOONER, clinic.now, "call-1"))
    assert clinic.ticket(first).team == "clinical"

    unmerged(clinic, first, second, reason="other_need")

    after, parted = clinic.ticket(first), clinic.ticket(second)
    assert (after.team, after.assignee, int(after.urgency)) == ("scheduling", "sami", 2)
    assert (parted.team, int(parted.urgency)) == ("clinical", 4)
    assert clinic.loads("scheduling")["sami"] == 2
    assert after.duplicate_channels == ()


# What people did


def test_a_verdict_that_a_person_gave_since_stays(clinic: Clinic) -> None:
    mother, child = two_callers(clinic, REFILL, WORSE)
    context, principal = clinic._desk("director")
    handoff = Handoff(
        reason=HandoffReason.WORKLOAD, team="scheduling", score=Urgency.ADMINISTRATIVE_URGENT
    )
    reassign(context, principal, mother, handoff)

    unmerged(clinic, mother, child)

    after = clinic.ticket(mother)
    assert (after.urgency, after.team) == (Urgency.ADMINISTRATIVE_URGENT, "scheduling")


def test_a_wait_that_a_person_began_since_stays(clinic: Clinic) -> None:
    mother, child = two_callers(clinic)
    owner = clinic.ticket(mother).assignee or ""
    working.accept(*clinic._desk(owner), mother)
    waiting = working.wait(*clinic._desk(owner), mother, PauseReason.PAYER)
    clinic.now += minutes(10)

    unmerged(clinic, mother, child)

    after = clinic.ticket(mother)
    assert (after.status, after.wake_at, after.clock) == (
        Status.WAITING,
        waiting.wake_at,
        waiting.clock,
    )
    assert after.timer == waiting.timer


def test_a_ticket_that_the_merge_woke_stays_awake(clinic: Clinic) -> None:
    mother = clinic.take(by_phone(REFILL, clinic.now, "call-1"))
    owner = clinic.ticket(mother).assignee or ""
    working.accept(*clinic._desk(owner), mother)
    working.wait(*clinic._desk(owner), mother, PauseReason.PAYER)
    clinic.now += minutes(10)
    child = clinic.take(by_phone(REFILL, clinic.now, "call-2"))

    unmerged(clinic, mother, child)

    after = clinic.ticket(mother)
    assert after.status is Status.ACCEPTED
    assert after.clock is not None
    assert after.clock.running


def test_who_had_been_answered_is_owed_nothing_for_anothers_message(clinic: Clinic) -> None:
    mother = clinic.take(by_phone(REFILL, clinic.now, "call-1"))
    owner = clinic.ticket(mother).assignee or ""
    kept = working.respond(*clinic._desk(owner), mother, working.Answer.CALLED)
    clinic.now += minutes(10)
    child = clinic.take(by_phone(REFILL, clinic.now, "call-2"))
    assert clinic.ticket(mother).clock != kept.clock

    unmerged(clinic, mother, child)

    assert clinic.ticket(mother).clock == kept.clock


def test_a_ticket_that_the_merge_reopened_stays_open_with_its_promise(clinic: Clinic) -> None:
    mother = clinic.take(by_portal(APPOINTMENT, clinic.now, "evt-1"))
    clinic.resolve(mother, "sami")
    clinic.now += minutes(30)
    child = arrives(clinic, mailed(CHEST_PAIN, "re-1", thread_token=token_of(mother)))
    assert clinic.ticket(mother).status is Status.REOPENED

    unmerged(clinic, mother, child)

    after = clinic.ticket(mother)
    assert (after.status, after.team, int(after.urgency)) == (Status.REOPENED, "scheduling", 2)
    assert after.clock is not None
    assert (after.clock.started_at, after.clock.running) == (clinic.now, True)
    assert after.timer is not None


def test_a_resolved_ticket_stays_resolved(clinic: Clinic) -> None:
    mother, child = two_callers(clinic)
    clinic.resolve(mother, "nora")
    before = clinic.ticket(mother)

    unmerged(clinic, mother, child)

    after = clinic.ticket(mother)
    assert (after.status, after.timer, after.outcome) == (
        Status.RESOLVED,
        before.timer,
        before.outcome,
    )
    assert clinic.ticket(child).status is Status.ROUTED


# What comes later


def test_a_later_call_from_the_shared_phone_joins_neither(clinic: Clinic) -> None:
    mother, child = two_callers(clinic)
    unmerged(clinic, mother, child)
    clinic.now += minutes(10)

    third = clinic.take(by_phone(REFILL, clinic.now, "call-3"))

    assert clinic.ticket(third).status is Status.ROUTED


@pytest.mark.parametrize("reason", ["other_person", "other_need", "by_mistake"])
def test_the_two_never_become_one_again_by_themselves(clinic: Clinic, reason: str) -> None:
    mother, child = two_callers(clinic)

    unmerged(clinic, mother, child, reason=reason)
    clinic.settle()
    clinic.pass_minutes(2)

    assert clinic.ticket(child).linked == (mother,)
    assert clinic.ticket(mother).linked == (child,)
    assert not clinic.ticket(mother).merged_from


def test_who_states_a_record_number_is_still_known_by_it(clinic: Clinic) -> None:
    mother = clinic.take(by_phone(REFILL, clinic.now, "call-1"))
    child = clinic.take(by_portal(REFILL, clinic.now, "evt-1", who=CHILD))
    assert clinic.ticket(child).merged_into == mother
    unmerged(clinic, mother, child)
    clinic.now += minutes(10)

    again = clinic.take(by_portal(REFILL, clinic.now, "evt-2", who=CHILD))

    assert clinic.ticket(again).merged_into == child


def test_an_answer_to_our_mail_goes_where_its_token_says(clinic: Clinic) -> None:
    mother, child = two_callers(clinic)
    unmerged(clinic, mother, child)

    to_mother = arrives(clinic, mailed(HOURS, "re-1", thread_token=token_of(mother)))
    to_child = arrives(clinic, mailed(HOURS, "re-2", thread_token=token_of(child)))

    assert clinic.ticket(to_mother).merged_into == mother
    assert clinic.ticket(to_child).merged_into == child


def test_a_thread_of_the_parted_ticket_leads_to_it_again(clinic: Clinic) -> None:
    first = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    second = arrives(clinic, mailed(REFILL, "m-1", thread="root@mail.example"))
    assert clinic.ticket(second).merged_into == first
    unmerged(clinic, first, second, reason="other_need")

    third = arrives(clinic, mailed(HOURS, "m-2", thread="root@mail.example"))

    assert clinic.ticket(third).merged_into == second


def test_a_thread_in_which_two_people_write_leads_to_nobody(clinic: Clinic) -> None:
    first = arrives(clinic, mailed(APPOINTMENT, "m-1", thread="root@mail.example"))
    second = arrives(clinic, mailed(APPOINTMENT, "m-2", thread="root@mail.example"))
    unmerged(clinic, first, second)

    third = arrives(clinic, mailed(REFILL, "m-3", thread="root@mail.example"))

    assert clinic.ticket(third).status is Status.ROUTED


def test_a_thread_of_one_person_with_two_needs_goes_on_leading_to_the_first(
    clinic: Clinic,
) -> None:
    first = arrives(clinic, mailed(APPOINTMENT, "m-1", thread="root@mail.example"))
    second = arrives(clinic, mailed(APPOINTMENT, "m-2", thread="root@mail.example"))
    unmerged(clinic, first, second, reason="other_need")

    third = arrives(clinic, mailed(APPOINTMENT, "m-3", thread="root@mail.example"))

    assert clinic.ticket(third).merged_into == first


# Several


def three(clinic: Clinic) -> tuple[str, list[str]]:
    """A refill by the portal, then two calls: a worse one, and the refill again."""
    first = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    clinic.now += minutes(10)
    worse = clinic.take(by_phone(WORSE, clinic.now, "call-1"))
    clinic.now += minutes(10)
    again = clinic.take(by_mail(REFILL, clinic.now, "mail-1"))
    return first, [worse, again]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_they_come_apart_in_any_order(clinic: Clinic, order: tuple[int, int]) -> None:
    first, merged = three(clinic)

    for number in order:
        assert unmerged(clinic, first, merged[number])["status_code"] == 200

    after = clinic.ticket(first)
    assert (int(after.urgency), after.channels, after.merged_from) == (4, (Channel.EHR,), ())
    assert [int(clinic.ticket(each).urgency) for each in merged] == [5, 4]


def test_one_from_the_middle_tells_the_later_ones_what_would_have_been(clinic: Clinic) -> None:
    first, (worse, again) = three(clinic)

    unmerged(clinic, first, worse)

    assert clinic.ticket(first).merged_from == (again,)
    assert Action.RESTATED in clinic.actions(again)
    assert int(clinic.ticket(first).urgency) == 4


def test_a_recording_goes_with_the_words_of_its_call(clinic: Clinic) -> None:
    first = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    call = {"source": "phone", "channel": Channel.PHONE, "thread": "call-7"}
    unsaid = {"text": "", "awaits": True, "event_id": "rec-1"}
    recording = arrives(clinic, mailed(**{**unsaid, **call}))  # type: ignore[arg-type]
    said = arrives(clinic, mailed(REFILL, "tr-1", **call))
    assert clinic.ticket(first).merged_from == (said, recording)
    assert unmerged(clinic, first, recording)["status_code"] == 409

    unmerged(clinic, first, said)

    assert clinic.ticket(first).merged_from == ()
    assert clinic.ticket(said).merged_from == (recording,)
    assert clinic.ticket(recording).merged_into == said


def test_the_further_needs_of_a_message_follow_it(clinic: Clinic) -> None:
    first = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    clinic.now += minutes(10)
    second = arrives(clinic, mailed(BOTH, "mail-1"))
    (bill,) = clinic.ticket(first).linked

    unmerged(clinic, first, second)

    assert clinic.ticket(first).linked == (second,)
    assert clinic.ticket(second).linked == (first, bill)
    assert clinic.ticket(bill).linked == (second,)


# All or nothing


def test_a_write_that_fails_leaves_everything_merged(clinic: Clinic) -> None:
    mother, child = two_callers(clinic, REFILL, WORSE)
    before = [clinic.ticket(each) for each in (mother, child)]

    with clinic.wire.failing(_refused):
        answer = unmerged(clinic, mother, child)

    assert answer["status_code"] == 500
    assert [clinic.ticket(each) for each in (mother, child)] == before


def test_it_is_one_transaction_with_room_for_all_that_was_merged_later(clinic: Clinic) -> None:
    mother = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    worse = clinic.take(by_phone(WORSE, clinic.now, "call-0"))
    for number in range(MOST_RESTATED):
        clinic.take(by_phone(REFILL, clinic.now, f"call-{number + 1}"))
    seen(clinic, mother)  # the session has begun
    clinic.wire.calls.clear()

    assert unmerged(clinic, mother, worse)["status_code"] == 200

    (written,) = clinic.wire.of("TransactWriteItems")
    assert len(written["TransactItems"]) <= 100


def test_when_too_much_was_merged_later_that_is_taken_out_first(clinic: Clinic) -> None:
    mother = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    worse = clinic.take(by_phone(WORSE, clinic.now, "call-0"))
    later = [
        clinic.take(by_phone(REFILL, clinic.now, f"call-{number + 1}"))
        for number in range(MOST_RESTATED + 1)
    ]
    assert unmerged(clinic, mother, worse)["status_code"] == 409

    assert unmerged(clinic, mother, later[-1])["status_code"] == 200

    assert unmerged(clinic, mother, worse)["status_code"] == 200


def _refused(_at: int, call: Call) -> Fault | None:
    return Fault.REFUSED if call.operation == "TransactWriteItems" else None


# Refused


def test_what_was_not_merged_into_it_cannot_be_taken_out(clinic: Clinic) -> None:
    mother = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    other = clinic.take(by_portal(APPOINTMENT, clinic.now, "evt-2"))

    answer = unmerged(clinic, mother, other)

    assert (answer["status_code"], answer["message"]) == (
        409,
        "unmerge: it was not merged into this ticket",
    )


def test_twice_is_refused_with_the_state_that_it_has(clinic: Clinic) -> None:
    mother, child = two_callers(clinic)
    unmerged(clinic, mother, child)

    answer = unmerged(clinic, mother, child)

    assert (answer["status_code"], answer["message"]) == (409, "unmerge: it is routed, not merged")


def test_who_may_not_work_on_the_survivor_may_not_take_it_apart(clinic: Clinic) -> None:
    mother, child = two_callers(clinic)

    assert unmerged(clinic, mother, child, by="ivo")["status_code"] == 404
    assert clinic.ticket(child).status is Status.MERGED


def test_on_a_version_that_is_past_it_is_refused(clinic: Clinic) -> None:
    mother = clinic.take(by_phone(REFILL, clinic.now, "call-1"))
    version = clinic.ticket(mother).version
    child = clinic.take(by_phone(REFILL, clinic.now, "call-2"))

    answer = unmerged(clinic, mother, child, version=version)

    assert (answer["status_code"], answer["error"]) == (409, "changed_meanwhile")


@pytest.mark.parametrize(
    "fields", [{"reason": "because"}, {"ticket": ""}, {"status": "routed"}], ids=str
)
def test_a_body_that_does_not_fit_is_refused(clinic: Clinic, fields: dict[str, str]) -> None:
    mother, child = two_callers(clinic)

    assert unmerged(clinic, mother, child, **fields)["status_code"] == 422


def test_a_ticket_of_before_merges_could_be_undone_is_refused(clinic: Clinic) -> None:
    mother, child = two_callers(clinic)
    without_its_past(clinic, child)

    answer = unmerged(clinic, mother, child)

    assert answer["status_code"] == 409
    assert "before merges could be undone" in answer["message"]


def without_its_past(clinic: Clinic, ticket_id: str) -> Ticket:
    """The ticket as an earlier version stored it."""
    before = clinic.ticket(ticket_id)
    change = Change(before=before, after=replace(before, joined=None), entries=(an_entry(),))
    Plan(changes=[change]).commit(clinic._desk("nick")[0])
    return clinic.ticket(ticket_id)
