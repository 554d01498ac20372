"""What the desk answers of one ticket with everything said on it, field by field (see `shapes`)."""

from collections.abc import Mapping
from typing import Annotated, TypedDict

from pydantic import Field

from triagewire.arrival import Channel
from triagewire.automated import AutomationState
from triagewire.desk.shapes import (
    Count,
    Day,
    Line,
    QuarantineView,
    RequesterView,
    VerdictView,
    When,
)
from triagewire.ledger.event import Action, Detail
from triagewire.message import Delivery, Direction, ReplyWay
from triagewire.retention import HoldReason


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


class HoldView(TypedDict):
    """A legal hold: who placed it, when, why in a code and in their words."""

    by: str
    at: When
    reason: HoldReason
    why: str


class TicketView(Line):
    """One ticket with everything said on it, why it was scored so, and what happened to it. While
    a `hold` stands nothing is purged; else its words are to be purged at `purge_at`, and were at
    `purged_at`: from then on texts, names and addresses are empty.
    """

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
    hold: HoldView | None
    closed_at: When | None
    purge_at: When | None
    purged_at: When | None
    merged_from: list[str]
    linked: list[str]
    policy_version: Count
    messages: list[MessageView]
    routes: RoutesView
    timeline: list[EventView]
