"""What is to leave and has not: brought back by the queue, or by the table where that lost it."""

from datetime import timedelta
from itertools import islice

from triagewire.flow.context import Context
from triagewire.store.due_replies import due_replies

MOST = 500
"""Messages that one sweep hands on; the next one goes on with what waits for longest."""


def hand_on_due(context: Context) -> int:
    """Put every message that should have left into the queue; returns how many. One that is there
    already is sent once all the same.
    """
    handed = 0
    for pk, sk in islice(due_replies(context.tables, context.now), MOST):
        context.later(pk, sk, timedelta())
        handed += 1
    return handed
