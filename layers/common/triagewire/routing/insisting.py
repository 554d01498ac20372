"""Somebody who writes a third time within an hour and has had no answer: that alone is news.

Repetition is hidden by merging (behaviours, row 23), and context raises (triage evidence, 10).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

WITHIN = timedelta(hours=1)
MESSAGES = 3


def waits_since(
    at: datetime, earlier: Sequence[datetime], answered: Sequence[datetime]
) -> datetime | None:
    """When the first of three unanswered messages within the hour came, the third `at`; else None.

    `earlier` are the requester's other messages on the need, `answered` what people wrote back. An
    automatic text is no answer.
    """
    recent = sorted(each for each in earlier if at - WITHIN <= each <= at)[-(MESSAGES - 1) :]
    if len(recent) < MESSAGES - 1:
        return None
    return None if any(recent[0] <= each <= at for each in answered) else recent[0]
