"""EventBridge, every minute → every due timer is acted on, then a heartbeat if nothing failed.

The event's own time is `now`, so a day can be replayed in a second.
"""

from datetime import UTC, datetime
from typing import Any

from triagewire import aws
from triagewire.flow.context import Context
from triagewire.flow.delivering import deliver_all
from triagewire.flow.escalate import due_tickets, take_steps
from triagewire.flow.policies import current_policy
from triagewire.flow.presence import look_after
from triagewire.flow.reclocking import reclock
from triagewire.flow.watch_sources import watch_sources
from triagewire.observability import count, flush_metrics, logger
from triagewire.pausing import pause
from triagewire.secrets import identity_key
from triagewire.store.outbox import due_boxes
from triagewire.telling import publish

LATE_SECONDS = 300


def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, int]:  # noqa: ANN401
    """Sweep once. Silence of the heartbeat is the alarm: it beats only when every ticket was
    served.
    """
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
    result = _sweep(surroundings)
    result |= _take_up_calendars(surroundings, result["Failed"])
    result["Failed"] += look_after(surroundings)
    result["Failed"] += _watch(surroundings)
    result["Failed"] += _deliver(surroundings)
    for name, value in result.items():
        count(name, value)
    if not result["Failed"]:
        count("EscalationHeartbeat")
    flush_metrics()
    return result


def _sweep(surroundings: Context) -> dict[str, int]:
    """Serve every due ticket, whatever happens to the others."""
    result = {"Due": 0, "Steps": 0, "Late": 0, "Rescued": 0, "Failed": 0}
    for ticket_id, late_seconds in due_tickets(surroundings).items():
        result["Due"] += 1
        result["Late"] += late_seconds > LATE_SECONDS
        try:
            acted = take_steps(surroundings, ticket_id)
        except Exception as error:
            logger.error("ticket not served", ticket_id=ticket_id, error=type(error).__name__)
            result["Failed"] += 1
        else:
            result["Steps"] += acted.steps
            result["Rescued"] += acted.rescued
    return result


def _take_up_calendars(surroundings: Context, failed: int) -> dict[str, int]:
    """Let open tickets measure by the calendars of a new policy, after what was due was done."""
    try:
        result = reclock(surroundings)
    except Exception as error:
        logger.error("calendars not taken up", error=type(error).__name__)
        return {"Reclocked": 0, "Failed": failed + 1}
    return {"Reclocked": result.moved, "Failed": failed + result.failed}


def _deliver(surroundings: Context) -> int:
    """Tell everybody what waits for them, as one message each; returns how often that failed."""
    boxes = [box for box, _ in due_boxes(surroundings.tables, surroundings.now)]
    return deliver_all(surroundings, boxes)


def _watch(surroundings: Context) -> int:
    """Tell of silent and of limited sources; returns how often that failed. Tickets went first."""
    try:
        return watch_sources(surroundings)
    except Exception as error:
        logger.error("sources not watched", error=type(error).__name__)
        return 1
