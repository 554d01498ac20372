"""The AWS clients, made on first use: an import costs nothing, and a test starts with none.

botocore itself instead of boto3's session: it is the same client without the start-up cost of
boto3's other parts.

"""

import os
from functools import cache
from typing import TYPE_CHECKING, Any, cast

import botocore.session
from botocore.config import Config

from triagewire.settings import settings
from triagewire.store.cipher import Keyring
from triagewire.store.table import NO_KEYS, Tables

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sesv2 import SESV2Client
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sqs import SQSClient

CONFIG = Config(
    connect_timeout=2,
    read_timeout=5,
    retries={"mode": "standard", "total_max_attempts": 3},
)
"""Short: a sender waits behind intake, and some give up after two seconds."""
HASTY = Config(
    connect_timeout=1,
    read_timeout=1,
    retries={"mode": "standard", "total_max_attempts": 2},
)
"""For the keys of messages, which mostly are at hand already: while KMS is silent, who asks it
whether an old key may still be used must go on with that key before their own time is up.
"""


@cache
def tables() -> Tables:
    """The two tables of this deployment."""
    names = settings()
    return Tables(
        client=_dynamodb(),
        tickets=names.tickets_table,
        ledger=names.ledger_table,
        keys=_keys(),
    )


def _keys() -> Keyring:
    """The keys of messages, for a function that is given them."""
    names = settings()
    if not names.message_key_arn:
        return NO_KEYS
    from triagewire.keyring import SiteKeys  # noqa: PLC0415  not for the functions without

    return SiteKeys(_dynamodb(), names.tickets_table, names.message_key_arn, message_kms)


@cache
def _dynamodb() -> "DynamoDBClient":
    return cast("DynamoDBClient", _client("dynamodb"))


@cache
def sns() -> "SNSClient":
    """For pages and alerts."""
    return cast("SNSClient", _client("sns"))


@cache
def ses() -> "SESV2Client":
    """For mail to requesters."""
    return cast("SESV2Client", _client("sesv2"))


@cache
def sqs() -> "SQSClient":
    """For replies that wait for their time."""
    return cast("SQSClient", _client("sqs"))


@cache
def secrets_manager() -> "SecretsManagerClient":
    """For webhook secrets and the identity key."""
    return cast("SecretsManagerClient", _client("secretsmanager"))


@cache
def s3() -> "S3Client":
    """For inbound mail, for bodies that no table item can hold, and for the locked copies of the
    ledger.
    """
    return cast("S3Client", _client("s3"))


@cache
def kms() -> "KMSClient":
    """To sign checkpoints of the ledger."""
    return cast("KMSClient", _client("kms"))


@cache
def message_kms() -> "KMSClient":
    """For the keys of messages."""
    return cast("KMSClient", _client("kms", HASTY))


@cache
def events() -> "EventBridgeClient":
    """For requests that a program may settle."""
    return cast("EventBridgeClient", _client("events"))


@cache
def bedrock() -> Any:  # noqa: ANN401 one call is all that is used of it
    """For the assistant. One try and a short wait: whoever reviews need not wait too."""
    hasty = Config(connect_timeout=1, read_timeout=2, retries={"total_max_attempts": 1})
    return _client("bedrock-runtime", hasty)


@cache
def _session() -> botocore.session.Session:
    return botocore.session.get_session()


def _client(service: str, config: Config = CONFIG) -> Any:  # noqa: ANN401 the callers name it
    region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
    return _session().create_client(service, region_name=region, config=config)
