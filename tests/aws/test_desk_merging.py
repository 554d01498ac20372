"""Two tickets made one by a person at the desk, and two again when that was wrong."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from tests.aws.clinic import Clinic
from tests.aws.said import APPOINTMENT, CHEST_PAIN, REFILL
from tests.aws.senders import by_phone, by_portal
from tests.aws.test_desk_calls import OTHER, TICKET, Answer, Desk, a_desk
from tests.builders import (
    MONDAY_MORNING,
    a_message,
    a_requester,
    a_ticket,
    a_verdict,
    for_review,
    minutes,
)
from tests.holds import its_ledger_tells_where_it_is
from triagewire.arrival import Channel, Requester
from triagewire.errors import NotNowError
from triagewire.flow.merging import merge_in
from triagewire.flow.unmerging import UnmergeReason, unmerge
from triagewire.ledger.event import Action
from triagewire.routing.hand_merge import MergeReason
from triagewire.store.ledger import read_events
from triagewire.store.messages import add_message
from triagewire.store.table import commit
from triagewire.store.tickets import ticket_pk
from triagewire.ticket import Status, Ticket

THIRD = "THIRD" + "C" * 21
LATER = MONDAY_MORNING + minutes(30)
CHILD = a_requester(patient_id="MRN-9", name="Ben Marlow")


def first(**changes: Any) -> Ticket:  # noqa: ANN401
    return a_ticket(**{"id": TICKET, "assignee": "nell", "accepted_at": MONDAY_MORNING, **changes})


def second(score: int = 4, **changes: Any) -> Ticket:  # noqa: ANN401
    known = {"id": OTHER, "channels": (Channel.PHONE,), "source": "phone", **changes}
    return a_ticket(a_verdict(score), **known)


def merged(desk: Desk, by: str = "director", other: str = OTHER, **fields: object) -> Answer:
    body = {"ticket": other, "reason": "same_need", **fields}
    return desk.post(by, f"/desk/tickets/{TICKET}/merge", body, LATER)


def unmerged(desk: Desk, reason: str = "by_mistake") -> Answer:
    body = {"ticket": OTHER, "reason": reason}
    return desk.post("director", f"/desk/tickets/{TICKET}/unmerge", body, LATER + minutes(10))


def versions(desk: Desk) -> dict[str, Any]:
    """Both as somebody saw them who decides on it."""
    return {"version": desk.ticket().version, "other_version": desk.ticket(OTHER).version}


@pytest.fixture
def desk() -> Iterator[Desk]:
    """Two refill requests of one patient, by the portal and by phone, each with its nurse."""
    with a_desk(first(), second(assignee="nick")) as opened:
        yield opened


# What the one is


def test_the_other_one_leads_to_it_with_its_words_and_its_owner_is_free(desk: Desk) -> None:
    answer = merged(desk)

    shown = desk.get("director", f"/desk/tickets/{OTHER}").body
    assert (answer.status, answer.body["id"], answer.body["assignee"]) == (200, TICKET, "nell")
    assert (shown["id"], shown["merged_from"]) == (TICKET, [OTHER])
    assert {each["ticket"] for each in shown["messages"]} == {TICKET, OTHER}
    assert answer.body["duplicate_channels"] == ["phone"]
    assert (desk.load_of("nell"), desk.load_of("nick")) == (4, 0)


def test_a_worse_one_brings_its_urgency_its_queue_and_its_page() -> None:
    with a_desk(
        a_ticket(a_verdict(2), id=TICKET, assignee="sami"), second(5, assignee="nick")
    ) as desk:
        answer = merged(desk)

        after = desk.ticket()
        assert (answer.body["urgency"], answer.body["team"]) == (5, "clinical")
        assert after.must_page
        assert after.timer is not None
        assert after.timer.at <= LATER
        assert desk.load_of("sami") == 0


def test_the_earlier_promise_holds() -> None:
    earlier = second(at=MONDAY_MORNING - minutes(50))
    with a_desk(first(), earlier) as desk:
        merged(desk)

        clock = desk.ticket().clock

    assert clock is not None
    assert earlier.clock is not None
    assert clock.due_at == earlier.clock.due_at


def test_the_next_sweep_pages_for_a_worse_one(clinic: Clinic) -> None:
    calm = clinic.take(by_portal(APPOINTMENT, clinic.now, "evt-1"))
    urgent = clinic.take(by_phone(CHEST_PAIN, clinic.now, "call-1"))
    assert clinic.ticket(urgent).status is Status.ROUTED
    paged = len(clinic.paged())

    merge_in(*clinic._desk("director"), calm, urgent, MergeReason.SAME_NEED)
    clinic.pass_minutes(1)

    assert len(clinic.paged()) > paged
    assert calm in clinic.notices("page")[-1]["text"]


def test_both_ledgers_say_who_made_them_one_and_why(desk: Desk) -> None:
    merged(desk, reason="sent_twice")

    for ticket, action in ((TICKET, Action.ABSORBED), (OTHER, Action.MERGED)):
        events = read_events(desk.tables, ticket_pk(ticket))
        told = next(each for each in events if each.action is action)
        assert (told.actor, told.why) == ("staff:director", "sent_twice")
        assert told.detail["by_hand"] is True


def test_a_reply_may_be_taken_back_although_its_ticket_was_merged_twice(desk: Desk) -> None:
    desk.store(second(id=THIRD))
    written = desk.act("director", "reply", THIRD, LATER, text="Wrong patient!").body["message"]
    body = {"ticket": THIRD, "reason": "same_need"}
    desk.post("director", f"/desk/tickets/{OTHER}/merge", body, LATER)
    merged(desk)

    undone = desk.act("director", "undo-reply", at=LATER, message=written)

    assert (undone.status, undone.body["id"]) == (200, TICKET)


def test_one_that_had_taken_in_others_brings_their_words_along(desk: Desk) -> None:
    desk.store(second(id=THIRD))
    body = {"ticket": THIRD, "reason": "same_need"}
    desk.post("director", f"/desk/tickets/{OTHER}/merge", body, LATER)

    merged(desk)

    shown = desk.get("director", f"/desk/tickets/{THIRD}").body
    assert shown["id"] == TICKET
    assert {each["ticket"] for each in shown["messages"]} == {TICKET, OTHER, THIRD}


def test_a_later_message_of_the_merged_one_lands_on_the_one(clinic: Clinic) -> None:
    one = clinic.take(by_portal(APPOINTMENT, clinic.now, "evt-1"))
    other = clinic.take(by_phone(REFILL, clinic.now, "call-1"))
    merge_in(*clinic._desk("director"), one, other, MergeReason.SAME_NEED)
    clinic.now += minutes(10)

    again = clinic.take(by_phone(REFILL, clinic.now, "call-2"))

    assert clinic.ticket(again).merged_into == one


# Two again


def test_an_unmerge_gives_both_back_their_urgency_and_their_promises() -> None:
    one, other = first(), second(5, assignee="nick", at=MONDAY_MORNING - minutes(5))
    with a_desk(one, other) as desk:
        merged(desk)

        assert unmerged(desk).status == 200

        kept, parted = desk.ticket(), desk.ticket(OTHER)
        assert (kept.urgency, kept.clock, kept.team) == (one.urgency, one.clock, one.team)
        assert (parted.urgency, parted.clock, parted.team) == (5, other.clock, other.team)
        assert (parted.status, parted.merged_into) == (Status.ROUTED, None)
        assert parted.timer is not None


def test_what_was_answered_before_the_merge_is_not_owed_again_after_it() -> None:
    answered = second()
    with a_desk(first(), answered) as desk:
        desk.act("nick", "respond", OTHER, how="called")
        kept = desk.ticket(OTHER).clock

        merged(desk)
        unmerged(desk)

        assert desk.ticket(OTHER).clock == kept


def test_the_routes_of_both_can_be_told_from_their_ledgers(desk: Desk) -> None:
    merged(desk)
    unmerged(desk)

    for ticket in (TICKET, OTHER):
        events = list(read_events(desk.tables, ticket_pk(ticket)))
        its_ledger_tells_where_it_is(desk.ticket(ticket), events)


def test_what_a_person_told_apart_as_two_people_is_never_one_again(desk: Desk) -> None:
    merged(desk)
    unmerged(desk, "other_person")

    answer = merged(desk)

    assert (answer.status, answer.body["error"]) == (409, "not_now")
    assert "two people" in answer.body["message"]


def test_what_was_told_apart_by_mistake_may_be_one_again(desk: Desk) -> None:
    merged(desk)
    unmerged(desk)

    assert merged(desk).status == 200


# What is refused


@pytest.mark.parametrize(
    "who",
    [
        CHILD,
        a_requester(patient_id=None, name="Ben Marlow"),
        a_requester(patient_id=None, email="c@mail.example", phone="+15550100999"),
        Requester(kind=a_requester().kind),
    ],
)
def test_two_people_are_not_made_one_and_the_answer_holds_nothing_of_either(
    who: Requester,
) -> None:
    with a_desk(first(), second(requester=who)) as desk:
        before = desk.ticket()

        answer = merged(desk)

        assert (answer.status, answer.body["error"]) == (409, "not_now")
        assert "two people" in answer.body["message"]
        assert not any(each in answer.text for each in ("Marlow", "MRN", "mail.example", "555"))
        assert desk.ticket() == before


@pytest.mark.parametrize(
    ("other", "word"),
    [
        (a_ticket(for_review(), id=OTHER), "review"),
        (second(status=Status.RESOLVED, resolved_at=MONDAY_MORNING), "resolved"),
        (replace(second(status=Status.CLOSED), timer=None), "closed"),
    ],
)
def test_what_is_no_open_decided_ticket_is_not_merged(other: Ticket, word: str) -> None:
    with a_desk(first(), other) as desk:
        answer = merged(desk)

    assert (answer.status, answer.body["error"]) == (409, "not_now")
    assert word in answer.body["message"]


@pytest.mark.parametrize("status", [Status.RESOLVED, Status.CLOSED])
def test_nothing_is_merged_into_what_is_done(status: Status) -> None:
    done = replace(first(status=status, resolved_at=MONDAY_MORNING), assignee=None)
    if status is Status.CLOSED:
        done = replace(done, timer=None)
    with a_desk(done, second()) as desk:
        answer = merged(desk)

        assert (answer.status, desk.ticket(OTHER).status) == (409, Status.ROUTED)


def test_a_ticket_is_not_merged_into_itself(desk: Desk) -> None:
    answer = merged(desk, other=TICKET)

    assert (answer.status, answer.body["error"]) == (409, "not_now")
    assert "itself" in answer.body["message"]


def test_what_is_merged_already_is_named_and_makes_no_ring(desk: Desk) -> None:
    merged(desk)

    again = merged(desk)
    ring = desk.post(
        "director", f"/desk/tickets/{OTHER}/merge", {"ticket": TICKET, "reason": "same_need"}
    )

    assert (again.status, ring.status) == (409, 409)
    assert "already" in again.body["message"]
    assert TICKET in ring.body["message"]


def test_what_was_merged_elsewhere_meanwhile_is_named(desk: Desk) -> None:
    desk.store(second(id=THIRD))
    body = {"ticket": OTHER, "reason": "same_need"}
    desk.post("director", f"/desk/tickets/{THIRD}/merge", body, LATER)

    answer = merged(desk)

    assert (answer.status, answer.body["error"]) == (409, "not_now")
    assert THIRD in answer.body["message"]


def test_a_ticket_that_one_may_not_work_on_is_not_there(desk: Desk) -> None:
    desk.store(a_ticket(a_verdict(3), id=THIRD))

    hidden, absent = merged(desk, "nick", THIRD), merged(desk, "nick", "NOWHERE" + "C" * 19)

    assert hidden.status == absent.status == 404
    assert hidden.body == absent.body
    last = list(read_events(desk.tables, ticket_pk(THIRD)))[-1]
    assert (last.action, last.actor) == (Action.DENIED, "staff:nick")


def test_a_ticket_of_another_site_is_not_there(desk: Desk) -> None:
    desk.store(replace(second(id=THIRD), site="west"))

    assert merged(desk, other=THIRD).status == 404


@pytest.mark.parametrize("field", ["version", "other_version"])
def test_what_changed_since_it_was_looked_at_is_told_of_either(desk: Desk, field: str) -> None:
    seen = versions(desk)
    changed = TICKET if field == "version" else OTHER
    desk.act("director", "note", changed, text="Her daughter called.")

    answer = merged(desk, **seen)

    assert (answer.status, answer.body["error"]) == (409, "changed_meanwhile")
    assert (answer.body["id"], answer.body["changed"]) == (changed, ["noted"])


def test_a_double_click_merges_once(desk: Desk) -> None:
    seen = versions(desk)

    one, again = merged(desk, **seen), merged(desk, **seen)

    assert (one.status, again.status) == (200, 409)
    assert again.body["error"] == "changed_meanwhile"
    assert desk.ticket().merged_from == (OTHER,)


# Races


def test_of_two_who_merge_the_two_the_other_way_round_one_wins(clinic: Clinic) -> None:
    one = clinic.take(by_portal(APPOINTMENT, clinic.now, "evt-1"))
    other = clinic.take(by_phone(REFILL, clinic.now, "call-1"))

    def tries(pair: tuple[str, str]) -> str:
        try:
            return merge_in(*clinic._desk("director"), *pair, MergeReason.SAME_NEED).id
        except NotNowError:
            return "refused"

    with ThreadPoolExecutor(2) as both:
        results = list(both.map(tries, [(one, other), (other, one)]))

    assert sorted(each == "refused" for each in results) == [False, True]
    stand = [clinic.ticket(each) for each in (one, other)]
    assert sorted(each.status is Status.MERGED for each in stand) == [False, True]


def test_who_answers_the_merged_one_at_the_same_moment_answers_the_one(clinic: Clinic) -> None:
    one = clinic.take(by_portal(APPOINTMENT, clinic.now, "evt-1"))
    other = clinic.take(by_phone(REFILL, clinic.now, "call-1"))

    with ThreadPoolExecutor(2) as both:
        merging = both.submit(
            merge_in, *clinic._desk("director"), one, other, MergeReason.SAME_NEED
        )
        answering = both.submit(clinic.respond, other, "director")
        merging.result(), answering.result()

    assert clinic.ticket(other).merged_into == one
    assert Action.RESPONDED in [*clinic.actions(one), *clinic.actions(other)]


def test_after_both_are_apart_every_owner_carries_what_they_own(clinic: Clinic) -> None:
    one = clinic.take(by_portal(APPOINTMENT, clinic.now, "evt-1"))
    other = clinic.take(by_phone(REFILL, clinic.now, "call-1"))
    merge_in(*clinic._desk("director"), one, other, MergeReason.SAME_NEED)
    clinic.now += minutes(5)

    unmerge(*clinic._desk("director"), one, other, UnmergeReason.BY_MISTAKE)

    carried: dict[str, int] = {}
    for ticket in map(clinic.ticket, (one, other)):
        assert ticket.assignee is not None
        carried[ticket.assignee] = carried.get(ticket.assignee, 0) + int(ticket.urgency)
    loads = {**clinic.loads("clinical"), **clinic.loads("scheduling")}
    assert {who: weight for who, weight in loads.items() if weight} == carried


def test_what_patients_wrote_on_both_is_shown_as_written(desk: Desk) -> None:
    hostile = "<script>alert(1)</script> =1+1"
    message = a_message(ticket_id=OTHER, at=LATER, text=hostile)
    commit(desk.tables, [add_message(desk.tables, message, "north")])

    merged(desk)

    shown = desk.get("director", f"/desk/tickets/{TICKET}").body["messages"]
    assert hostile in [each["text"] for each in shown]
