"""Measures of a period as values: what the command prints, the files hold and the console draws."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from triagewire.measures.measure import Figure
from triagewire.measures.period import Period


class By(StrEnum):
    """What figures are told apart by."""

    ALL = "all"
    SITE = "site"
    TEAM = "team"
    TOPIC = "topic"
    CHANNEL = "channel"
    LANGUAGE = "language"
    URGENCY = "urgency"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """The figures of one value of one dimension, by the id of the measure."""

    by: By
    of: str
    figures: Mapping[str, Figure]


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberLoad:
    """What one member did in a period and holds at its end: touches, minutes at tickets, how many
    they resolved, handed on, gave back or lost by time, and have open.
    """

    member: str
    site: str
    teams: tuple[str, ...]
    touches: int
    minutes: float
    resolved: int
    handed_on: int
    hand_backs: int
    open: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """How far the ledger behind a report can be trusted. `until` (UTC) is how far it is signed for,
    `checkpoint` the number of the last signature; `faults` is what does not verify, in words.
    `waiting` events could not be counted yet.
    """

    until: datetime | None
    checkpoint: int
    faults: tuple[str, ...] = ()
    waiting: int = 0

    @property
    def whole(self) -> bool:
        """Whether all of it is as it was recorded."""
        return not self.faults


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The measures of a period. `site` is "" for all sites; `left_out` says how many tickets no
    measure counts, by the reason, `odd` how many count although something is odd about them; `days`
    has the figures of each day (`2026-03-02`) in `ALL`.
    """

    period: Period
    site: str
    made_at: datetime
    trust: Trust
    cells: tuple[Cell, ...]
    members: tuple[MemberLoad, ...] = ()
    ages: Mapping[str, int] = field(default_factory=dict)
    """How old what is open at the end is: tickets by the name of their age (`ages.NAMES`)."""
    backlog: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """The same for each team."""
    left_out: Mapping[str, int] = field(default_factory=dict)
    odd: Mapping[str, int] = field(default_factory=dict)
    days: Mapping[str, Mapping[str, Figure]] = field(default_factory=dict)

    def cell(self, by: By = By.ALL, of: str = "") -> Cell | None:
        """The figures of one value of a dimension."""
        return next((each for each in self.cells if (each.by, each.of) == (by, of)), None)
