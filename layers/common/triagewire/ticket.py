"""The ticket: one need of one requester, however many messages and channels it came through."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from triagewire.arrival import Channel, Requester
from triagewire.clock.promise import Clock
from triagewire.verdict import Urgency, Verdict

REVIEW = "review"
"""The queue of tickets that a person must judge before anybody else works on them."""


ANSWERED_AUTOMATICALLY = "answered_automatically"
"""The outcome of a ticket that an article answered."""


class Status(StrEnum):
    """Where a ticket stands. Only `new`, `open` and `waiting` tickets are open and have a timer."""

    NEW = "new"
    OPEN = "open"
    WAITING = "waiting"
    RESOLVED = "resolved"
    MERGED = "merged"


class TimerKind(StrEnum):
    """What the system does when the timer is due."""

    SCORE = "score"
    PAGE = "page"
    REMIND = "remind"
    BREACH = "breach"
    LADDER = "ladder"
    WAKE = "wake"


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """The single next moment (UTC) at which a ticket needs the system's attention."""

    at: datetime
    kind: TimerKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """How far telling people has got; kept apart from the status, which only people move."""

    pages: int = 0
    paged_at: datetime | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    reminded_at: datetime | None = None
    breached_at: datetime | None = None
    level: int = 0
    told_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """One ticket as it is stored. A change makes a new value; nothing edits one.

    `version` counts the ledger events of this ticket and `ledger_head` is the hash of the last one,
    so that a ticket and its ledger can be held against each other. `team` is the queue it stands
    in, `verdict.team` the team that scoring named. `quiet` forbids automatic text, whatever the
    score says. `awaits` marks a ticket whose words come in a later event; `unreachable` one whose
    mail comes back for good; `asked` names the fields of a staff request that its requester was
    asked for, once; `delivery` says how far our last text got, as its carrier calls it.
    """

    id: str
    site: str
    source: str
    requester: Requester
    received_at: datetime
    channels: tuple[Channel, ...]
    content_digest: str = ""
    language: str | None = None
    status: Status = Status.NEW
    version: int = 0
    ledger_head: str = ""
    policy_version: int = 0
    verdict: Verdict | None = None
    unreadable: bool = False
    quiet: bool = False
    awaits: bool = False
    unreachable: bool = False
    asked: tuple[str, ...] = ()
    delivery: str = ""
    team: str | None = None
    assignee: str | None = None
    load: int = 0
    routed_at: datetime | None = None
    clock: Clock | None = None
    escalation: Escalation = field(default_factory=Escalation)
    timer: Timer | None = None
    duplicate_channels: tuple[Channel, ...] = ()
    merged_into: str | None = None
    merged_from: tuple[str, ...] = ()
    linked: tuple[str, ...] = ()
    outcome: str | None = None
    resolved_at: datetime | None = None
    reopened: int = 0
    handoffs: int = 0

    @property
    def is_open(self) -> bool:
        """Whether somebody still owes the requester something."""
        return self.status in (Status.NEW, Status.OPEN, Status.WAITING)

    @property
    def in_review(self) -> bool:
        """Whether a person has yet to say what this ticket is."""
        return self.team == REVIEW

    @property
    def urgency(self) -> Urgency:
        """The urgency it is worked at; doubt counts as the higher candidate, an unscored ticket as
        the highest.
        """
        if self.verdict is None:
            return Urgency.CLINICAL_URGENT
        return (
            max(self.verdict.score, self.verdict.candidate)
            if self.in_review
            else self.verdict.score
        )

    @property
    def must_page(self) -> bool:
        """Whether it is one that pages people until somebody acknowledges."""
        return (
            self.status is Status.OPEN
            and self.verdict is not None
            and self.verdict.score is Urgency.CLINICAL_URGENT
        )


SCORE_WITHIN = timedelta(seconds=60)
"""How long a new ticket may stay unscored before the escalator scores it."""
WORDS_WITHIN = timedelta(minutes=3)
"""How long a recording waits for its transcription before it is scored as it is."""


def scoring_timer(ticket: Ticket) -> Timer:
    """The timer of a ticket that has just arrived."""
    within = WORDS_WITHIN if ticket.awaits else SCORE_WITHIN
    return Timer(at=ticket.received_at + within, kind=TimerKind.SCORE)
