"""A person's decision in review: it becomes the verdict, and it is kept as a label."""

from dataclasses import replace

import pytest

from ops.labels import exported, labels_of, summary
from tests.aws.test_desk_calls import SECRET, TICKET, Desk, a_desk, the_policy
from tests.builders import (
    MONDAY_MORNING,
    a_published_policy,
    a_ticket,
    a_verdict,
    for_review,
    minutes,
)
from triagewire.errors import NotFoundError
from triagewire.flow.context import Context
from triagewire.label import Label
from triagewire.ledger.chain import first_fault
from triagewire.store.labels import labels_since
from triagewire.store.ledger import read_events
from triagewire.store.tickets import ticket_pk
from triagewire.ticket import Status
from triagewire.verdict import Reason, RuleSet, Urgency

DOUBT = Reason(rule="symptom-unqualified", set=RuleSet.CLINICAL, text_span=SECRET, effect="review")
OTHER = "B" * len(TICKET)
SAID = replace(for_review(candidate=5, score=4), reasons=(DOUBT,), language="vi")
IN_REVIEW = a_ticket(SAID, id=TICKET, assignee="rhea")
LATER = MONDAY_MORNING + minutes(12)
RULES = {"administrative": {"rules": {"dentist": {"topic": "dental"}}}}


def context(desk: Desk) -> Context:
    return Context(
        tables=desk.tables, policy=a_published_policy(), now=LATER, actor="administrator:ops"
    )


def labels(desk: Desk) -> list[Label]:
    return list(labels_since(desk.tables, "north", MONDAY_MORNING))


def test_a_decision_lowers_routes_and_keeps_the_time_that_has_gone() -> None:
    with a_desk(IN_REVIEW) as desk:
        answer = desk.act("rhea", "decide", at=LATER, score=2, team="scheduling")

        assert (answer.status, answer.body["review"], answer.body["urgency"]) == (200, False, 2)
        assert (answer.body["team"], answer.body["assignee"]) == ("scheduling", "sami")
        assert answer.body["clock"]["due_at"] == (MONDAY_MORNING + minutes(240)).isoformat()
        assert desk.load_of("rhea", "review") == 0


def test_a_decision_that_it_is_urgent_pages() -> None:
    with a_desk(IN_REVIEW) as desk:
        desk.act("rhea", "decide", at=LATER, score=5, team="clinical", why="danger_missed")

        assert desk.ticket().must_page


def test_the_ledger_has_what_scoring_said_and_what_the_person_said_and_no_words() -> None:
    with a_desk(IN_REVIEW) as desk:
        desk.act("rhea", "decide", at=LATER, score=2, team="scheduling", why="words_misread")

        events = list(read_events(desk.tables, ticket_pk(TICKET)))
        (event,) = (each for each in events if each.action.value == "labelled")
        assert event.actor == "staff:rhea"
        assert dict(event.detail) == {
            "scored": 4,
            "candidate": 5,
            "scored_topic": "refill",
            "scored_team": "clinical",
            "rules": ["symptom-unqualified"],
            "language": "vi",
            "score": 2,
            "topic": "refill",
            "team": "scheduling",
            "basis": "words_misread",
        }
        assert SECRET not in repr(events)
        ticket = desk.ticket()
        assert first_fault(ticket_pk(TICKET), events, ticket.version, ticket.ledger_head) is None


def test_a_ticket_that_was_merged_meanwhile_is_not_decided_under_its_old_number() -> None:
    joined = a_ticket(
        SAID, id=OTHER, status=Status.MERGED, merged_into=TICKET, assignee=None, team=None
    )
    with a_desk(replace(IN_REVIEW, merged_from=(OTHER,)), joined) as desk:
        answer = desk.act("rhea", "decide", OTHER, LATER, score=1, team="portal")

        assert answer.status == 409
        assert desk.ticket().in_review
        assert labels(desk) == []


def test_the_label_is_found_by_site_and_day() -> None:
    with a_desk(IN_REVIEW) as desk:
        desk.act("rhea", "decide", at=LATER, score=2, team="scheduling")

        (label,) = labels(desk)
        assert (label.ticket_id, label.by, label.scored, label.score) == (TICKET, "rhea", 4, 2)
        assert list(labels_since(desk.tables, "north", LATER + minutes(1))) == []
        assert list(labels_since(desk.tables, "west", MONDAY_MORNING)) == []


def test_a_handoff_out_of_review_is_a_decision_too() -> None:
    with a_desk(IN_REVIEW) as desk:
        desk.act("rhea", "reassign", reason="reviewed", team="scheduling", score=3)

        assert [each.score for each in labels(desk)] == [Urgency.ADMINISTRATIVE_URGENT]


