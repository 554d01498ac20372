"""What the engineer of a group does once after the first deployment, for the stack tests."""

import json
import os
import subprocess
from collections.abc import Mapping

import boto3

from local.stack.deployment import Stack
from local.stack.emulator import ROOT

SENDER_DOMAIN = "triagewire.example"


def verify_sender(stack: Stack) -> None:
    """Let the sender of replies send."""
    boto3.client("ses", **stack.aws()).verify_domain_identity(Domain=SENDER_DOMAIN)


def publish_policy(stack: Stack) -> None:
    """Publish the starter policy with the operator's own command."""
    ended = subprocess.run(
        [ROOT / ".venv" / "bin" / "triagewire", "policy", "publish"],
        cwd=ROOT,
        env={**os.environ, **stack.emulator.companion_environment()},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr


def give_secrets(stack: Stack, secrets: Mapping[str, str]) -> None:
    """Set the signing secret of each source, named `<site>/<source>`."""
    boto3.client("secretsmanager", **stack.aws()).put_secret_value(
        SecretId=stack.outputs["WebhookSecretsArn"],
        SecretString=json.dumps({source: [secret] for source, secret in secrets.items()}),
    )
