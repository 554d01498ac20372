"""EventBridge, every minute → one sweep, then a heartbeat if nothing failed.

The event's own time is `now`, so a day can be replayed in a second. What SNS could not deliver
comes here too, by a queue, and takes the wall clock: it may have lain there for a while.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from triagewire import aws
from triagewire.delivering import send_later
from triagewire.erasing import erase
from triagewire.flow.context import Context
from triagewire.flow.policies import current_policy
from triagewire.flow.sweeping import all_is_well, sweep
from triagewire.flow.undelivered import take_undelivered
from triagewire.observability import count, flush_metrics, textless
from triagewire.pausing import pause, utc_now
from triagewire.secrets import identity_key
from triagewire.settings import settings
from triagewire.subscriptions import subscribed
from triagewire.telling import publish

AHEAD = timedelta(minutes=5)
"""So far the clock of EventBridge may be ahead of ours."""
KEPT_BACK_MS = 12_000
"""No ticket is begun with less time left: it is for telling people and for the audit."""
LEAST_MS = 4_000
"""Nothing at all is begun with less: one call and its retries may take as long."""


@textless
def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401
    """Sweep once, or take what could not be delivered. Silence of the heartbeat is the alarm: it
    beats only when all is well.
    """
    if "Records" in event:
        return _taken(event["Records"], _surroundings(datetime.now(UTC), context))
    surroundings = _surroundings(_now(event), context)
    left = context.get_remaining_time_in_millis
    done = sweep(surroundings, lambda: left() > KEPT_BACK_MS, lambda: left() > LEAST_MS)
    for name, value in done.items():
        if value:  # a metric is paid for by the hour in which it gets a value
            count(name, value)
    if all_is_well(done):
        count("EscalationHeartbeat")
    flush_metrics()
    return done


def _now(event: dict[str, Any]) -> datetime:
    """The event's own time; that of the clock for an event from the future: a page stamped with it
    would be silent until then.
    """
    said, clock = datetime.fromisoformat(event["time"]).astimezone(UTC), datetime.now(UTC)
    return said if said <= clock + AHEAD else clock


def _surroundings(now: datetime, context: Any) -> Context:  # noqa: ANN401
    return Context(
        tables=aws.tables(),
        policy=current_policy().get(),
        now=now,
        actor="system:escalate",
        request_id=context.aws_request_id,
        identity_key=identity_key().get(),
        publish=publish,
        erase=erase,
        wait=pause,
        later=send_later,
        subscribed=subscribed,
        notifies=settings().notify_people,
        wall_clock=utc_now,
    )


def _taken(records: list[dict[str, Any]], surroundings: Context) -> dict[str, Any]:
    """Go on where SNS gave up; what fails comes again, and at last is a dead letter."""
    failed = take_undelivered(surroundings, records)
    flush_metrics()
    return {"batchItemFailures": [{"itemIdentifier": each} for each in failed]}
