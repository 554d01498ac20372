"""Replies by webhook: the one place that opens a connection to an address of the policy's.

Contract: docs/replies.md; Standard Webhooks. What a name stands for is looked up once, every
address of it must be public, and the connection goes to the very address that was looked at: a name
that changes its mind meanwhile leads nowhere. No redirect is followed and no answer is read but its
status.
"""

import re
import socket
import ssl
import time
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from http.client import HTTPResponse, HTTPSConnection

from triagewire.errors import TryLaterError, UndeliverableError
from triagewire.flow.send import Leaving
from triagewire.observability import logger
from triagewire.patience import within
from triagewire.replies.events import event_body, event_headers
from triagewire.replies.reach import Receiver, is_public, receiver_of
from triagewire.secrets import reply_secrets
from triagewire.settings import settings

SECONDS = 4.0
"""The longest wait for one try: name, connection and answer together."""
MOST_READ = 4_096
GONE = 410
_WAIT = re.compile(r"[0-9]{1,9}")

type _Place = tuple[str, int]
type _Asked = tuple[Receiver, bytes, dict[str, str]]


def post(leaving: Leaving) -> None:
    """Post a reply to the receiver of its source. In debug mode nothing leaves.

    Raises UndeliverableError where there is no receiver (any more), and TryLaterError for every
    other answer than a 2xx.
    """
    source = leaving.source
    if source is None or not source.replies.webhook:
        raise UndeliverableError("its source has no webhook any more", "no_receiver")
    if not settings().notify_people:
        logger.info("not told: debug mode", kind="webhook", ticket_id=leaving.ticket.id)
        return
    try:
        receiver = receiver_of(source.replies.webhook)
        asked = receiver, *_signed(leaving, f"{source.site}/{source.name}", source.name)
        status, retry_after = within(SECONDS, lambda: _post(*asked))
    except ValueError as error:
        raise TryLaterError("the receiver cannot be asked", _code(error)) from None
    except OSError as error:
        raise TryLaterError("the receiver did not answer", _code(error)) from None
    _judge(status, retry_after)


def _signed(leaving: Leaving, name: str, source: str) -> tuple[bytes, dict[str, str]]:
    body = event_body(leaving.sk, leaving.message, leaving.ticket, source)
    secrets = reply_secrets().get().get(name, ())
    return body, event_headers(leaving.id, body, secrets, datetime.now(UTC))


def _judge(status: int, retry_after: str) -> None:
    if 200 <= status < 300:
        return
    if status == GONE:
        raise UndeliverableError("the receiver wants no more", "gone")
    raise TryLaterError("the receiver refused it", f"http_{status}", _asked_wait(retry_after))


def _asked_wait(header: str) -> timedelta | None:
    """The `Retry-After` of an answer (RFC 9110 §10.2.3), in either of its forms."""
    if _WAIT.fullmatch(header.strip()):
        return timedelta(seconds=int(header))
    try:
        at = parsedate_to_datetime(header)
        return max(timedelta(), at - datetime.now(UTC))
    except (ValueError, TypeError, OverflowError):
        return None


def _code(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "timed_out"
    if isinstance(error, ssl.SSLError):
        return "no_trust"
    if isinstance(error, OSError):
        return "unreachable"
    return "not_public" if isinstance(error, _NotPublicError) else "not_signed"


class _NotPublicError(ValueError):
    """A name that stands for an address inside somebody's network."""


def _post(receiver: Receiver, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
    """The status of the answer, and its `Retry-After`."""
    ends = time.monotonic() + SECONDS
    connection = _Pinned(receiver, _place(receiver), SECONDS)
    try:
        connection.request(
            "POST", receiver.path, body, {**headers, "user-agent": "Triagewire", "accept": "*/*"}
        )
        answer = connection.getresponse()
        _drain(answer, ends)
        return answer.status, answer.headers.get("retry-after", "")
    finally:
        connection.close()


def _drain(answer: HTTPResponse, ends: float) -> None:
    """Read no more than a little of an answer, and keep nothing of it."""
    left = MOST_READ
    while left > 0 and time.monotonic() < ends and (chunk := answer.read1(left)):
        left -= len(chunk)


def _place(receiver: Receiver) -> _Place:
    """The address and port to connect to. Raises _NotPublicError if any address that the name
    stands for is not public: it might be the next one that is given out.
    """
    if receiver.host in settings().reply_hosts:
        address, port = settings().reply_hosts[receiver.host]
        return address, port or receiver.port
    found = socket.getaddrinfo(receiver.host, receiver.port, type=socket.SOCK_STREAM)
    addresses = [str(each[4][0]) for each in found]
    if not addresses or not all(map(is_public, addresses)):
        raise _NotPublicError("the receiver is not public")
    return addresses[0], receiver.port


class _Pinned(HTTPSConnection):
    """A connection to an address that was looked at, whose certificate must be the name's."""

    def __init__(self, receiver: Receiver, place: _Place, seconds: float) -> None:
        super().__init__(receiver.host, receiver.port, timeout=seconds, context=_trust())
        self._place = place

    def connect(self) -> None:
        """Connect to that address, whatever the name stands for by now."""
        plain = socket.create_connection(self._place, self.timeout)
        try:
            self.sock = _trust().wrap_socket(plain, server_hostname=self.host)
        except BaseException:
            plain.close()
            raise


@cache
def _trust() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
