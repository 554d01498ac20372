"""Handoffs: between members and teams, into review and out of it, and the score a person gives."""

from dataclasses import replace

import pytest

from ops.route import drawn, history_of
from tests.aws.test_desk_calls import NORTH, SECRET, TICKET, Desk, a_desk
from tests.builders import (
    AT_NIGHT,
    MONDAY_MORNING,
    a_policy,
    a_published_policy,
    a_site,
    a_ticket,
    a_verdict,
    for_review,
    minutes,
)
from triagewire.clock.sla import pause
from triagewire.errors import NotFoundError
from triagewire.escalation.notice import NoticeKind
from triagewire.escalation.steps import step
from triagewire.flow.context import Context
from triagewire.ledger.event import Action, Event
from triagewire.ledger.routes import History, routes_of
from triagewire.message import Direction
from triagewire.policy.roster import Member
from triagewire.store.ledger import read_events
from triagewire.store.messages import read_messages
from triagewire.store.tickets import ticket_pk
from triagewire.ticket import Escalation, Status, Timer, TimerKind

HELD = a_ticket(id=TICKET, assignee="nick")
URGENT = a_ticket(a_verdict(5), id=TICKET, assignee="nick")
IN_REVIEW = a_ticket(for_review(candidate=4, score=2), id=TICKET, assignee="rhea")
LATER = MONDAY_MORNING + minutes(30)


def details(desk: Desk, action: str) -> dict[str, object]:
    """The detail of the last event of an action."""
    events = read_events(desk.tables, ticket_pk(TICKET))
    return dict([event.detail for event in events if event.action.value == action][-1])


def ledger(desk: Desk) -> list[Event]:
    """What is recorded of the ticket."""
    return list(read_events(desk.tables, ticket_pk(TICKET)))


def routes(desk: Desk) -> History:
    """Where the ticket has been, by its ledger."""
    return routes_of(ledger(desk))


def operator(desk: Desk) -> Context:
    """An administrator's command."""
    policy = a_published_policy()
    return Context(tables=desk.tables, policy=policy, now=LATER, actor="administrator:ops")


def test_a_handoff_to_another_team_moves_queue_owner_and_load_together() -> None:
    with a_desk(HELD) as desk:
        answer = desk.act("nick", "reassign", reason="wrong_team", team="billing")

        assert (answer.body["team"], answer.body["assignee"]) == ("billing", "bela")
        assert (desk.load_of("nick"), desk.load_of("bela", "billing")) == (0, 4)
        assert answer.body["handoffs"] == 1


def test_a_handoff_says_in_the_ledger_from_whom_to_whom_and_why_but_not_the_note() -> None:
    with a_desk(HELD) as desk:
        desk.act("nick", "reassign", reason="wrong_team", team="billing", note=SECRET)

        found = details(desk, "reassigned")
        assert (found["from_team"], found["to_team"], found["from_member"]) == (
            "clinical",
            "billing",
            "nick",
        )
        assert (found["misroute"], found["note"]) == (True, True)
        assert SECRET not in repr(list(read_events(desk.tables, ticket_pk(TICKET))))


def test_a_note_stands_among_the_messages_under_its_authors_name() -> None:
    with a_desk(HELD) as desk:
        desk.act("nick", "reassign", reason="workload", member="nell", note="Called, no answer")

        note = list(read_messages(desk.tables, TICKET))[-1]
        assert (note.direction, note.author, note.text) == (
            Direction.NOTE,
            "nick",
            "Called, no answer",
        )


def test_two_notes_of_the_same_millisecond_are_both_kept() -> None:
    with a_desk(HELD) as desk:
        desk.act("nick", "reassign", reason="workload", member="nell", note="One")
        answer = desk.act("nell", "reassign", reason="workload", member="nick", note="Two")

        assert answer.status == 200
        assert len(list(read_messages(desk.tables, TICKET))) == 3


@pytest.mark.parametrize(
    ("reason", "misroute"),
    [
        ("wrong_team", True),
        ("needs_clinician", True),
        ("needs_other_skill", True),
        ("shift_ends", False),
        ("workload", False),
        ("reviewed", False),
    ],
)
def test_a_move_to_another_team_bounces_and_is_a_misroute_when_the_first_route_was_wrong(
    reason: str, misroute: bool
) -> None:
    with a_desk(HELD) as desk:
        desk.act("nick", "reassign", reason=reason, team="billing")

        found = details(desk, "reassigned")
        assert (found["bounce"], found["misroute"]) == (True, misroute)
        assert desk.ticket().bounces == 1


def test_a_move_into_review_and_one_out_of_it_bounce_nothing() -> None:
    with a_desk(HELD) as desk:
        desk.act("nick", "reassign", reason="wrong_team", team="review")
        desk.act("rhea", "decide", score=2, team="scheduling")

        assert (desk.ticket().bounces, desk.ticket().handoffs) == (0, 2)
        assert routes(desk).misroutes == 0


