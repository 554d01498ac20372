"""`triagewire source test` and rotation against running functions, over real HTTP."""

import io
import json
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import boto3
import pytest

from functions.intake import handler as intake
from ops import source as command
from ops import source_trial
from ops.cli import main
from ops.deployed import Deployed
from tests.aws.clinic import LAMBDA, Clinic
from tests.aws.deployment import SECRETS
from tests.aws.senders import by_portal, gateway_event
from tests.builders import a_policy, a_site, a_source
from triagewire import secrets
from triagewire.flow import webhook
from triagewire.observability import logger

type Call = Callable[..., tuple[int, str]]

OLD, NEW = SECRETS["portal"], "whsec_bmV3LXNlY3JldC1vZi10aGUtcG9ydGFsLTI="


@pytest.fixture
def address(clinic: Clinic) -> Iterator[str]:
    """The intake function behind a web server, as behind API Gateway."""

    class Gateway(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            site, source = self.path.split("?")[0].split("/")[-2:]
            body = self.rfile.read(int(self.headers["content-length"]))
            event = gateway_event(site, source, (dict(self.headers), body), clinic.now)
            event["requestContext"]["requestTimeEpoch"] = int(1000 * time.time())
            answer = intake.lambda_handler(event, LAMBDA)
            clinic.settle()
            self.send_response(answer["statusCode"])
            self.end_headers()
            self.wfile.write(answer["body"].encode())

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Gateway)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/demo"
    server.shutdown()
    server.server_close()


