"""The real `sam build` and `sam deploy` of the real template, towards the emulator."""

import os
import subprocess
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3

from local.stack.emulator import REGION, ROOT, Emulator, StackError

STACK_NAME = "triagewire"
API_ID = "triagewire"
"""What the emulator calls the API: the sign-in page must know its address before it is there."""
STAGE = "demo"
_SAM = ROOT / ".venv-sam" / "bin" / "sam"


@dataclass(frozen=True)
class Stack:
    """A deployed stack: the emulator that carries it and the outputs of the template by name."""

    emulator: Emulator
    outputs: dict[str, str]

    @property
    def api_url(self) -> str:
        """Base URL of the API on this machine; the output ApiUrl is the one of a real account."""
        host, stage = self.outputs["ApiUrl"].removeprefix("https://").split("/", 1)
        return _api_url(self.emulator, host.split(".", 1)[0], stage)

    def environment(self) -> dict[str, str]:
        """The variables that turn AWS clients and `triagewire` towards this stack."""
        return self.emulator.environment() | {"TRIAGEWIRE_API_URL": self.api_url}

    def aws(self) -> dict[str, Any]:
        """Arguments for `boto3.client(service, **stack.aws())`, as the account's administrator."""
        return client_arguments(self.emulator)


def client_arguments(emulator: Emulator) -> dict[str, Any]:
    """Arguments for a boto3 client of this emulator, as the account's administrator."""
    return {
        "endpoint_url": emulator.endpoint,
        "verify": str(emulator.authority),
        "region_name": REGION,
        "aws_access_key_id": "test",
        "aws_secret_access_key": "test",
    }


def build() -> None:
    """Build the artefacts. Raises `StackError` naming the log when it fails."""
    _run(["make", "--silent", "build"], dict(os.environ), ROOT / "build" / "build.log")


def deploy(emulator: Emulator) -> Stack:
    """Deploy the built template. Raises `StackError` naming the log when it fails."""
    environment = {**os.environ, **emulator.environment(), "SAM_CLI_TELEMETRY": "0"}
    log = emulator.directory / "deploy.log"
    named = ["--tags", f"ms-custom-id={API_ID}", "--parameter-overrides", *_values(emulator)]
    _run([str(_SAM), "deploy", "--config-env", "default", *named], environment, log)
    return Stack(emulator, outputs(emulator))


def outputs(emulator: Emulator) -> dict[str, str]:
    """The outputs of the deployed stack by name."""
    client = boto3.client("cloudformation", **client_arguments(emulator))
    (stack,) = client.describe_stacks(StackName=STACK_NAME)["Stacks"]
    return {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}


def _values(emulator: Emulator) -> list[str]:
    """The values of the configuration, and where browsers find the desk and its sign-in page."""
    stated = tomllib.loads((ROOT / "samconfig.toml").read_text(encoding="utf-8"))
    values: list[str] = stated["default"]["deploy"]["parameters"]["parameter_overrides"]
    desk = _api_url(emulator, API_ID, STAGE)
    return [*values, f"DeskUrl={desk}", f"SignInUrl={emulator.endpoint}"]


def _api_url(emulator: Emulator, api_id: str, stage: str) -> str:
    return f"{emulator.endpoint}/_aws/execute-api/{api_id}/{stage}"


def _run(command: list[str], environment: dict[str, str], log: Path) -> None:
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        ended = subprocess.run(
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if ended.returncode:
        raise StackError(f"{Path(command[0]).name} {command[-1]} failed: see {log}")
