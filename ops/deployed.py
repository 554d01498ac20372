"""The deployed stack that a command works on, by its CloudFormation outputs."""

import argparse
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import uuid4

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from triagewire.errors import ConflictError, TriagewireError
from triagewire.flow.context import Context
from triagewire.keyring import SiteKeys
from triagewire.ledger.event import Entry
from triagewire.store.active import active_version
from triagewire.store.cipher import Keyring
from triagewire.store.policies import load_usable_policy
from triagewire.store.policy_ledger import noted
from triagewire.store.table import NO_KEYS, Tables, commit

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

DEFAULT_STACK = "triagewire"
ATTEMPTS = 5


class DeploymentError(TriagewireError):
    """The stack cannot be found or reached; the message says what to set."""


@dataclass(frozen=True, slots=True)
class Deployed:
    """A stack's outputs by name."""

    outputs: Mapping[str, str]

    def output(self, name: str) -> str:
        """One output. Raises DeploymentError if the stack is an older one without it."""
        try:
            return self.outputs[name]
        except KeyError:
            raise DeploymentError(f"the stack has no output {name}: deploy it again") from None

    @property
    def api_url(self) -> str:
        """Base URL of the API: the output ApiUrl, or where TRIAGEWIRE_API_URL says it is.

        The embedded stack sets that: the output names a host of a real account, where nothing of
        it is to be sent.
        """
        return os.environ.get("TRIAGEWIRE_API_URL") or self.output("ApiUrl")

    @property
    def tables(self) -> Tables:
        """The two tables."""
        client, tickets = boto3.client("dynamodb"), self.output("TicketsTableName")
        return Tables(
            client=client,
            tickets=tickets,
            ledger=self.output("LedgerTableName"),
            keys=self._keys(client, tickets),
        )

    def _keys(self, client: "DynamoDBClient", table: str) -> Keyring:
        """The keys of messages, by the operator's own right to them; a stack of an earlier version
        has none.
        """
        key = self.outputs.get("MessageKeyArn")
        return SiteKeys(client, table, key, lambda: boto3.client("kms")) if key else NO_KEYS


def add_stack_argument(parser: argparse.ArgumentParser) -> None:
    """Declare `--stack`."""
    parser.add_argument(
        "--stack",
        default=os.environ.get("TRIAGEWIRE_STACK_NAME", DEFAULT_STACK),
        metavar="NAME",
        help="CloudFormation stack (default: TRIAGEWIRE_STACK_NAME, or triagewire)",
    )


def deployed(stack: str) -> Deployed:
    """Look a stack up with the shell's AWS credentials. Raises DeploymentError if there is none."""
    try:
        client = boto3.client("cloudformation")
        found = client.describe_stacks(StackName=stack)["Stacks"][0]
    except (BotoCoreError, ClientError) as error:
        raise DeploymentError(
            f"stack {stack} cannot be read ({type(error).__name__}): check --stack, the AWS "
            "credentials and the region; for the embedded stack run `make up` first and load "
            'its environment: eval "$(.venv/bin/python -m local.stack env)"'
        ) from error
    outputs = {each["OutputKey"]: each["OutputValue"] for each in found.get("Outputs", [])}
    return Deployed(outputs)


@contextmanager
def told_plainly() -> Iterator[None]:
    """What AWS refuses in one line: the operation and the code, and nothing of what was sent."""
    try:
        yield
    except ClientError as error:
        code = error.response["Error"]["Code"]
        raise DeploymentError(f"AWS refused {error.operation_name}: {code}") from None
    except BotoCoreError as error:
        raise DeploymentError(f"AWS cannot be reached ({type(error).__name__})") from None


def operator() -> str:
    """Who runs the command, for the ledger: the last part of their identity's ARN."""
    try:
        arn = boto3.client("sts").get_caller_identity()["Arn"]
    except (BotoCoreError, ClientError) as error:
        raise DeploymentError(f"who you are cannot be read ({type(error).__name__})") from error
    return re.split("[:/]", arn)[-1]


def context_of(stack: Deployed, now: datetime) -> Context:
    """The surroundings of a command that changes tickets, under the operator's own name."""
    tables = stack.tables
    return Context(
        tables=tables,
        policy=load_usable_policy(tables, active_version(tables)),
        now=now,
        actor=f"administrator:{operator()}",
        request_id=command_id(),
    )


def command_id() -> str:
    """What names one run of a command in the ledger, as a request's id names a request."""
    return f"command-{uuid4()}"


def noted_first(context: Context, entry: Entry) -> None:
    """Record what a command is about to change outside the tables, before it does: a change that
    nobody recorded would be worse than an entry without one.
    """
    for around in context.tries(ATTEMPTS):
        with suppress(ConflictError):
            commit(around.tables, noted(around.tables, entry, around.stamp))
            return
    raise ConflictError("others change the policy's ledger at the same time: try again")
