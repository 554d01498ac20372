"""A site with an assistant: asked about what goes to review, once, and never in the way."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from functions.score_route import handler as score_route
from tests.aws.clinic import Clinic
from tests.aws.said import APPOINTMENT, CHEST_PAIN, UNCLEAR
from tests.aws.senders import by_portal
from tests.builders import a_policy, a_site
from triagewire.ledger.event import Action
from triagewire.scoring.assistant import TOOL, Assistant, Question
from triagewire.ticket import REVIEW, Ticket

type Answering = Callable[[], object]
OPINION = {"urgent": True, "team": "clinical", "reason": "like last time", "quote": "call me"}


def answer(**changes: object) -> dict[str, Any]:
    used = {"toolUseId": "1", "name": TOOL, "input": {**OPINION, **changes}}
    return {"output": {"message": {"content": [{"toolUse": used}]}}}


@pytest.fixture
def asked(clinic: Clinic) -> list[Question]:
    """The clinic has an assistant; what it is asked lands here."""
    clinic.publish(a_policy(a_site(assistant=Assistant(model="example.model"))))
    return []


@pytest.fixture
def answers(asked: list[Question], monkeypatch: pytest.MonkeyPatch) -> Callable[[Answering], None]:
    """Lets a test say how the assistant behaves."""

    def behave(answering: Answering) -> None:
        def ask(_assistant: Assistant, question: Question) -> object:
            asked.append(question)
            return answering()

        monkeypatch.setattr(score_route, "ask_assistant", ask)

    return behave


def told(clinic: Clinic, text: str = UNCLEAR) -> Ticket:
    return clinic.ticket(clinic.take(by_portal(text, clinic.now, "evt-1")))


def outcome(clinic: Clinic, ticket: Ticket) -> object:
    """What the ledger says of asking."""
    (scored,) = [e for e in clinic.ledger(ticket.id) if e.action is Action.SCORED]
    return scored.detail.get("assistant")


def test_a_suspicion_of_the_assistant_pages(clinic: Clinic, answers: Callable[..., None]) -> None:
    answers(answer)

    ticket = told(clinic)

    assert (ticket.team, int(ticket.urgency)) == ("clinical", 5)
    assert clinic.paged() == [ticket.assignee]
    assert outcome(clinic, ticket) == "raised"


def test_a_suggested_team_leaves_the_ticket_in_review(
    clinic: Clinic, answers: Callable[..., None]
) -> None:
    answers(lambda: answer(urgent=False, team="billing"))

    ticket = told(clinic)

    assert ticket.team == REVIEW
    assert outcome(clinic, ticket) == "suggested"
    assert ticket.verdict is not None
    assert ticket.verdict.reasons[-1].effect == "suggests billing to the reviewer"


@pytest.mark.parametrize("text", [CHEST_PAIN, APPOINTMENT])
def test_nobody_asks_about_what_is_clear(
    clinic: Clinic, answers: Callable[..., None], asked: list[Question], text: str
) -> None:
    answers(answer)

    ticket = told(clinic, text)

    assert asked == []
    assert outcome(clinic, ticket) is None


def test_a_message_is_asked_about_once(
    clinic: Clinic, answers: Callable[..., None], asked: list[Question]
) -> None:
    answers(answer)
    told(clinic)

    clinic.hand_over(clinic.records())
    clinic.pass_minutes(3)

    assert len(asked) == 1


def test_no_identity_is_shown(
    clinic: Clinic, answers: Callable[..., None], asked: list[Question]
) -> None:
    answers(answer)
    ticket = told(clinic)
    shown = json.dumps([question.text for question in asked])

    stated = [ticket.requester.name, ticket.requester.email, ticket.requester.patient_id]
    assert [each for each in stated if each and each in shown] == []


def explodes() -> object:
    raise RuntimeError("my chest hurts")


@pytest.mark.parametrize(
    "broken", [lambda: None, explodes, lambda: {"output": 7}, lambda: answer(quote="never said")]
)
def test_an_assistant_that_fails_changes_nothing(
    clinic: Clinic, answers: Callable[..., None], broken: Answering
) -> None:
    answers(broken)

    ticket = told(clinic)

    assert ticket.team == REVIEW
    assert outcome(clinic, ticket) in {"failed", "refused"}
    assert clinic.paged() == []


def test_a_site_without_one_asks_nobody(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(score_route, "ask_assistant", explodes)

    assert outcome(clinic, told(clinic)) is None
