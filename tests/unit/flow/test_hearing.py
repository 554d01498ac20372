"""Hearing a message in its conversation only raises, but for a nod on an understood ticket."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.builders import (
    MONDAY_MORNING,
    a_message,
    a_new_ticket,
    a_published_policy,
    a_ticket,
    a_verdict,
    for_review,
    minutes,
)
from tests.strategies import verdicts
from triagewire.flow import hearing
from triagewire.flow.context import Context
from triagewire.flow.insisting import THIRD
from triagewire.message import Direction
from triagewire.routing.follow_up import Authority, Conversation
from triagewire.routing.insisting import waits_since
from triagewire.routing.nods import takes_nods
from triagewire.ticket import Status, Ticket
from triagewire.verdict import Urgency, Verdict

NEWCOMER = a_new_ticket(id="NEW")
QUESTION = a_message(
    direction=Direction.OUTBOUND, text="Any chest pain or trouble breathing?", author="nick"
)
SAID = (
    "yes please",
    "yes",
    "no",
    "a little",
    "thank you",
    "it's worse now",
    "my chest hurts",
    "ok tuesday works",
    "",
)
KNOWN = (
    a_ticket(a_verdict(1)),
    a_ticket(a_verdict(2)),
    a_ticket(a_verdict(4)),
    a_ticket(a_verdict(5)),
    a_ticket(for_review(candidate=5, score=4)),
    a_ticket(a_verdict(4), status=Status.RESOLVED, timer=None, resolved_at=MONDAY_MORNING),
)


@pytest.fixture
def quiet_store(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """A store with the messages that a test puts in; every question asks of danger."""
    said: list[Any] = []
    monkeypatch.setattr(hearing, "read_messages", lambda _tables, _ticket: list(said))
    monkeypatch.setattr(hearing, "landed_last", lambda _context, _ticket: [])
    monkeypatch.setattr(hearing, "insisting", lambda _c, _t, verdict, _s: verdict)
    monkeypatch.setattr(hearing, "asks_of_danger", lambda _questions, _engine: True)
    monkeypatch.setattr("triagewire.flow.judge.engine_of", lambda _policy: None)
    return said


def a_context() -> Context:
    return Context(
        tables=SimpleNamespace(),  # type: ignore[arg-type]
        policy=a_published_policy(),
        now=MONDAY_MORNING,
        actor="system:score_route",
    )


def heard(verdict: Verdict, text: str, known: Ticket | None, *, stranger: bool) -> Verdict:
    conversation = Conversation(ticket=known, authority=Authority.TOKEN, other_sender=stranger)
    message = a_message(text=text, subject="")
    return hearing.heard(a_context(), NEWCOMER, verdict, message, conversation)


@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    verdicts,
    st.sampled_from(SAID),
    st.one_of(st.none(), st.sampled_from(KNOWN)),
    st.booleans(),
    st.booleans(),
)
def test_it_lowers_nothing_but_a_nod(
    quiet_store: list[Any],
    verdict: Verdict,
    text: str,
    known: Ticket | None,
    asked: bool,
    stranger: bool,
) -> None:
    quiet_store[:] = [QUESTION] if asked else []

    after = heard(verdict, text, known, stranger=stranger)

    if "nothing-new" in [reason.rule for reason in after.reasons]:
        assert known is not None
        assert takes_nods(known)
        assert not stranger
        assert not verdict.crisis
        assert verdict.score is not Urgency.CLINICAL_URGENT
    else:
        assert after.score >= verdict.score
        assert after.candidate >= verdict.candidate
        assert after.crisis == verdict.crisis
        assert after.review or not verdict.review or after.score is Urgency.CLINICAL_URGENT


@pytest.mark.parametrize("known", [None, *KNOWN])
def test_a_verdict_that_was_given_before_is_not_heard_again(
    quiet_store: list[Any], known: Ticket | None
) -> None:
    split = replace(NEWCOMER, verdict=a_verdict(2))
    conversation = Conversation(ticket=known, authority=Authority.TOKEN)
    message = a_message(text="it's worse now")

    after = hearing.heard(a_context(), split, a_verdict(2), message, conversation)

    assert after == a_verdict(2)
    assert quiet_store == []


def test_nods_pass_only_on_open_tickets_that_are_understood() -> None:
    assert [takes_nods(each) for each in KNOWN] == [True, True, True, False, False, False]


def test_three_within_the_hour_wait_since_the_first_of_them() -> None:
    now = MONDAY_MORNING

    assert waits_since(now, [now - minutes(59), now - minutes(5)], []) == now - minutes(59)
    assert waits_since(now, [now - minutes(61), now - minutes(5)], []) is None
    assert waits_since(now, [now - minutes(5)], []) is None
    assert waits_since(now, [now - minutes(50), now - minutes(5)], [now - minutes(20)]) is None
    assert waits_since(now, [now - minutes(50), now - minutes(5)], [now - minutes(55)]) is not None


def test_the_third_message_has_a_reason_of_its_own_in_plain_words() -> None:
    assert THIRD.rule == "third-message"
    assert "hour" in THIRD.why
