"""The on-call providers' pager service: SNS posts to it by HTTPS, as to any pager with a web hook.

Rules: Amazon SNS, HTTP(S) notification message format (SubscriptionConfirmation, Notification).
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Condition, Thread
from urllib.parse import urlsplit

import requests

from local.demo.neighbours.serving import Answer, serving
from triagewire.ladder import Way
from triagewire.policy.model import Policy

STARTER_URL = "https://pager.lakeside.example"
"""What the starter policy calls the pager service."""
CONFIRM_SECONDS = 10.0
TOPICS = 2
"""Pages and alerts: each is confirmed by itself."""
_OK, _NO_SUCH_THING = 200, 404


@dataclass(frozen=True, slots=True, kw_only=True)
class Beep:
    """One message that came: the pager it came to, whom it names, its kind and its id."""

    pager: str
    person: str
    kind: str
    message: str


@dataclass(slots=True)
class Bridge:
    """The service; `confirmed` counts the subscriptions that it agreed to."""

    port: int = 0
    confirmed: int = 0
    heard: list[Beep] = field(default_factory=list)
    _confirmed: Condition = field(default_factory=Condition)

    @property
    def base_url(self) -> str:
        """What the addresses of all pagers begin with."""
        return f"https://localhost:{self.port}"

    @contextmanager
    def running(self, certificate: tuple[Path, Path]) -> Iterator["Bridge"]:
        """Serve until the block ends."""
        with serving(self._answer, certificate) as port:
            self.port = port
            yield self

    def _answer(self, path: str, _headers: Mapping[str, str], body: bytes) -> Answer:
        said = json.loads(body or b"{}")
        match said.get("Type"):
            case "SubscriptionConfirmation":
                # Apart from the answer: SNS waits for it before it takes the confirmation.
                Thread(target=self._confirm, args=(said["SubscribeURL"],), daemon=True).start()
            case "Notification":
                named = {name: each["Value"] for name, each in said["MessageAttributes"].items()}
                pager = urlsplit(path).path.rpartition("/")[2]
                self.heard.append(
                    Beep(
                        pager=pager,
                        person=named["person"],
                        kind=named["kind"],
                        message=named["notice"],
                    )
                )
            case _:
                return _NO_SUCH_THING, b"{}"
        return _OK, b"{}"

    def _confirm(self, url: str) -> None:
        requests.get(url, timeout=CONFIRM_SECONDS).raise_for_status()
        with self._confirmed:
            self.confirmed += 1
            self._confirmed.notify_all()

    def wait_for(self, pagers: int) -> None:
        """Wait until so many pagers have confirmed pages and alerts. Raises TimeoutError."""
        with self._confirmed:
            if not self._confirmed.wait_for(
                lambda: self.confirmed >= TOPICS * pagers, CONFIRM_SECONDS
            ):
                raise TimeoutError(f"{self.confirmed} subscriptions of {pagers} pagers confirmed")


def pagers_of(policy: Policy) -> int:
    """How many pagers the members of a policy have."""
    members = (each for site in policy.sites.values() for each in site.members.values())
    return len({member.ways[Way.PAGER] for member in members if Way.PAGER in member.ways})