def test_review_that_sends_a_ticket_back_to_the_team_that_asked_bounces_it() -> None:
    with a_desk(HELD) as desk:
        desk.act("nick", "reassign", reason="wrong_team", team="review")
        desk.act("rhea", "decide", score=4, team="clinical")

        assert (desk.ticket().bounces, routes(desk).bounces) == (1, 1)


def test_a_score_alone_changes_no_hands() -> None:
    with a_desk(HELD) as desk:
        desk.act("nick", "reassign", reason="reviewed", member="nick", score=5)

        assert desk.ticket().handoffs == 0


TWICE = replace(HELD, bounces=2, handoffs=2)


def test_the_third_bounce_goes_to_the_lead_whoever_was_named() -> None:
    colleagues = NORTH | {"ian": Member(name="Ian Roe", teams=("it",))}
    with a_desk(TWICE) as desk:
        desk.publish(a_policy(a_site(members=colleagues)))
        desk.act("nick", "reassign", reason="wrong_team", team="it", member="ian")

        found = details(desk, "reassigned")
        assert (desk.ticket().assignee, found["to_member"], found["to_lead"]) == (
            "ivo",
            "ivo",
            True,
        )
        assert (
            "3 times" in [event.why for event in ledger(desk) if event.action.value == "routed"][-1]
        )


def test_a_lead_who_is_not_at_work_keeps_no_ticket_from_the_queue_but_is_told() -> None:
    with a_desk(replace(TWICE, team="billing", assignee="bela")) as desk:
        away = {**NORTH, "nora": replace(NORTH["nora"], away=True)}
        desk.publish(a_policy(a_site(members=away)))
        desk.act("bela", "reassign", reason="needs_clinician", team="clinical")

        ticket = desk.ticket()
        assert ticket.assignee in ("nick", "nell")
        assert ticket.escalation.bounced_at == MONDAY_MORNING
        assert ticket.timer == Timer(at=MONDAY_MORNING, kind=TimerKind.BOUNCED)
        assert details(desk, "reassigned")["to_lead"] is False


def test_the_lead_hears_of_a_third_bounce_once_and_of_the_fourth_again() -> None:
    with a_desk(TWICE) as desk:
        desk.act("nick", "reassign", reason="wrong_team", team="it")
        told = step(desk.ticket(), a_site(), LATER)
        assert [(each.kind, each.person) for each in told.notices] == [(NoticeKind.BOUNCED, "ivo")]
        assert told.ticket.timer is not None
        assert told.ticket.timer.kind is not TimerKind.BOUNCED

        desk.act("ivo", "reassign", at=LATER, reason="wrong_team", team="billing")
        again = desk.ticket()
        assert (again.bounces, again.assignee) == (4, "bela")
        assert again.timer == Timer(at=LATER, kind=TimerKind.BOUNCED)


def test_a_member_who_is_named_while_not_at_work_gets_it_and_the_ledger_says_so() -> None:
    with a_desk(HELD) as desk:
        desk.act("nick", "reassign", at=AT_NIGHT, reason="workload", member="nell")

        routed = [event for event in ledger(desk) if event.action.value == "routed"][-1]
        assert desk.ticket().assignee == "nell"
        assert routed.why == "handed over: workload; nell is not at work"


def test_a_handoff_inside_one_team_is_no_misroute() -> None:
    with a_desk(HELD) as desk:
        desk.act("nick", "reassign", reason="wrong_team", member="nell")

        assert details(desk, "reassigned")["misroute"] is False


def test_a_handoff_to_who_has_it_already_is_refused() -> None:
    with a_desk(HELD) as desk:
        answer = desk.act("nell", "reassign", reason="workload", member="nick")

        assert (answer.status, answer.body["fields"][0]["field"]) == (422, "team")


def test_a_handoff_that_names_nobody_is_refused() -> None:
    with a_desk(HELD) as desk:
        answer = desk.act("nick", "reassign", reason="workload")

        assert answer.status == 422


def test_leaving_the_review_queue_takes_a_score() -> None:
    with a_desk(IN_REVIEW) as desk:
        answer = desk.act("rhea", "reassign", reason="reviewed", team="scheduling")

        assert answer.body["fields"] == [
            {"field": "score", "problem": "is needed to leave the review queue"}
        ]


def test_a_reviewed_ticket_runs_on_the_target_of_its_score_from_its_first_moment() -> None:
    with a_desk(IN_REVIEW) as desk:
        answer = desk.act(
            "rhea", "reassign", at=LATER, reason="reviewed", team="scheduling", score=2
        )

        assert (answer.body["urgency"], answer.body["review"]) == (2, False)
        assert answer.body["clock"]["due_at"] == (MONDAY_MORNING + minutes(240)).isoformat()
        assert (desk.load_of("rhea", "review"), desk.load_of("sami", "scheduling")) == (0, 2)


