"""Shadow mode: a candidate judges beside the active policy and changes nothing."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from functions.score_route import handler
from ops import policy_diff, policy_shadow
from ops.backtest import backtest, cases_of_stack
from ops.cli import main
from tests.aws.clinic import Clinic
from tests.aws.said import APPOINTMENT, BREAKS, CHEST_PAIN, HOURS, score_as_said
from tests.aws.senders import by_portal
from tests.builders import MONDAY_MORNING, a_policy, a_stamp, a_verdict, minutes
from triagewire import aws
from triagewire.flow import shadow
from triagewire.ledger.chain import first_fault
from triagewire.ledger.event import Action
from triagewire.policy.load import default_rules
from triagewire.policy.model import Policy, Site
from triagewire.policy.roster import RoutingRule, When
from triagewire.scoring.difference import Kind
from triagewire.scoring.subject import ScoringInput
from triagewire.store.ledger import read_events
from triagewire.store.shadow import (
    compared,
    current_shadow,
    read_differences,
    start_shadow,
    stop_shadow,
)
from triagewire.verdict import Verdict

type Scoring = Callable[[ScoringInput, object], Verdict]


@pytest.fixture(autouse=True)
def forgetful() -> None:
    shadow.current_candidate.cache_clear()


@pytest.fixture
def beside(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """A candidate that says what a test wants; the active policy says what is said to it."""

    def run(candidate: Scoring, policy: Policy | None = None) -> None:
        start_shadow(aws.tables(), policy or a_policy(), a_stamp())
        active, second = object(), object()
        monkeypatch.setattr(shadow, "engine_of", lambda _policy: active)
        monkeypatch.setattr(shadow, "_engine", lambda _policy: second)

        def score(subject: ScoringInput, engine: object) -> Verdict:
            if engine is second:
                return candidate(subject, engine)
            return score_as_said(subject.text)

        monkeypatch.setattr(shadow, "score", score)

    return run


def elsewhere(policy: Policy) -> dict[str, Site]:
    """The sites of a policy that gives appointments and what is clinical to the billers."""
    when = When(topics=("appointment", "symptom"))
    rule = RoutingRule(when=when, team="billing")
    return {name: replace(site, routing={"elsewhere": rule}) for name, site in policy.sites.items()}


def state(clinic: Clinic, text: str) -> list[Any]:
    """Everything that a message left behind, but for the shadow's own items."""
    clinic.take(by_portal(text, clinic.now, "evt-1"))
    kept = [item for item in clinic.items() if "SHADOW" not in item["pk"]["S"] + item["sk"]["S"]]
    return [
        sorted((item["pk"]["S"], item["sk"]["S"]) for item in kept if item["pk"]["S"] != "POLICY"),
        [replace(ticket, ledger_head="") for ticket in clinic.tickets()],
        clinic.paged(),
        len(clinic.mails()),
    ]


def test_a_candidate_that_would_lower_an_urgent_message_is_reported(
    clinic: Clinic, beside: Callable[[Scoring], None], capsys: pytest.CaptureFixture[str]
) -> None:
    beside(lambda _subject, _engine: a_verdict(4))

    ticket = clinic.take(by_portal(CHEST_PAIN, clinic.now, "evt-1"))

    (found,) = read_differences(aws.tables(), 1)
    assert (found.ticket_id, found.difference.kind) == (ticket, Kind.LOWERED)
    assert policy_shadow.report(aws.tables()) == 1
    assert "do not publish" in capsys.readouterr().out


def test_a_candidate_that_agrees_leaves_only_a_count(
    clinic: Clinic, beside: Callable[[Scoring], None]
) -> None:
    beside(lambda _subject, _engine: a_verdict(2))

    clinic.take(by_portal(APPOINTMENT, clinic.now, "evt-1"))

    assert compared(aws.tables(), 1) == 1
    assert list(read_differences(aws.tables(), 1)) == []
    assert policy_shadow.report(aws.tables()) == 0


