"""The two addresses that intake may visit, and that nothing leads elsewhere."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.error import HTTPError

import pytest

from triagewire import fetching

CERTIFICATE = "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-ab12cd34.pem"
CONFIRMATION = (
    "https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription"
    "&TopicArn=arn:aws:sns:us-east-1:123456789012:mail&Token=2336412f37"
)


@pytest.fixture(autouse=True)
def _forgetting() -> Iterator[None]:
    fetching.fetch_certificate.cache_clear()
    yield
    fetching.fetch_certificate.cache_clear()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that were read, in the place of a network."""
    addresses: list[str] = []

    def read(url: str) -> bytes:
        addresses.append(url)
        return b"a certificate"

    monkeypatch.setattr(fetching, "_read", read)
    return addresses


def test_a_certificate_is_read_once_and_kept(asked: list[str]) -> None:
    assert fetching.fetch_certificate(CERTIFICATE) == "a certificate"
    assert fetching.fetch_certificate(CERTIFICATE) == "a certificate"
    assert asked == [CERTIFICATE]


def test_only_so_many_certificates_are_kept() -> None:
    assert fetching.fetch_certificate.cache_info().maxsize == fetching.MOST_CERTIFICATES


def test_a_failure_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    answers: list[bytes] = [b"a certificate"]

    def read(_url: str) -> bytes:
        if len(answers) == 1:
            answers.append(b"")
            raise OSError("no route")
        return answers[0]

    monkeypatch.setattr(fetching, "_read", read)
    with pytest.raises(OSError, match="no route"):
        fetching.fetch_certificate(CERTIFICATE)

    assert fetching.fetch_certificate(CERTIFICATE) == "a certificate"


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://127.0.0.1/SimpleNotificationService-ab12cd34.pem",
        "file:///etc/passwd",
        CERTIFICATE.replace("https", "http"),
        CERTIFICATE.replace("amazonaws.com", "amazonaws.com.evil.example"),
        CONFIRMATION,
        "",
    ],
)
def test_nothing_but_a_certificate_of_sns_is_fetched(asked: list[str], url: str) -> None:
    with pytest.raises(ValueError, match="no address"):
        fetching.fetch_certificate(url)

    assert asked == []


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/?Action=ConfirmSubscription",
        CONFIRMATION.replace("https", "http"),
        CONFIRMATION.replace("ConfirmSubscription", "Unsubscribe"),
        CERTIFICATE,
        "",
    ],
)
def test_nothing_but_a_confirmation_at_sns_is_visited(asked: list[str], url: str) -> None:
    with pytest.raises(ValueError, match="no address"):
        fetching.visit(url)

    assert asked == []


def test_a_confirmation_is_visited(asked: list[str]) -> None:
    fetching.visit(CONFIRMATION)

    assert asked == [CONFIRMATION]


@contextmanager
def a_server(status: int, body: bytes = b"", **headers: str) -> Iterator[tuple[str, list[str]]]:
    """A server on this machine that answers each request alike; what was asked of it."""
    paths: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            """Keep the output of the tests clean."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", paths
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(status: int) -> None:
    with a_server(status, Location="/elsewhere") as (address, paths):
        with pytest.raises(HTTPError):
            fetching._read(f"{address}/first")

        assert paths == ["/first"]


def test_an_answer_that_is_too_long_is_not_taken() -> None:
    with (
        a_server(200, b"x" * (fetching.MOST_BYTES + 1)) as (address, _paths),
        pytest.raises(ValueError, match="too long"),
    ):
        fetching._read(address)


def test_an_answer_within_the_limit_is_taken() -> None:
    with a_server(200, b"x" * fetching.MOST_BYTES) as (address, _paths):
        assert len(fetching._read(address)) == fetching.MOST_BYTES


def test_an_error_of_the_server_is_an_error() -> None:
    with a_server(500) as (address, _paths), pytest.raises(HTTPError):
        fetching._read(address)
