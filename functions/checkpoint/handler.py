"""The ledger's stream → locked copies; every five minutes → a signed checkpoint over them.

It may read no ticket. What somebody altered or removed in the ledger raises an alarm here.
"""

from datetime import UTC, datetime
from functools import cache
from typing import Any

from triagewire import aws
from triagewire.flow.checkpointing import copy, make_checkpoint
from triagewire.lockbox import LockBox
from triagewire.observability import count, flush_metrics, logger, textless
from triagewire.settings import settings
from triagewire.signing import SigningKey


@textless
def lambda_handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:  # noqa: ANN401
    """Take a batch of the stream, or the call of the schedule."""
    try:
        return _copy(event["Records"]) if "Records" in event else _checkpoint()
    finally:
        flush_metrics()


def _copy(records: list[dict[str, Any]]) -> dict[str, Any]:
    copied = copy(_box(), records)
    count("EventsCopied", copied.events)
    if copied.tampered:
        count("LedgerAltered", copied.tampered)
        logger.error("the ledger was altered", records=copied.tampered)
    if copied.failed is None:
        return {"batchItemFailures": []}
    count("RecordsFailed", len(records))
    logger.error("a copy failed", error=copied.fault)
    return {"batchItemFailures": [{"itemIdentifier": copied.failed}]}


def _checkpoint() -> dict[str, Any]:
    made = make_checkpoint(_box(), _signing_key(), datetime.now(UTC))
    if made.odd:
        count("LedgerAltered", len(made.odd))
        logger.error("copies are not what was recorded", copies=len(made.odd))
    if made.checkpoint is None:
        return {"checkpoint": None}
    count("CheckpointWritten")
    return {"checkpoint": made.checkpoint.number}


def _box() -> LockBox:
    return LockBox(aws.s3(), settings().audit_bucket)


@cache
def _signing_key() -> SigningKey:
    return SigningKey(aws.kms(), settings().signing_key_arn)
