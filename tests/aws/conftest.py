"""The clinic that the tests on moto begin with."""

from collections.abc import Iterator

import pytest
import time_machine

from ops import people as people_command
from ops.cli import main
from tests.aws.clinic import Clinic, bare, running
from tests.aws.reachable import People, a_stack


@pytest.fixture
def bare_clinic() -> Iterator[Clinic]:
    """A deployment without a policy, on a Monday morning; scoring is the real one."""
    with bare() as clinic:
        yield clinic


@pytest.fixture
def clinic() -> Iterator[Clinic]:
    """A deployment with a policy, in which messages are scored as `said` tells.

    Whatever a test does, every ticket it leaves has its timer and a whole ledger.
    """
    with running() as clinic:
        yield clinic


@pytest.fixture
def people(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> People:
    """Call the command on the clinic's deployment; returns its code and what it printed."""
    monkeypatch.setattr(people_command, "deployed", lambda _name: a_stack())

    def call(*arguments: str) -> tuple[int, str, str]:
        with time_machine.travel(clinic.now, tick=False):
            code = main(["people", *arguments])
        return code, *capsys.readouterr()

    return call
