"""Asking Bedrock over real HTTP: in time or not at all, and a model that fails is left alone."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from triagewire import assisting, aws
from triagewire.assisting import ask_assistant
from triagewire.scoring.assistant import Assistant, opinion_in, question_about

WORDS = "My husband stares and does not answer me, is the office open?"
QUESTION = question_about(WORDS, "patient")
ASSISTANT = Assistant(model="example.model-v1:0")
OPINION = {"urgent": True, "team": "clinical", "reason": "stares", "quote": "does not answer me"}
ANSWER = {
    "output": {
        "message": {
            "role": "assistant",
            "content": [
                {"toolUse": {"toolUseId": "1", "name": "triage_opinion", "input": OPINION}}
            ],
        }
    },
    "stopReason": "tool_use",
    "usage": {"inputTokens": 1, "outputTokens": 1, "totalTokens": 2},
    "metrics": {"latencyMs": 1},
}


@dataclass(slots=True)
class Model:
    """A Bedrock of our own: what it answers, and what it was asked."""

    status: int = 200
    body: bytes = json.dumps(ANSWER).encode()
    hangs: threading.Event | None = None
    asked: list[dict[str, Any]] = field(default_factory=list)


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Iterator[Model]:
    """The fake behind a real socket, and an assistant that has asked nobody yet."""
    behaviour = Model()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            behaviour.asked.append(json.loads(self.rfile.read(length)))
            if behaviour.hangs is not None:
                behaviour.hangs.wait(5)
            self.send_response(behaviour.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(behaviour.body)))
            self.end_headers()
            self.wfile.write(behaviour.body)

        def log_message(self, *_: object) -> None:
            """Nothing: the answers are looked at, not the log."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", address)
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setattr(assisting, "_resting", {})
    aws.bedrock.cache_clear()
    aws._session.cache_clear()
    aws.bedrock()  # made before anybody waits for it: its making may outlast their patience
    yield behaviour
    if behaviour.hangs is not None:
        behaviour.hangs.set()
    server.shutdown()
    server.server_close()
    aws.bedrock.cache_clear()
    aws._session.cache_clear()


def test_an_answer_comes_back_as_an_opinion(model: Model) -> None:
    opinion = opinion_in(ask_assistant(ASSISTANT, QUESTION), QUESTION)

    assert opinion is not None
    assert opinion.quote == "does not answer me"
    (asked,) = model.asked
    assert asked["inferenceConfig"]["temperature"] == 0.0


@pytest.mark.parametrize("status", [400, 403, 424, 429, 500, 503])
def test_a_model_that_refuses_gives_no_answer(model: Model, status: int) -> None:
    model.status, model.body = status, b'{"message": "no"}'

    assert ask_assistant(ASSISTANT, QUESTION) is None


@pytest.mark.parametrize("body", [b"", b"<html>", b"[1]", b"{", b"\xff\xfe", b"null"])
def test_a_body_that_is_no_answer_gives_no_opinion(model: Model, body: bytes) -> None:
    model.body = body

    assert opinion_in(ask_assistant(ASSISTANT, QUESTION), QUESTION) is None


def test_a_model_that_hangs_is_given_up(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assisting, "SECONDS", 0.2)
    model.hangs = threading.Event()

    assert ask_assistant(ASSISTANT, QUESTION) is None


def test_a_model_that_failed_is_left_alone_for_a_while(model: Model) -> None:
    model.status = 503
    ask_assistant(ASSISTANT, QUESTION)

    assert ask_assistant(ASSISTANT, QUESTION) is None
    assert len(model.asked) == 1


def test_a_refused_call_is_not_tried_again(model: Model) -> None:
    model.status = 429

    ask_assistant(ASSISTANT, QUESTION)

    assert len(model.asked) == 1
