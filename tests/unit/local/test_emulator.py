"""Whether a process is the embedded stack's: `make down` and the tests end only that one."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.stack.emulator import Emulator

PORT = 54321


@pytest.fixture
def waiting() -> Iterator[subprocess.Popen[bytes]]:
    """A process with a long command line that ends as an emulator's does."""
    waits = [sys.executable, "-c", "input()", "x" * 300, "ministack.app:app", str(PORT)]
    with subprocess.Popen(waits, stdin=subprocess.PIPE) as process:
        yield process
        process.kill()


def test_a_long_command_is_known_on_a_narrow_terminal(
    waiting: subprocess.Popen[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")

    assert Emulator(waiting.pid, PORT, Path()).is_ours()


def test_a_process_on_another_port_is_somebody_elses(waiting: subprocess.Popen[bytes]) -> None:
    assert not Emulator(waiting.pid, PORT + 1, Path()).is_ours()
