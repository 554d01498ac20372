"""Putting notices into the outbox, in the same transaction as what they tell of."""

from collections.abc import Iterable
from datetime import datetime

from triagewire.escalation.notice import AnyNotice
from triagewire.flow.context import Context, Plan
from triagewire.store.outbox import Box, enqueue


def put_out(
    context: Context, notices: Iterable[AnyNotice], plan: Plan, opens: datetime | None = None
) -> tuple[Box, ...]:
    """Add notices to a plan, for now or for when the site `opens`; returns the boxes that they go
    into.
    """
    boxes: dict[Box, None] = {}
    for notice in notices:
        box = Box(site=notice.site, person=notice.person, opens=opens)
        plan.writes.extend(enqueue(context.tables, notice, box, context.now))
        boxes[box] = None
    return tuple(boxes)
