"""The embedded stack for every stack test: started once, or the one that TRIAGEWIRE_STACK names."""

import logging
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from local.demo.commands import subscribe_people
from local.demo.desk import Desk
from local.demo.notices import Pager
from local.demo.pings import ping_all
from local.demo.world import World, furnish
from local.stack import session
from local.stack.clock import SimulatedClock
from local.stack.deployment import Stack
from local.stack.emulator import ROOT
from tests.stack.messages import open_hours
from tests.stack.prepare import verify_sender
from tests.stack.probe import Probe

_LOG = logging.getLogger("stack")


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """A deployed stack whose clock can be moved.

    TRIAGEWIRE_STACK may name the folder of one that already runs, as `make up` leaves it: then
    nothing is started, deployed or stopped.
    """
    if folder := os.environ.get("TRIAGEWIRE_STACK"):
        found = session.find(Path(folder))
        assert found is not None, f"no stack was left in {folder}"
        assert found.emulator.is_running(), f"the stack of {folder} has ended"
        yield found
        return
    folder_of_tests = ROOT / "build" / "test-stack"
    with session.running(_LOG.info, folder_of_tests, time_travel=True) as started:
        verify_sender(started)
        yield started


@pytest.fixture(scope="session")
def clock(stack: Stack) -> Iterator[SimulatedClock]:
    """Moves the stack and the tests forward in time; all stack tests share it."""
    moving = SimulatedClock(stack.emulator.clock_file)
    yield moving
    moving.close()


@pytest.fixture(scope="session")
def world(stack: Stack, clock: SimulatedClock) -> World:
    """The stack with the starter policy, people who are subscribed as it says, fresh secrets, and
    senders that have tried them.
    """
    furnished = furnish(stack, clock.now())
    subscribed = subscribe_people(stack)
    assert subscribed.status == 0, subscribed.text
    ping_all(furnished, clock.now())
    return furnished


@pytest.fixture(scope="session")
def desk(world: World) -> Desk:
    """The desk API, for whoever signs in."""
    return Desk(world)


@pytest.fixture(scope="session")
def pager(world: World) -> Iterator[Pager]:
    """What SNS delivers of pages and alerts."""
    subscribed = Pager(world)
    yield subscribed
    subscribed.remove()


@pytest.fixture
def morning(world: World, clock: SimulatedClock) -> datetime:
    """Riverside is open, and stays open for a while."""
    return open_hours(world.site("riverside"), clock)


@pytest.fixture(scope="session")
def probe(stack: Stack) -> Iterator[Probe]:
    """Makes AWS calls with the role of a deployed function."""
    calling = Probe(stack)
    yield calling
    calling.remove()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder is marked `stack`, so that a quick run can leave it out. What is
    tried in a browser comes last: the others count what they find in a queue.
    """
    here = Path(__file__).parent
    items.sort(key=lambda item: here / "browser" in item.path.parents)
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.stack)
