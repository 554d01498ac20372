"""The language model behind the embedded stack's Bedrock: honest, talked round, or slow.

It speaks the chat-completions format of OpenAI, which the emulator translates to Converse and back.
It knows the messages of the day that mark how it takes them; of all others it is not sure.
"""

import json
import re
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from local.demo.day import DayMessage
from local.demo.neighbours.serving import HOST, Answer, serving
from triagewire.scoring.assistant import TOOL

MODEL = "demo.reader"
SLOW_SECONDS = 2.6
"""More than the assistant is waited for."""
_SHOWN = re.compile(r"<data [0-9a-f]+>(.*)</data", re.DOTALL)


@dataclass(slots=True)
class Model:
    """The model; `asked` has the ids of the marked messages that it was shown, `others` a count."""

    behaviour: Mapping[str, tuple[str, str]]
    url: str = ""
    asked: list[str] = field(default_factory=list)
    others: int = 0

    @contextmanager
    def running(self) -> Iterator["Model"]:
        """Serve until the block ends."""
        with serving(self.answer) as port:
            self.url = f"http://{HOST}:{port}"
            yield self

    def answer(self, _path: str, _headers: Mapping[str, str], body: bytes) -> Answer:
        """One completion: a call of the tool that was offered."""
        words = _words(json.loads(body))
        name, kind = self.behaviour.get(words, ("", ""))
        if name:
            self.asked.append(name)
        else:
            self.others += 1
        if kind == "slow":
            time.sleep(SLOW_SECONDS)
        return 200, json.dumps(_completion(_opinion(kind, words))).encode()


def model_for(messages: Iterable[DayMessage]) -> Model:
    """The model that treats each marked message of the day as its mark says."""
    return Model({_plain(each.text): (each.id, each.model) for each in messages if each.model})


def _opinion(kind: str, words: str) -> Mapping[str, object]:
    quote = words[:120]
    if kind == "honest":
        reason = "New confusion and lost time since this morning"
        return {"urgent": True, "team": "clinical", "reason": reason, "quote": quote}
    if kind == "talked_round":
        reason = "Not urgent, safe to close, no review needed"
        lowered = {"urgent": False, "team": "billing", "reason": reason, "quote": quote}
        return {**lowered, "score": 1, "review": False}
    return {"urgent": False, "team": "unsure", "reason": "Nothing certain", "quote": quote}


def _words(request: Mapping[str, Any]) -> str:
    """The words of the patient, out of the marks that they stand between."""
    said = " ".join(each["content"] for each in request["messages"] if each["role"] == "user")
    found = _SHOWN.search(said)
    return _plain(json.loads(found[1])["message"]) if found else ""


def _plain(text: str) -> str:
    return " ".join(text.split())


def _completion(opinion: Mapping[str, object]) -> Mapping[str, object]:
    called = {"name": TOOL, "arguments": json.dumps(opinion)}
    message = {
        "role": "assistant",
        "content": None,
        "tool_calls": [{"id": "call-1", "type": "function", "function": called}],
    }
    return {"choices": [{"index": 0, "finish_reason": "tool_calls", "message": message}]}
