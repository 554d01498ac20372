"""What staff write and what waits to leave, on a clinic's deployment."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import time_machine

from functions.score_route import handler as score_route
from tests.aws.clinic import LAMBDA, Clinic
from triagewire import aws
from triagewire.store.due_replies import due_replies


def queued(clinic: Clinic) -> Iterator[dict[str, Any]]:
    """What the sweep puts into the queue now, as the records of the queue."""
    for pk, sk in due_replies(aws.tables(), clinic.now):
        yield {
            "messageId": f"{pk}/{sk}",
            "eventSource": "aws:sqs",
            "body": json.dumps({"pk": pk, "sk": sk}),
        }


def hand_queue_over(clinic: Clinic, at: datetime | None = None) -> list[str]:
    """Let the queue bring what is due, at a time that becomes the present one; returns what
    failed.
    """
    clinic.now = at or clinic.now
    with time_machine.travel(clinic.now, tick=False):
        answer = score_route.lambda_handler({"Records": list(queued(clinic))}, LAMBDA)
    return [each["itemIdentifier"] for each in answer["batchItemFailures"]]
