"""The shape of a scenario file: what may be written, field by field.

Times are text here, in the forms that `moments` knows; `reading` makes a scenario of them.
"""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import Field

from triagewire.arrival import Channel, RequesterKind
from triagewire.clock.promise import PauseReason
from triagewire.flow.handing import HandoffReason
from triagewire.flow.staff import Outcome, ReopenReason
from triagewire.flow.working import Answer
from triagewire.ladder import Way


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """Who writes, with every identity that the sender states."""

    kind: RequesterKind | None = None
    id: str | None = None
    name: str | None = None
    phone: str | None = None
    email: str | None = None
    born: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A message that comes in. `name` (written `as`) is what other events call its ticket.

    With a `count` so many come, one `every` so often, each from a patient of its own unless `who`
    (written `from`) says who writes them all; they are called `<name>-1` and so on. A stated
    `score`, with its `team` and `topic`, stands for what scoring would have said of the words.
    """

    name: Annotated[str, Field(alias="as")] = ""
    text: str = ""
    subject: str = ""
    site: str = ""
    source: str = ""
    channel: Channel | None = None
    who: Annotated[Writer | None, Field(alias="from")] = None
    language: str | None = None
    thread: str | None = None
    automatic: bool = False
    count: int = 1
    every: str = "0s"
    score: int | None = None
    team: str = ""
    topic: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What a member does with a ticket, which is named as its message calls it."""

    ticket: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Respond(Act):
    """A person answers the requester."""

    how: Answer = Answer.CALLED


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait(Act):
    """A ticket waits for somebody outside."""

    waiting_for: PauseReason = PauseReason.REQUESTER
    until: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolve(Act):
    """A ticket is done."""

    outcome: Outcome = Outcome.DONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopen(Act):
    """A resolved ticket is open again."""

    reason: ReopenReason = ReopenReason.NOT_FINISHED


@dataclass(frozen=True, slots=True, kw_only=True)
class Reassign(Act):
    """A ticket goes to another team, another member, or both."""

    team: str | None = None
    member: str | None = None
    score: int | None = None
    reason: HandoffReason = HandoffReason.WRONG_TEAM


@dataclass(frozen=True, slots=True, kw_only=True)
class Decide(Act):
    """A person says what a ticket under review is."""

    team: str
    score: int
    topic: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Away:
    """A member is away; a lead may say it of a colleague (`by`)."""

    member: str
    by: str = ""
    site: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Back:
    """A member is at work again."""

    member: str
    by: str = ""
    site: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """Messages to a person, or by a way, or to everybody, fail until then: SNS refuses them, or
    takes them and gives up after a while.
    """

    until: str
    person: str = ""
    way: Way | None = None
    gives_up_after: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsubscribed:
    """A member's way that they have not confirmed, or stopped; all of theirs unless one is named.
    Until then, or for good.
    """

    person: str
    way: Way | None = None
    until: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """No sweep comes until then."""

    until: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Crash:
    """The next process that writes or tells something dies after so many writes."""

    writes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One event: when, and one thing that happens."""

    at: str
    message: Said | None = None
    acknowledge: Act | None = None
    claim: Act | None = None
    accept: Act | None = None
    respond: Respond | None = None
    wait: Wait | None = None
    resume: Act | None = None
    resolve: Resolve | None = None
    reopen: Reopen | None = None
    reassign: Reassign | None = None
    decide: Decide | None = None
    away: Away | None = None
    back: Back | None = None
    ways_fail: Outage | None = None
    unsubscribed: Unsubscribed | None = None
    sweeps_stop: Stop | None = None
    crash: Crash | None = None
    policy: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A scenario file. `about` says in words what it rehearses."""

    starts: str
    events: tuple[Line, ...]
    about: str = ""
    site: str = ""
    policy: str = ""
    ends: str = ""
    lasts: str = ""
