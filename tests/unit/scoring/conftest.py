"""One engine of the shipped rules for all scoring tests."""

from collections.abc import Callable
from functools import cache

import pytest

from tests.shipped import shipped_engine, shipped_rules
from triagewire.scoring.rules import Rules
from triagewire.scoring.score import Engine, score
from triagewire.scoring.subject import ScoringInput, Voice
from triagewire.verdict import Verdict

type Judge = Callable[..., Verdict]


@pytest.fixture(scope="session")
def rules() -> Rules:
    return shipped_rules()


@pytest.fixture(scope="session")
def engine() -> Engine:
    return shipped_engine()


@pytest.fixture(scope="session")
def judge(engine: Engine) -> Judge:
    @cache
    def judged(text: str, voice: Voice = "patient") -> Verdict:
        return score(ScoringInput(text=text, voice=voice), engine)

    return judged
