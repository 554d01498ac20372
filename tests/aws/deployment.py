"""A deployment on moto: the tables of the real template, topics, secrets, no memories."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import boto3
import pytest
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.s3.models import s3_backends
from moto.secretsmanager.models import secretsmanager_backends
from moto.ses.models import ses_backends
from moto.sns.models import sns_backends
from moto.utilities.utils import get_partition

from functions.intake import handler as intake
from ops.deployed import Deployed
from tests.aws.short_way import mocked_aws
from tests.builders import KEYS
from tests.template import resources
from triagewire import aws, secrets
from triagewire.flow import judge, policies
from triagewire.settings import settings

REGION = "us-east-1"
NOT_IN_MOTO = {
    "DeletionProtectionEnabled",
    "PointInTimeRecoverySpecification",
    "ResourcePolicy",
    "SSESpecification",
    "Tags",
    "StreamSpecification",
    "TimeToLiveSpecification",
}
"""Properties that protect or tidy a table; and the stream, whose records the tests hand over."""

SECRETS = {
    "portal": "whsec_cG9ydGFsLXNlY3JldC1vZi10aGUtdGVzdHM=",
    "form": "whsec_Zm9ybS1zZWNyZXQtb2YtdGhlLXRlc3Rz",
    "it-form": "whsec_aXQtZm9ybS1zZWNyZXQtb2YtdGhlLXRlc3Rz",
    "phone": "twilio-token-of-the-tests",
    "mailbox": "postmark:password-of-the-tests",
}
IDENTITY_KEY = "k" * 64
LINK_KEY = "l" * 64
LINK_URL = "https://desk-api.clinic.example/prod"


def table_properties(logical_name: str) -> dict[str, Any]:
    """The arguments of CreateTable for a table of the template."""
    stated = resources("AWS::DynamoDB::Table")[logical_name]["Properties"]
    return {name: value for name, value in stated.items() if name not in NOT_IN_MOTO}


@contextmanager
def deployed(patch: pytest.MonkeyPatch) -> Iterator[None]:
    """A fresh deployment without a policy, and functions that have just started."""
    with mocked_aws():
        _tables()
        _topics(patch)
        set_secrets(patch)
        _bucket(patch)
        ses_backends[DEFAULT_ACCOUNT_ID][REGION].verify_email_identity("desk@clinic.example")
        patch.setattr(aws, "_keys", lambda: KEYS)
        patch.setattr(Deployed, "_keys", lambda *_: KEYS)
        forget()
        yield
    forget()


def forget() -> None:
    """Make every function a cold one again. The clients stay: they remember nothing."""
    settings.cache_clear()
    aws.tables.cache_clear()
    keys = (secrets.webhook_secrets, secrets.identity_key, secrets.link_key)
    for cached in (*keys, policies.current_policy):
        cached.cache_clear()
    intake._sources.cache_clear()
    judge._engines.clear()


def _tables() -> None:
    for name, logical_name in (("tickets", "TicketsTable"), ("ledger", "LedgerTable")):
        _client("dynamodb").create_table(TableName=name, **table_properties(logical_name))


# What else there is goes into the mock by the back door: a test has it before its first call, and
# seven calls of every test would be a fifth of its time.


def _topics(patch: pytest.MonkeyPatch) -> None:
    topics = sns_backends[DEFAULT_ACCOUNT_ID][REGION]
    for name in ("pages", "alerts"):
        patch.setenv(f"{name.upper()}_TOPIC_ARN", topics.create_topic(name).arn)


def _bucket(patch: pytest.MonkeyPatch) -> None:
    buckets = s3_backends[DEFAULT_ACCOUNT_ID][get_partition(REGION)]
    buckets.create_bucket("inbound-of-the-tests", REGION)
    patch.setenv("INBOUND_BUCKET", "inbound-of-the-tests")


def set_secrets(patch: pytest.MonkeyPatch) -> None:
    """Put the secrets of every function where it looks for them."""
    live = {
        f"{site}/{name}": [secret, "an-older-secret"]
        for site in ("north", "west")
        for name, secret in SECRETS.items()
    }
    for name, text in (
        ("WEBHOOK_SECRETS_ARN", json.dumps(live)),
        ("IDENTITY_KEY_ARN", IDENTITY_KEY),
        ("LINK_KEY_ARN", LINK_KEY),
    ):
        patch.setenv(name, _secret(name, text))
    patch.setenv("LINK_URL", LINK_URL)


def _secret(name: str, text: str) -> str:
    made = secretsmanager_backends[DEFAULT_ACCOUNT_ID][REGION].create_secret(
        name=name,
        secret_string=text,
        secret_binary=None,
        description=None,
        tags=None,
        kms_key_id=None,
        client_request_token=None,
        replica_regions=[],
        force_overwrite=False,
    )
    return str(json.loads(made)["ARN"])


@cache
def _client(service: str) -> Any:  # noqa: ANN401
    make: Any = boto3.client  # one overload for each service of AWS
    return make(service)
