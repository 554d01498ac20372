"""Replies by webhook, over real TLS to a receiver on the loopback, and to none that is inside."""

import json
import socket
import ssl
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from tests.builders import a_message, a_source, a_ticket
from tests.unit.replies.test_reach import INSIDE
from triagewire import webhooks
from triagewire.channels.request import WebhookRequest
from triagewire.channels.signatures import verify_standard_webhooks
from triagewire.channels.source import Answers
from triagewire.errors import TryLaterError, UndeliverableError
from triagewire.flow.send import Leaving
from triagewire.message import Direction, ReplyWay
from triagewire.settings import settings

NAME = "ehr.example.com"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
SOURCE = a_source("portal", "standard")


@dataclass(slots=True)
class Receiver:
    """A receiver on this machine: what it answers, and what it was given."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b"ok"
    silent: bool = False
    over: Event = field(default_factory=Event)
    got: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    port: int = 0


def a_certificate(directory: Path, name: str) -> tuple[Path, Path]:
    """A certificate of a name, that vouches for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime(2020, 1, 1, tzinfo=UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=20_000))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    chain, secret = directory / f"{name}.pem", directory / f"{name}.key"
    chain.write_bytes(made.public_bytes(Encoding.PEM))
    secret.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return chain, secret


def handler_of(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    """A web server that answers as the receiver says."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            receiver.got.append((self.path, headers, body))
            if receiver.silent:
                receiver.over.wait(10)
                return
            self.send_response(receiver.status)
            for name, value in receiver.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(receiver.body)

        do_GET = do_POST

        def log_message(self, *_: object) -> None:
            """A test prints nothing."""

    return Handler


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A client that went away is no news."""


@pytest.fixture
def receiver(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """A receiver by the name of NAME, whose certificate only this test believes."""
    yield from serving(tmp_path, monkeypatch, NAME)


def serving(directory: Path, patch: pytest.MonkeyPatch, certified: str) -> Iterator[Receiver]:
    """A receiver with a certificate of a name."""
    found = Receiver()
    chain, key = a_certificate(directory, certified)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, key)
    with _Quiet(("127.0.0.1", 0), handler_of(found)) as server:
        server.socket = context.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
        found.port = server.server_port
        set_up(patch, f"{NAME}=127.0.0.1:{found.port}", str(chain))
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield found
        found.over.set()
        server.shutdown()
    forget()


def set_up(patch: pytest.MonkeyPatch, hosts: str, trusted: str = "") -> None:
    """The environment of a function."""
    for name in ("TICKETS_TABLE", "LEDGER_TABLE"):
        patch.setenv(name, name)
    patch.setenv("REPLY_HOSTS", hosts)
    if trusted:
        patch.setenv("SSL_CERT_FILE", trusted)
    patch.setattr(webhooks, "reply_secrets", Secrets)
    forget()


def forget() -> None:
    """As if the function had just started."""
    settings.cache_clear()
    webhooks._trust.cache_clear()


class Secrets:
    """What is in Secrets Manager."""

    def get(self) -> dict[str, tuple[str, ...]]:
        return {"north/portal": (SECRET,)}


def leaving(url: str = f"https://{NAME}/hooks/reply") -> Leaving:
    """A reply that leaves."""
    message = a_message(
        direction=Direction.OUTBOUND, text="Your refill is ready.", way=ReplyWay.WEBHOOK
    )
    source = replace(SOURCE, replies=Answers(webhook=url))
    return Leaving(id="msg_1", sk="MSG#1", message=message, ticket=a_ticket(), source=source)


def test_a_reply_reaches_its_receiver_signed(receiver: Receiver) -> None:
    webhooks.post(leaving())

    ((path, headers, body),) = receiver.got
    assert path == "/hooks/reply"
    assert headers["host"] == NAME
    assert json.loads(body)["data"]["text"] == "Your refill is ready."
    request = WebhookRequest(method="POST", headers=headers, body=body)
    verify_standard_webhooks(request, SOURCE, (SECRET,), datetime.now(UTC))


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_every_2xx_is_success(receiver: Receiver, status: int) -> None:
    receiver.status, receiver.body = status, b""

    webhooks.post(leaving())


@pytest.mark.parametrize("status", [300, 400, 401, 403, 404, 408, 409, 413, 429, 500, 502, 503])
def test_anything_else_is_tried_again(receiver: Receiver, status: int) -> None:
    receiver.status = status

    with pytest.raises(TryLaterError) as error:
        webhooks.post(leaving())

    assert (error.value.code, error.value.after) == (f"http_{status}", None)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("where", [f"https://{NAME}/other", "https://169.254.169.254/latest"])
def test_no_redirect_is_followed(receiver: Receiver, status: int, where: str) -> None:
    receiver.status, receiver.headers = status, {"Location": where}

    with pytest.raises(TryLaterError):
        webhooks.post(leaving())

    assert len(receiver.got) == 1


def test_who_wants_no_more_is_left_alone(receiver: Receiver) -> None:
    receiver.status = 410

    with pytest.raises(UndeliverableError) as error:
        webhooks.post(leaving())

    assert error.value.code == "gone"


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("120", 120), ("0", 0), ("99999999999", None), ("-5", None), ("soon", None), ("", None)],
)
def test_what_a_receiver_asks_for_is_passed_on(
    receiver: Receiver, header: str, seconds: int | None
) -> None:
    receiver.status, receiver.headers = 503, {"Retry-After": header}

    with pytest.raises(TryLaterError) as error:
        webhooks.post(leaving())

    assert error.value.after == (None if seconds is None else timedelta(seconds=seconds))


