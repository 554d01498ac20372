"""A deployment on moto: the tables of the real template, topics, secrets, no memories."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import boto3
import pytest
from moto import mock_aws

from functions.intake import handler as intake
from tests.template import resources
from triagewire import aws, secrets
from triagewire.flow import judge, policies
from triagewire.settings import settings

NOT_IN_MOTO = {
    "DeletionProtectionEnabled",
    "PointInTimeRecoverySpecification",
    "SSESpecification",
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
    with mock_aws():
        _tables()
        _topics(patch)
        _secrets(patch)
        _bucket(patch)
        _client("ses").verify_email_identity(EmailAddress="desk@clinic.example")
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


@cache
def _client(service: str) -> Any:  # noqa: ANN401
    make: Any = boto3.client  # one overload for each service of AWS
    return make(service)


def _tables() -> None:
    dynamodb = _client("dynamodb")
    for name, logical_name in (("tickets", "TicketsTable"), ("ledger", "LedgerTable")):
        dynamodb.create_table(TableName=name, **table_properties(logical_name))


def _topics(patch: pytest.MonkeyPatch) -> None:
    sns = _client("sns")
    for name in ("pages", "alerts"):
        arn = sns.create_topic(Name=name)["TopicArn"]
        patch.setenv(f"{name.upper()}_TOPIC_ARN", arn)


def _bucket(patch: pytest.MonkeyPatch) -> None:
    _client("s3").create_bucket(Bucket="inbound-of-the-tests")
    patch.setenv("INBOUND_BUCKET", "inbound-of-the-tests")


def _secrets(patch: pytest.MonkeyPatch) -> None:
    manager = _client("secretsmanager")
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
        arn = manager.create_secret(Name=name, SecretString=text)["ARN"]
        patch.setenv(name, arn)
    patch.setenv("LINK_URL", LINK_URL)
