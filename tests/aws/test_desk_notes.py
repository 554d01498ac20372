"""Notes for colleagues: kept as they were written, whatever was written."""

import json

import pytest

from tests.aws.test_desk_calls import TICKET, Answer, Desk, a_desk, a_request
from tests.builders import MONDAY_MORNING, a_ticket, a_verdict, for_review, minutes
from triagewire.flow.noting import LONGEST_NOTE
from triagewire.message import Direction
from triagewire.store.ledger import read_events
from triagewire.store.messages import read_messages
from triagewire.store.tickets import ticket_pk
from triagewire.ticket import Status, Ticket

CALLED = "Called at 9:40, no answer. Her daughter picks the tablets up on Friday."


def noted(desk: Desk, text: str = CALLED, by: str = "nick", **fields: object) -> Answer:
    return desk.post(by, f"/desk/tickets/{TICKET}/note", {"text": text, **fields})


def notes(desk: Desk) -> list[str]:
    said = read_messages(desk.tables, TICKET)
    return [message.text for message in said if message.direction is Direction.NOTE]


def test_a_note_is_shown_with_who_wrote_it_and_when() -> None:
    with a_desk() as desk:
        noted(desk)

        shown = desk.get("nell", f"/desk/tickets/{TICKET}").body["messages"][-1]

    assert (shown["text"], shown["author"], shown["direction"]) == (CALLED, "nick", "note")
    assert shown["at"] == MONDAY_MORNING.isoformat()


def test_the_ledger_says_that_there_is_a_note_and_not_a_word_of_it() -> None:
    with a_desk() as desk:
        noted(desk)

        last = list(read_events(desk.tables, ticket_pk(TICKET)))[-1]

        assert (last.action.value, last.actor) == ("noted", "staff:nick")
        assert "daughter" not in str(last) + desk.log.getvalue()


def test_a_note_changes_nothing_that_people_are_told_by() -> None:
    urgent = a_ticket(a_verdict(5), id=TICKET, assignee="nell")
    with a_desk(urgent) as desk:
        before = desk.ticket()

        noted(desk)

        after = desk.ticket()
        assert (after.timer, after.escalation, after.worked_at) == (
            before.timer,
            before.escalation,
            before.worked_at,
        )


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("<script>alert(1)</script><img src=x onerror=alert(1)>", id="markup"),
        pytest.param('=HYPERLINK("http://evil.example","click")', id="formula"),
        pytest.param("  two spaces\n\n\ttab and lines  ", id="white space"),
        pytest.param("{name} ${PATH} {{7*7}} %s", id="templates"),
        pytest.param("\u202etxet desrever\u2066", id="turned round"),
        pytest.param("La señora pide cita 今日 🩺", id="scripts"),
        pytest.param("before\u0000after", id="NUL"),
    ],
)
def test_a_note_is_kept_letter_for_letter(text: str) -> None:
    with a_desk() as desk:
        assert noted(desk, text).status == 200

        shown = desk.get("nick", f"/desk/tickets/{TICKET}").body["messages"][-1]

    assert shown["text"] == text


@pytest.mark.parametrize("letter", ["x", "ñ", "字", "🩺", "\u0001"])
def test_the_longest_note_gets_through_in_any_script_and_a_longer_one_is_named(letter: str) -> None:
    with a_desk() as desk:
        whole = noted(desk, letter * LONGEST_NOTE)
        longer = noted(desk, letter * (LONGEST_NOTE + 1))

        assert (whole.status, notes(desk)) == (200, [letter * LONGEST_NOTE])
    assert (longer.status, longer.body["fields"][0]["field"]) == (422, "text")


@pytest.mark.parametrize("text", ["", " \n\t "])
def test_a_note_that_says_nothing_is_refused(text: str) -> None:
    with a_desk() as desk:
        answer = noted(desk, text)

    assert (answer.status, answer.body["fields"][0]["field"]) == (422, "text")


def test_half_a_character_is_no_text() -> None:
    with a_desk() as desk:
        path = f"/desk/tickets/{TICKET}/note"

        answer = desk.send(a_request("nick", "POST", path, b'{"text": "\\ud800"}'))

    assert answer.status == 422


def test_the_same_note_sent_twice_with_its_version_is_kept_once() -> None:
    with a_desk() as desk:
        version = desk.ticket().version

        first, again = (noted(desk, version=version) for _ in range(2))

        assert (first.status, again.status) == (200, 409)
        assert again.body["changed"] == ["noted"]
        assert notes(desk) == [CALLED]


def test_two_notes_of_one_instant_are_both_kept_in_order() -> None:
    with a_desk() as desk:
        noted(desk, "first")
        noted(desk, "second", by="nell")

        assert notes(desk) == ["first", "second"]


@pytest.mark.parametrize(
    "ticket",
    [
        a_ticket(for_review(), id=TICKET),
        a_ticket(id=TICKET, status=Status.WAITING, wake_at=MONDAY_MORNING + minutes(60)),
        a_ticket(id=TICKET, status=Status.RESOLVED, resolved_at=MONDAY_MORNING),
    ],
)
def test_what_is_not_closed_for_good_takes_notes(ticket: Ticket) -> None:
    with a_desk(ticket) as desk:
        answer = noted(desk, by="director")

    assert (answer.status, answer.body["status"]) == (200, ticket.status.value)


def test_a_closed_ticket_takes_none() -> None:
    with a_desk(a_ticket(id=TICKET, status=Status.CLOSED, timer=None)) as desk:
        answer = noted(desk)

        assert (answer.status, answer.body["error"], notes(desk)) == (409, "not_now", [])


def test_a_note_with_a_handoff_and_one_by_itself_are_of_the_same_kind() -> None:
    with a_desk() as desk:
        body = {"reason": "workload", "member": "nell", "note": CALLED}
        desk.post("nick", f"/desk/tickets/{TICKET}/reassign", body)
        noted(desk)

        said = [each for each in read_messages(desk.tables, TICKET) if each.text == CALLED]

    assert json.dumps([each.author for each in said]) == '["nick", "nick"]'
    assert {each.direction for each in said} == {Direction.NOTE}
