"""How often a person may be told: windows for each way, and how messages are bundled."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from triagewire.ladder import Way
from triagewire.sane import LONGEST_SILENCE, require, require_minutes


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """At most so many messages in so many minutes, whenever one begins to count."""

    most: int
    minutes: int

    def __post_init__(self) -> None:
        require(self.most > 0, "most", "must be more than 0, or nobody is ever told")
        require_minutes(self.minutes, "minutes", LONGEST_SILENCE)

    @property
    def kept_for_pages(self) -> int:
        """How many of them alerts leave to pages: a third, but never all."""
        return min(self.most - 1, -(-self.most // 3))


USUAL_LIMITS: Mapping[Way, tuple[Window, ...]] = {
    Way.SMS: (Window(most=5, minutes=15), Window(most=11, minutes=60)),
    Way.PAGER: (Window(most=5, minutes=15), Window(most=11, minutes=60)),
    Way.EMAIL: (Window(most=5, minutes=15), Window(most=21, minutes=60)),
    Way.TOPIC: (Window(most=5, minutes=15), Window(most=21, minutes=60)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Notices:
    """How people are told. What comes within `bundle_minutes` of the last message to a person waits
    and goes as one; `silent_minutes` after it a page goes out whatever the windows say. A way that
    `limits` does not name has its usual ones.

    `link_minutes` is how long the link of a page acknowledges. With `hold`, alerts that may wait do
    so while the site is closed; the digest of what came in meanwhile always does.
    """

    limits: Mapping[Way, tuple[Window, ...]] = field(default_factory=lambda: dict(USUAL_LIMITS))
    bundle_minutes: int = 2
    silent_minutes: int = 5
    link_minutes: int = 60
    hold: bool = True

    def __post_init__(self) -> None:
        for name in ("bundle_minutes", "silent_minutes", "link_minutes"):
            require_minutes(getattr(self, name), name, LONGEST_SILENCE)
        sane = self.bundle_minutes <= self.silent_minutes
        require(sane, "silent_minutes", "must not be below bundle_minutes, for which pages wait")

    def windows(self, way: Way) -> tuple[Window, ...]:
        """What limits a way."""
        return self.limits.get(way, USUAL_LIMITS[way])

    @property
    def longest(self) -> timedelta:
        """How long a message counts: as long as the longest window, or as others wait for it."""
        windows = (each.minutes for way in Way for each in self.windows(way))
        return timedelta(minutes=max(self.bundle_minutes, self.silent_minutes, *windows))
