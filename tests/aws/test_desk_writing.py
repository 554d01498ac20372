"""Who is writing on a ticket: colleagues see it, nobody is held up, and it runs out by itself."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from tests.aws.test_desk_calls import NORTH, OTHER, TICKET, Desk, a_desk, the_policy
from tests.builders import MONDAY_MORNING, a_message, a_site, a_ticket, a_verdict, minutes
from triagewire.arrival import Channel
from triagewire.message import Delivery, Direction, ReplyWay
from triagewire.routing.hand_merge import MergeReason
from triagewire.store.messages import add_message, message_sk
from triagewire.store.table import commit
from triagewire.ticket import Status


@pytest.fixture
def desk() -> Iterator[Desk]:
    """A refill request that Nick has."""
    with a_desk(a_ticket(id=TICKET, assignee="nick")) as opened:
        yield opened


def writes(desk: Desk, who: str, *, on: bool = True, at: datetime = MONDAY_MORNING) -> list[str]:
    answer = desk.post(who, f"/desk/tickets/{TICKET}/writing", {"writing": on}, at)
    assert answer.status == 200
    return [each["member"] for each in answer.body["writing"]]


def shown(desk: Desk, by: str = "nell", at: datetime = MONDAY_MORNING) -> dict[str, Any]:
    return desk.get(by, f"/desk/tickets/{TICKET}", at).body


def test_who_opens_the_ticket_sees_who_is_writing_since_when(desk: Desk) -> None:
    writes(desk, "nick")

    (writer,) = shown(desk)["writing"]

    assert (writer["member"], writer["name"]) == ("nick", "Nick Abara")
    assert writer["since"] == MONDAY_MORNING.isoformat()
    assert writer["until"] == (MONDAY_MORNING + minutes(2)).isoformat()


def test_two_who_write_learn_of_each_other_who_began_first_is_first(desk: Desk) -> None:
    assert writes(desk, "nick") == ["nick"]
    assert writes(desk, "nell", at=MONDAY_MORNING + minutes(0.5)) == ["nick", "nell"]


def changed(desk: Desk, who: str, seen: int) -> list[str]:
    body = {"version": seen}
    answer = desk.post(who, f"/desk/tickets/{TICKET}/writing", body)
    assert answer.status == 200
    return list(answer.body["changed"])


def test_it_tells_what_happened_since_one_looked_and_records_no_look(desk: Desk) -> None:
    seen = shown(desk)["version"]
    desk.post("nick", f"/desk/tickets/{TICKET}/respond", {"how": "called"})

    assert changed(desk, "nell", seen) == ["accepted", "responded"]
    looks = [each for each in shown(desk)["timeline"] if each["action"] == "viewed"]
    assert len(looks) == 2


def test_who_only_asks_learns_who_writes_and_stops_nobody(desk: Desk) -> None:
    writes(desk, "nick")

    asked = [desk.post(who, f"/desk/tickets/{TICKET}/writing", {}) for who in ("nick", "audra")]

    assert [each.status for each in asked] == [200, 200]
    assert [[one["member"] for one in each.body["writing"]] for each in asked] == [["nick"]] * 2


def test_an_auditor_may_ask_and_not_say(desk: Desk) -> None:
    answer = desk.post("audra", f"/desk/tickets/{TICKET}/writing", {"writing": True})

    assert answer.status == 404


def test_that_a_colleague_looked_is_nothing_to_be_told(desk: Desk) -> None:
    seen = shown(desk)["version"]
    shown(desk, by="nick")

    assert changed(desk, "nell", seen) == []


def test_without_a_version_nothing_is_told_to_have_happened(desk: Desk) -> None:
    answer = desk.post("nick", f"/desk/tickets/{TICKET}/writing", {"writing": True})

    assert answer.body["changed"] == []


def test_a_version_that_the_ticket_has_not_had_is_refused(desk: Desk) -> None:
    body = {"writing": False, "version": 4_000}
    answer = desk.post("nick", f"/desk/tickets/{TICKET}/writing", body)

    assert (answer.status, answer.body["fields"][0]["field"]) == (422, "version")


def test_it_runs_out_after_two_minutes_unless_it_is_renewed(desk: Desk) -> None:
    writes(desk, "nick")
    writes(desk, "nick", at=MONDAY_MORNING + minutes(1))

    until = MONDAY_MORNING + minutes(2.9)
    (writer,) = shown(desk, at=until)["writing"]
    assert writer["since"] == MONDAY_MORNING.isoformat()
    assert shown(desk, at=MONDAY_MORNING + minutes(3))["writing"] == []


def test_who_begins_again_after_it_ran_out_has_begun_then(desk: Desk) -> None:
    writes(desk, "nick")
    again = MONDAY_MORNING + minutes(10)

    writes(desk, "nick", at=again)

    (writer,) = shown(desk, at=again)["writing"]
    assert writer["since"] == again.isoformat()


def test_who_stops_is_not_shown(desk: Desk) -> None:
    writes(desk, "nick")

    assert writes(desk, "nick", on=False) == []
    assert shown(desk)["writing"] == []


def test_nobody_is_kept_from_anything(desk: Desk) -> None:
    writes(desk, "nick")

    assert desk.act("nora", "resolve", outcome="done").status == 200
    assert desk.ticket().status is Status.RESOLVED


def test_it_changes_nothing_of_the_ticket_and_is_not_in_the_ledger(desk: Desk) -> None:
    before = desk.ticket()

    writes(desk, "nick")

    assert (desk.ticket(), desk.actions()) == (before, [])


def test_who_has_left_the_roster_is_named_by_the_id(desk: Desk) -> None:
    writes(desk, "nick")
    left = {name: member for name, member in NORTH.items() if name != "nick"}
    policy = the_policy()
    desk.publish(replace(policy, sites={**policy.sites, "north": a_site(members=left)}))

    assert shown(desk, "nora")["writing"][0]["name"] == "nick"


# What else stands beside a ticket


def test_merged_and_linked_tickets_are_lines_and_of_hidden_ones_the_id_alone() -> None:
    hidden = "HIDDEN" + "C" * 20
    ticket = a_ticket(id=TICKET, linked=(OTHER, hidden))
    billing = a_ticket(a_verdict(3), id=hidden)
    twin = "TWIN" + "D" * 22
    with a_desk(ticket, a_ticket(id=OTHER), billing, a_ticket(id=twin)) as desk:
        desk.act("nora", "merge", ticket=twin, reason=MergeReason.SENT_TWICE.value)

        for_nick = {each["id"]: each for each in shown(desk, "nick")["duplicates"]}
        for_nora = {each["id"]: each for each in shown(desk, "nora")["duplicates"]}

    assert set(for_nick) == set(for_nora) == {OTHER, hidden, twin}
    assert for_nick[hidden] == {"id": hidden}
    assert (for_nick[twin]["status"], for_nick[OTHER]["status"]) == ("merged", "routed")
    assert for_nora[hidden]["topic"] == "prior_auth"


def test_a_linked_ticket_that_is_no_more_is_its_id() -> None:
    with a_desk(a_ticket(id=TICKET, linked=(OTHER,))) as desk:
        assert shown(desk)["duplicates"] == [{"id": OTHER}]


def test_a_reply_goes_where_the_requester_wrote_from() -> None:
    mailed = a_ticket(id=TICKET, channels=(Channel.EMAIL,), source="mailbox")
    with a_desk(mailed) as desk:
        reply = shown(desk)["reply"]

    assert reply == {
        "way": "email",
        "to": "ada.marlow@mail.example",
        "barred": None,
        "why": None,
    }


def test_a_message_of_ours_says_by_which_way_it_goes_and_until_when_it_can_be_taken_back(
    desk: Desk,
) -> None:
    leaves = MONDAY_MORNING + minutes(0.2)
    message = a_message(
        ticket_id=TICKET,
        number=7,
        direction=Direction.OUTBOUND,
        delivery=Delivery.PENDING,
        way=ReplyWay.EMAIL,
        author="nick",
        send_at=leaves,
    )
    commit(desk.tables, [add_message(desk.tables, message, "north")])

    theirs, ours = shown(desk)["messages"]

    assert (theirs["way"], theirs["send_at"], theirs["undo_until"]) == (None, None, None)
    assert (ours["id"], ours["way"]) == (message_sk(message), "email")
    assert (ours["send_at"], ours["undo_until"]) == (leaves.isoformat(), leaves.isoformat())
