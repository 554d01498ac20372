"""EventBridge, every minute → one sweep, then a heartbeat if nothing failed.

The event's own time is `now`, so a day can be replayed in a second.
"""

from datetime import UTC, datetime
from typing import Any

from triagewire import aws
from triagewire.flow.context import Context
from triagewire.flow.policies import current_policy
from triagewire.flow.sweeping import sweep
from triagewire.observability import count, flush_metrics
from triagewire.pausing import pause
from triagewire.secrets import identity_key
from triagewire.telling import publish

KEPT_BACK_MS = 12_000
"""No ticket is begun with less time left: it is for telling people and for the audit."""
LEAST_MS = 4_000
"""Nothing at all is begun with less: one call and its retries may take as long."""


def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, int]:  # noqa: ANN401
    """Sweep once. Silence of the heartbeat is the alarm: it beats only when all is well."""
    surroundings = Context(
        tables=aws.tables(),
        policy=current_policy().get(),
        now=datetime.fromisoformat(event["time"]).astimezone(UTC),
        actor="system:escalate",
        request_id=context.aws_request_id,
        identity_key=identity_key().get(),
        publish=publish,
        wait=pause,
    )
    left = context.get_remaining_time_in_millis
    done = sweep(surroundings, lambda: left() > KEPT_BACK_MS, lambda: left() > LEAST_MS)
    for name, value in done.items():
        count(name, value)
    if not done["Failed"]:
        count("EscalationHeartbeat")
    flush_metrics()
    return done
