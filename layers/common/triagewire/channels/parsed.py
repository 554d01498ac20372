"""What parsing a verified body can say, and what is answered to its sender."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from triagewire.arrival import Arrival, Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An HTTP answer. It never holds anything that the sender wrote, but for a signed challenge."""

    status: int
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ignored:
    """Rightly sent, but no message: a delivery report, a robot, a ping.

    `answer` is set where the sender waits for particular words (a challenge, a usage hint). `facts`
    are recorded before the answer is sent. `visit` is an address that must be fetched once to
    finish a handshake; the adapter has checked its host.
    """

    reason: str
    answer: Answer | None = None
    facts: tuple[Fact, ...] = ()
    visit: str = field(default="", repr=False)


type Parsed = tuple[Arrival, ...] | Ignored
