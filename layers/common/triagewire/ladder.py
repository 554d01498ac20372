"""Ladders: whom to tell of a ticket that waits, in which way, and how long to wait for them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from triagewire.sane import LONGEST_SILENCE, require, require_minutes


class Way(StrEnum):
    """How a notice reaches a person. `topic` is the SNS topic without a person's own address: who
    subscribed to it by hand hears it.
    """

    SMS = "sms"
    EMAIL = "email"
    PAGER = "pager"
    TOPIC = "topic"


class Tell(StrEnum):
    """Whom a ladder step tells; `team` is everybody of the ticket's team who is on duty."""

    ASSIGNEE = "assignee"
    TEAM = "team"
    LEAD = "lead"
    ON_CALL = "on_call"
    MEMBER = "member"
    CATCH_ALL = "catch_all"


@dataclass(frozen=True, slots=True, kw_only=True)
class LadderStep:
    """One step: whom to tell, in which ways (all that they have when empty), and how many minutes
    to wait for them (the ladder's own when None).

    `member` names the person of `tell: member`. With `everyone` one acknowledgement is not enough:
    the others of the step are paged again until each of them has acknowledged.
    """

    tell: Tell
    member: str = ""
    ways: tuple[Way, ...] = ()
    wait_minutes: int | None = None
    everyone: bool = False

    def __post_init__(self) -> None:
        if self.wait_minutes is not None:
            require_minutes(self.wait_minutes, "wait_minutes", LONGEST_SILENCE)
        named = self.tell is Tell.MEMBER
        require(bool(self.member) is named, "member", "is for `tell: member`, which needs it")


@dataclass(frozen=True, slots=True, kw_only=True)
class BeforeDue:
    """Somebody told so many minutes (of the hours that the promise counts) before it is due."""

    minutes: int
    tell: Tell
    member: str = ""
    ways: tuple[Way, ...] = ()

    def __post_init__(self) -> None:
        require_minutes(self.minutes, "minutes")
        named = self.tell is Tell.MEMBER
        require(bool(self.member) is named, "member", "is for `tell: member`, which needs it")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """The ordered steps of an escalation. A step may be written as the bare word of whom to tell;
    `wait_minutes` holds for each that names no other.
    """

    steps: tuple[Tell | LadderStep, ...]
    wait_minutes: int

    def __post_init__(self) -> None:
        require(bool(self.steps), "steps", "needs at least one step, or the ladder ends in silence")
        told = "needs a name: write { tell: member, member: ID }"
        require(Tell.MEMBER not in self.steps, "steps", f"member {told}")
        require_minutes(self.wait_minutes, "wait_minutes", LONGEST_SILENCE)

    @property
    def in_full(self) -> tuple[LadderStep, ...]:
        """Every step written out, and the site's catch-all as the last of them."""
        steps = tuple(
            LadderStep(tell=each) if isinstance(each, Tell) else each for each in self.steps
        )
        ends = steps[-1].tell is Tell.CATCH_ALL
        return steps if ends else (*steps, LadderStep(tell=Tell.CATCH_ALL))

    def wait_of(self, step: LadderStep) -> int:
        """How many minutes to wait after a step before the next one."""
        return self.wait_minutes if step.wait_minutes is None else step.wait_minutes


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnLadders:
    """What a score, or a team for a score, has otherwise than its site; None leaves it as it is."""

    urgent: Ladder | None = None
    urgent_after_hours: Ladder | None = None
    breach: Ladder | None = None
    before: tuple[BeforeDue, ...] | None = None
    acknowledged_minutes: int | None = None

    def __post_init__(self) -> None:
        if self.acknowledged_minutes is not None:
            require_minutes(self.acknowledged_minutes, "acknowledged_minutes", LONGEST_SILENCE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladders:
    """Pages for clinical urgent in and out of hours, what follows a breach, and who hears before.

    `acknowledged_minutes` is how long an acknowledgement silences the ladder while nobody works on
    the ticket. `scores` holds by the name of an urgency (or `review`) what is otherwise for it.
    """

    urgent: Ladder
    urgent_after_hours: Ladder
    breach: Ladder
    acknowledged_minutes: int
    before: tuple[BeforeDue, ...] = ()
    scores: Mapping[str, OwnLadders] = field(default_factory=dict)

    def __post_init__(self) -> None:
        require_minutes(self.acknowledged_minutes, "acknowledged_minutes", LONGEST_SILENCE)