def test_a_review_can_be_handed_to_a_colleague_without_a_score() -> None:
    with a_desk(replace(IN_REVIEW, assignee=None)) as desk:
        answer = desk.act("rhea", "reassign", reason="shift_ends", team="review", member="rhea")

        assert (answer.status, answer.body["review"], answer.body["assignee"]) == (
            200,
            True,
            "rhea",
        )
        assert desk.ticket().clock == IN_REVIEW.clock


def test_a_ticket_sent_to_review_gets_the_reviews_quarter_of_an_hour() -> None:
    with a_desk(HELD) as desk:
        answer = desk.act("nick", "reassign", at=LATER, reason="wrong_team", team="review")

        assert answer.body["clock"]["due_at"] == (LATER + minutes(15)).isoformat()


def test_a_ticket_sent_to_review_keeps_its_own_clock_when_that_is_due_sooner() -> None:
    late = MONDAY_MORNING + minutes(115)
    with a_desk(HELD) as desk:
        answer = desk.act("nick", "reassign", at=late, reason="wrong_team", team="review")

        assert answer.body["clock"]["due_at"] == (MONDAY_MORNING + minutes(120)).isoformat()


def test_a_ticket_is_sent_to_review_without_a_score() -> None:
    with a_desk(HELD) as desk:
        answer = desk.act("nick", "reassign", reason="wrong_team", team="review", score=2)

        assert answer.body["fields"][0]["field"] == "score"


def test_who_lowers_an_urgency_stands_in_the_ledger_with_both_scores() -> None:
    with a_desk(URGENT) as desk:
        desk.act("nick", "reassign", reason="reviewed", team="billing", score=3)

        found = details(desk, "reassigned")
        assert (found["score_before"], found["score"]) == (5, 3)


def test_a_score_that_changes_nothing_does_not_let_a_target_breach_twice() -> None:
    told = Escalation(reminded_at=MONDAY_MORNING, breached_at=LATER, told_at=LATER)
    with a_desk(replace(HELD, escalation=told)) as desk:
        desk.act("nick", "reassign", at=LATER, reason="workload", member="nell", score=4)

        assert desk.ticket().escalation == told


def test_a_ticket_that_a_person_makes_urgent_pages_at_the_next_sweep() -> None:
    with a_desk(HELD) as desk:
        desk.act("nick", "reassign", at=LATER, reason="reviewed", member="nell", score=5)

        timer = desk.ticket().timer
        assert timer is not None
        assert (timer.kind, timer.at <= LATER) == (TimerKind.PAGE, True)


def test_a_ticket_that_waited_runs_again_when_it_is_handed_over() -> None:
    assert HELD.clock is not None
    waiting = replace(HELD, status=Status.WAITING, clock=pause(HELD.clock, MONDAY_MORNING))
    with a_desk(waiting) as desk:
        answer = desk.act("nick", "reassign", at=LATER, reason="shift_ends", member="nell")

        clock = answer.body["clock"]
        assert (answer.body["status"], clock["state"], clock["paused_minutes"]) == (
            "routed",
            "running",
            30,
        )


def test_a_ticket_shows_where_it_has_been_by_its_ledger() -> None:
    with a_desk(HELD) as desk:
        desk.act("nick", "reassign", at=LATER, reason="wrong_team", team="billing")

        shown = desk.get("bela", f"/desk/tickets/{TICKET}").body["routes"]

        assert [(leg["team"], leg["member"], leg["handoff"]) for leg in shown["legs"]] == [
            ("clinical", "nick", False),
            ("billing", "bela", True),
        ]
        assert (shown["handoffs"], shown["misroutes"], shown["bounces"]) == (1, 1, 1)


def test_an_administrator_prints_the_route_and_the_ledger_knows() -> None:
    with a_desk(HELD) as desk:
        desk.act("nick", "reassign", at=LATER, reason="wrong_team", team="billing")

        lines = list(drawn(*history_of(operator(desk), TICKET)))

        assert lines[0].split()[:4] == ["2026-03-02", "14:00:00", "clinical/nick", "refill"]
        assert "→ billing/bela" in lines[1]
        assert "handed over: wrong_team" in lines[1]
        assert lines[2] == "handoffs 1, misroutes 1, bounces 1; now routed"
        assert ledger(desk)[-1].action is Action.VIEWED


def test_the_route_of_a_ticket_that_there_is_not_is_refused() -> None:
    with a_desk() as desk, pytest.raises(NotFoundError):
        history_of(operator(desk), "Z" * len(TICKET))
