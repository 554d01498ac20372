"""The deployed stack as the demo uses it: tables, secrets, policy, and HTTP to the webhooks."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module
from pathlib import Path
from secrets import token_hex
from typing import Any

import boto3
import requests
from requests.adapters import HTTPAdapter

from local.demo.posts import Post
from local.demo.sources import REPLIED_TO, STARTER, Elsewhere, Settings, copy_of_policy
from local.stack.deployment import Stack
from ops.policy import publish_directory
from triagewire.ids import thread_token
from triagewire.keyring import SiteKeys
from triagewire.policy.load import load
from triagewire.policy.model import Policy, Site
from triagewire.store.table import NO_KEYS, Tables

SENDER_DOMAIN = "triagewire.example"
HTTP_SECONDS = 30
CONNECTIONS = 16


@dataclass(slots=True)
class World:
    """A deployed stack with a published policy and fresh secrets by `site/source`."""

    stack: Stack
    policy: Policy
    secrets: Mapping[str, str] = field(repr=False)
    tables: Tables
    http: requests.Session
    _clients: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def url(self) -> str:
        """The base address of webhooks and desk."""
        return self.stack.api_url

    def answer_address(self, ticket_id: str) -> str:
        """Where an answer to our mail about a ticket goes: our mail's Reply-To, of which the
        emulator's outbox keeps nothing.
        """
        arn = self.stack.outputs["IdentityKeyArn"]
        key = self.client("secretsmanager").get_secret_value(SecretId=arn)["SecretString"]
        return f"desk+{thread_token(key.encode(), ticket_id)}@{SENDER_DOMAIN}"

    def site(self, site_id: str) -> Site:
        """A site of the published policy."""
        return self.policy.sites[site_id]

    def client(self, service: str) -> Any:  # noqa: ANN401 the callers know the service
        """A boto3 client as the account's administrator, made once."""
        if service not in self._clients:
            made = boto3.client(service, **self.stack.aws())  # type: ignore[call-overload]
            self._clients[service] = made
        return self._clients[service]

    def sweep(self, now: datetime) -> bool:
        """Run escalate as EventBridge does, with the moment in the event; whether all went well."""
        answer = self.client("lambda").invoke(
            FunctionName=self.stack.outputs["EscalateFunctionName"],
            Qualifier="live",
            Payload=json.dumps({"time": now.strftime("%Y-%m-%dT%H:%M:%SZ")}),
        )
        said = json.loads(answer["Payload"].read())
        return "FunctionError" not in answer and not said.get("Failed")

    def checkpoint(self) -> bool:
        """Run checkpoint as its schedule does; whether it wrote one."""
        answer = self.client("lambda").invoke(
            FunctionName=self.stack.outputs["CheckpointFunctionName"],
            Qualifier="live",
            Payload=json.dumps({"detail-type": "Scheduled Event"}),
        )
        said = json.loads(answer["Payload"].read())
        return "FunctionError" not in answer and said["checkpoint"] is not None

    def review(self, what: str, now: datetime) -> bool:
        """Let review do one of its tasks as its schedule does; whether it did."""
        answer = self.client("lambda").invoke(
            FunctionName=self.stack.outputs["ReviewFunctionName"],
            Qualifier="live",
            Payload=json.dumps({"do": what, "time": now.strftime("%Y-%m-%dT%H:%M:%SZ")}),
        )
        return "FunctionError" not in answer

    def send(self, post: Post) -> requests.Response:
        """Post a webhook over HTTP, exactly as its sender would; SES stores its mail instead."""
        if "/" in post.stored_as:
            return self._store(post)
        return self.http.post(
            f"{self.url}/webhook/{post.name}{'?' if post.query else ''}{post.query}",
            headers=dict(post.headers),
            data=post.body,
            timeout=HTTP_SECONDS,
        )

    def _store(self, post: Post) -> requests.Response:
        self.client("s3").put_object(
            Bucket=self.stack.outputs["InboundBucketName"], Key=post.stored_as, Body=post.body
        )
        stored = requests.Response()
        stored.status_code = 200
        return stored


def tables_of(stack: Stack) -> Tables:
    """The two tables of a stack."""
    client, tickets = boto3.client("dynamodb", **stack.aws()), stack.outputs["TicketsTableName"]
    key = stack.outputs.get("MessageKeyArn")
    return Tables(
        client=client,
        tickets=tickets,
        ledger=stack.outputs["LedgerTableName"],
        keys=SiteKeys(client, tickets, key, lambda: boto3.client("kms", **stack.aws()))
        if key
        else NO_KEYS,
    )


def browser(stack: Stack) -> requests.Session:
    """An HTTP client that trusts this stack's certificate and nothing of the environment."""
    session = requests.Session()
    session.trust_env = False
    session.verify = str(stack.emulator.authority)
    session.mount("https://", HTTPAdapter(pool_maxsize=CONNECTIONS, pool_connections=CONNECTIONS))
    return session


def policy_folder(stack: Stack) -> Path:
    """Where the demo's copy of the starter policy lies."""
    return stack.emulator.directory / "policy"


def publish_policy(
    stack: Stack, now: datetime, settings: Settings | None = None, elsewhere: Elsewhere = STARTER
) -> Policy:
    """Publish the demo's copy of the starter policy; raises PolicyError when a check fails."""
    directory = copy_of_policy(policy_folder(stack), stack.api_url, settings, elsewhere)
    publish_directory(directory, tables_of(stack), "demo", now)
    return load(directory).policy


def fill_secrets(stack: Stack, policy: Policy) -> dict[str, str]:
    """Give every source a fresh random secret, as an engineer would after the deployment."""
    made = {
        f"{site_id}/{name}": secret_for(source.adapter)
        for site_id, site in policy.sites.items()
        for name, source in site.sources.items()
    }
    boto3.client("secretsmanager", **stack.aws()).put_secret_value(
        SecretId=stack.outputs["WebhookSecretsArn"],
        SecretString=json.dumps({name: [secret] for name, secret in made.items()}),
    )
    return made


def secret_for(adapter: str) -> str:
    """A secret of the kind that the sender knows; where it would make one itself, any will do."""
    sender = import_module(f"ops.senders.{adapter}")
    made: str = sender.new_secret() if hasattr(sender, "new_secret") else token_hex(16)
    return made


def fill_reader_secrets(stack: Stack, secrets: Mapping[str, str]) -> None:
    """Keep the keys of the sites' record servers."""
    boto3.client("secretsmanager", **stack.aws()).put_secret_value(
        SecretId=stack.outputs["ReaderSecretsArn"], SecretString=json.dumps(dict(secrets))
    )


def fill_reply_secrets(stack: Stack, secret: str) -> None:
    """Keep the secret that signs what goes to the system in which requesters read our replies."""
    boto3.client("secretsmanager", **stack.aws()).put_secret_value(
        SecretId=stack.outputs["ReplySecretsArn"],
        SecretString=json.dumps({name: [secret] for name in REPLIED_TO}),
    )


def furnish(
    stack: Stack, now: datetime, settings: Settings | None = None, elsewhere: Elsewhere = STARTER
) -> World:
    """Make a freshly deployed stack usable: sender, policy (with further settings by site, and
    neighbours `elsewhere`) and secrets.
    """
    boto3.client("ses", **stack.aws()).verify_domain_identity(Domain=SENDER_DOMAIN)
    policy = publish_policy(stack, now, settings, elsewhere)
    made = fill_secrets(stack, policy)
    return World(
        stack=stack, policy=policy, secrets=made, tables=tables_of(stack), http=browser(stack)
    )
