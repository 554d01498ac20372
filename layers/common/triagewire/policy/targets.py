"""What a policy promises and whom it tells: targets, waits and ladders, as plain values."""

from dataclasses import dataclass
from enum import StrEnum

from triagewire.clock.promise import CalendarKind
from triagewire.verdict import Urgency

MOST_MINUTES = 527_040
"""A year of them: more is a slip of the pen, and could not be counted on a calendar."""
LONGEST_SILENCE = 1440
"""Minutes, a day: so long at most nobody hears again of what is urgent or late."""


def require(condition: bool, field_name: str, problem: str) -> None:
    """Raise a `ValueError` that names the field of the policy, as both readers of policies
    expect.
    """
    if not condition:
        raise ValueError(f"{field_name}: {problem}")


def require_minutes(minutes: int, field_name: str, most: int = MOST_MINUTES) -> None:
    """Raise a `ValueError` for a number of minutes that is none, or so large that it is a slip."""
    require(minutes > 0, field_name, "must be more than 0")
    require(minutes <= most, field_name, f"must be at most {most}")


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


class Tell(StrEnum):
    """Whom a ladder step tells."""

    ASSIGNEE = "assignee"
    LEAD = "lead"
    ON_CALL = "on_call"
    CATCH_ALL = "catch_all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """The ordered steps of an escalation: whom to tell, and how many minutes to wait before the
    next step.
    """

    steps: tuple[Tell, ...]
    wait_minutes: int

    def __post_init__(self) -> None:
        require(bool(self.steps), "steps", "needs at least one step, or the ladder ends in silence")
        require_minutes(self.wait_minutes, "wait_minutes", LONGEST_SILENCE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladders:
    """Pages for clinical urgent in and out of hours, and what follows a breach.

    `acknowledged_minutes` is how long an acknowledgement silences pages while the ticket stays
    open.
    """

    urgent: Ladder
    urgent_after_hours: Ladder
    breach: Ladder
    acknowledged_minutes: int

    def __post_init__(self) -> None:
        require_minutes(self.acknowledged_minutes, "acknowledged_minutes", LONGEST_SILENCE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """After how many minutes of the site's hours a waiting ticket wakes, by whom it waits for."""

    requester: int = 1440
    payer: int = 2400
    vendor: int = 1440

    def __post_init__(self) -> None:
        for name in ("requester", "payer", "vendor"):
            require_minutes(getattr(self, name), name)
