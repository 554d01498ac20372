"""What every test starts from: no real account, and properties that can be repeated."""

import gc
import os
import sys
from collections.abc import Iterator
from io import TextIOBase
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings

# What is collected stays to the end: looking through it again and again is a seventh of a run.
gc.disable()

os.environ.update(
    AWS_ACCESS_KEY_ID="testing",
    AWS_SECRET_ACCESS_KEY="testing",
    AWS_DEFAULT_REGION="us-east-1",
    TICKETS_TABLE="tickets",
    LEDGER_TABLE="ledger",
    SENDER_ADDRESS="desk@clinic.example",
    DESK_URL="https://desk.clinic.example",
    PUBLIC_URL="https://hooks.clinic.example",
    POWERTOOLS_SERVICE_NAME="triagewire",
    POWERTOOLS_METRICS_NAMESPACE="Triagewire",
    LOG_LEVEL="INFO",
)
os.environ.pop("AWS_PROFILE", None)

# Two busy cores make any deadline a flaky one; the same seed everywhere makes a failure repeatable.
# Watching every line so that a failure could be explained costs a passing test too.
settings.register_profile(
    "triagewire",
    deadline=None,
    derandomize=True,
    max_examples=60,
    phases=[each for each in Phase if each is not Phase.explain],
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "thorough",
    parent=settings.get_profile("triagewire"),
    derandomize=False,
    max_examples=1000,
    phases=list(Phase),
)
settings.load_profile(os.environ.get("TRIAGEWIRE_EXAMPLES", "triagewire"))


def pytest_collection_finish() -> None:
    """From here on garbage is looked for, but not among the modules and the tests themselves."""
    gc.freeze()
    gc.enable()


class _Stdout(TextIOBase):
    """Whatever stands for the standard output at the moment: pytest changes it in between."""

    def write(self, text: str) -> int:
        return sys.stdout.write(text)


class Written:
    """All that the code under test logs, counts and prints: what would stand in CloudWatch."""

    def __init__(self, capture: pytest.CaptureFixture[str]) -> None:
        self._capture = capture
        self._so_far = ""

    def getvalue(self) -> str:
        """Everything since the test began."""
        output = self._capture.readouterr()
        self._so_far += output.out + output.err
        return self._so_far


@pytest.fixture
def written(capsys: pytest.CaptureFixture[str]) -> Iterator[Written]:
    """Logs go to the stream that stood there when the logger was made: let them be captured too."""
    from triagewire.observability import logger

    handler: Any = logger.registered_handler
    before = handler.stream
    handler.stream = _Stdout()
    yield Written(capsys)
    handler.stream = before
