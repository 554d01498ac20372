"""What the engineer of a group does once after the first deployment, for the stack tests."""

import boto3

from local.stack.deployment import Stack

SENDER_DOMAIN = "triagewire.example"


def prepare(stack: Stack) -> None:
    """Make a freshly deployed stack usable: its sender may send."""
    boto3.client("ses", **stack.aws()).verify_domain_identity(Domain=SENDER_DOMAIN)
