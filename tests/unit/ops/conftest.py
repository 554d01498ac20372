"""The commands compile and score nothing again that another test of this process had."""

import pytest

from ops import backtest, explain, policy, release_record, score
from tests.shipped import engine_of, scorer_of
from triagewire.policy import rehearsal


@pytest.fixture(autouse=True)
def asked_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same rules are compiled once, and a ticket is scored once by them."""
    for command in (backtest, explain, score):
        monkeypatch.setattr(command, "build_engine", engine_of)
    for asker in (policy, release_record, rehearsal):
        monkeypatch.setattr(asker, "Scorer", scorer_of)
