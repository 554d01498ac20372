"""What the ledger records: who did what, when, why, under which policy."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

type Detail = str | int | float | bool | list[str] | None


class Action(StrEnum):
    """Everything that can happen to a ticket or to the policy, in the past tense."""

    RECEIVED = "received"
    REPEATED_DIFFERENTLY = "repeated_differently"
    FETCHED = "fetched"
    SCORED = "scored"
    ROUTED = "routed"
    LINKED = "linked"
    MERGED = "merged"
    ABSORBED = "absorbed"
    PARTED = "parted"
    UNMERGED = "unmerged"
    RESTATED = "restated"
    REPLY_WRITTEN = "reply_written"
    REPLY_WITHDRAWN = "reply_withdrawn"
    REPLY_QUEUED = "reply_queued"
    REPLY_WITHHELD = "reply_withheld"
    REPLY_SENT = "reply_sent"
    REPLY_FAILED = "reply_failed"
    DELIVERY_REPORTED = "delivery_reported"
    ANSWERED = "answered"
    PAGED = "paged"
    REMINDED = "reminded"
    BREACHED = "breached"
    ESCALATED = "escalated"
    FOREWARNED = "forewarned"
    MUTED = "muted"
    ACKNOWLEDGEMENT_EXPIRED = "acknowledgement_expired"
    TOLD = "told"
    NOTICE_FAILED = "notice_failed"
    NOTICE_DROPPED = "notice_dropped"
    HELD = "held"
    REPAIRED = "repaired"
    WOKEN = "woken"
    VIEWED = "viewed"
    DENIED = "denied"
    CLAIMED = "claimed"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    RESPONDED = "responded"
    PAUSED = "paused"
    RESUMED = "resumed"
    BOUNCED = "bounced"
    PRESENCE_CHANGED = "presence_changed"
    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    EXPORTED = "exported"
    RECLOCKED = "reclocked"
    ACKNOWLEDGED = "acknowledged"
    REASSIGNED = "reassigned"
    NOTED = "noted"
    RESCORED = "rescored"
    LABELLED = "labelled"
    SEARCHED = "searched"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    CLOSED = "closed"
    REDRIVEN = "redriven"
    QUARANTINE_DISMISSED = "quarantine_dismissed"
    POLICY_PUBLISHED = "policy_published"
    SHADOW_STARTED = "shadow_started"
    SHADOW_ENDED = "shadow_ended"
    MESSAGES_READ = "messages_read"
    HANDED_TO_PROGRAM = "handed_to_program"
    PROGRAM_REPORTED = "program_reported"
    TAKEN_BACK = "taken_back"
    SURVEYED = "surveyed"
    RATED = "rated"
    ACCESS_CHANGED = "access_changed"
    EXAMINED = "examined"
    EMERGENCY_STARTED = "emergency_started"
    EMERGENCY_ENDED = "emergency_ended"
    HOLD_PLACED = "hold_placed"
    HOLD_RELEASED = "hold_released"
    PURGE_TIMED = "purge_timed"
    PURGED = "purged"


SYSTEM = "system"
"""The actor of everything that no person did; a part of the system adds its name, as in
`system:escalate`.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a decision wants recorded. `detail` holds ids, numbers and names of rules, fields and
    teams: never PHI.
    """

    action: Action
    why: str
    detail: Mapping[str, Detail] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """Who caused a change, when (UTC), under which policy version and in which request.

    `emergency` says that they acted while emergency access stood: each of their events says so too.
    """

    at: datetime
    actor: str
    policy_version: int
    request_id: str = ""
    emergency: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One recorded entry: `sequence` counts from 1 within its subject, `hash` covers everything and
    `previous`.
    """

    subject: str
    sequence: int
    at: datetime
    actor: str
    action: Action
    why: str
    detail: Mapping[str, Detail]
    policy_version: int
    request_id: str
    previous: str
    hash: str = ""
