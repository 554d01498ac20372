"""The deployed stack that a command works on, by its CloudFormation outputs."""

import argparse
import os
from collections.abc import Mapping
from dataclasses import dataclass

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from triagewire.errors import TriagewireError
from triagewire.store.table import Tables

DEFAULT_STACK = "triagewire"


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
    def tables(self) -> Tables:
        """The two tables."""
        return Tables(
            client=boto3.client("dynamodb"),
            tickets=self.output("TicketsTableName"),
            ledger=self.output("LedgerTableName"),
        )


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
