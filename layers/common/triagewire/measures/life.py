"""What measures ask of a ticket, as its ledger tells it: ids, codes, times and counts.

A life is folded from the events of one ticket in their order (`folding`). Everything in it can be
worked out from the ledger again at any time; it is kept because a month of lives is read in a
second, and its events are not.
"""

from datetime import datetime, timedelta

from msgspec import Struct, field

from triagewire.ledger.routes import Place
from triagewire.measures.labels import Judged
from triagewire.ticket import ANSWERED_AUTOMATICALLY

SITTING = timedelta(minutes=10)
"""Acts and looks of one person on one ticket that lie no further apart are one sitting: one touch.

An assumption of ours. Nobody says when they stop reading, so the time of a sitting is at least
`SHORTEST`.
"""
SHORTEST = timedelta(minutes=1)


class Sitting(Struct, kw_only=True, omit_defaults=True):
    """A touch: one person at one ticket without a longer break. `team` is the queue in which the
    ticket stood when it began, `acts` how many of its events changed something.
    """

    member: str
    begins: datetime
    ends: datetime
    team: str
    acts: int = 0

    @property
    def length(self) -> timedelta:
        """How long it took, as far as the ledger can say."""
        return max(self.ends - self.begins, SHORTEST)


class Settled(Struct, kw_only=True, omit_defaults=True):
    """A time for which a ticket was resolved: how, within both promises or not, and until when.

    `by` is who resolved it, "" where it was the system; `team` the queue it stood in, `version` the
    policy whose calendar counts the hours until then. `handoffs` and `hand_backs` are how many it
    had had by then.
    """

    at: datetime
    outcome: str
    by: str = ""
    team: str = ""
    version: int = 0
    in_time: bool | None = None
    handoffs: int = 0
    hand_backs: int = 0
    reopened_at: datetime | None = None
    why_reopened: str = ""


class Broken(Struct, kw_only=True, omit_defaults=True):
    """A promise that was broken: `target` names which of both."""

    at: datetime
    target: str


class Move(Struct, kw_only=True, omit_defaults=True):
    """A person's move of a ticket from team to team or from hand to hand, and their reason."""

    at: datetime
    by: str
    why: str
    from_team: str
    to_team: str
    misroute: bool = False
    bounce: bool = False


class HandedBack(Struct, kw_only=True, omit_defaults=True):
    """That a ticket went back to the queue because its owner had not taken it up or was away."""

    at: datetime
    member: str
    reason: str = ""


class Waited(Struct, kw_only=True, omit_defaults=True):
    """A time for which a ticket waited for somebody outside; None while it still does."""

    begins: datetime
    ends: datetime | None = None
    reason: str = ""


class Raised(Struct, kw_only=True, omit_defaults=True):
    """A page or an escalation: whom it told, and in which queue the ticket stood."""

    at: datetime
    team: str
    people: tuple[str, ...] = ()


class Taken(Struct, kw_only=True, omit_defaults=True):
    """Another ticket that was merged into this one. `by` is who did it, "" for the system;
    `repeats` says that it was the same need told twice, not a further message of a conversation.
    """

    at: datetime
    ticket: str
    by: str = ""
    repeats: bool = False


