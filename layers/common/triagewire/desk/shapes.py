"""What the desk answers, field by field: views are checked against it, and the OpenAPI document is
made from it.

Every field is always there; what is not known is null. Times are ISO 8601 in UTC. Who adds a route
defines its answer beside its view, from these parts.
"""

from collections.abc import Mapping
from typing import Annotated, Literal, TypedDict

from pydantic import Field

from triagewire.arrival import Channel, RequesterKind
from triagewire.clock.promise import CalendarKind, PauseReason
from triagewire.ledger.event import Action, Detail
from triagewire.message import Delivery, Direction, ReplyWay
from triagewire.ticket import AutomationState, Status
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
    settled: Literal["redriven", "dismissed"] | None
    settled_at: When | None
    tickets: list[str]


class AttachmentView(TypedDict):
    """A file that came with a message; whoever has the link can open it."""

    name: str
    media_type: str
    size_bytes: int | None
    link: str | None


class ContextView(TypedDict):
    """The facts of the patient's record that came with a message."""

    age_years: float | None
    conditions: list[str]
    medications: list[str]
    recent_procedures: list[str]
    pregnant: bool
    next_appointment: When | None


class RecordView(TypedDict):
    """What the patient's record said when a message was judged, beside what the message stated.
    `another`: the number led to somebody born on another day. `unknown` names what was not learnt.
    """

    facts: ContextView
    born: Day | None
    sex: str | None
    language: str | None
    deceased: bool
    another: bool
    unknown: list[str]


class StaffRequestView(TypedDict):
    """What staff filled into fields of their own; the stated urgency is theirs, not the score."""

    category: str
    urgency: str
    department: str
    place: str
    asset: str
    application: str
    account: str
    for_whom: str
    business_impact: str
    patient_impact: str


class MessageView(TypedDict):
    """One thing said; `ticket` is the one of the merged tickets that it came in on, and `id` names
    it there. Texts are as they were written: show them as text, never as markup.

    What goes to a requester leaves by its `way` and not before `send_at`; until `undo_until` its
    author may take it back. `failed_why` is the code of what kept the last try from working.
    """

    id: str
    ticket: str
    at: When
    occurred_at: When | None
    direction: Direction
    channel: Channel
    author: str
    subject: str
    text: str
    full_text: str | None
    language: str | None
    automatic: bool
    made_by: str | None
    way: ReplyWay | None
    send_at: When | None
    undo_until: When | None
    delivery: Delivery
    failed_why: str | None
    speech: float | None
    context: ContextView
    record: RecordView | None
    staff_request: StaffRequestView | None
    attachments: list[AttachmentView]
    pointer: str | None
    doubtful_sender: bool
    remarks: list[str]


class LegView(TypedDict):
    """One assignment of a ticket."""

    at: When
    actor: str
    team: str | None
    member: str | None
    why: str
    handoff: bool


class RoutesView(TypedDict):
    """Where a ticket has been, and how often it was passed on."""

    legs: list[LegView]
    handoffs: Count
    misroutes: Count
    bounces: Count


class EventView(TypedDict):
    """One line of the timeline: who did what, when, why and under which policy."""

    number: Count
    at: When
    actor: str
    action: Action
    why: str
    detail: Mapping[str, Detail]
    policy_version: Count


class AutomationView(TypedDict):
    """A request that was announced to programs: until when one may settle it, and what became of it
    at `at`. `reference` is what the program calls it.
    """

    type: str
    state: AutomationState
    requested_at: When
    due_at: When
    at: When
    reference: str | None


class SurveyView(TypedDict):
    """Asking the requester how it was: when that is due, when it was done, and what they said."""

    due_at: When | None
    asked_at: When | None
    score: Annotated[int, Field(ge=1, le=5)] | None


class TicketView(Line):
    """One ticket with everything said on it, why it was scored so, and what happened to it."""

    source: str
    requester: RequesterView
    verdict: VerdictView | None
    unreadable: bool
    body: str | None
    quarantine: QuarantineView | None
    quiet: bool
    unreachable: bool
    delivery: str | None
    asked: list[str]
    automation: AutomationView | None
    survey: SurveyView | None
    merged_from: list[str]
    linked: list[str]
    policy_version: Count
    messages: list[MessageView]
    routes: RoutesView
    timeline: list[EventView]
