"""What a policy promises: targets, and how long it waits for others, as plain values."""

from dataclasses import dataclass

from triagewire.clock.promise import CalendarKind
from triagewire.sane import require_minutes
from triagewire.verdict import Urgency


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A promised time in minutes, and the hours that count."""

    minutes: int
    hours: CalendarKind = CalendarKind.SITE

    def __post_init__(self) -> None:
        require_minutes(self.minutes, "minutes")


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """The SLA target of each urgency score, and of the review queue."""

    clinical_urgent: Target
    clinical_standard: Target
    administrative_urgent: Target
    administrative_standard: Target
    self_serve: Target
    review: Target

    def of(self, urgency: Urgency) -> Target:
        """The target of an urgency score."""
        target: Target = getattr(self, urgency.name.lower())
        return target


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """After how many minutes of the site's hours a waiting ticket wakes, by whom it waits for."""

    requester: int = 1440
    payer: int = 2400
    vendor: int = 1440

    def __post_init__(self) -> None:
        for name in ("requester", "payer", "vendor"):
            require_minutes(getattr(self, name), name)
