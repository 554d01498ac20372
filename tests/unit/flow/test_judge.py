"""A verdict for every message, whatever scoring does with it."""

from collections.abc import Callable

import pytest

from tests.builders import (
    MONDAY_MORNING,
    a_message,
    a_new_ticket,
    a_published_policy,
    a_requester,
    a_verdict,
    for_review,
)
from tests.conftest import Written
from triagewire.arrival import PatientContext, RequesterKind
from triagewire.flow.judge import judge, scored
from triagewire.scoring.subject import ScoringInput
from triagewire.ticket import Ticket
from triagewire.verdict import Urgency, Verdict

type Scoring = Callable[[ScoringInput, object], Verdict]


@pytest.fixture
def scoring(monkeypatch: pytest.MonkeyPatch) -> Callable[[Scoring], None]:
    """Lets a test say how scoring behaves."""
    monkeypatch.setattr("triagewire.flow.judge.engine_of", lambda _policy: None)
    return lambda behave: monkeypatch.setattr("triagewire.flow.judge.score", behave)


def judged(ticket: Ticket, **message: object) -> Verdict:
    return judge(ticket, a_message(**message), a_published_policy(), MONDAY_MORNING)


def failing(_subject: ScoringInput, _engine: object) -> Verdict:
    raise RecursionError("my chest hurts")


def test_a_message_that_breaks_scoring_is_reviewed_at_once(
    scoring: Callable[[Scoring], None],
) -> None:
    scoring(failing)

    verdict = judged(a_new_ticket())

    assert (verdict.review, verdict.candidate, verdict.team) == (
        True,
        Urgency.CLINICAL_URGENT,
        "clinical",
    )


def test_what_broke_scoring_is_logged_without_its_words(
    scoring: Callable[[Scoring], None], written: Written
) -> None:
    scoring(failing)

    judged(a_new_ticket())

    assert "RecursionError" in written.getvalue()
    assert "my chest hurts" not in written.getvalue()


def test_an_unreadable_body_is_not_even_scored(scoring: Callable[[Scoring], None]) -> None:
    scoring(lambda _subject, _engine: a_verdict(1))

    verdict = judged(a_new_ticket(unreadable=True))

    assert (verdict.topic, verdict.review) == ("unreadable", True)


def listening(heard: list[ScoringInput]) -> Scoring:
    """Scoring that keeps what it was given."""

    def score(subject: ScoringInput, _engine: object) -> Verdict:
        heard.append(subject)
        return a_verdict()

    return score


@pytest.mark.parametrize(
    ("kind", "voice"),
    [
        (RequesterKind.PATIENT, "patient"),
        (RequesterKind.UNKNOWN, "patient"),
        (RequesterKind.STAFF, "staff"),
    ],
)
def test_only_known_staff_are_read_as_staff(
    scoring: Callable[[Scoring], None], kind: RequesterKind, voice: str
) -> None:
    heard: list[ScoringInput] = []
    scoring(listening(heard))

    judged(a_new_ticket(requester=a_requester(kind=kind)))

    assert heard[0].voice == voice


def test_scoring_sees_all_that_the_message_brought(scoring: Callable[[Scoring], None]) -> None:
    heard: list[ScoringInput] = []
    scoring(listening(heard))
    context = PatientContext(age_years=64.0, conditions=("copd",))

    judged(a_new_ticket(), text="t", subject="s", language="es", speech=0.4, context=context)

    (subject,) = heard
    assert (subject.text, subject.subject, subject.language) == ("t", "s", "es")
    assert (subject.speech, subject.context, subject.now) == (0.4, context, MONDAY_MORNING)


def test_the_ledger_gets_the_verdict_without_the_words_that_matched() -> None:
    entry = scored(for_review(candidate=5, score=2))

    assert entry.why == "review"
    assert entry.detail == {
        "score": 2,
        "candidate": 5,
        "topic": "appointment",
        "team": "scheduling",
        "confidence": 0.4,
        "crisis": False,
        "rules": ["appointment-rule"],
    }
