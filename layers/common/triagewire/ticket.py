"""The ticket: one need of one requester, however many messages and channels it came through."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Self

from triagewire.arrival import Channel, Requester
from triagewire.automated import Automated
from triagewire.clock.promise import Clock
from triagewire.ladder import Ladders
from triagewire.retention import Hold
from triagewire.survey import Survey
from triagewire.verdict import Urgency, Verdict

REVIEW = "review"
"""The queue of tickets that a person must judge before anybody else works on them."""


ANSWERED_AUTOMATICALLY = "answered_automatically"
"""The outcome of a ticket that an article answered."""
NOT_NEEDED = "not_needed"
"""The outcome of what asked for nothing: spam, thanks, what came by mistake."""
DONE_AUTOMATICALLY = "done_automatically"
"""The outcome of a request that a program has settled."""


class Status(StrEnum):
    """Where a ticket stands; `states` says what may follow what.

    `routed` has a queue and perhaps an owner, who has not touched it; `accepted` one who has.
    `waiting` waits for somebody outside. `reopened` was resolved before. `closed` is for good.
    """

    NEW = "new"
    ROUTED = "routed"
    ACCEPTED = "accepted"
    WAITING = "waiting"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    CLOSED = "closed"
    MERGED = "merged"

    @classmethod
    def _missing_(cls, value: object) -> "Status | None":
        """What earlier versions stored for a ticket in a queue."""
        return cls.ROUTED if value == "open" else None


AT_WORK = frozenset({Status.ROUTED, Status.ACCEPTED, Status.REOPENED})
"""The states in which our time counts: somebody here is to do something."""
OPEN = AT_WORK | {Status.NEW, Status.WAITING}
"""The states in which somebody still owes the requester something."""


class TimerKind(StrEnum):
    """What the system does when the timer is due."""

    SCORE = "score"
    PAGE = "page"
    REMIND = "remind"
    FOREWARN = "forewarn"
    BREACH = "breach"
    REMIND_RESOLUTION = "remind_resolution"
    BREACH_RESOLUTION = "breach_resolution"
    LADDER = "ladder"
    ASSIGN = "assign"
    RETURN = "return"
    BOUNCED = "bounced"
    WAKE = "wake"
    TAKE_BACK = "take_back"
    SURVEY = "survey"
    CLOSE = "close"
    PURGE = "purge"


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """The single next moment (UTC) at which a ticket needs the system's attention."""

    at: datetime
    kind: TimerKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """How far telling people has got; kept apart from the status, which only people move.

    `breached_at` is of the first response; `bounced_at` asks for the lead to be told of a ticket
    that goes from team to team, `bounce_told_at` says that it was done.
    `ladders` are those that the escalation began with, for the team and urgency of `ladders_of`;
    `step` counts the steps that were taken of the page ladder in this round, `level` those of the
    breach ladder: the last one and the next are found by it. `paged` are all who were paged. Where
    the last page asks everyone to acknowledge, `awaited` are whom it asks, `heard_by` who has, and
    `insisted` says that the others were paged once more.
    `forewarned` counts the steps taken before the promise was due. `told_on` is the site's day on
    which `told` heard of a breach, `all_told` says that nobody is left who has not that day.
    """

    pages: int = 0
    paged_at: datetime | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    reminded_at: datetime | None = None
    breached_at: datetime | None = None
    resolution_reminded_at: datetime | None = None
    resolution_breached_at: datetime | None = None
    level: int = 0
    told_at: datetime | None = None
    bounced_at: datetime | None = None
    bounce_told_at: datetime | None = None
    ladders: Ladders | None = None
    ladders_of: str = ""
    step: int = 0
    forewarned: int = 0
    paged: tuple[str, ...] = ()
    awaited: tuple[str, ...] = ()
    heard_by: tuple[str, ...] = ()
    insisted: bool = False
    told: tuple[str, ...] = ()
    told_on: date | None = None
    all_told: bool = False

    @property
    def paging_anew(self) -> Self:
        """The escalation with its pages to begin again at their top, as if nobody had heard. Who
        was paged before is still known.
        """
        return replace(
            self,
            pages=0,
            paged_at=None,
            step=0,
            awaited=(),
            heard_by=(),
            insisted=False,
            acknowledged_at=None,
            acknowledged_by=None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Stood:
    """All that a merge may change of its survivor, as it stood at one moment."""

    status: Status
    requester: Requester
    received_at: datetime
    channels: tuple[Channel, ...]
    duplicate_channels: tuple[Channel, ...]
    quiet: bool
    team: str | None
    skill: str
    verdict: Verdict | None
    clock: Clock | None
    resolution: Clock | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """How a ticket was merged into its survivor: what a person needs who takes them apart again.

    `before` and `made` are the survivor right before and right after. `recorded` says that it was
    kept there and moved nothing, `other_sender` that its requester was not believed to be the
    survivor's. One that a person merged `by_hand` had been worked on before: its promises, and what
    was told of it, stay on it.
    """

    at: datetime
    before: Stood
    made: Stood
    recorded: bool = False
    other_sender: bool = False
    by_hand: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """One ticket as it is stored. A change makes a new value; nothing edits one.

    `version` counts the ledger events of this ticket and `ledger_head` is the hash of the last one,
    so that a ticket and its ledger can be held against each other. `team` is the queue it stands
    in, `verdict.team` the team that scoring named, `skill` what a routing rule asks of its owner,
    `stands_in_for` the team whose it is while that of its queue stands in.
    `quiet` forbids automatic text, whatever the score says. `awaits` marks a ticket whose words
    come in a later event; `unreachable` one whose mail comes back for good; `asked` names the
    fields of a staff request that its requester was asked for, once; `delivery` says how far our
    last text got, as its carrier calls it.

    `clock` is the promise of a first response (after an answer, of the next one), `resolution` that
    of settling the need; `responded_at` is when a person first answered. `assigned_at` is when the
    owner got it, `accepted_at` when they took it up, `declined` who gave it back or let it lie;
    `worked_at` is when a person last did something about it.
    `handoffs` and `bounces` are what its ledger tells (`ledger.routes`); `notices` counts the times
    that people were told of it, and names each notice for good.
    `try_at` is when to look again for an owner, `wake_at` when to stop waiting. `known_as` holds
    the keyed hashes of the requester's identities, the strongest first, `thread_hash` that of the
    sender's thread which it came through; `joined` says of a merged ticket how it became that.

    `hold` keeps its words whatever the policy says, `unheld_at` is when the last hold was released.
    `closed_at` is since when the time runs after which its words are purged; `purging_since` says
    that this has begun and can no longer be stopped, `purged_at` that it is done.
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
    skill: str = ""
    stands_in_for: str | None = None
    assigned_at: datetime | None = None
    accepted_at: datetime | None = None
    declined: tuple[str, ...] = ()
    worked_at: datetime | None = None
    try_at: datetime | None = None
    wake_at: datetime | None = None
    known_as: tuple[str, ...] = ()
    routed_at: datetime | None = None
    responded_at: datetime | None = None
    clock: Clock | None = None
    resolution: Clock | None = None
    escalation: Escalation = field(default_factory=Escalation)
    timer: Timer | None = None
    duplicate_channels: tuple[Channel, ...] = ()
    merged_into: str | None = None
    merged_from: tuple[str, ...] = ()
    joined: Joined | None = None
    thread_hash: str = ""
    linked: tuple[str, ...] = ()
    outcome: str | None = None
    resolved_at: datetime | None = None
    automation: Automated | None = None
    survey: Survey | None = None
    reopened: int = 0
    handoffs: int = 0
    bounces: int = 0
    notices: int = 0
    closed_at: datetime | None = None
    hold: Hold | None = None
    unheld_at: datetime | None = None
    purging_since: datetime | None = None
    purged_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether somebody still owes the requester something."""
        return self.status in OPEN

    @property
    def at_work(self) -> bool:
        """Whether it is for us to do something now: routed and not waiting for somebody outside."""
        return self.status in AT_WORK

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
            self.at_work
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