def test_a_handoff_inside_review_and_one_outside_of_it_label_nothing() -> None:
    with a_desk(replace(IN_REVIEW, assignee=None)) as desk:
        desk.act("rhea", "reassign", reason="shift_ends", team="review", member="rhea")
        assert labels(desk) == []
    with a_desk(a_ticket(id=TICKET, assignee="nick")) as desk:
        desk.act("nick", "reassign", reason="wrong_team", team="billing", score=2)
        assert labels(desk) == []


def test_only_what_is_under_review_can_be_decided() -> None:
    with a_desk(a_ticket(id=TICKET, assignee="nick")) as desk:
        answer = desk.act("nick", "decide", score=2, team="scheduling")

        assert (answer.status, answer.body["error"]) == (409, "not_now")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"team": "scheduling"}, "score"),
        ({"score": 2}, "team"),
        ({"score": 2, "team": "review"}, "team"),
        ({"score": 2, "team": "nowhere"}, "team"),
        ({"score": 5, "team": "billing"}, "team"),
        ({"score": 2, "team": "scheduling", "topic": "Orlando"}, "topic"),
        ({"score": 2, "team": "scheduling", "why": "he said so"}, "why"),
        ({"score": 6, "team": "clinical"}, "score"),
    ],
)
def test_a_decision_that_makes_no_sense_is_refused_and_labels_nothing(
    fields: dict[str, object], field: str
) -> None:
    with a_desk(IN_REVIEW) as desk:
        answer = desk.post("rhea", f"/desk/tickets/{TICKET}/decide", fields)

        assert (answer.status, answer.body["fields"][0]["field"]) == (422, field)
        assert labels(desk) == []
        assert desk.ticket().in_review


def test_a_topic_of_the_groups_own_rules_may_be_named() -> None:
    with a_desk(IN_REVIEW) as desk:
        desk.publish(replace(the_policy(), rules=RULES))

        answer = desk.act("rhea", "decide", score=2, team="scheduling", topic="dental")

        assert answer.body["topic"] == "dental"
        assert not labels(desk)[0].topic_agrees


def test_who_does_not_review_cannot_decide() -> None:
    with a_desk(IN_REVIEW) as desk:
        assert desk.act("pia", "decide", score=2, team="scheduling").status == 404


def test_the_note_of_a_decision_is_for_colleagues_only() -> None:
    with a_desk(IN_REVIEW) as desk:
        desk.act("rhea", "decide", score=2, team="scheduling", note=SECRET)

        assert SECRET not in repr(list(read_events(desk.tables, ticket_pk(TICKET))))


# The command


def test_the_summary_says_how_often_review_was_right() -> None:
    label = Label(
        ticket_id=TICKET,
        site="north",
        at=LATER,
        by="rhea",
        scored=Urgency(4),
        candidate=Urgency(5),
        scored_topic="symptom",
        scored_team="clinical",
        rules=("third-message",),
        language="vi",
        policy_version=1,
        score=Urgency(5),
        topic="symptom",
        team="clinical",
    )

    told = "\n".join(summary([label, replace(label, score=Urgency(2), team="scheduling")], 30))

    assert "2 decisions in review in 30 days" in told
    assert "found urgent                         1   50.0 %" in told
    assert "the team was as scored               1   50.0 %" in told
    assert "third-message                        1 of 2" in told
    assert list(summary([], 7)) == ["0 decisions in review in 7 days"]


def test_an_export_has_no_words_unless_asked_and_then_the_ledger_says_who_had_them() -> None:
    with a_desk(IN_REVIEW) as desk:
        desk.act("rhea", "decide", score=2, team="scheduling")
        (label,) = labels_of(context(desk), None, 30)

        assert SECRET not in repr(exported(context(desk), label, words=False))
        assert desk.actions()[-1] != "viewed"
        assert SECRET in str(exported(context(desk), label, words=True)["text"])
        assert desk.actions()[-1] == "viewed"


def test_labels_of_a_site_that_is_none_are_refused() -> None:
    with a_desk(IN_REVIEW) as desk, pytest.raises(NotFoundError, match="north"):
        list(labels_of(context(desk), "nowhere", 30))


def test_what_scoring_says_stays_the_verdicts_reasons_after_a_decision() -> None:
    with a_desk(IN_REVIEW) as desk:
        desk.act("rhea", "decide", score=4, team="clinical")

        verdict = desk.ticket().verdict
        assert verdict is not None
        assert (verdict.reasons, verdict.review, verdict.score) == ((DOUBT,), False, 4)
        assert a_verdict(4).score == verdict.score
