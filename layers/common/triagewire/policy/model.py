"""What a policy says, as plain values. Built from checked YAML when published and from JSON at run
time.

Every number of minutes is a promise of the group and can be set per site; the shipped defaults are
in `defaults/`.

"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from triagewire.channels.ehr.record_server import RecordServer
from triagewire.channels.source import Source
from triagewire.clock.calendar import Calendar, Holiday, Interval
from triagewire.ladder import Ladders
from triagewire.policy.automation import Automation
from triagewire.policy.emergency import EmergencyAccess
from triagewire.policy.limits import Notices
from triagewire.policy.measures import Measuring
from triagewire.policy.replies import Replies
from triagewire.policy.retention import Retention
from triagewire.policy.roster import (
    AfterHours,
    Fairness,
    Member,
    OnCall,
    Presence,
    RoutingRule,
    Team,
)
from triagewire.policy.satisfaction import Satisfaction
from triagewire.policy.targets import Targets, Waits
from triagewire.scoring.assistant import Assistant


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
    automation: Automation = field(default_factory=Automation)
    satisfaction: Satisfaction = field(default_factory=Satisfaction)
    retention: Retention = field(default_factory=Retention)
    emergency_access: EmergencyAccess = field(default_factory=EmergencyAccess)
    measures: Measuring = field(default_factory=Measuring)
    resolution: Targets | None = None
    routing: Mapping[str, RoutingRule] = field(default_factory=dict)
    fairness: Fairness = field(default_factory=Fairness)
    presence: Presence = field(default_factory=Presence)
    waits: Waits = field(default_factory=Waits)
    notices: Notices = field(default_factory=Notices)
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