def test_without_a_candidate_nothing_fails(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[str] = []
    monkeypatch.setattr(shadow, "count", counted.append)

    clinic.take(by_portal(APPOINTMENT, clinic.now, "evt-1"))

    assert counted == []


def test_a_candidate_that_routes_otherwise_is_reported(
    clinic: Clinic, beside: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    policy = a_policy()
    beside(lambda _subject, _engine: a_verdict(2), replace(policy, sites=elsewhere(policy)))

    ticket = clinic.take(by_portal(APPOINTMENT, clinic.now, "evt-1"))

    (found,) = read_differences(aws.tables(), 1)
    assert (found.ticket_id, found.difference.kind) == (ticket, Kind.QUEUE)
    assert clinic.ticket(ticket).team == "scheduling"
    assert policy_shadow.report(aws.tables()) == 0
    assert "other queue" in capsys.readouterr().out


@pytest.mark.parametrize("text", [CHEST_PAIN, APPOINTMENT, HOURS, BREAKS])
@pytest.mark.parametrize("said", [1, 5])
def test_whatever_a_candidate_says_nothing_else_changes(
    clinic: Clinic, beside: Callable[[Scoring], None], text: str, said: int
) -> None:
    restore = clinic.remember()
    alone = state(clinic, text)
    restore()
    beside(lambda _subject, _engine: a_verdict(said))

    assert state(clinic, text) == alone


def test_a_candidate_speaks_only_when_the_whole_batch_is_routed(
    clinic: Clinic, beside: Callable[[Scoring], None]
) -> None:
    paged_before: list[int] = []

    def slow(_subject: ScoringInput, _engine: object) -> Verdict:
        paged_before.append(len(clinic.paged()))
        return a_verdict(2)

    beside(slow)
    clinic.post(by_portal(APPOINTMENT, clinic.now, "evt-1"))
    clinic.post(by_portal(CHEST_PAIN, clinic.now, "evt-2"))

    assert clinic.hand_over(clinic.records()) == []

    assert paged_before == [1, 1]


def test_a_slow_candidate_is_given_no_more_than_some_seconds(
    clinic: Clinic, beside: Callable[[Scoring], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    beside(lambda _subject, _engine: a_verdict(2))
    monkeypatch.setattr(handler, "SHADOW_SECONDS", 0.0)

    clinic.take(by_portal(APPOINTMENT, clinic.now, "evt-1"))

    assert compared(aws.tables(), 1) == 0


def test_a_candidate_that_fails_costs_nothing(
    clinic: Clinic, beside: Callable[[Scoring], None]
) -> None:
    def failing(_subject: ScoringInput, _engine: object) -> Verdict:
        raise RecursionError("my chest hurts")

    beside(failing)
    ticket = clinic.ticket(clinic.take(by_portal(CHEST_PAIN, clinic.now, "evt-1")))

    assert ticket.team == "clinical"
    assert clinic.paged() == [ticket.assignee]
    assert compared(aws.tables(), 1) == 0


def test_a_redelivered_record_keeps_a_difference_once(
    clinic: Clinic, beside: Callable[[Scoring], None]
) -> None:
    beside(lambda _subject, _engine: a_verdict(4))
    clinic.take(by_portal(CHEST_PAIN, clinic.now, "evt-1"))

    clinic.hand_over(clinic.records())

    assert len(list(read_differences(aws.tables(), 1))) == 1


def test_starting_and_ending_are_in_the_ledger_of_the_policy(clinic: Clinic) -> None:
    start_shadow(aws.tables(), a_policy(), a_stamp())
    assert current_shadow(aws.tables()).number == 1
    assert stop_shadow(aws.tables(), a_stamp())
    assert not stop_shadow(aws.tables(), a_stamp())

    events = list(read_events(aws.tables(), "POLICY"))
    assert [event.action for event in events][-2:] == [Action.SHADOW_STARTED, Action.SHADOW_ENDED]
    assert first_fault("POLICY", events, len(events), events[-1].hash) is None
    assert clinic.publish() == 2


def test_a_second_candidate_is_another(clinic: Clinic) -> None:
    start_shadow(aws.tables(), a_policy(), a_stamp())

    assert start_shadow(aws.tables(), a_policy(), a_stamp()) == 2
    assert clinic.tickets() == []


def test_no_word_of_a_message_stands_in_what_a_shadow_keeps(
    clinic: Clinic, beside: Callable[[Scoring], None]
) -> None:
    beside(lambda _subject, _engine: a_verdict(4))
    clinic.take(by_portal(CHEST_PAIN, clinic.now, "evt-1"))

    (found,) = read_differences(aws.tables(), 1)
    assert "chest" not in repr(found).replace("chest-", "")


# The backtest reads what a stack has received ---------------------------------------------------


def test_a_backtest_reads_what_came_in_since(clinic: Clinic) -> None:
    clinic.take(by_portal(HOURS, clinic.now, "evt-1"))
    clinic.now += minutes(60)
    late = clinic.take(by_portal(APPOINTMENT, clinic.now, "evt-2"))

    found = cases_of_stack(aws.tables(), MONDAY_MORNING + minutes(30), 100, clinic.now)

    assert [(each.id, each.subject.text) for each in found] == [(late, APPOINTMENT)]


def test_a_backtest_reads_no_more_than_it_is_told(clinic: Clinic) -> None:
    for number in range(3):
        clinic.take(by_portal(HOURS, clinic.now, f"evt-{number}"))

    assert len(list(cases_of_stack(aws.tables(), MONDAY_MORNING, 2, clinic.now))) == 2


def test_the_same_rules_change_nothing(clinic: Clinic) -> None:
    clinic.take(by_portal(CHEST_PAIN, clinic.now, "evt-1"))
    policy = replace(a_policy(), rules=default_rules())

    (found,) = backtest(
        cases_of_stack(aws.tables(), MONDAY_MORNING, 10, clinic.now), policy, policy
    )

    assert found.difference.kind is Kind.SAME


def test_a_backtest_shows_which_queue_a_routing_rule_would_change(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ops.backtest.build_engine", lambda _rules: None)
    monkeypatch.setattr("ops.backtest.score", lambda subject, _engine: score_as_said(subject.text))
    ticket = clinic.take(by_portal(APPOINTMENT, clinic.now, "evt-1"))
    clinic.take(by_portal(CHEST_PAIN, clinic.now, "evt-2"))
    before = replace(a_policy(), rules={})
    after = replace(before, sites=elsewhere(before))

    first, second = backtest(
        cases_of_stack(aws.tables(), MONDAY_MORNING, 10, clinic.now), before, after
    )

    assert (first.case.id, first.difference.kind) == (ticket, Kind.QUEUE)
    assert str(first.difference.after).endswith("in billing")
    assert second.difference.kind is Kind.SAME


def test_reading_messages_for_a_backtest_is_in_the_ledger(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clinic.take(by_portal(CHEST_PAIN, clinic.now, "evt-1"))
    stack = type("Stack", (), {"tables": aws.tables()})
    monkeypatch.setattr(policy_diff, "deployed", lambda _name: stack)
    monkeypatch.setattr(policy_diff, "operator", lambda: "ada")

    main(
        ["policy", "diff", "active", "defaults", "--stack", "x", "--reason", "new rule for rashes"]
    )

    last = list(read_events(aws.tables(), "POLICY"))[-1]
    assert (last.action, last.actor, last.why) == (
        Action.MESSAGES_READ,
        "administrator:ada",
        "new rule for rashes",
    )
    assert "for twenty minutes" not in capsys.readouterr().out
