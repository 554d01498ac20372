"""A release without its second opinion scores on, and says so."""

import pytest

from triagewire.flow import judge
from triagewire.policy.load import default_rules
from triagewire.policy.model import Policy, PublishedPolicy
from triagewire.scoring.score import score
from triagewire.scoring.subject import ScoringInput


def test_a_missing_second_opinion_is_counted_and_scoring_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    counted: list[str] = []
    monkeypatch.setattr(judge, "count", counted.append)
    monkeypatch.setattr(judge, "_engines", {})
    monkeypatch.setattr("triagewire.scoring.listening.shipped", lambda: None)
    policy = Policy(group="g", sites={}, rules=default_rules())

    engine = judge.engine_of(PublishedPolicy(version=1, policy=policy))

    assert counted == ["SecondOpinionMissing"]
    assert score(ScoringInput(text="crushing chest pain"), engine).score == 5
