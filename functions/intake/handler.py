"""API Gateway webhook, or a mail that SES stored → one durable ticket → the answer of its sender.

It verifies over the raw bytes, writes once and answers. Scoring is left to score_route: a sender
waits here, and some give up after two seconds.
"""

from datetime import UTC, datetime
from functools import cache
from typing import Any

from triagewire import aws
from triagewire.cache import Kept
from triagewire.channels.outcome import Outcome, OutcomeKind, refused
from triagewire.channels.receiving import receive_event, unavailable
from triagewire.channels.source import Source
from triagewire.errors import RefusedError, TriagewireError
from triagewire.fetching import fetch_certificate, visit
from triagewire.flow.limits import within_limits
from triagewire.flow.receive import store_outcome
from triagewire.ledger.event import Stamp
from triagewire.observability import flush_metrics, logger
from triagewire.secrets import RENEW_SECONDS, identity_key, webhook_secrets
from triagewire.settings import settings
from triagewire.store.sources import Sources, load_sources

POLICY_SECONDS = 30.0
NEW_SOURCE_SECONDS = 1.0
UNAVAILABLE = RefusedError(503, "temporarily unavailable, please send again")


def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401
    """Answer one webhook; whatever fails on our side is a 503, which its sender repeats.

    The queue of stored mails calls here too.
    """
    if "Records" in event:
        return _mails_taken(event["Records"], context.aws_request_id)
    outcome = _answer(event, context.aws_request_id)
    logger.info("webhook answered", outcome=outcome.kind.value, status=outcome.status)
    flush_metrics()
    return {
        "statusCode": outcome.status,
        "headers": dict(outcome.headers),
        "body": outcome.body,
        "isBase64Encoded": False,
    }


def _answer(event: dict[str, Any], request_id: str) -> Outcome:
    source = None
    try:
        name = "{site}/{source}".format(**event["pathParameters"])
        sources = _sources().get()
        source = sources.by_name.get(name)
        if source is None:
            return refused(RefusedError(403, "unknown site or source"))
        now = datetime.fromtimestamp(event["requestContext"]["requestTimeEpoch"] / 1000, UTC)
        stamp = Stamp(
            at=now,
            actor=f"source:{name}",
            policy_version=sources.policy_version,
            request_id=request_id,
        )
        return _stored(event, source, stamp)
    except Exception as error:
        # No fault of ours may end as anything but "send it again".
        logger.error("webhook not stored", error=type(error).__name__)
        return unavailable(event, source) if source else refused(UNAVAILABLE)


def _stored(event: dict[str, Any], source: Source, stamp: Stamp) -> Outcome:
    outcome = _decided(event, source, stamp.at)
    if outcome.kind is OutcomeKind.REFUSED and webhook_secrets().renew(RENEW_SECONDS):
        # The secrets have changed since they were read: this may be the first use of a new one.
        outcome = _decided(event, source, stamp.at)
    outcome = within_limits(
        aws.tables(), outcome, event, source, stamp.at, lambda: identity_key().get()
    )
    store_outcome(aws.tables(), outcome, source, stamp)
    if outcome.visit:
        visit(outcome.visit)
    for ticket_id in outcome.ticket_ids:
        logger.info("stored", ticket_id=ticket_id, site=source.site, source=source.name)
    return outcome


def _decided(event: dict[str, Any], source: Source, now: datetime) -> Outcome:
    return receive_event(
        event,
        source,
        webhook_secrets().get().get(f"{source.site}/{source.name}", ()),
        now,
        public_url=settings().public_url,
        fetch=fetch_certificate,
    )


def _mails_taken(records: list[dict[str, Any]], request_id: str) -> dict[str, Any]:
    """Take the mails that SES stored; what fails comes again, and at last is a dead letter."""
    failed = [each["messageId"] for each in records if not _is_taken(each, request_id)]
    flush_metrics()
    return {"batchItemFailures": [{"itemIdentifier": each} for each in failed]}


def _is_taken(record: dict[str, Any], request_id: str) -> bool:
    from triagewire.flow import mailbox  # noqa: PLC0415  no webhook should wait for it

    try:
        for stored in mailbox.stored_mails(record["body"]):
            box = mailbox.Mailbox(
                client=aws.s3(),
                bucket=settings().inbound_bucket,
                sources=_sources_with(stored.source_name),
            )
            outcome = mailbox.take(aws.tables(), box, stored, request_id)
            site, _, source = stored.source_name.partition("/")
            for ticket_id in outcome.ticket_ids:
                logger.info("stored", ticket_id=ticket_id, site=site, source=source)
    except Exception as error:
        reason = str(error) if isinstance(error, TriagewireError) else ""
        logger.error("mail not stored", error=type(error).__name__, reason=reason)
        return False
    return True


def _sources_with(name: str) -> Sources:
    """The sources, read again if this one is not among them: it may be new."""
    if name not in _sources().get().by_name:
        _sources().renew(NEW_SOURCE_SECONDS)
    return _sources().get()


@cache
def _sources() -> Kept[Sources]:
    return Kept(lambda: load_sources(aws.tables()), POLICY_SECONDS)
