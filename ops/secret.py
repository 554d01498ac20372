"""`triagewire secret SITE/SOURCE`: set the secret that a source signs with, read from stdin.

The previous secret stays valid beside it until the next change, so that a rotation loses nothing.
"""

import argparse
import json
import sys
from getpass import getpass

import boto3

from ops.deployed import DeploymentError, add_stack_argument, deployed
from triagewire.store.sources import load_sources

LIVE = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the subcommand."""
    parser.add_argument("source", metavar="SITE/SOURCE")
    parser.add_argument(
        "--only", action="store_true", help="forget the previous secret at once (it leaked)"
    )
    add_stack_argument(parser)


def run(args: argparse.Namespace) -> int:
    """Store the secret that stands on stdin; never print it."""
    secret = (getpass("Secret: ") if sys.stdin.isatty() else sys.stdin.read()).strip()
    site, slash, name = args.source.partition("/")
    if not (secret and site and slash and name):
        raise DeploymentError("give SITE/SOURCE as the argument and the secret on stdin")
    stack = deployed(args.stack)
    known = load_sources(stack.tables).by_name
    if args.source not in known:
        raise DeploymentError(f"no such source; the policy has {', '.join(sorted(known))}")
    set_secret(stack.output("WebhookSecretsArn"), args.source, secret, only=args.only)
    print(f"{args.source}: set; functions take it up within five minutes")
    return 0


def set_secret(arn: str, source: str, secret: str, *, only: bool = False) -> None:
    """Put a source's secret first; the one before it stays live unless `only`."""
    client = boto3.client("secretsmanager")
    stored = json.loads(client.get_secret_value(SecretId=arn)["SecretString"])
    before = [] if only else [each for each in stored.get(source, []) if each != secret]
    stored[source] = [secret, *before][:LIVE]
    client.put_secret_value(SecretId=arn, SecretString=json.dumps(stored))
