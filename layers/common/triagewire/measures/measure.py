"""What a measure is: a definition, and the samples that it takes of one life.

A sample counts at a moment: when the thing that is measured happened. So a figure of a period never
changes by what happens after it, but for tickets of which the ledger had not told everything yet.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from triagewire.clock.calendar import Calendar
from triagewire.measures.life import Life


class Unit(StrEnum):
    """What a figure is counted in."""

    SECONDS = "seconds"
    MINUTES = "minutes"
    HOURS = "hours"
    SHARE = "share"
    TICKETS = "tickets"
    TIMES = "times"
    PER_TICKET = "per ticket"
    POINTS = "points of 5"
    PEOPLE = "people"


class Kind(StrEnum):
    """How samples become a figure: median and 90th percentile, share of those that are true,
    mean, or sum.
    """

    SPREAD = "spread"
    SHARE = "share"
    MEAN = "mean"
    SUM = "sum"


class Better(StrEnum):
    """Which way is better."""

    LOWER = "lower"
    HIGHER = "higher"
    NEITHER = "neither"


class Theme(StrEnum):
    """What a measure is about: reports show those of one theme together, in this order."""

    TIMES = "times"
    PROMISES = "promises"
    PASSING_ON = "passing on"
    WITHOUT = "without people"
    BACK_AGAIN = "back again"
    JUDGING = "judging"
    REQUESTERS = "requesters"
    VOLUME = "volume"
    PEOPLE = "people"


class Sample(NamedTuple):
    """What one life gives a measure: when it counts (UTC), and how much; a share's is 0 or 1."""

    at: datetime
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What measures need beside a life. `calendar` gives the hours of a site as a policy version
    had them, `clinical` the queues of a site in which clinicians work and `clinicians` who is on
    the roster of one of these, `zones` the time zone of a site.
    """

    calendar: Callable[[str, int], Calendar]
    clinical: Mapping[str, frozenset[str]]
    zones: Mapping[str, str]
    clinicians: Mapping[str, frozenset[str]] = field(default_factory=dict)


type Take = Callable[[Life, Around], Iterable[Sample]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A measure: what it is in words, how it is computed, in which unit, which tickets are left out
    besides those that all measures leave out, and whether less is better. `target` is what the desk
    promises, in the same unit: of a spread its median. `estimate` says on which assumption of ours
    a figure rests that the ledger does not have.
    """

    id: str
    name: str
    theme: Theme
    unit: Unit
    kind: Kind
    formula: str
    excluded: str
    take: Take
    better: Better = Better.LOWER
    target: float | None = None
    compare: str = ""
    """What was published elsewhere, and how it was measured there."""
    estimate: str = ""


class Figure(NamedTuple):
    """A measure of many samples: how many, and their median, share, mean or sum; of a spread also
    the 90th percentile. Without a sample there is no value, and 0 of it for a sum.
    """

    n: int
    value: float | None
    p90: float | None = None


def figure_of(kind: Kind, values: list[float]) -> Figure:
    """The figure of samples' values."""
    if kind is Kind.SUM:
        return Figure(len(values), round(sum(values), 6))
    if not values:
        return Figure(0, None)
    if kind is Kind.SPREAD:
        ordered = sorted(values)
        return Figure(len(ordered), percentile(ordered, 50), percentile(ordered, 90))
    return Figure(len(values), round(sum(values) / len(values), 6))


def percentile(ordered: list[float], percent: int) -> float:
    """The smallest value that at least so many per cent of the ordered values do not exceed: the
    nearest rank, which is always a value that somebody really waited.
    """
    rank = max(1, -(-len(ordered) * percent // 100))
    return ordered[rank - 1]
