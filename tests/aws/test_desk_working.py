"""What owners do with their work: take it up and answer. Waiting has a file of its own."""

from dataclasses import replace

from tests.aws.test_desk_calls import TICKET, Desk, a_desk
from tests.builders import MONDAY_MORNING, a_site, a_ticket, a_verdict, for_review, minutes
from triagewire.clock.promise import CalendarKind
from triagewire.clock.sla import start_clock
from triagewire.store.handlers import load_handler
from triagewire.store.ledger import read_events
from triagewire.store.tickets import ticket_pk
from triagewire.ticket import Status, TimerKind

AT, LATER = MONDAY_MORNING, MONDAY_MORNING + minutes(30)
SETTLING = start_clock(480, a_site().calendar, AT, kind=CalendarKind.SITE)
UNHELD = a_ticket(id=TICKET, resolution=SETTLING)
GIVEN = a_ticket(id=TICKET, assignee="nick", assigned_at=AT, resolution=SETTLING)
TAKEN_UP = replace(GIVEN, status=Status.ACCEPTED, accepted_at=AT)
URGENT = a_ticket(a_verdict(5), id=TICKET, assignee="nick", assigned_at=AT)
IN_REVIEW = a_ticket(for_review(candidate=5, score=2), id=TICKET)


def detail(desk: Desk, action: str) -> dict[str, object]:
    """The detail of the last event of an action."""
    events = read_events(desk.tables, ticket_pk(TICKET))
    return dict([event.detail for event in events if event.action.value == action][-1])


def timer(desk: Desk) -> TimerKind:
    """What the system does next for the ticket."""
    found = desk.ticket().timer
    assert found is not None
    return found.kind


def test_who_accepts_has_taken_it_up_and_it_returns_to_no_queue() -> None:
    with a_desk(GIVEN) as desk:
        answer = desk.act("nick", "accept", at=LATER)

        assert (answer.body["status"], answer.body["accepted_at"]) == (
            "accepted",
            LATER.isoformat(),
        )
        assert desk.actions() == ["accepted"]
        assert timer(desk) is not TimerKind.RETURN


def test_accepting_what_one_has_accepted_changes_nothing() -> None:
    with a_desk(TAKEN_UP) as desk:
        before = desk.ticket()

        answer = desk.act("nick", "accept", at=LATER)

        assert (answer.status, desk.ticket()) == (200, before)


def test_accepting_what_nobody_holds_claims_it() -> None:
    with a_desk(UNHELD) as desk:
        answer = desk.act("nick", "accept")

        assert (answer.body["assignee"], answer.body["status"]) == ("nick", "accepted")
        assert (desk.load_of("nick"), desk.actions()) == (4, ["claimed"])


def test_what_somebody_else_holds_cannot_be_accepted() -> None:
    with a_desk(GIVEN) as desk:
        answer = desk.act("nell", "accept")

        assert (answer.status, answer.body["message"]) == (
            409,
            "held by nick: reassign it with a reason",
        )


def test_accepting_is_no_first_response() -> None:
    with a_desk(GIVEN) as desk:
        answer = desk.act("nick", "accept", at=LATER)

        assert (answer.body["clock"]["state"], answer.body["responded_at"]) == ("running", None)


def test_accepting_an_urgent_ticket_does_not_stop_its_pages() -> None:
    with a_desk(URGENT) as desk:
        desk.act("nick", "accept")

        assert timer(desk) is TimerKind.PAGE


def test_a_review_that_somebody_takes_up_stays_a_review() -> None:
    with a_desk(IN_REVIEW) as desk:
        answer = desk.act("rhea", "accept")

        assert (answer.body["status"], answer.body["review"]) == ("accepted", True)


