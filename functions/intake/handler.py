"""API Gateway webhook, or a mail that SES stored → one durable ticket → the answer of its sender.

It verifies over the raw bytes, writes once and answers. Scoring is left to score_route: a sender
waits here, and some give up after two seconds.
"""

from functools import cache
from typing import Any

from triagewire import aws
from triagewire.cache import Kept
from triagewire.flow.webhook import Reception, answer
from triagewire.observability import flush_metrics, textless
from triagewire.secrets import identity_key, webhook_secrets
from triagewire.settings import settings
from triagewire.store.sources import Sources, load_sources

POLICY_SECONDS = 30.0


@textless
def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401
    """Answer one webhook; or take the mails that the queue names, and name those that failed."""
    if "Records" in event:
        return _mails_taken(event["Records"], context.aws_request_id)
    outcome = answer(_reception, event, context.aws_request_id)
    flush_metrics()
    return {
        "statusCode": outcome.status,
        "headers": dict(outcome.headers),
        "body": outcome.body,
        "isBase64Encoded": False,
    }


def _reception() -> Reception:
    return Reception(
        tables=aws.tables(),
        sources=_sources(),
        secrets=webhook_secrets(),
        hash_key=lambda: identity_key().get(),
        public_url=settings().public_url,
        fetch=_fetch,
        visit=_visit,
    )


def _fetch(url: str) -> str:
    from triagewire import fetching  # noqa: PLC0415  for SNS alone

    return fetching.fetch_certificate(url)


def _visit(url: str) -> None:
    from triagewire import fetching  # noqa: PLC0415  for SNS alone

    fetching.visit(url)


def _mails_taken(records: list[dict[str, Any]], request_id: str) -> dict[str, Any]:
    """Take the mails that SES stored; what fails comes again, and at last is a dead letter."""
    from triagewire.flow.mailbox import Mailbox, take_notices  # noqa: PLC0415  not for webhooks

    mailbox = Mailbox(
        tables=aws.tables(),
        client=aws.s3(),
        bucket=settings().inbound_bucket,
        sources=_sources(),
    )
    failed = take_notices(mailbox, records, request_id)
    flush_metrics()
    return {"batchItemFailures": [{"itemIdentifier": each} for each in failed]}


@cache
def _sources() -> Kept[Sources]:
    return Kept(lambda: load_sources(aws.tables()), POLICY_SECONDS)
