"""What a policy says of asking requesters how they were served."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from triagewire.policy.replies import Template
from triagewire.sane import require, require_minutes

LONGEST_MINUTES = 4_800
"""Ten days of eight hours: later nobody remembers, and the link must outlive the question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Satisfaction:
    """Whether a requester is asked, how many minutes of the site's hours after their ticket was
    resolved, in which words, and the question that the page behind the link asks, by language.
    """

    enabled: bool = False
    after_minutes: int = 60
    ask: Template | None = None
    question: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        require_minutes(self.after_minutes, "after_minutes", LONGEST_MINUTES)
        sound = not self.enabled or (self.ask is not None and bool(self.question))
        require(sound, "enabled", "needs `ask` and `question`")
