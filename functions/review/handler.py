"""EventBridge, by its schedules → the ledger's lives gathered, and reports of what is over.

It reads signed copies of the ledger and the policy, and may read no ticket.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from triagewire.flow.review_runs import daily, gather, weekly
from triagewire.observability import flush_metrics, textless

AHEAD = timedelta(minutes=5)
"""So far the clock of EventBridge may be ahead of ours."""
KEPT_BACK_MS = 120_000
"""Nothing is begun with less time left: the largest report, or a day of the ledger."""
TASKS: dict[str, Callable[[datetime, Callable[[], bool]], dict[str, Any]]] = {
    "gather": gather,
    "daily": daily,
    "weekly": weekly,
}


@textless
def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401
    """Do the task that the schedule names; what time does not suffice for is left to the next."""
    left = context.get_remaining_time_in_millis
    try:
        return TASKS[event["do"]](_now(event), lambda: left() > KEPT_BACK_MS)
    finally:
        flush_metrics()


def _now(event: dict[str, Any]) -> datetime:
    """The time that an event names, so that a week can be replayed in a second; the clock's where
    it names none, or one that is still to come: what ends by then is not over yet.
    """
    clock = datetime.now(UTC)
    if "time" not in event:
        return clock
    said = datetime.fromisoformat(event["time"]).astimezone(UTC)
    return said if said <= clock + AHEAD else clock
