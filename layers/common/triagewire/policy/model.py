"""What a policy says, as plain values. Built from checked YAML when published and from JSON at run
time.

Every number of minutes is a promise of the group and can be set per site; the shipped defaults are
in `defaults/`.

"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from triagewire.channels.ehr.record_server import RecordServer
from triagewire.channels.source import Source
from triagewire.clock.calendar import Calendar, Holiday, Interval
from triagewire.clock.promise import CalendarKind
from triagewire.scoring.assistant import Assistant
from triagewire.verdict import Urgency


class Role(StrEnum):
    """What a member of staff may do."""

    AGENT = "agent"
    LEAD = "lead"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


class Tell(StrEnum):
    """Whom a ladder step tells."""

    ASSIGNEE = "assignee"
    LEAD = "lead"
    ON_CALL = "on_call"
    CATCH_ALL = "catch_all"


def require(condition: bool, field_name: str, problem: str) -> None:
    """Raise a `ValueError` that names the field of the policy, as both readers of policies
    expect.
    """
    if not condition:
        raise ValueError(f"{field_name}: {problem}")


class AfterHours(StrEnum):
    """What becomes of a ticket that comes in while the site is closed: it waits in its queue, or
    the provider on call gets it.
    """

    WAIT = "wait"
    ON_CALL = "on_call"


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
    given work. `substitute` gets what was theirs while they are not at work.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A promised time in minutes, and the hours that count."""

    minutes: int
    hours: CalendarKind = CalendarKind.SITE

    def __post_init__(self) -> None:
        require(self.minutes > 0, "minutes", "must be more than 0")


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
    its own, by the name of an urgency; the site's hold for the others.
    """

    lead: str
    handles: tuple[str, ...] = ()
    primary: str = ""
    secondary: str = ""
    groups: Mapping[str, Pair] = field(default_factory=dict)
    fallback: str = ""
    targets: Mapping[str, Target] = field(default_factory=dict)
    resolution: Mapping[str, Target] = field(default_factory=dict)

    def pair(self, group: str) -> Pair:
        """Who gets the tickets of a verdict team first."""
        return self.groups.get(group) or Pair(primary=self.primary, secondary=self.secondary)


@dataclass(frozen=True, slots=True, kw_only=True)
class OnCall:
    """The rota of on-call providers: each takes a week, handing over at `handover` in site time."""

    rota: tuple[str, ...]
    since: date
    handover: time = time(8, 0)

    def __post_init__(self) -> None:
        require(bool(self.rota), "rota", "needs at least one member, or nobody is paged at night")


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Fairness:
    """Within the window nobody is given more than `most_ahead` tickets more than the one who got
    the fewest: who closes fast does not get everything. 0 switches it off.
    """

    window_minutes: int = 60
    most_ahead: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """How long work waits for its owner, in minutes of the hours that its promise counts.

    A ticket not accepted within `accept_minutes` returns to its queue. Whose shift ends within
    `shift_end_minutes` gets no work that takes longer.
    """

    accept_minutes: int = 60
    shift_end_minutes: int = 30

    def __post_init__(self) -> None:
        require(self.accept_minutes > 0, "accept_minutes", "must be more than 0")
        require(self.shift_end_minutes >= 0, "shift_end_minutes", "must not be below 0")


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """After how many minutes of the site's hours a waiting ticket wakes, by whom it waits for."""

    requester: int = 1440
    payer: int = 2400
    vendor: int = 1440

    def __post_init__(self) -> None:
        for name in ("requester", "payer", "vendor"):
            require(getattr(self, name) > 0, name, "must be more than 0")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """The ordered steps of an escalation: whom to tell, and how many minutes to wait before the
    next step.
    """

    steps: tuple[Tell, ...]
    wait_minutes: int

    def __post_init__(self) -> None:
        require(bool(self.steps), "steps", "needs at least one step, or the ladder ends in silence")
        require(self.wait_minutes > 0, "wait_minutes", "must be more than 0")


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A knowledge-base answer: the topics it answers, words of which one must be in the question,
    texts by language.
    """

    topics: tuple[str, ...]
    title: Mapping[str, str]
    text: Mapping[str, str]
    any_of: tuple[str, ...] = ()
    enabled: bool = True

    def __post_init__(self) -> None:
        require(bool(self.topics), "topics", "an article without a topic would answer everything")
        require(set(self.title) == set(self.text), "text", "needs the same languages as title")


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """An automatic text by language, in and out of hours. `{expected}`, `{site}` and `{phone}` are
    filled in.
    """

    subject: Mapping[str, str]
    text: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Replies:
    """The automatic texts of a site and the articles it answers from.

    `address` is where answers to the site's mail go: a mailbox that a source of this site reads.
    Empty, they go to the sender address of the whole deployment. `question` asks staff for what
    their request lacks; without one nobody is asked.
    """

    acknowledgement: Template
    after_hours: Template
    answer: Template
    question: Template | None = None
    articles: Mapping[str, Article] = field(default_factory=dict)
    enabled: bool = True
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """What a staff request must hold. `critical` names the fields by resolver group (the team that
    scoring names); `fields` says in words what each asks for, by language.
    """

    critical: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    fields: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One clinic of the group, with everything that differs from the others.

    `targets` promise a first response, `resolution` that the need is settled. `routing` is looked
    through in order. `after_hours` says by the name of an urgency what happens while the site is
    closed. A message received before `enforce_from` counts from there: switching promises on does
    not breach the past. `record` is where its patients' records are read; without one none is.
    """

    name: str
    zone: str
    phone: str
    hours: Mapping[str, tuple[Interval, ...]]
    teams: Mapping[str, Team]
    members: Mapping[str, Member]
    on_call: OnCall
    catch_all: str
    targets: Targets
    ladders: Ladders
    replies: Replies
    sources: Mapping[str, Source] = field(default_factory=dict)
    record: RecordServer | None = None
    holidays: tuple[Holiday, ...] = ()
    assistant: Assistant | None = None
    intake: Intake = field(default_factory=Intake)
    resolution: Targets | None = None
    routing: Mapping[str, RoutingRule] = field(default_factory=dict)
    fairness: Fairness = field(default_factory=Fairness)
    presence: Presence = field(default_factory=Presence)
    waits: Waits = field(default_factory=Waits)
    after_hours: Mapping[str, AfterHours] = field(default_factory=dict)
    enforce_from: datetime | None = None
    continuity_days: int = 30
    close_after_days: int = 30
    merge_window_minutes: int = 120
    languages: tuple[str, ...] = ("en", "es")

    @property
    def calendar(self) -> Calendar:
        """The hours in which the site's promises count."""
        return Calendar(zone=self.zone, week=self.hours, holidays=self.holidays)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One version of everything. `rules` is the rule files as data; `scoring.rules` knows their
    shape.
    """

    group: str
    sites: Mapping[str, Site]
    rules: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedLowering:
    """Why a policy may call less urgent what the last release called urgent: a person's reason, the
    ids of the synthetic tickets that show it, and the shipped red flags that it weakens.
    """

    reason: str
    tickets: tuple[str, ...]
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedPolicy:
    """A policy as the functions hold it: its version is stamped on every decision."""

    version: int
    policy: Policy
    published_at: datetime | None = None
    published_by: str = ""
    accepted: AcceptedLowering | None = None
