"""A person's score in place of scoring's: it holds, it is kept as a label, and no time is lost."""

from dataclasses import replace
from datetime import datetime

import pytest

from tests.aws.clinic import Clinic
from tests.aws.said import REFILL
from tests.aws.senders import by_portal
from tests.aws.test_desk_calls import TICKET, Answer, Desk, a_desk
from tests.builders import MONDAY_MORNING, a_ticket, a_verdict, for_review, minutes
from triagewire.clock.promise import PauseReason
from triagewire.flow.rescoring import Rescore, rescore
from triagewire.label import Basis, Label
from triagewire.ledger.event import Action
from triagewire.store.labels import labels_since
from triagewire.store.ledger import read_events
from triagewire.store.tickets import ticket_pk
from triagewire.ticket import Status, TimerKind
from triagewire.verdict import Urgency

LATER = MONDAY_MORNING + minutes(30)
URGENT = a_ticket(a_verdict(5), id=TICKET, assignee="nell", accepted_at=MONDAY_MORNING)


def rescored(desk: Desk, at: datetime = LATER, by: str = "nick", **said: object) -> Answer:
    return desk.post(by, f"/desk/tickets/{TICKET}/rescore", said, at)


def labels(desk: Desk) -> list[Label]:
    return list(labels_since(desk.tables, "north", MONDAY_MORNING))


def test_the_score_and_topic_are_the_persons() -> None:
    with a_desk() as desk:
        answer = rescored(desk, score=3, topic="refill")

        verdict = desk.ticket().verdict

    assert (answer.status, answer.body["urgency"]) == (200, 3)
    assert verdict is not None
    assert (verdict.score, verdict.candidate, verdict.review) == (3, 3, False)


def test_its_clock_is_measured_anew_from_its_first_start() -> None:
    with a_desk() as desk:
        rescored(desk, score=3)

        clock = desk.ticket().clock

    assert clock is not None
    assert (clock.started_at, clock.due_at) == (MONDAY_MORNING, MONDAY_MORNING + minutes(180))


def test_what_becomes_clinical_urgent_has_its_page_due_at_once() -> None:
    with a_desk() as desk:
        rescored(desk, score=5)

        timer = desk.ticket().timer

    assert timer is not None
    assert timer.kind is TimerKind.PAGE
    assert timer.at <= LATER


def test_the_next_sweep_pages_what_a_person_raised(clinic: Clinic) -> None:
    ticket = clinic.take(by_portal(REFILL, clinic.now, "evt-1"))
    assert not clinic.paged()

    rescore(*clinic._desk("nora"), ticket, Rescore(score=Urgency.CLINICAL_URGENT))
    clinic.pass_minutes(1)

    assert clinic.paged()


def test_an_owner_keeps_it_with_its_new_weight() -> None:
    owned = a_ticket(id=TICKET, assignee="nell", accepted_at=MONDAY_MORNING, status=Status.ACCEPTED)
    with a_desk(owned) as desk:
        rescored(desk, score=5)

        after = desk.ticket()
        assert (after.assignee, after.status) == ("nell", Status.ACCEPTED)
        assert desk.load_of("nell") == 5


def test_with_another_team_it_is_a_handoff_too_and_a_misroute() -> None:
    with a_desk() as desk:
        answer = rescored(desk, score=2, team="scheduling", topic="refill")

        view = desk.get("sami", f"/desk/tickets/{TICKET}").body
        assert (answer.body["team"], desk.ticket().bounces) == ("scheduling", 1)
        assert view["routes"]["misroutes"] == 1
        assert view["verdict"]["team"] == "scheduling"


def test_the_ledger_has_both_scores_and_who_said_so() -> None:
    with a_desk(URGENT) as desk:
        rescored(desk, score=4, why="words_misread")

        told = next(
            each
            for each in read_events(desk.tables, ticket_pk(TICKET))
            if each.action is Action.RESCORED
        )

    assert (told.actor, told.why) == ("staff:nick", "words_misread")
    assert (told.detail["score_before"], told.detail["score"]) == (5, 4)


def test_it_is_kept_as_a_label_that_was_not_of_a_review() -> None:
    with a_desk() as desk:
        rescored(desk, score=5, why="danger_missed")

        (label,) = labels(desk)

    assert (label.scored, label.score, label.by) == (4, 5, "nick")
    assert (label.basis, label.reviewed) == (Basis.DANGER_MISSED, False)


