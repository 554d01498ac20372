"""What a policy says of requests of staff that a program may settle."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from triagewire.policy.replies import Template
from triagewire.sane import require, require_minutes

LONGEST_MINUTES = 1440
"""A day: what a program has not settled by then is for people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """Which requests are of a type: of one of the topics, with one of the words, about one of the
    applications. What is not named is not asked for; one that names nothing matches nothing.
    """

    topics: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    applications: tuple[str, ...] = ()

    @property
    def asks(self) -> bool:
        """Whether it asks for anything at all."""
        return bool(self.topics or self.words or self.applications)


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestType:
    """A kind of request that a program settles. `needs` are fields of the staff request that must
    be filled in; after so many `minutes` without an answer it is the team's again.
    """

    when: When
    needs: tuple[str, ...] = ()
    minutes: int = 30
    enabled: bool = True

    def __post_init__(self) -> None:
        require_minutes(self.minutes, "minutes", LONGEST_MINUTES)
        require(self.when.asks, "when", "a type that asks for nothing would match nothing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Automation:
    """The types of a site, looked through in order, and what a requester is told when a program has
    settled theirs: `{message}` is what the program says.
    """

    types: Mapping[str, RequestType] = field(default_factory=dict)
    done: Template | None = None
