"""The wall clock of a process, and its pause before a lost race is run again: longer each time, and
never the same for two.
"""

import random
import time
from datetime import UTC, datetime

FIRST_SECONDS = 0.005
LONGEST_SECONDS = 0.4


def pause(attempt: int) -> None:
    """Sleep before the `attempt`th try again: up to twice as long as before the last one."""
    most = min(LONGEST_SECONDS, FIRST_SECONDS * 2 ** min(attempt, 10))
    time.sleep(random.uniform(0, most))


def utc_now() -> datetime:
    """What the time is at this very moment, by which claims are held and given up."""
    return datetime.now(UTC)
