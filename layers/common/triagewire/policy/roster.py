"""Who works at a site and who gets what, as plain values of a policy."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum

from triagewire.clock.calendar import Interval
from triagewire.ladder import OwnLadders, Way
from triagewire.policy.targets import Target
from triagewire.sane import MOST_MINUTES, require, require_minutes

LONGEST_TURN_DAYS = 366
SANE_YEARS = range(2000, 2200)


class Role(StrEnum):
    """What a member of staff may do."""

    AGENT = "agent"
    LEAD = "lead"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """Days on which a member is not at work, the first and the last included."""

    begins: date
    ends: date

    def __post_init__(self) -> None:
        require(self.begins <= self.ends, "ends", "must not be before begins")


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A member of staff: the roster's id is also the name they sign in with.

    `week` is their shift in site time (the site's hours when empty), `capacity` the load at which
    no more work is given to them automatically (0: no limit). Only those with the role `agent` are
    given work. `substitute` gets what was theirs while they are not at work. `ways` are the
    addresses at which notices reach them, the one that they prefer first; without any they hear
    what the topics' own subscribers hear.
    """

    name: str
    teams: tuple[str, ...] = ()
    roles: tuple[Role, ...] = (Role.AGENT,)
    week: Mapping[str, tuple[Interval, ...]] = field(default_factory=dict)
    away: bool = False
    leave: tuple[Leave, ...] = ()
    substitute: str = ""
    capacity: int = 0
    languages: tuple[str, ...] = ("en",)
    skills: tuple[str, ...] = ()
    ways: Mapping[Way, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Who gets the tickets of a group first, and who while the primary is away or at capacity."""

    primary: str = ""
    secondary: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """A queue of a site. `handles` lists the verdict teams it takes besides its own name.

    `primary` and `secondary` get its tickets first; without them the least loaded does. `groups`
    names a pair of its own for one of the verdict teams that the queue handles. `fallback` is the
    team that gets a ticket while nobody of this one can. `targets` and `resolution` are promises of
    its own, and `ladders` what it has otherwise, by the name of an urgency; the site's hold for the
    others.
    """

    lead: str
    handles: tuple[str, ...] = ()
    primary: str = ""
    secondary: str = ""
    groups: Mapping[str, Pair] = field(default_factory=dict)
    fallback: str = ""
    targets: Mapping[str, Target] = field(default_factory=dict)
    resolution: Mapping[str, Target] = field(default_factory=dict)
    ladders: Mapping[str, OwnLadders] = field(default_factory=dict)

    def pair(self, group: str) -> Pair:
        """Who gets the tickets of a verdict team first."""
        return self.groups.get(group) or Pair(primary=self.primary, secondary=self.secondary)


class TurnUnit(StrEnum):
    """What the length of a turn on call is counted in."""

    DAYS = "days"
    WEEKS = "weeks"


@dataclass(frozen=True, slots=True, kw_only=True)
class Swap:
    """Two turns of a rota exchanged; a date stands for the turn that its handover begins or finds
    under way.
    """

    one: date
    other: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """Who is on call instead of what every rota says, from `begins` until `ends` in site time."""

    member: str
    begins: datetime
    ends: datetime

    def __post_init__(self) -> None:
        for name, at in (("begins", self.begins), ("ends", self.ends)):
            require(at.tzinfo is None, name, "is site time: write it without an offset")
            require(at.year in SANE_YEARS, name, "must be a year from 2000 to 2199")
        require(self.begins < self.ends, "ends", "must be later than begins")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rota:
    """Who takes turns, in order. The first turn begins on `since`; a turn lasts `every` weeks or
    days and is handed over at `handover` in site time.
    """

    rota: tuple[str, ...]
    since: date
    handover: time = time(8, 0)
    every: int = 1
    unit: TurnUnit = TurnUnit.WEEKS
    swaps: tuple[Swap, ...] = ()

    def __post_init__(self) -> None:
        require(self.since.year in SANE_YEARS, "since", "must be a year from 2000 to 2199")
        require(bool(self.rota), "rota", "needs at least one member, or nobody is paged at night")
        plain = self.handover.tzinfo is None
        require(plain, "handover", "is site time: write it without an offset")
        require(self.every > 0, "every", "must be at least 1: a turn has a length")
        require(self.turn_days <= LONGEST_TURN_DAYS, "every", "must be at most a year")

    @property
    def turn_days(self) -> int:
        """How many days a turn lasts."""
        return self.every * (7 if self.unit is TurnUnit.WEEKS else 1)

    def turn_of(self, day: date) -> int:
        """The number of the turn that holds once it was handed over on that day; the one that
        begins on `since` is 0.
        """
        return (day - self.since).days // self.turn_days

    def member_of(self, turn: int) -> str:
        """Who takes a turn, with the swaps."""
        for swap in self.swaps:
            pair = (self.turn_of(swap.one), self.turn_of(swap.other))
            if turn in pair:
                turn = pair[1 - pair.index(turn)]
                break
        return self.rota[turn % len(self.rota)]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartRota(Rota):
    """A rota of its own for the hours of `week` in site time, such as weekends or nights."""

    week: Mapping[str, tuple[Interval, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class OnCall(Rota):
    """The rota of on-call providers. `also` holds by name the rotas of parts of the week; an
    override goes before all of them, and of several that overlap the one listed last.

    `feed` is the number of the calendar feed's link: another number makes every link given out
    before worthless, 0 gives no feed.
    """

    also: Mapping[str, PartRota] = field(default_factory=dict)
    overrides: tuple[Override, ...] = ()
    feed: int = 1

    @property
    def people(self) -> tuple[str, ...]:
        """Everybody whom a rota or an override names, once each."""
        rotas = (self, *self.also.values())
        named = [person for each in rotas for person in each.rota]
        return tuple(dict.fromkeys([*named, *(each.member for each in self.overrides)]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """How long work waits for its owner, in minutes of the hours that its promise counts.

    A ticket not accepted within `accept_minutes` returns to its queue. Whose shift ends within
    `shift_end_minutes` gets no work that takes longer.
    """

    accept_minutes: int = 60
    shift_end_minutes: int = 30

    def __post_init__(self) -> None:
        require_minutes(self.accept_minutes, "accept_minutes")
        require(self.shift_end_minutes >= 0, "shift_end_minutes", "must not be below 0")
        sane = self.shift_end_minutes <= MOST_MINUTES
        require(sane, "shift_end_minutes", f"must be at most {MOST_MINUTES}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fairness:
    """Within the window nobody is given more than `most_ahead` tickets more than the one who got
    the fewest: who closes fast does not get everything. 0 switches it off.
    """

    window_minutes: int = 60
    most_ahead: int = 3


class AfterHours(StrEnum):
    """What becomes of a ticket that comes in while the site is closed: it waits in its queue, or
    the provider on call gets it.
    """

    WAIT = "wait"
    ON_CALL = "on_call"


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """What a routing rule asks for. Each field that is filled must hold one of its values; a rule
    that asks for nothing matches nothing.

    `teams` are those of verdicts, `usual_teams` the team that last worked for the same patient.
    """

    sources: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    applications: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    usual_teams: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutingRule:
    """Where tickets go that `when` describes: to another `team`, to who has a `skill`, or both."""

    when: When
    team: str = ""
    skill: str = ""
