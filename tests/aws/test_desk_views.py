"""What staff see: a queue in working order and without words, a ticket whole and recorded."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.aws.test_desk_calls import OTHER, SECRET, TICKET, Desk, a_desk
from tests.builders import (
    MONDAY_MORNING,
    a_requester,
    a_site,
    a_ticket,
    a_verdict,
    for_review,
    minutes,
)
from tests.template import ROOT
from triagewire.clock.promise import PauseReason
from triagewire.clock.sla import start_clock
from triagewire.flow.handing import HandoffReason
from triagewire.flow.staff import Outcome, ReopenReason
from triagewire.flow.working import Answer
from triagewire.label import Basis
from triagewire.ledger.chain import first_fault
from triagewire.message import Message
from triagewire.store.ledger import read_events
from triagewire.store.messages import read_messages
from triagewire.store.queues import Queued, QueueRead
from triagewire.store.table import Tables
from triagewire.store.tickets import ticket_pk
from triagewire.ticket import Status
from triagewire.verdict import Reason, RuleSet

QUEUE = "/desk/queues/north/clinical"
CODES = (HandoffReason, Basis, Outcome, ReopenReason, Answer, PauseReason, Status)


@pytest.fixture
def desk() -> Iterator[Desk]:
    """The desk of one test."""
    with a_desk() as opened:
        yield opened


def test_a_queue_shows_the_most_urgent_first_and_then_what_is_due_first(desk: Desk) -> None:
    early, urgent = "EARLY" + "A" * 21, "URGENT" + "A" * 20
    desk.store(a_ticket(id=early, at=MONDAY_MORNING - minutes(30)))
    desk.store(a_ticket(a_verdict(5), id=urgent))

    answer = desk.get("nick", QUEUE)

    assert [each["id"] for each in answer.body["tickets"]] == [urgent, early, TICKET]


def test_what_was_answered_stands_behind_what_still_waits_for_an_answer(desk: Desk) -> None:
    early, settling = (
        MONDAY_MORNING - minutes(30),
        start_clock(480, a_site().calendar, MONDAY_MORNING),
    )
    desk.store(a_ticket(id=OTHER, at=early, resolution=settling))
    desk.act("nick", "respond", OTHER, how="called")

    answer = desk.get("nick", QUEUE)

    assert [each["id"] for each in answer.body["tickets"]] == [TICKET, OTHER]


def test_a_queue_holds_no_word_and_no_identity_of_a_requester(desk: Desk) -> None:
    reason = Reason(rule="r", set=RuleSet.CLINICAL, text_span=SECRET, effect="score 4")
    person = a_requester(name="Orlando Quiroz", patient_id="MRN-777", email="o.q@mail.example")
    desk.store(a_ticket(a_verdict(4, reasons=(reason,)), id=OTHER, requester=person))

    answer = desk.get("nick", QUEUE)

    for word in (SECRET, "Orlando", "MRN-777", "o.q@mail", "1961"):
        assert word not in answer.text


def test_a_queue_line_says_how_much_of_the_promise_is_left(desk: Desk) -> None:
    (line,) = desk.get("nick", QUEUE, at=MONDAY_MORNING + minutes(90)).body["tickets"]

    clock = line["clock"]
    assert (clock["state"], clock["elapsed_minutes"], clock["remaining_minutes"]) == (
        "running",
        90,
        30,
    )


def test_a_ticket_that_was_just_closed_is_not_shown_though_the_index_still_has_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.act("nick", "resolve", outcome="done")
    behind = QueueRead(entries=(Queued(ticket_id=TICKET, rank="5"),), after=None)
    monkeypatch.setattr("triagewire.flow.listing.read_queue", lambda *_, **__: behind)

    assert desk.get("nick", QUEUE).body["tickets"] == []


def test_a_review_queue_shows_the_higher_candidate(desk: Desk) -> None:
    desk.store(a_ticket(for_review(candidate=4, score=2), id=OTHER))

    (line,) = desk.get("rhea", "/desk/queues/north/review").body["tickets"]

    assert (line["review"], line["urgency"]) == (True, 4)


def test_looking_at_a_queue_changes_no_ticket(desk: Desk) -> None:
    before = desk.ticket()

    desk.get("nick", QUEUE)

    assert desk.ticket() == before


def test_a_ticket_shows_what_was_said_who_asks_and_why_it_was_scored_so(desk: Desk) -> None:
    shown = desk.get("nick", f"/desk/tickets/{TICKET}").body

    assert [message["text"] for message in shown["messages"]] == [SECRET]
    assert shown["requester"]["name"] == "Ada Marlow"
    assert shown["verdict"]["reasons"][0]["rule"] == "refill-rule"


def test_who_opens_a_ticket_stands_in_its_ledger_before_they_read_it(desk: Desk) -> None:
    shown = desk.get("audra", f"/desk/tickets/{TICKET}").body

    last = shown["timeline"][-1]
    assert (last["actor"], last["action"], last["at"]) == (
        "staff:audra",
        "viewed",
        MONDAY_MORNING.isoformat(),
    )
    assert desk.actions() == ["viewed"]


def test_nothing_is_shown_when_the_view_cannot_be_recorded(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ConnectionError

    monkeypatch.setattr("triagewire.flow.context.commit", fail)

    answer = desk.get("nick", f"/desk/tickets/{TICKET}")

    assert answer.status == 500
    assert SECRET not in answer.text


def test_the_timeline_is_the_ledger_and_the_ledger_is_whole(desk: Desk) -> None:
    desk.act("nick", "claim")
    shown = desk.get("nick", f"/desk/tickets/{TICKET}").body

    stored = desk.ticket()
    events = list(read_events(desk.tables, ticket_pk(TICKET)))
    assert [each["action"] for each in shown["timeline"]] == ["routed", "claimed", "viewed"]
    assert first_fault(ticket_pk(TICKET), events, stored.version, stored.ledger_head) is None


def test_the_id_of_a_merged_ticket_leads_to_the_survivor_with_both_texts(desk: Desk) -> None:
    merged = a_ticket(id=OTHER, status=Status.MERGED, merged_into=TICKET, timer=None)
    desk.store(merged, text="It is worse since noon")
    desk.store(a_ticket(id="S" * 26, merged_from=(OTHER,)), text="My ankle hurts")
    desk.store(replace(merged, id="M" * 26, merged_into="S" * 26))

    shown = desk.get("nick", f"/desk/tickets/{'M' * 26}").body

    assert shown["id"] == "S" * 26
    assert {each["text"] for each in shown["messages"]} == {
        "My ankle hurts",
        "It is worse since noon",
    }


def test_a_conversation_of_many_messages_is_shown_whole_and_each_is_read_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = [f"{number:026d}".replace("0", "A").replace("1", "B") for number in range(2, 32)]
    for each in parts:
        gone = a_ticket(id=each, status=Status.MERGED, merged_into="S" * 26, timer=None)
        desk.store(gone, text=f"Still waiting {each}")
    desk.store(a_ticket(id="S" * 26, merged_from=tuple(parts)), text="My ankle hurts")
    asked: list[str] = []

    def counted(tables: Tables, ticket_id: str) -> Iterator[Message]:
        asked.append(ticket_id)
        return read_messages(tables, ticket_id)

    monkeypatch.setattr("triagewire.store.messages.read_messages", counted)

    shown = desk.get("nick", f"/desk/tickets/{'S' * 26}").body

    assert {each["ticket"] for each in shown["messages"]} == {"S" * 26, *parts}
    assert sorted(asked) == sorted(["S" * 26, *parts])


def test_the_id_of_a_merged_ticket_can_be_worked_on_as_the_survivor(desk: Desk) -> None:
    desk.store(a_ticket(id=OTHER, status=Status.MERGED, merged_into=TICKET, timer=None))

    answer = desk.act("nick", "claim", OTHER)

    assert (answer.body["id"], answer.body["assignee"]) == (TICKET, "nick")


def test_merged_tickets_that_point_at_each_other_end_and_stay_closed(desk: Desk) -> None:
    for one, two in ((OTHER, "S" * 26), ("S" * 26, OTHER)):
        desk.store(a_ticket(id=one, status=Status.MERGED, merged_into=two, timer=None))

    assert desk.act("nick", "claim", OTHER).status == 409


def test_the_clock_of_a_closed_ticket_stands_still(desk: Desk) -> None:
    desk.act("nick", "resolve", at=MONDAY_MORNING + minutes(20), outcome="done")

    tomorrow = MONDAY_MORNING + minutes(24 * 60)
    clock = desk.get("nick", f"/desk/tickets/{TICKET}", at=tomorrow).body["clock"]

    assert (clock["state"], clock["elapsed_minutes"], clock["breached"]) == ("stopped", 20, False)


def test_an_action_answers_without_a_patients_words(desk: Desk) -> None:
    answer = desk.act("nick", "claim")

    assert SECRET not in answer.text
    assert "Ada" not in answer.text


def test_markup_in_a_message_comes_back_as_it_was_written(desk: Desk) -> None:
    written = '<script>alert("x")</script> \u202e & \N{STETHOSCOPE}'
    desk.store(a_ticket(id=OTHER), text=written)

    shown = desk.get("nick", f"/desk/tickets/{OTHER}").body

    assert shown["messages"][0]["text"] == written


def test_the_log_holds_ids_codes_and_times_only(desk: Desk) -> None:
    desk.get("nick", f"/desk/tickets/{TICKET}")
    desk.act("nick", "reassign", reason="workload", member="nell", note=SECRET)

    line = json.loads(desk.log.getvalue().splitlines()[0])

    assert {"method", "route", "status", "milliseconds", "request_id"} <= line.keys()
    assert line["member"] == "nick"
    for word in (SECRET, "Ada", "MRN-4401", "lisinopril"):
        assert word not in desk.log.getvalue()


def test_the_document_names_every_field_and_every_code(desk: Desk) -> None:
    written = set(re.findall(r"`(\w+)`", (ROOT / "docs" / "desk-api.md").read_text("utf-8")))
    shown = desk.get("nick", f"/desk/tickets/{TICKET}").body
    codes = {each.value for kind in CODES for each in kind}

    assert shown.keys() | shown["clock"].keys() | codes <= written
