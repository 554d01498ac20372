"""The connection to a FHIR server: HTTPS alone, no redirect, no long wait, no endless answer."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import ClassVar
from urllib.error import HTTPError, URLError

import pytest

from triagewire import reading
from triagewire.channels.ehr.reader import Asked
from triagewire.errors import UnreadableError

type Behaviour = Callable[[BaseHTTPRequestHandler], None]


class _Server(BaseHTTPRequestHandler):
    behave: ClassVar[Behaviour]
    seen: ClassVar[list[tuple[str, str, bytes]]]

    def do_GET(self) -> None:
        self._take()

    def do_POST(self) -> None:
        self._take()

    def _take(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.seen.append((self.command, self.headers.get("Authorization") or "", body))
        type(self).behave(self)

    def log_message(self, *_arguments: object) -> None:
        """A test prints nothing."""


class _Plain(HTTPConnection):
    """A connection that leaves its encryption out."""

    def __init__(self, host: str, *, timeout: float, context: object) -> None:
        super().__init__(host, timeout=timeout)
        assert context is not None


@contextmanager
def serving(behave: Behaviour) -> Iterator[tuple[str, list[tuple[str, str, bytes]]]]:
    seen: list[tuple[str, str, bytes]] = []
    handler = type("Server", (_Server,), {"behave": staticmethod(behave), "seen": seen})
    with HTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"https://127.0.0.1:{server.server_port}/Communication/c1", seen
        server.shutdown()


@pytest.fixture(autouse=True)
def without_tls(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server of a test has no certificate; all but the encryption is the real thing."""

    monkeypatch.setattr("http.client.HTTPSConnection", _Plain)


def answer(code: int, body: bytes = b"", **headers: str) -> Behaviour:
    def behave(request: BaseHTTPRequestHandler) -> None:
        request.send_response(code)
        for name, value in headers.items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(body)

    return behave


def sent(address: str, body: bytes | None = None) -> bytes:
    return reading.send(Asked(address=address, headers={"Authorization": "Bearer t"}, body=body))


def test_an_answer_is_read_whole() -> None:
    with serving(answer(200, b"x" * 200_000)) as (address, seen):
        assert sent(address) == b"x" * 200_000
        assert sent(address, b"grant_type=client_credentials") != b""

    assert seen == [
        ("GET", "Bearer t", b""),
        ("POST", "Bearer t", b"grant_type=client_credentials"),
    ]


@pytest.mark.parametrize("code", [301, 302, 307, 308])
def test_a_redirect_is_an_error_and_is_not_followed(code: int) -> None:
    with serving(answer(200)) as (elsewhere, reached):
        with serving(answer(code, Location=elsewhere)) as (address, _), pytest.raises(HTTPError):
            sent(address)

        assert reached == []


@pytest.mark.parametrize("code", [400, 401, 404, 410, 500, 503])
def test_any_other_answer_is_an_error(code: int) -> None:
    with serving(answer(code, b"{}")) as (address, _), pytest.raises(HTTPError):
        sent(address)


def test_an_answer_over_the_limit_is_not_read_to_its_end() -> None:
    body = b"x" * (reading.MOST_BYTES + 1)

    with serving(answer(200, body)) as (address, _), pytest.raises(UnreadableError):
        sent(address)


def test_a_silent_server_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "SECONDS", 0.05)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        with pytest.raises((TimeoutError, URLError)):
            sent(f"https://127.0.0.1:{listener.getsockname()[1]}/Communication/c1")


def test_an_answer_in_drops_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_SECONDS", -1.0)
    with serving(answer(200, b"{")) as (address, _), pytest.raises(TimeoutError):
        sent(address)


@pytest.mark.parametrize("address", ["http://127.0.0.1/", "file:///etc/passwd", "ftp://x.example"])
def test_nothing_but_https_is_spoken(address: str) -> None:
    with pytest.raises(URLError):
        sent(address)