def test_an_answer_stops_the_clock_of_the_first_response_and_no_other() -> None:
    with a_desk(TAKEN_UP) as desk:
        answer = desk.act("nick", "respond", at=LATER, how="called")

        clock, settling = answer.body["clock"], answer.body["resolution"]
        assert (clock["state"], clock["stopped_at"]) == ("stopped", LATER.isoformat())
        assert (settling["state"], settling["stopped_at"]) == ("running", None)
        assert answer.body["responded_at"] == LATER.isoformat()
        assert timer(desk) is TimerKind.REMIND_RESOLUTION


def test_a_stopped_clock_shows_the_time_that_it_took_whenever_one_looks() -> None:
    with a_desk(TAKEN_UP) as desk:
        desk.act("nick", "respond", at=LATER, how="called")

        look = desk.get("nick", f"/desk/tickets/{TICKET}", at=LATER + minutes(60)).body["clock"]

        assert (look["elapsed_minutes"], look["paused_minutes"]) == (30, 0)


def test_an_answer_stops_the_pages() -> None:
    with a_desk(URGENT) as desk:
        desk.act("nora", "respond", at=AT + minutes(2), how="called")

        assert timer(desk) is not TimerKind.PAGE


def test_an_answer_stands_in_the_ledger_with_its_way_and_whether_it_was_in_time() -> None:
    with a_desk(TAKEN_UP) as desk:
        desk.act("nick", "respond", at=AT + minutes(119), how="wrote")

        assert detail(desk, "responded") == {"team": "clinical", "urgency": 4, "in_time": True}
        assert desk.actions() == ["responded"]


def test_an_answer_at_the_very_end_of_the_target_was_late() -> None:
    with a_desk(TAKEN_UP) as desk:
        answer = desk.act("nick", "respond", at=AT + minutes(120), how="wrote")

        assert detail(desk, "responded")["in_time"] is False
        assert answer.body["clock"]["breached"] is True


def test_who_answers_what_nobody_holds_has_it() -> None:
    with a_desk(UNHELD) as desk:
        answer = desk.act("nell", "respond", how="called")

        assert (answer.body["assignee"], answer.body["status"]) == ("nell", "accepted")
        assert (desk.load_of("nell"), desk.actions()) == (4, ["claimed", "responded"])


def test_who_answers_what_they_were_given_has_taken_it_up() -> None:
    with a_desk(GIVEN) as desk:
        answer = desk.act("nick", "respond", how="called")

        assert (answer.body["status"], desk.actions()) == ("accepted", ["accepted", "responded"])


def test_a_colleague_who_answers_leaves_the_ticket_with_its_owner() -> None:
    with a_desk(GIVEN) as desk:
        answer = desk.act("nell", "respond", how="called")

        assert (answer.body["assignee"], answer.body["status"]) == ("nick", "routed")
        assert answer.body["clock"]["state"] == "stopped"


def test_who_answers_is_kept_as_who_knows_the_patient() -> None:
    with a_desk(replace(GIVEN, known_as=("hash-of-the-record",))) as desk:
        desk.act("nell", "respond", how="called")

        known = load_handler(desk.tables, "north", "hash-of-the-record")
        assert known is not None
        assert (known.member, known.team) == ("nell", "clinical")


def test_a_second_answer_changes_nothing() -> None:
    with a_desk(TAKEN_UP) as desk:
        desk.act("nick", "respond", how="called")
        before = desk.ticket()

        answer = desk.act("nell", "respond", at=LATER, how="wrote")

        assert (answer.status, desk.ticket()) == (200, before)


def test_who_judges_may_call_the_patient_first_and_must_still_decide() -> None:
    with a_desk(IN_REVIEW) as desk:
        answer = desk.act("rhea", "respond", how="called")

        assert (answer.body["review"], answer.body["urgency"]) == (True, 5)
        assert answer.body["clock"]["state"] == "stopped"
        assert desk.ticket().timer is not None


def test_a_message_left_on_a_machine_is_no_answer() -> None:
    with a_desk(TAKEN_UP) as desk:
        answer = desk.act("nick", "respond", how="left_message")

        assert (answer.status, answer.body["fields"][0]["field"]) == (422, "how")
        assert desk.ticket().responded_at is None
