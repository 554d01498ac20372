"""What the desk answers, field by field: views are checked against it, and the OpenAPI document is
made from it.

Every field is always there; what is not known is null. Times are ISO 8601 in UTC. Who adds a route
defines its answer beside its view, from these parts.
"""

from typing import Annotated, Literal, TypedDict

from pydantic import Field

from triagewire.arrival import Channel, RequesterKind
from triagewire.clock.promise import CalendarKind, PauseReason
from triagewire.ticket import Status
from triagewire.verdict import RuleSet

type When = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
"""An instant, in UTC."""
type Day = Annotated[str, Field(json_schema_extra={"format": "date"})]
type Count = Annotated[int, Field(ge=0)]
type Score = Annotated[int, Field(ge=1, le=5)]
"""An urgency score: 5 is clinical urgent, 1 self-serve."""


class ClockView(TypedDict):
    """A promise on a ticket. Minutes are minutes of the hours that count for it; `due_at_site` is
    on the site's own clock. `remaining_minutes` is below zero once it is breached.
    """

    state: Literal["running", "paused", "breached", "stopped"]
    breached: bool
    calendar: CalendarKind
    target_minutes: int
    elapsed_minutes: float
    paused_minutes: float
    remaining_minutes: float
    started_at: When
    remind_at: When
    due_at: When
    due_at_site: When
    paused_at: When | None
    paused_for: PauseReason | None
    stopped_at: When | None


class Line(TypedDict):
    """A ticket as a queue lists it and as every act answers it: ids, codes and times only."""

    id: str
    site: str
    team: str | None
    status: Status
    urgency: Score
    review: bool
    topic: str | None
    assignee: str | None
    language: str | None
    channels: list[Channel]
    duplicate_channels: list[Channel]
    received_at: When
    routed_at: When | None
    assigned_at: When | None
    accepted_at: When | None
    responded_at: When | None
    waiting_for: PauseReason | None
    wake_at: When | None
    clock: ClockView | None
    resolution: ClockView | None
    pages: Count
    acknowledged_at: When | None
    acknowledged_by: str | None
    reminded_at: When | None
    breached_at: When | None
    handoffs: Count
    bounces: Count
    reopened: Count
    outcome: str | None
    resolved_at: When | None
    version: Count


class QueueView(TypedDict):
    """A page of a queue, in the order in which it should be worked; `next` is the cursor of the
    page after it, null on the last one.
    """

    site: str
    team: str
    at: When
    tickets: list[Line]
    next: str | None


class MineView(TypedDict):
    """What the caller holds in all their sites; `next` as of a queue."""

    at: When
    tickets: list[Line]
    next: str | None


class EndedView(TypedDict):
    """That a session has ended."""

    ended: bool


class MemberView(TypedDict):
    """One member of a site: at work or why not, until when, and what they carry. A `capacity` of 0
    is no limit.
    """

    member: str
    name: str
    teams: list[str]
    at_work: bool
    on_shift: bool
    shift_ends_at: When | None
    away: bool
    away_since: When | None
    away_until: When | None
    said_by: str | None
    leave_until: Day | None
    load: int
    capacity: Count


class PresenceView(TypedDict):
    """Who of a site is at work."""

    site: str
    at: When
    members: list[MemberView]


class RequesterView(TypedDict):
    """Who asks, with the identities that the sender stated."""

    kind: RequesterKind
    name: str | None
    patient_id: str | None
    date_of_birth: Day | None
    email: str | None
    phone: str | None
    on_behalf: bool


class ReasonView(TypedDict):
    """One thing that moved a verdict: the words that matched, and what they did."""

    rule: str
    set: RuleSet
    text_span: str
    effect: str
    source: str
    why: str


class VerdictView(TypedDict):
    """What scoring or a person said of a ticket, and why."""

    score: Score
    candidate: Score
    topic: str
    team: str
    confidence: float
    review: bool
    crisis: bool
    missing: list[str]
    language: str | None
    unknown: list[str]
    reasons: list[ReasonView]


class QuarantineView(TypedDict):
    """Where a body came from that could not be read, and why it stands here."""

    source: str
    reason: str
    received_at: When
    media_type: str
    size_bytes: Count
    link: str | None
    shown_whole: bool
    settled: Literal["redriven", "dismissed", "purged"] | None
    settled_at: When | None
    tickets: list[str]
