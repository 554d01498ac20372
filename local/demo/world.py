"""The deployed stack as the demo uses it: tables, secrets, policy, and HTTP to the webhooks."""

import base64
import json
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import boto3
import requests
from requests.adapters import HTTPAdapter

from local.demo.posts import Post
from local.stack.deployment import Stack
from local.stack.emulator import ROOT
from ops.policy import publish_directory
from triagewire.policy.load import load
from triagewire.policy.model import Policy, Site
from triagewire.store.table import Tables

POLICY = ROOT / "policy"
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

    def send(self, post: Post) -> requests.Response:
        """Post a webhook over HTTP, exactly as its sender would."""
        return self.http.post(
            f"{self.url}/webhook/{post.name}",
            headers=dict(post.headers),
            data=post.body,
            timeout=HTTP_SECONDS,
        )


def tables_of(stack: Stack) -> Tables:
    """The two tables of a stack."""
    return Tables(
        client=boto3.client("dynamodb", **stack.aws()),
        tickets=stack.outputs["TicketsTableName"],
        ledger=stack.outputs["LedgerTableName"],
    )


def browser(stack: Stack) -> requests.Session:
    """An HTTP client that trusts this stack's certificate and nothing of the environment."""
    session = requests.Session()
    session.trust_env = False
    session.verify = str(stack.emulator.authority)
    session.mount("https://", HTTPAdapter(pool_maxsize=CONNECTIONS, pool_connections=CONNECTIONS))
    return session


def publish_policy(stack: Stack, now: datetime) -> Policy:
    """Publish the starter policy with the public address of every source filled in.

    Twilio signs the address that was typed in at Twilio, so the policy has to state it.
    Raises PolicyError when the policy fails its checks.
    """
    directory = _with_addresses(stack)
    publish_directory(directory, tables_of(stack), "demo", now)
    return load(directory).policy


def _with_addresses(stack: Stack) -> Path:
    directory = stack.emulator.directory / "policy"
    shutil.rmtree(directory, ignore_errors=True)
    shutil.copytree(POLICY, directory)
    for path in sorted((directory / "sites").glob("*.yaml")):
        lines = path.read_text(encoding="utf-8").splitlines()
        names = load(POLICY).policy.sites[path.stem].sources
        base = f"{stack.api_url}/webhook/{path.stem}"
        path.write_text("\n".join(_addressed(line, base, set(names)) for line in lines) + "\n")
    return directory


def _addressed(line: str, base: str, names: set[str]) -> str:
    """A line `  name: { adapter: x }` of `sources:` with its url."""
    name, _, rest = line.strip().partition(":")
    if name not in names or "adapter:" not in rest:
        return line
    return line.replace("adapter:", f"url: {base}/{name}, adapter:", 1)


def fill_secrets(stack: Stack, policy: Policy) -> dict[str, str]:
    """Give every source a fresh random secret, as an engineer would after the deployment."""
    made = {
        f"{site_id}/{name}": _secret(source.adapter)
        for site_id, site in policy.sites.items()
        for name, source in site.sources.items()
    }
    boto3.client("secretsmanager", **stack.aws()).put_secret_value(
        SecretId=stack.outputs["WebhookSecretsArn"],
        SecretString=json.dumps({name: [secret] for name, secret in made.items()}),
    )
    return made


def _secret(adapter: str) -> str:
    if adapter == "postmark":
        return f"postmark:{secrets.token_urlsafe(24)}"
    if adapter in {"twilio", "slack"}:
        return secrets.token_hex(16)
    return "whsec_" + base64.b64encode(secrets.token_bytes(24)).decode()


def furnish(stack: Stack, now: datetime) -> World:
    """Make a freshly deployed stack usable: sender, policy and secrets."""
    boto3.client("ses", **stack.aws()).verify_domain_identity(Domain=SENDER_DOMAIN)
    policy = publish_policy(stack, now)
    made = fill_secrets(stack, policy)
    return World(
        stack=stack, policy=policy, secrets=made, tables=tables_of(stack), http=browser(stack)
    )