def test_what_was_clinical_urgent_falls_only_with_a_reason() -> None:
    with a_desk(URGENT) as desk:
        silent = rescored(desk, score=4)
        told = rescored(desk, score=4, why="denied_or_past")

        assert (silent.status, silent.body["fields"][0]["field"]) == (422, "why")
        assert (told.status, desk.ticket().urgency) == (200, 4)
        assert not desk.ticket().must_page


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"score": 5, "team": "billing"}, "team"),
        ({"score": 2, "team": "review"}, "team"),
        ({"score": 2, "team": "nowhere"}, "team"),
        ({"score": 2, "topic": "Ada Marlow"}, "topic"),
        ({"score": 0}, "score"),
        ({"score": True}, "score"),
        ({"score": 2, "why": "because"}, "why"),
    ],
)
def test_what_cannot_be_is_refused_by_name_and_nothing_changes(
    said: dict[str, object], field: str
) -> None:
    with a_desk() as desk:
        before = desk.ticket()

        answer = desk.post("nick", f"/desk/tickets/{TICKET}/rescore", said, LATER)

        assert (answer.status, answer.body["fields"][0]["field"]) == (422, field)
        assert (desk.ticket(), labels(desk)) == (before, [])


def test_a_team_that_takes_no_urgent_work_must_give_it_to_one_that_does() -> None:
    with a_desk(a_ticket(a_verdict(2), id=TICKET)) as desk:
        alone = rescored(desk, by="sami", score=5)
        given = rescored(desk, by="sami", score=5, team="clinical")

        assert (alone.status, alone.body["fields"][0]["field"]) == (422, "team")
        assert (given.status, desk.ticket().team) == (200, "clinical")
        assert desk.ticket().must_page


def test_under_review_it_is_decided_instead() -> None:
    with a_desk(a_ticket(for_review(), id=TICKET)) as desk:
        answer = rescored(desk, by="rhea", score=2)

    assert (answer.status, answer.body["error"]) == (409, "not_now")
    assert "decided" in answer.body["message"]


@pytest.mark.parametrize("status", [Status.RESOLVED, Status.CLOSED, Status.NEW])
def test_what_is_not_in_work_is_not_scored_anew(status: Status) -> None:
    ticket = a_ticket(id=TICKET, status=status)
    if status is Status.CLOSED:
        ticket = replace(ticket, timer=None)
    with a_desk(ticket) as desk:
        answer = rescored(desk, score=2)

    assert (answer.status, answer.body["error"]) == (409, "not_now")


def test_saying_what_stands_already_changes_nothing() -> None:
    with a_desk() as desk:
        before = desk.ticket()

        answer = rescored(desk, score=4)

        assert (answer.status, desk.ticket()) == (200, before)


def test_another_topic_alone_tells_nobody_anything_anew() -> None:
    acknowledged = replace(
        URGENT, escalation=replace(URGENT.escalation, acknowledged_at=MONDAY_MORNING, pages=1)
    )
    with a_desk(acknowledged) as desk:
        rescored(desk, score=5, topic="symptom", note="It is about her knee.")

        assert desk.ticket().escalation == acknowledged.escalation


def test_the_same_score_sent_twice_with_its_version_is_one() -> None:
    with a_desk() as desk:
        version = desk.ticket().version

        first, again = (rescored(desk, score=5, version=version) for _ in range(2))

        assert (first.status, again.status) == (200, 409)
        assert again.body["error"] == "changed_meanwhile"
        assert "rescored" in again.body["changed"]
        assert len(labels(desk)) == 1


def test_what_waits_goes_on_waiting_when_it_falls_and_is_up_when_it_rises() -> None:
    waiting = a_ticket(id=TICKET, assignee="nell", accepted_at=MONDAY_MORNING)
    with a_desk(waiting) as desk:
        desk.act("nell", "wait", waiting_for=PauseReason.PAYER.value)

        rescored(desk, score=3)
        lower = desk.ticket()
        rescored(desk, score=5)
        higher = desk.ticket()

        assert (lower.status, lower.load) == (Status.WAITING, 0)
        assert lower.wake_at is not None
        assert (higher.status, higher.must_page) == (Status.ACCEPTED, True)
        assert desk.load_of("nell") == 5


def test_after_an_answer_a_rise_promises_another_one() -> None:
    with a_desk() as desk:
        desk.act("nick", "respond", how="called")

        rescored(desk, score=5)

        clock = desk.ticket().clock
    assert clock is not None
    assert (clock.started_at, clock.stopped_at) == (LATER, None)