class Life(Struct, kw_only=True, omit_defaults=True):
    """One ticket. Times are UTC, urgencies 1 to 5; what has not happened is None or empty.

    `sequence` and `head` are the number and the hash of the last event in it, `at` its time.
    `broken` says what is wrong with the event after it: none is counted from there on. `backwards`
    counts events whose time lies more than a sweep before that of the one ahead of them.
    """

    ticket: str
    sequence: int = 0
    head: str = ""
    at: datetime | None = None
    broken: str = ""
    backwards: int = 0

    site: str = ""
    source: str = ""
    channel: str = ""
    requester: str = ""
    language: str = ""
    automatic: bool = False
    unreadable: bool = False
    part_of: str = ""
    """The ticket whose message has this one as a further need."""

    received_at: datetime | None = None
    scored_at: datetime | None = None
    topic: str = ""
    scored_team: str = ""
    first_urgency: int = 0
    """What it was first worked at."""
    urgency: int = 0
    peak: int = 0
    """The highest urgency that it ever had."""
    reviewed: bool = False
    """Whether it ever stood in the review queue."""
    crisis: bool = False
    rules: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    status: str = ""
    team: str = ""
    owner: str = ""
    routed_at: datetime | None = None
    """Its first place in a queue, or its answer by an article."""
    first_team: str = ""
    place: Place | None = None
    """Where it was last put, and with whom; None before its first place and while it is merged."""
    handoffs: int = 0
    bounces: int = 0
    misroutes: int = 0
    handed_back: list[HandedBack] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)

    due_at: datetime | None = None
    """Of the first response, as it was promised at the first place."""
    paged_at: datetime | None = None
    told_at: datetime | None = None
    """When a page of it first left."""
    heard_at: datetime | None = None
    read_at: datetime | None = None
    """When a person first looked at it."""
    acted_at: datetime | None = None
    """When a person first did something to it that is more than looking."""
    acted_version: int = 0
    responded_at: datetime | None = None
    responded_how: str = ""
    """How: a word of the answer, or the outcome where it was resolved without one."""
    responded_version: int = 0
    """The policy version whose calendar counts the hours until then."""
    response_in_time: bool | None = None
    response_urgency: int = 0
    responded_by: str = ""
    sent_at: datetime | None = None
    """When a text to the requester last left: what its ticket's ledger has of that moment is no
    doing of who wrote it before."""

    pages: int = 0
    reminders: int = 0
    reminded_at: datetime | None = None
    escalations: int = 0
    escalated_at: datetime | None = None
    raised: list[Raised] = field(default_factory=list)
    """Its pages and escalations."""
    broken_promises: list[Broken] = field(default_factory=list)
    waits: list[Waited] = field(default_factory=list)
    article: str = ""
    """What answered it, where no person did."""
    settled: list[Settled] = field(default_factory=list)
    closed_at: datetime | None = None
    merged_into: str = ""
    taken_in: list[Taken] = field(default_factory=list)

    asked_at: datetime | None = None
    score: int = 0
    """What the requester gave, 1 to 5."""
    judged: list[Judged] = field(default_factory=list)
    sittings: list[Sitting] = field(default_factory=list)
    undelivered: int = 0
    """Texts to the requester that never left, or came back for good."""
    undelivered_at: datetime | None = None
    """When the first of them did."""
    policy_version: int = 0

    def work_at(self, urgency: int) -> None:
        """Take up the urgency that it has from now on."""
        self.urgency = urgency
        self.peak = max(self.peak, urgency)
        self.first_urgency = self.first_urgency or urgency

    def end_wait(self, at: datetime) -> None:
        """Take up that it waits for nobody outside any more."""
        if self.waits and self.waits[-1].ends is None:
            self.waits[-1].ends = at

    @property
    def is_open(self) -> bool:
        """Whether it still asks for something."""
        resolved = bool(self.settled) and self.settled[-1].reopened_at is None
        return not (resolved or self.merged_into or self.closed_at)

    @property
    def hand_backs(self) -> int:
        """How often it went back to the queue because its owner did not take it up."""
        return len(self.handed_back)

    @property
    def absorbed(self) -> int:
        """How many other tickets are a part of it."""
        return len(self.taken_in)

    @property
    def first_settled(self) -> Settled | None:
        """Its first resolution, whether it stood or not."""
        return self.settled[0] if self.settled else None

    @property
    def first_worked(self) -> Settled | None:
        """Its first resolution by a person or a program: an article works on nothing."""
        return next((each for each in self.settled if each.outcome != ANSWERED_AUTOMATICALLY), None)

    @property
    def resolved(self) -> Settled | None:
        """Its last resolution that stands."""
        last = self.settled[-1] if self.settled else None
        return last if last and last.reopened_at is None else None

    def open_at(self, moment: datetime) -> bool:
        """Whether it was open at a moment (UTC), as far as its events tell."""
        if self.received_at is None or moment < self.received_at or self.merged_into:
            return False
        for each in self.settled:
            if each.at <= moment and (each.reopened_at is None or moment < each.reopened_at):
                return False
        return self.closed_at is None or moment < self.closed_at
