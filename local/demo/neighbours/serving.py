"""A small web server of the demo, on the loopback, for the length of a block."""

import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import socket
from threading import Thread

HOST = "127.0.0.1"
MOST_BYTES = 1_000_000

type Answer = tuple[int, bytes]
"""Status and a JSON body."""
type Asked = Callable[[str, Mapping[str, str], bytes], Answer]
"""What a server makes of a path, the headers by their names in small letters, and a body."""


@contextmanager
def serving(answer: Asked, certificate: tuple[Path, Path] | None = None) -> Iterator[int]:
    """Let `answer` answer each request of a server until the block ends; gives its port.

    It speaks TLS with a `certificate` (chain and key), else plain HTTP.
    """
    server = _Server((HOST, 0), _handler(answer))
    server.context = _context(certificate) if certificate else None
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


class _Server(ThreadingHTTPServer):
    """A server whose TLS begins in the thread of each connection, so that none holds up another."""

    daemon_threads = True
    request_queue_size = 64
    context: ssl.SSLContext | None = None

    def get_request(self) -> tuple[socket, tuple[str, int]]:
        """The next connection; its handshake comes with its first byte."""
        plain, address = super().get_request()
        if self.context is None:
            return plain, address
        return self.context.wrap_socket(
            plain, server_side=True, do_handshake_on_connect=False
        ), address

    def handle_error(self, _request: object, _address: object) -> None:
        """A client that has gone away is no news."""


def _context(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    return context


def _handler(answer: Asked) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            length = min(int(self.headers.get("Content-Length") or 0), MOST_BYTES)
            body = self.rfile.read(length)
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, said = answer(self.path, headers, body)
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        do_GET = do_POST = _answer

        def log_message(self, *_: object) -> None:
            """Nothing is written of what was asked: it names patients."""

    return Handler
