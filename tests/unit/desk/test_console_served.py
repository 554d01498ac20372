"""The console as API Gateway hands it to a browser: the page's own headers hold, and no session,
table or policy is asked for.
"""

import json
from types import SimpleNamespace
from typing import Any

import pytest

from functions.desk.handler import lambda_handler
from tests.aws.test_desk_calls import a_request

STAGE = {
    "DeskUrl": "https://desk.clinic.example",
    "SignInUrl": "https://signin.clinic.example",
    "SignInClient": "web1",
}


def got(path: str, **headers: str) -> tuple[int, dict[str, list[str]], str]:
    """What a browser gets that has no session."""
    request: dict[str, Any] = a_request(None, "GET", path)
    request |= {"headers": headers, "stageVariables": STAGE}
    answer = lambda_handler(request, SimpleNamespace(aws_request_id="request-1"))
    return answer["statusCode"], answer["multiValueHeaders"], answer["body"]


def test_the_page_comes_with_its_own_policy_and_without_a_session() -> None:
    status, headers, text = got("/console")

    assert status == 200
    assert text.startswith("<!doctype html>")
    assert headers["Content-Type"] == ["text/html; charset=utf-8"]
    (policy,) = headers["Content-Security-Policy"]
    assert "script-src 'self'; " in policy
    assert "connect-src 'self' https://signin.clinic.example; " in policy


@pytest.mark.parametrize("path", ["/console", "/console/app.js", "/console/config.json"])
def test_nobody_guesses_what_a_file_is_and_no_referrer_leaves(path: str) -> None:
    _status, headers, _text = got(path)

    assert headers["X-Content-Type-Options"] == ["nosniff"]
    assert headers["Referrer-Policy"] == ["no-referrer"]


@pytest.mark.parametrize("path", ["/console", "/console/app.js", "/desk/me", "/acknowledge/x"])
def test_no_page_of_another_origin_may_load_an_answer_or_hold_its_window(path: str) -> None:
    _status, headers, _text = got(path)

    assert headers["Cross-Origin-Opener-Policy"] == ["same-origin"]
    assert headers["Cross-Origin-Resource-Policy"] == ["same-origin"]


def test_a_browser_that_has_a_file_is_sent_nothing_of_it() -> None:
    _status, first, _text = got("/console/queue.js")

    status, headers, text = got("/console/queue.js", **{"If-None-Match": first["ETag"][0]})

    assert (status, text) == (304, "")
    assert headers["ETag"] == first["ETag"]
    assert headers["Cache-Control"] == ["no-cache"]


def test_the_deployment_says_where_to_sign_in() -> None:
    _status, headers, text = got("/console/config.json")

    assert json.loads(text) == {"sign_in_url": STAGE["SignInUrl"], "client_id": "web1"}
    assert headers["Cache-Control"] == ["no-store"]


@pytest.mark.parametrize("path", ["/console/handler.py", "/console/..", "/console/a/b"])
def test_what_is_no_file_of_the_console_is_not_found(path: str) -> None:
    status, _headers, text = got(path)

    assert status == 404
    assert json.loads(text)["error"] == "not_found"
