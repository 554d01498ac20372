"""Reading messages from an EHR's FHIR server: the one place that opens a connection of our own.

Nothing here raises and nothing waits long: a message that cannot be read goes to a person. A server
that does not answer is left alone for a while, so that one batch never waits for it twice.
"""

import time
from functools import cache
from http.client import HTTPResponse
from urllib.error import HTTPError
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPSHandler,
    OpenerDirector,
    Request,
    UnknownHandler,
)

from triagewire.arrival import Arrival
from triagewire.channels.ehr.reader import (
    Asked,
    Token,
    message_asked_for,
    message_from,
    token_asked_for,
    token_from,
)
from triagewire.channels.options import Reader
from triagewire.channels.source import Source
from triagewire.errors import UnreadableError
from triagewire.observability import count, logger
from triagewire.patience import within
from triagewire.secrets import reader_secrets

SECONDS = 2.5
"""The longest wait for a connection or for further bytes."""
MOST_SECONDS = 3.0
"""The longest wait for a whole answer."""
MOST_BYTES = 1_000_000
REST_SECONDS = 60.0
SPARE_SECONDS = 30.0
"""A token is fetched anew so long before it ends."""

_UNAUTHORISED = 401
_TOO_MANY = 429
_SERVER_FAULT = 500
_CHUNK = 65_536

type _Key = tuple[str, Reader]

_tokens: dict[_Key, tuple[str, float]] = {}
"""By source and reader: a token is shown to no server but the one that it was fetched for."""
_resting: dict[str, float] = {}


def read_message(source: Source, pointer: str) -> Arrival | None:
    """The message that a source's server holds behind a pointer; None when it cannot be had."""
    name = f"{source.site}/{source.name}"
    if source.options.reader is None or time.monotonic() < _resting.get(name, 0.0):
        return None
    try:
        return _read(source, (name, source.options.reader), pointer)
    except Exception as error:
        # Only its type is told: a message of an HTTP library may hold an address or an answer.
        count("ReadingFailed")
        logger.warning("text not read from the EHR", source=name, error=type(error).__name__)
        if is_down(error):
            _resting[name] = time.monotonic() + REST_SECONDS
        return None


def _read(source: Source, key: _Key, pointer: str) -> Arrival:
    name, reader = key
    secret = reader_secrets().get().get(name, "")
    if not secret:
        raise UnreadableError("the reader has no secret")
    known = key in _tokens
    try:
        answer = _answer(message_asked_for(reader, pointer, _token(key, secret)))
    except HTTPError as error:
        if error.code != _UNAUTHORISED or not known:
            raise
        # A token can be withdrawn before its time.
        _tokens.pop(key, None)
        answer = _answer(message_asked_for(reader, pointer, _token(key, secret)))
    return message_from(answer, pointer, source)


def _token(key: _Key, secret: str) -> str:
    """The stored secret itself, or what the token endpoint gave for it."""
    reader = key[1]
    if not reader.token_url:
        return secret
    text, ends = _tokens.get(key, ("", 0.0))
    if time.monotonic() < ends:
        return text
    token: Token = token_from(_answer(token_asked_for(reader, secret)))
    _tokens[key] = (token.text, time.monotonic() + token.seconds - SPARE_SECONDS)
    return token.text


def _answer(asked: Asked) -> bytes:
    """What `send` gives, or a TimeoutError after MOST_SECONDS."""
    return within(MOST_SECONDS, lambda: send(asked))


def send(asked: Asked, seconds: float | None = None) -> bytes:
    """The body of a 2xx answer; raises OSError for any other, and for one that takes too long:
    longer than `seconds`, where they are given.
    """
    # The scheme is checked where the address is made, and the opener knows no other.
    request = Request(asked.address, data=asked.body, headers=dict(asked.headers))  # noqa: S310
    most = MOST_SECONDS if seconds is None else seconds
    ends = time.monotonic() + most
    with _opener().open(request, timeout=min(SECONDS, max(most, 0.01))) as answer:
        return _body(answer, ends)


def _body(answer: HTTPResponse, ends: float) -> bytes:
    found = bytearray()
    while chunk := answer.read1(_CHUNK):
        found += chunk
        if len(found) > MOST_BYTES:
            raise UnreadableError("the answer is over the limit")
        if time.monotonic() > ends:
            raise TimeoutError
    return bytes(found)


@cache
def _opener() -> OpenerDirector:
    """Speaks HTTPS and nothing else, and follows no redirect: each is an error here."""
    opener = OpenerDirector()
    kinds = (HTTPSHandler, HTTPErrorProcessor, HTTPDefaultErrorHandler, UnknownHandler)
    for handler in (kind() for kind in kinds):
        opener.add_handler(handler)
    return opener


def is_down(error: Exception) -> bool:
    """Whether the server is at fault, and not this one message."""
    if isinstance(error, HTTPError):
        return error.code >= _SERVER_FAULT or error.code == _TOO_MANY
    return isinstance(error, OSError)
