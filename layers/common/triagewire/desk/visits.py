"""A request of somebody without a session, and what they are shown: the parts of `links.LINKS`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from triagewire.flow.context import Context

HTML = "text/html; charset=utf-8"

type Headers = Mapping[str, str | list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A request of somebody without a session. `surroundings` makes a context for an actor, and
    `stage` is what the API says of itself: where the desk is (DeskUrl), where staff sign in
    (SignInUrl) and as what program (SignInClient).
    """

    path: Mapping[str, str]
    now: datetime
    surroundings: Callable[[str], Context]
    headers: Mapping[str, str] = field(default_factory=dict)
    stage: Mapping[str, str] = field(default_factory=dict)
    raw: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What they get. `failed` is what went wrong on our side, for the log: its type only."""

    status: int = 200
    media_type: str = HTML
    text: str = ""
    headers: Headers = field(default_factory=dict)
    failed: Exception | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A route that needs no session; a HEAD is answered as its GET, without the text."""

    method: str
    path: str
    run: Callable[[Visit], Shown]
