"""DynamoDB stream → each new message is scored and routed; urgent ones page; replies are sent.

One bad record is reported alone and never holds up the others.
"""

from datetime import UTC, datetime
from typing import Any

from triagewire import aws
from triagewire.flow.context import Context
from triagewire.flow.escalate import act
from triagewire.flow.policies import current_policy
from triagewire.flow.send import send
from triagewire.flow.survivor import last_of_chain
from triagewire.flow.triage import triage
from triagewire.observability import count, flush_metrics, logger, milliseconds
from triagewire.secrets import identity_key
from triagewire.store.stream import NewMessage, new_message
from triagewire.telling import mail, publish


def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401
    """Handle a batch; records that failed are named, so that only they come again."""
    failures = []
    for record in event["Records"]:
        try:
            _handle(new_message(record), context.aws_request_id)
        except Exception as error:
            logger.error("record failed", error=type(error).__name__)
            count("RecordsFailed")
            failures.append({"itemIdentifier": record["dynamodb"]["SequenceNumber"]})
    flush_metrics()
    return {"batchItemFailures": failures}


def _handle(new: NewMessage, request_id: str) -> None:
    surroundings = Context(
        tables=aws.tables(),
        policy=current_policy().get(),
        now=datetime.now(UTC),
        actor="system:score_route",
        request_id=request_id,
        identity_key=identity_key().get(),
        publish=publish,
    )
    if new.outbound:
        send(surroundings, new.pk, new.sk, mail)
        return
    ticket = triage(surroundings, new.ticket_id)
    if ticket is None:
        _catch_up(surroundings, new.ticket_id)
        return
    act(surroundings, ticket.id)
    milliseconds("ReceivedToRouted", 1000 * (surroundings.now - new.at).total_seconds())
    logger.info("routed", ticket_id=ticket.id, team=ticket.team, urgency=int(ticket.urgency))


def _catch_up(surroundings: Context, ticket_id: str) -> None:
    """A record that comes again: whoever had it first may have died before the page was out."""
    ticket = last_of_chain(surroundings, ticket_id)
    if ticket is not None:
        act(surroundings, ticket.id)
