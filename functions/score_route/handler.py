"""DynamoDB stream → each new message is scored and routed; urgent ones page; replies are sent,
and what became of them is recorded. The queue of replies → what waited is sent.

One bad record is reported alone and never holds up the others.
"""

import time
from datetime import UTC, datetime
from typing import Any

from triagewire import aws
from triagewire.assisting import ask_assistant
from triagewire.delivering import deliver, keys_of, send_later
from triagewire.flow.context import Context
from triagewire.flow.escalate import act
from triagewire.flow.facts import record_fact
from triagewire.flow.policies import current_policy
from triagewire.flow.send import send
from triagewire.flow.shadow import shadow
from triagewire.flow.survivor import last_of_chain
from triagewire.flow.triage import triage
from triagewire.message import ReplyWay
from triagewire.observability import count, flush_metrics, logger, milliseconds, textless
from triagewire.pausing import pause, utc_now
from triagewire.reading import read_message
from triagewire.record_reading import RecordReading
from triagewire.secrets import identity_key
from triagewire.settings import settings
from triagewire.store.stream import NewFact, NewMessage, new_item
from triagewire.telling import publish

SLOW_WAYS = frozenset({ReplyWay.WEBHOOK})
"""A receiver that answers slowly must not hold up the pages of the same batch."""
SHADOW_SECONDS = 5.0
"""How long the messages of one batch may be tried on a candidate policy."""

type _Routed = list[tuple[Context, str]]


@textless
def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401
    """Handle a batch; records that failed are named, so that only they come again."""
    failures = []
    records = RecordReading()
    routed: _Routed = []
    for record in event["Records"]:
        try:
            _take(record, context.aws_request_id, records, routed)
        except Exception as error:
            logger.error("record failed", error=type(error).__name__)
            count("RecordsFailed")
            failures.append({"itemIdentifier": _number(record)})
    _shadow(routed)
    flush_metrics()
    return {"batchItemFailures": failures}


def _shadow(routed: _Routed) -> None:
    """Let a candidate judge what was routed: last, and for some seconds only, so that it holds up
    no page of the same batch.
    """
    ends = time.monotonic() + SHADOW_SECONDS
    for surroundings, ticket_id in routed:
        if time.monotonic() >= ends:
            count("ShadowSkipped")
            return
        shadow(surroundings, ticket_id)


def _take(record: dict[str, Any], request_id: str, records: RecordReading, routed: _Routed) -> None:
    """A record of the queue, or of the stream."""
    if "dynamodb" not in record:
        send(_surroundings(request_id, records), *keys_of(record["body"]), deliver)
    else:
        _handle(new_item(record), request_id, records, routed)


def _number(record: dict[str, Any]) -> str:
    """By what a record is named that failed."""
    found = record["dynamodb"]["SequenceNumber"] if "dynamodb" in record else record["messageId"]
    return str(found)


def _handle(
    new: NewMessage | NewFact, request_id: str, records: RecordReading, routed: _Routed
) -> None:
    surroundings = _surroundings(request_id, records)
    if isinstance(new, NewFact):
        record_fact(surroundings, new.pk, new.sk)
    elif new.outbound:
        send(surroundings, new.pk, new.sk, deliver, by_queue=SLOW_WAYS)
    else:
        _route(surroundings, new, routed)


def _surroundings(request_id: str, records: RecordReading) -> Context:
    return Context(
        tables=aws.tables(),
        policy=current_policy().get(),
        now=datetime.now(UTC),
        actor="system:score_route",
        request_id=request_id,
        identity_key=identity_key().get(),
        sender_address=settings().sender_address,
        publish=publish,
        read=read_message,
        read_record=records.read,
        ask=ask_assistant,
        wait=pause,
        later=send_later,
        notifies=settings().notify_people,
        wall_clock=utc_now,
    )


def _route(surroundings: Context, new: NewMessage, routed: _Routed) -> None:
    ticket = triage(surroundings, new.ticket_id)
    if ticket is None:
        _catch_up(surroundings, new.ticket_id)
        return
    act(surroundings, ticket.id)
    routed.append((surroundings, new.ticket_id))
    took = 1000 * (surroundings.now - new.at).total_seconds()
    milliseconds("ReceivedToRouted", took, site=ticket.site)
    logger.info("routed", ticket_id=ticket.id, team=ticket.team, urgency=int(ticket.urgency))


def _catch_up(surroundings: Context, ticket_id: str) -> None:
    """A record that comes again: whoever had it first may have died before the page was out."""
    ticket = last_of_chain(surroundings, ticket_id)
    if ticket is not None:
        act(surroundings, ticket.id)
