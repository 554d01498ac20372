"""The clinic that the tests on moto begin with."""

from collections.abc import Iterator

import pytest

from tests.aws.clinic import Clinic, bare, running


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
