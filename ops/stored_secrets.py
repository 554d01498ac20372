"""The secrets of all sources, in one secret of Secrets Manager, changed by one operator at a time.

Secrets Manager writes a new value whatever the old one was, so two operators who rotate at once
would undo each other. The new value is therefore stored beside the current one, and becomes it by
moving the label AWSCURRENT away from the very version that was read, which fails if it has left.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import boto3
from botocore.exceptions import ClientError

from ops.deployed import Deployed, DeploymentError
from triagewire.secrets import live_secrets

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

LIVE = 2
"""How many secrets of a source are believed: the current one and the one before."""
CURRENT, NEXT = "AWSCURRENT", "TRIAGEWIRE_NEXT"
MOST_BYTES = 65_536
"""Of one secret (Secrets Manager quotas)."""
ATTEMPTS = 5
LOST = frozenset({"InvalidParameterException", "InvalidRequestException"})

type Live = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StoredSecrets:
    """The live secrets by `site/source`."""

    arn: str
    client: "SecretsManagerClient"

    def all(self) -> Mapping[str, Live]:
        """Every source's live secrets, the current one first."""
        return self._read()[0]

    def change(self, name: str, edit: Callable[[Live], Live]) -> Live:
        """Give a source what `edit` makes of its live secrets; returns that.

        `edit` is asked again when somebody else was quicker; what it raises is raised. Raises
        DeploymentError when others keep being quicker, or when no more secrets fit.
        """
        for _ in range(ATTEMPTS):
            before, version = self._read()
            after = edit(before.get(name, ()))[:LIVE]
            if after == before.get(name, ()):
                return after
            if self._replaced({**before, name: after}, version):
                return after
        raise DeploymentError("somebody else is changing the secrets: try again")

    def _read(self) -> tuple[Mapping[str, Live], str]:
        found = self.client.get_secret_value(SecretId=self.arn, VersionStage=CURRENT)
        return live_secrets(found["SecretString"]), found["VersionId"]

    def _replaced(self, secrets: Mapping[str, Live], version: str) -> bool:
        """Make these the current ones; False if `version` is not the current one any more."""
        text = json.dumps(secrets)
        if len(text) > MOST_BYTES:
            raise DeploymentError("no more secrets fit: drop the previous ones of other sources")
        put = self.client.put_secret_value(
            SecretId=self.arn, SecretString=text, VersionStages=[NEXT]
        )
        try:
            self.client.update_secret_version_stage(
                SecretId=self.arn,
                VersionStage=CURRENT,
                MoveToVersionId=put["VersionId"],
                RemoveFromVersionId=version,
            )
        except ClientError as error:
            if error.response["Error"]["Code"] not in LOST:
                raise
            return False
        return True


def stored_secrets(stack: Deployed) -> StoredSecrets:
    """The secrets of a deployed stack."""
    return StoredSecrets(stack.output("WebhookSecretsArn"), boto3.client("secretsmanager"))
