"""The ways out to requesters, and the queue in which a message waits for its time."""

import json
import math
from dataclasses import replace
from datetime import timedelta

from triagewire import aws
from triagewire.flow.send import Leaving
from triagewire.linked import linked
from triagewire.message import ReplyWay
from triagewire.settings import settings
from triagewire.telling import mail

LONGEST_DELAY_SECONDS = 900
"""So long SQS holds a message; what is due later, the sweep puts into the queue when it is."""


def deliver(leaving: Leaving) -> None:
    """Send a message by its way, with the link that its text asks for. Raises UndeliverableError
    for what can never be sent so, and anything else for what may be tried again.
    """
    leaving = replace(leaving, message=linked(leaving.message))
    match leaving.message.way:
        case ReplyWay.EMAIL:
            mail(leaving.message)
        case ReplyWay.SMS:
            from triagewire.texting import text  # noqa: PLC0415  few messages leave so

            text(leaving.message)
        case ReplyWay.WEBHOOK:
            from triagewire.webhooks import post  # noqa: PLC0415  few messages leave so

            post(leaving)
        case ReplyWay.AUTOMATION:
            from triagewire.announcing import announce  # noqa: PLC0415  few messages leave so

            announce(leaving.message)


def send_later(pk: str, sk: str, wait: timedelta) -> None:
    """Bring the keys of a message back after a while; the sweep finds what is due later than a
    queue can wait.
    """
    seconds = max(0, math.ceil(wait.total_seconds()))
    if seconds > LONGEST_DELAY_SECONDS or not settings().reply_queue_url:
        return
    aws.sqs().send_message(
        QueueUrl=settings().reply_queue_url,
        MessageBody=json.dumps({"pk": pk, "sk": sk}),
        DelaySeconds=seconds,
    )


def keys_of(body: str) -> tuple[str, str]:
    """The keys that a message of the queue brings. Raises ValueError or LookupError for anything
    else.
    """
    named = json.loads(body)
    return str(named["pk"]), str(named["sk"])
