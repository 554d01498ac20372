"""The desk's handler behind a web server's interface: what API Gateway does, for tools that speak
HTTP.
"""

import base64
from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import count
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs

from functions.desk.handler import lambda_handler
from tests.aws.test_desk_calls import CONSOLE, the_claims

type Start = Callable[[str, list[tuple[str, str]]], object]

VERIFIED = "verified-by-the-pool"
SESSIONS = count()
"""Each request is of a session of its own: that one has ended, ends no other."""


def desk_app(now: datetime) -> Callable[[dict[str, Any], Start], Iterable[bytes]]:
    """A WSGI program that serves the desk; a token of `a_token` is good for its member."""

    def app(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        answer = lambda_handler(_event(environ, now), SimpleNamespace(aws_request_id="request-1"))
        headers = answer["multiValueHeaders"]
        flat = [(name, value) for name, values in headers.items() for value in values]
        start(f"{answer['statusCode']} Answered", flat)
        body: str = answer["body"]
        return [base64.b64decode(body) if answer["isBase64Encoded"] else body.encode()]

    return app


def a_token(member: str) -> str:
    """What a member sends in the header Authorization."""
    return f"{VERIFIED} {member}"


def _event(environ: dict[str, Any], now: datetime) -> dict[str, Any]:
    kind, _, member = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    claims = the_claims(member, now, session=f"session {next(SESSIONS)}")
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    named = {
        name.removeprefix("HTTP_").replace("_", "-").lower(): value
        for name, value in environ.items()
        if name.startswith("HTTP_") or name == "CONTENT_TYPE"
    }
    query = parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True, errors="replace")
    return {
        "httpMethod": environ["REQUEST_METHOD"],
        "path": environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace"),
        "resource": "/desk/{proxy+}",
        "headers": named,
        "multiValueQueryStringParameters": query or None,
        "requestContext": {
            "requestTimeEpoch": int(now.timestamp() * 1000),
            "authorizer": {"claims": claims} if kind == VERIFIED else None,
        },
        "stageVariables": {"SignInClient": CONSOLE},
        "body": base64.b64encode(body).decode() if body else None,
        "isBase64Encoded": bool(body),
    }
