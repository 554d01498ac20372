"""The clinic that the tests on moto begin with."""

from collections.abc import Iterator

import pytest

from tests.aws.clinic import Clinic
from tests.aws.deployment import deployed
from tests.aws.said import score_as_said
from tests.aws.wire import tapped
from tests.builders import MONDAY_MORNING


@pytest.fixture
def bare_clinic(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clinic]:
    """A deployment without a policy, on a Monday morning."""
    with deployed(monkeypatch), tapped() as wire:
        yield Clinic(wire=wire, now=MONDAY_MORNING)


@pytest.fixture
def clinic(bare_clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clinic]:
    """A deployment with a policy, in which messages are scored as `said` tells.

    Whatever a test does, every ticket it leaves has its timer and a whole ledger.
    """
    monkeypatch.setattr("triagewire.flow.judge.engine_of", lambda _policy: None)
    monkeypatch.setattr(
        "triagewire.flow.judge.score", lambda subject, _engine: score_as_said(subject.text)
    )
    bare_clinic.publish()
    bare_clinic.wire.calls.clear()
    yield bare_clinic
    bare_clinic.check()
