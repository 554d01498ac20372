"""`triagewire ledger key`: what anybody needs to check checkpoints, for ever and without AWS."""

import argparse

import boto3

from ops.deployed import Deployed, add_stack_argument, deployed, told_plainly
from triagewire.signing import SigningKey


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_stack_argument(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the public key."""
    with told_plainly():
        print(signing_key(deployed(arguments.stack)).pem, end="")
    return 0


def signing_key(stack: Deployed) -> SigningKey:
    """The ledger's key of a stack. Raises DeploymentError for a stack without one."""
    return SigningKey(boto3.client("kms"), stack.output("LedgerSigningKeyArn"))