@pytest.fixture
def call(address: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Call:
    outputs = {
        "WebhookSecretsArn": "WEBHOOK_SECRETS_ARN",
        "ApiUrl": address,
        "TicketsTableName": "tickets",
        "LedgerTableName": "ledger",
        "InboundBucketName": "inbound-of-the-tests",
    }
    monkeypatch.setattr(command, "deployed", lambda _stack: Deployed(outputs))
    monkeypatch.delenv("TRIAGEWIRE_API_URL", raising=False)
    monkeypatch.setattr(source_trial, "ROUTED_SECONDS", 3.0)
    monkeypatch.setattr(source_trial, "POLL_SECONDS", 0.01)

    def run(*arguments: str, stdin: str = "") -> tuple[int, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        capfd.readouterr()
        code = main(["source", *arguments])
        said = capfd.readouterr()
        return code, said.out + said.err

    return run


@pytest.mark.parametrize("name", ["portal", "phone", "mailbox", "form", "it-form"])
def test_a_test_through_every_kind_of_source_is_accepted_and_followed_to_its_queue(
    clinic: Clinic, call: Call, name: str
) -> None:
    code, said = call("test", "north", name, "--direct")

    (ticket,) = clinic.tickets()
    assert code == 0, said
    assert "answer  20" in said
    assert f"ticket  {ticket.id}  routed, team {ticket.team}, urgency" in said
    assert "test" in clinic.said(ticket.id)[0].text
    assert SECRETS[name] not in said


def test_a_secret_that_the_functions_do_not_know_fails_the_test(
    clinic: Clinic, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook, "RENEW_SECONDS", float("inf"))
    secrets.webhook_secrets().get()
    call("rotate", "north", "portal", "--again", "--secret-stdin", stdin=NEW)

    code, said = call("test", "north", "portal", "--direct")

    assert (code, "answer  401" in said) == (1, True)
    assert "known within" in said
    assert clinic.tickets() == []


def test_who_does_not_answer_is_named_without_the_address_that_may_hold_a_secret(
    clinic: Clinic, call: Call
) -> None:
    source = a_source("portal", "epic")
    nowhere = type(source)(
        site="north", name="portal", adapter="epic", url="http://127.0.0.1:9/x?key=hidden-secret"
    )
    clinic.publish(a_policy(site=a_site(sources={"portal": nowhere})))

    code, said = call("test", "north", "portal")

    assert (code, "127.0.0.1 does not answer" in said) == (1, True)
    assert "hidden-secret" not in said


def test_a_mail_source_is_tested_through_its_bucket(
    clinic: Clinic, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source_trial, "ROUTED_SECONDS", 0.05)
    mail = a_source("mail", "ses")
    clinic.publish(a_policy(site=a_site(sources={"mail": mail})))

    code, said = call("test", "north", "mail")

    stored = boto3.client("s3").list_objects_v2(Bucket="inbound-of-the-tests")["Contents"]
    assert [each["Key"].rsplit("/", 1)[0] for each in stored] == ["mail/north/mail"]
    assert (code, "not stored within" in said) == (1, True)


# Rotation, as warm functions meet it


def portal(clinic: Clinic, secret: str, event_id: str) -> dict[str, Any]:
    """A message that the portal signs with one of its secrets."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(SECRETS, "portal", secret)
        return by_portal("Please move my appointment.", clinic.now, event_id)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Moves the clock by which functions know how old their secrets are."""
    now = [1000.0]
    monkeypatch.setattr("triagewire.cache.time.monotonic", lambda: now[0])

    def move(seconds: float) -> None:
        now[0] += seconds

    return move


def test_a_warm_function_takes_a_new_secret_up_at_its_first_use(
    clinic: Clinic, call: Call, later: Callable[[float], None]
) -> None:
    clinic.post(portal(clinic, OLD, "evt-1"))
    assert call("rotate", "north", "portal", "--again", "--secret-stdin", stdin=NEW)[0] == 0
    later(30)

    assert clinic.post(portal(clinic, NEW, "evt-2"))["statusCode"] == 202


def test_both_secrets_are_believed_until_the_previous_one_is_dropped(
    clinic: Clinic, call: Call, later: Callable[[float], None]
) -> None:
    call("drop-previous", "north", "portal")
    call("rotate", "north", "portal", "--secret-stdin", stdin=NEW)
    for number, secret in enumerate((OLD, NEW)):
        assert clinic.post(portal(clinic, secret, f"evt-{number}"))["statusCode"] == 202

    call("drop-previous", "north", "portal")
    later(300)

    answers = [
        clinic.post(portal(clinic, each, f"evt-{each}"))["statusCode"] for each in (OLD, NEW)
    ]
    assert answers == [401, 202]


def test_a_flood_of_forged_requests_asks_the_vault_once_in_its_time(
    clinic: Clinic, later: Callable[[float], None]
) -> None:
    clinic.post(portal(clinic, OLD, "evt-1"))
    clinic.wire.calls.clear()

    for number in range(60):
        later(1)
        answer = clinic.post(portal(clinic, NEW, f"evt-{number}"))
        assert answer["statusCode"] == 401

    assert len(clinic.wire.of("GetSecretValue")) == 2


def test_while_the_vault_is_down_known_senders_are_believed_for_an_hour_and_then_asked_to_wait(
    clinic: Clinic, later: Callable[[float], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    clinic.post(portal(clinic, OLD, "evt-1"))
    monkeypatch.setattr("triagewire.secrets._secret", _down)

    later(3599)
    assert clinic.post(portal(clinic, OLD, "evt-2"))["statusCode"] == 202
    later(1)
    assert clinic.post(portal(clinic, OLD, "evt-3"))["statusCode"] == 503


def _down(_arn: str) -> str:
    raise OSError("the vault does not answer")


def test_no_log_of_any_of_it_holds_a_secret(
    clinic: Clinic, call: Call, capfd: pytest.CaptureFixture[str]
) -> None:
    written = io.StringIO()
    handler = logger.registered_handler
    before, handler.stream = handler.stream, written  # type: ignore[attr-defined]
    try:
        call("test", "north", "portal", "--direct")
        clinic.post(portal(clinic, NEW, "evt-forged"))
        clinic.post({**portal(clinic, OLD, "evt-2"), "requestContext": {}})
    finally:
        handler.stream = before  # type: ignore[attr-defined]

    said = written.getvalue() + "".join(capfd.readouterr())
    assert json.loads(written.getvalue().splitlines()[0])
    for secret in (*SECRETS.values(), NEW, "an-older-secret"):
        assert secret not in said
