"""One engine of the shipped rules for all scoring tests."""

from collections.abc import Callable

import pytest

from triagewire.policy.load import default_rules
from triagewire.scoring.rules import Rules, rules_from
from triagewire.scoring.score import Engine, build_engine, score
from triagewire.scoring.subject import ScoringInput, Voice
from triagewire.verdict import Verdict

type Judge = Callable[..., Verdict]


@pytest.fixture(scope="session")
def rules() -> Rules:
    return rules_from(default_rules())


@pytest.fixture(scope="session")
def engine(rules: Rules) -> Engine:
    return build_engine(rules)


@pytest.fixture(scope="session")
def judge(engine: Engine) -> Judge:
    def judged(text: str, voice: Voice = "patient") -> Verdict:
        return score(ScoringInput(text=text, voice=voice), engine)

    return judged
