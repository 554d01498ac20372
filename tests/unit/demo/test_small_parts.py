"""The small parts of the demo that a wrong figure would hide in."""

import base64
from datetime import UTC, datetime

import pytest
import time_machine

from local.demo.desk import one_time_code
from local.demo.facts import percentile

RFC_6238_SECRET = base64.b32encode(b"12345678901234567890").decode()


@pytest.mark.parametrize(
    ("seconds", "digits"), [(59, "287082"), (1111111109, "081804"), (20000000000, "353130")]
)
def test_one_time_codes_are_those_of_rfc_6238(seconds: int, digits: str) -> None:
    with time_machine.travel(datetime.fromtimestamp(seconds, UTC), tick=False):
        assert one_time_code(RFC_6238_SECRET) == digits


@pytest.mark.parametrize(
    ("share", "expected", "why"),
    [(50, 2, "half do not exceed it"), (99, 4, "the worst of few"), (1, 1, "the best of few")],
)
def test_a_percentile_is_a_value_that_was_measured(share: float, expected: int, why: str) -> None:
    assert percentile([4, 1, 3, 2], share) == expected, why
