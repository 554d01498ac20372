"""What parsing a verified body can say, and what is answered to its sender."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from triagewire.arrival import Arrival


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An HTTP answer. It never holds anything that the sender wrote, but for a signed challenge."""

    status: int
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ignored:
    """Rightly sent, but no message: a delivery report, a robot, a ping.

    `answer` is set where the sender waits for particular words (a challenge, a usage hint).
    """

    reason: str
    answer: Answer | None = None


type Parsed = tuple[Arrival, ...] | Ignored
