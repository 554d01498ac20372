"""The system in which requesters read our replies: an EHR's or a help desk's end of a webhook.

Rules: Standard Webhooks 1.0.0. It is down for a while, as such systems are.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from secrets import token_bytes
from typing import Any

from local.demo.neighbours.serving import Answer, serving
from local.stack.certificate import RECEIVER

TAKEN, FORGED, DOWN = 200, 401, 503
REFUSALS = 1
"""So many tries of each reply it does not take, while it is down."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A reply that came: its id, by which repeats are known, its ticket and what it says."""

    id: str
    ticket: str
    automatic: bool
    text: str


@dataclass(slots=True)
class Receiver:
    """The system; `refused` counts the tries of each reply that it did not take."""

    secret: bytes = field(default_factory=lambda: token_bytes(24), repr=False)
    port: int = 0
    down: bool = False
    received: list[Received] = field(default_factory=list)
    refused: dict[str, int] = field(default_factory=dict)
    forged: int = 0

    @property
    def url(self) -> str:
        """Where replies are posted to."""
        return f"https://{RECEIVER}:{self.port}/replies"

    @property
    def stated_secret(self) -> str:
        """The secret as both sides write it."""
        return "whsec_" + base64.b64encode(self.secret).decode()

    @contextmanager
    def running(self, certificate: tuple[Path, Path]) -> Iterator["Receiver"]:
        """Serve until the block ends."""
        with serving(self.answer, certificate) as self.port:
            yield self

    def go(self, _now: datetime, *, down: bool) -> None:
        """Go down, or come up again."""
        self.down = down

    def answer(self, _path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """What it says to a reply."""
        sent = headers.get("webhook-id", "")
        if not self._is_signed(sent, headers, body):
            self.forged += 1
            return FORGED, b"{}"
        if self.down and self.refused.get(sent, 0) < REFUSALS:
            self.refused[sent] = self.refused.get(sent, 0) + 1
            return DOWN, b"{}"
        self.received.append(_received(sent, json.loads(body)["data"]))
        return TAKEN, b"{}"

    def _is_signed(self, sent: str, headers: Mapping[str, str], body: bytes) -> bool:
        signed = f"{sent}.{headers.get('webhook-timestamp', '')}.".encode() + body
        made = base64.b64encode(hmac.digest(self.secret, signed, hashlib.sha256)).decode()
        stated = headers.get("webhook-signature", "").split()
        return any(hmac.compare_digest(f"v1,{made}", each) for each in stated)


def _received(sent: str, data: Mapping[str, Any]) -> Received:
    return Received(id=sent, ticket=data["ticket"], automatic=data["automatic"], text=data["text"])