def test_a_date_to_come_back_at_is_understood(receiver: Receiver) -> None:
    receiver.status, receiver.headers = 429, {"Retry-After": "Fri, 31 Dec 1999 23:59:59 GMT"}

    with pytest.raises(TryLaterError) as error:
        webhooks.post(leaving())

    assert error.value.after == timedelta()


def test_an_endless_answer_is_not_read(receiver: Receiver) -> None:
    receiver.body = b"x" * 50_000_000

    began = time.monotonic()
    webhooks.post(leaving())

    assert time.monotonic() - began < webhooks.SECONDS


def test_a_silent_receiver_is_given_up(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    receiver.silent = True
    monkeypatch.setattr(webhooks, "SECONDS", 0.3)

    with pytest.raises(TryLaterError) as error:
        webhooks.post(leaving())

    assert error.value.code == "timed_out"


def test_a_certificate_of_another_name_is_not_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for found in serving(tmp_path, monkeypatch, "evil.example.com"):
        with pytest.raises(TryLaterError) as error:
            webhooks.post(leaving())

        assert error.value.code == "no_trust"
        assert found.got == []


def resolving(patch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """Let a name stand for addresses, other ones each time; returns whom somebody connects to."""
    left = list(answers)
    connected: list[str] = []

    def look_up(_host: str, port: int, **_: object) -> list[Any]:
        addresses = left.pop(0) if len(left) > 1 else left[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in addresses]

    def connect(place: tuple[str, int], _seconds: float) -> None:
        connected.append(place[0])
        raise ConnectionRefusedError

    patch.setattr(socket, "getaddrinfo", look_up)
    patch.setattr(socket, "create_connection", connect)
    return connected


@pytest.mark.parametrize("address", [each for each in INSIDE if "%" not in each])
def test_a_name_that_stands_for_an_address_inside_is_never_visited(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    set_up(monkeypatch, "")
    for answer in ([address], ["93.184.215.14", address], [address, "93.184.215.14"]):
        connected = resolving(monkeypatch, answer)

        with pytest.raises(TryLaterError) as error:
            webhooks.post(leaving("https://rebind.example.com/"))

        assert (error.value.code, connected) == ("not_public", [])
    forget()


def test_a_name_that_changes_its_mind_leads_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """DNS rebinding: public when it is looked at, inside when it would be connected to."""
    set_up(monkeypatch, "")
    connected = resolving(monkeypatch, ["93.184.215.14"], ["169.254.169.254"])

    with pytest.raises(TryLaterError):
        webhooks.post(leaving("https://rebind.example.com/"))

    assert connected == ["93.184.215.14"]
    forget()


@pytest.mark.parametrize(
    "url", ["https://127.0.0.1/", "http://ehr.example.com/", "https://169.254.169.254/", "x"]
)
def test_an_address_that_a_policy_of_before_still_has_is_never_visited(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    set_up(monkeypatch, "")
    connected = resolving(monkeypatch, ["93.184.215.14"])

    with pytest.raises(TryLaterError):
        webhooks.post(leaving(url))

    assert connected == []
    forget()


def test_a_source_without_a_receiver_gets_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    set_up(monkeypatch, "")

    for source in (None, SOURCE):
        with pytest.raises(UndeliverableError) as error:
            webhooks.post(replace(leaving(), source=source))
        assert error.value.code == "no_receiver"
    forget()


def test_without_a_secret_nothing_leaves(receiver: Receiver) -> None:
    other = replace(
        leaving(), source=replace(SOURCE, name="other", replies=Answers(webhook=f"https://{NAME}/"))
    )

    with pytest.raises(TryLaterError) as error:
        webhooks.post(other)

    assert (error.value.code, receiver.got) == ("not_signed", [])


def test_in_debug_mode_nothing_leaves(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTIFY_PEOPLE", "false")
    settings.cache_clear()

    webhooks.post(leaving())

    assert receiver.got == []
