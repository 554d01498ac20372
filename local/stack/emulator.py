"""MiniStack as a child process: IAM evaluation and TLS on, a free port of the loopback."""

import contextlib
import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from local.stack import certificate

ROOT = Path(__file__).resolve().parents[2]
TIME_TRAVEL = Path(__file__).parent / "timetravel"
REGION = "us-east-1"
_START_SECONDS = 60.0
_STOP_SECONDS = 10.0
# What the emulator, and so the functions, get of the caller's environment; the rest stays out.
_INHERITED = ("HOME", "LANG", "LC_ALL", "TZ")

Report = Callable[[str], None]


class StackError(Exception):
    """The embedded stack could not be started, built or deployed; the message names the log."""


@dataclass(frozen=True)
class Emulator:
    """A running MiniStack. `directory` holds its state, log and certificate."""

    pid: int
    port: int
    directory: Path

    @property
    def endpoint(self) -> str:
        """Where every AWS API of the emulator is served."""
        return f"https://127.0.0.1:{self.port}"

    @property
    def authority(self) -> Path:
        """The PEM file that a client must trust to talk to it."""
        return self.directory / "ca.pem"

    @property
    def certificate(self) -> tuple[Path, Path]:
        """Chain and key that a server on this machine may show: its clients here trust it."""
        return self.directory / "server.pem", self.directory / "server.key"

    @property
    def clock_file(self) -> Path:
        """What `local.stack.clock` writes to move the time of the emulator and of the functions."""
        return self.directory / "clock"

    def environment(self) -> dict[str, str]:
        """The variables that turn an AWS client program towards the emulator."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_CA_BUNDLE": str(self.authority),
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def companion_environment(self) -> dict[str, str]:
        """The same for a Python program of this repository: it follows a moved clock too."""
        if not self.clock_file.exists():
            return self.environment()
        return self.environment() | _following(self.clock_file)

    def is_running(self) -> bool:
        """Whether the process is there and answers."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        return _answers(self.endpoint, self.authority)

    def is_ours(self) -> bool:
        """Whether its process lives, answering or not (and the number is not another one's)."""
        # -ww: a narrow terminal would cut the command off before what we look for
        told = ["ps", "-ww", "-o", "command=", "-p", str(self.pid)]
        shown = subprocess.run(told, capture_output=True, text=True, check=False).stdout
        return "ministack" in shown and str(self.port) in shown

    def stop(self) -> None:
        """End the emulator and every function worker it started, at the latest by force."""
        for sign in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self.pid, sign)
            except ProcessLookupError:
                break
            if _group_ended(self.pid, _STOP_SECONDS):
                break
        shutil.rmtree(self.directory / "tmp", ignore_errors=True)


def start(directory: Path, *, time_travel: bool = False, model_url: str = "") -> Emulator:
    """Start an emulator whose files lie in `directory`, which is emptied first.

    With `time_travel`, its clock and that of the functions follow the clock file. With `model_url`
    the OpenAI-like endpoint there answers what Bedrock is asked; without, it gives canned texts.
    Raises `StackError` when it does not answer in time.
    """
    shutil.rmtree(directory, ignore_errors=True)
    (directory / "tmp").mkdir(parents=True)
    issued = certificate.issue(directory)
    port, plain_port = _free_ports(2)
    with (directory / "emulator.log").open("wb") as log:
        process = subprocess.Popen(
            _command(issued, port, plain_port),
            env=_environment(directory, issued, port, plain_port)
            | (_time_travel(directory) if time_travel else {})
            | (_model(model_url) if model_url else {}),
            cwd=directory,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    emulator = Emulator(process.pid, port, directory)
    try:
        _wait_until_ready(emulator, process)
    except BaseException:
        emulator.stop()
        raise
    return emulator


def _command(issued: certificate.Certificate, port: int, plain_port: int) -> list[str]:
    # MiniStack's own command would take port 443 as well when it speaks TLS, and its Cognito
    # authorizer fetches the pool's keys from itself over plain http only.
    return [
        *(sys.executable, "-m", "hypercorn", "ministack.app:app"),
        *("--bind", f"127.0.0.1:{port}", "--insecure-bind", f"127.0.0.1:{plain_port}"),
        *("--keep-alive", "75", "--log-level", "WARNING"),
        *("--certfile", str(issued.chain), "--keyfile", str(issued.key)),
    ]


def _environment(
    directory: Path,
    issued: certificate.Certificate,
    port: int,
    plain_port: int,
) -> dict[str, str]:
    environment = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    return environment | {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]),
        "AUTH": "true",
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(plain_port),
        "EDGE_PORT": str(plain_port),
        "IOT_MTLS_ENABLED": "false",
        "PERSIST_STATE": "0",
        "STATE_DIR": str(directory / "state"),
        "S3_DATA_DIR": str(directory / "s3"),
        "TMPDIR": str(directory / "tmp"),
        "LOG_LEVEL": "INFO",
        # the functions inherit these four; the third is for servers of the clinic on this machine
        "AWS_ENDPOINT_URL": f"https://127.0.0.1:{port}",
        "AWS_CA_BUNDLE": str(issued.authority),
        "SSL_CERT_FILE": str(issued.authority),
        # receivers of replies on this machine, which no deployment may reach
        "REPLY_HOSTS": f"{certificate.RECEIVER}=127.0.0.1",
        "MINISTACK_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        # A jump of the clock must not look like an idle worker.
        "LAMBDA_WARM_TTL_SECONDS": str(10 * 365 * 86400),
    }


def _time_travel(directory: Path) -> dict[str, str]:
    (directory / "clock").write_text(json.dumps({"offset": 0.0}), encoding="utf-8")
    return _following(directory / "clock")


def _model(url: str) -> dict[str, str]:
    return {"MINISTACK_BEDROCK_PROXY_URL": url}


def _following(clock_file: Path) -> dict[str, str]:
    return {"PYTHONPATH": str(TIME_TRAVEL), "TRIAGEWIRE_CLOCK_FILE": str(clock_file)}


def _free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as held:
        probes = [held.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]


def _wait_until_ready(emulator: Emulator, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        if _answers(emulator.endpoint, emulator.authority):
            return
        time.sleep(0.1)
    raise StackError(f"MiniStack did not start: see {emulator.directory / 'emulator.log'}")


def _answers(endpoint: str, authority: Path) -> bool:
    try:
        context = ssl.create_default_context(cafile=str(authority))
        with urllib.request.urlopen(  # noqa: S310  # nosec B310 - our own loopback
            f"{endpoint}/_ministack/health", timeout=2, context=context
        ) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _group_ended(group: int, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        # Reap it when it is our child; one that an earlier command started is not ours to reap.
        with contextlib.suppress(ChildProcessError):
            os.waitpid(group, os.WNOHANG)
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False
