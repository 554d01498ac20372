"""What the engineer of a group does once after the first deployment, for the stack tests."""

import boto3

from local.stack.deployment import Stack

SENDER_DOMAIN = "triagewire.example"


def verify_sender(stack: Stack) -> None:
    """Let the sender of replies send."""
    boto3.client("ses", **stack.aws()).verify_domain_identity(Domain=SENDER_DOMAIN)
