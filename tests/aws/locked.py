"""The locked bucket and the signing key of a clinic on moto, and what fills them."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import boto3
import pytest
import time_machine

from functions.checkpoint import handler
from tests.aws.clinic import LAMBDA, MINUTE, Clinic
from triagewire import aws
from triagewire.lockbox import LockBox
from triagewire.settings import settings

BUCKET = "audit-of-the-tests"


@dataclass(slots=True)
class Locked:
    """What the checkpoint function does in a clinic."""

    clinic: Clinic
    box: LockBox
    key_arn: str
    _handed: set[tuple[str, str]] = field(default_factory=set)

    def copy(self) -> None:
        """Hand over what the ledger's stream has."""
        fresh = [each for each in self.clinic.items("ledger") if _key(each) not in self._handed]
        if fresh:
            records = [_record(each, self.clinic) for each in fresh]
            assert self.call({"Records": records}) == {"batchItemFailures": []}
        self._handed |= {_key(each) for each in fresh}

    def give_up(self) -> None:
        """Let the stream forget what it has: it never gets a copy of its own."""
        self._handed |= set(map(_key, self.clinic.items("ledger")))

    def checkpoint(self) -> int | None:
        """Let the schedule come two minutes later; returns the number of what was written."""
        self.clinic.now += 2 * MINUTE
        number: int | None = self.call({"source": "aws.events"})["checkpoint"]
        return number

    def call(self, event: dict[str, Any]) -> dict[str, Any]:
        """Call the function at the clinic's time."""
        with time_machine.travel(self.clinic.now, tick=False):
            return handler.lambda_handler(event, LAMBDA)


@contextmanager
def locking(clinic: Clinic) -> Iterator[Locked]:
    """A clinic with a locked bucket and a signing key."""
    client = boto3.client("s3")
    client.create_bucket(Bucket=BUCKET, ObjectLockEnabledForBucket=True)
    client.put_object_lock_configuration(
        Bucket=BUCKET,
        ObjectLockConfiguration={
            "ObjectLockEnabled": "Enabled",
            "Rule": {"DefaultRetention": {"Mode": "COMPLIANCE", "Years": 7}},
        },
    )
    made = boto3.client("kms").create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")
    arn = made["KeyMetadata"]["Arn"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUDIT_BUCKET", BUCKET)
        patch.setenv("SIGNING_KEY_ARN", arn)
        _forget()
        yield Locked(clinic=clinic, box=LockBox(aws.s3(), BUCKET), key_arn=arn)
    _forget()


def _forget() -> None:
    settings.cache_clear()
    handler._signing_key.cache_clear()


def _key(item: dict[str, Any]) -> tuple[str, str]:
    return item["pk"]["S"], item["sk"]["S"]


def _record(item: dict[str, Any], clinic: Clinic) -> dict[str, Any]:
    image = {**item, "detail": {"B": base64.b64encode(item["detail"]["B"]).decode()}}
    return {
        "eventName": "INSERT",
        "eventSource": "aws:dynamodb",
        "dynamodb": {
            "ApproximateCreationDateTime": clinic.now.timestamp(),
            "Keys": {name: item[name] for name in ("pk", "sk")},
            "NewImage": image,
            "SequenceNumber": "/".join(_key(item)),
        },
    }
