"""What staff may send: one model for each action, each with its fields and no others.

A field that an action does not take is refused and not ignored, so nobody can slip in a status,
a site or an owner.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from triagewire.clock.promise import PauseReason
from triagewire.errors import InvalidFieldError, NotFoundError, RefusedError
from triagewire.flow.handing import Handoff, HandoffReason
from triagewire.flow.holding import Holding
from triagewire.flow.noting import LONGEST_NOTE
from triagewire.flow.rescoring import Rescore
from triagewire.flow.staff import Outcome, ReopenReason
from triagewire.flow.unmerging import UnmergeReason
from triagewire.flow.working import Answer
from triagewire.ids import TICKET_ID_LENGTH
from triagewire.label import Basis
from triagewire.retention import HoldReason
from triagewire.routing.hand_merge import MergeReason
from triagewire.verdict import Urgency

MOST_BYTES = 1_048_576
"""The longest note with every character escaped twelvefold, as two halves of a pair, and room for a
longer one to be told what is wrong with it.
"""
JSON_TYPE = "application/json"
TICKET_ID = re.compile(rf"[A-Z2-7]{{{TICKET_ID_LENGTH}}}")

type Name = Annotated[str, StringConstraints(min_length=1, max_length=128)]
type Score = Annotated[int, Field(ge=min(Urgency), le=max(Urgency))]
"""A number and not the enum itself, which would take `true` for 1."""
type Note = Annotated[str, StringConstraints(max_length=4_000)]


def _in_utc(at: datetime) -> datetime:
    try:
        return at.astimezone(UTC)
    except OverflowError:
        raise ValueError("must be a time that UTC has too") from None


type Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]
"""A time that was said with its zone, in UTC."""


class Body(BaseModel):
    """A request body; one without a required field may be left out."""

    # Built when it is first read: a function that has just started reads one of them.
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, defer_build=True)


class Asked(BaseModel):
    """What may follow the question mark of a path: texts, each at most once."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class ActionBody(Body):
    """What every action on a ticket takes: the version of it that was decided on, if known."""

    version: Annotated[int, Field(ge=1)] | None = None


class ReassignBody(ActionBody):
    """Where a ticket goes and why: `team`, `member` or both; `score` to leave the review queue."""

    reason: HandoffReason
    team: Name | None = None
    member: Name | None = None
    score: Score | None = None
    note: Note = ""

    def handoff(self) -> Handoff:
        """The same as the value that the use case takes."""
        return Handoff(
            reason=self.reason,
            team=self.team,
            member=self.member,
            score=None if self.score is None else Urgency(self.score),
            note=self.note,
        )


class DecideBody(ActionBody):
    """What a ticket under review is, and where it goes; `why` says what the decision rests on."""

    score: Score
    team: Name
    topic: Name | None = None
    why: Basis | None = None
    note: Note = ""

    def handoff(self) -> Handoff:
        """The same as the value that the use case takes."""
        return Handoff(
            reason=HandoffReason.REVIEWED,
            team=self.team,
            score=Urgency(self.score),
            topic=self.topic,
            basis=self.why,
            note=self.note,
        )


class NoteBody(ActionBody):
    """What is written for colleagues, as it is to be kept."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_NOTE)]


class RescoreBody(ActionBody):
    """What a ticket is that is not under review; `why` says what the person rests that on."""

    score: Score
    topic: Name | None = None
    team: Name | None = None
    why: Basis | None = None
    note: Note = ""

    def rescore(self) -> Rescore:
        """The same as the value that the use case takes."""
        return Rescore(
            score=Urgency(self.score),
            topic=self.topic,
            team=self.team,
            basis=self.why,
            note=self.note,
        )


class ResolveBody(ActionBody):
    """How a ticket ended."""

    outcome: Outcome


class ReopenBody(ActionBody):
    """Why a resolved ticket is open again."""

    reason: ReopenReason


class RespondBody(ActionBody):
    """How a person answered the requester."""

    how: Answer


class WaitBody(ActionBody):
    """Whom a ticket waits for, and until when unless the site's policy says so."""

    waiting_for: PauseReason
    until: Moment | None = None


class UnmergeBody(ActionBody):
    """Which merged ticket is taken out of its survivor again, and why."""

    ticket: Name
    reason: UnmergeReason


class WritingBody(Body):
    """Whether one writes on a ticket, or has stopped; left out, one only asks who does. `version`
    asks what has happened since.
    """

    writing: bool | None = None
    version: Annotated[int, Field(ge=1)] | None = None


class HoldBody(ActionBody):
    """Whether a legal hold is to stand on a ticket, and why: the code stands in the ledger, the
    words in a note of the ticket.
    """

    hold: bool
    why: Annotated[str, StringConstraints(min_length=1, max_length=500, strip_whitespace=True)]
    reason: HoldReason = HoldReason.OTHER

    def holding(self) -> Holding:
        """The same as the value that the use case takes."""
        return Holding(held=self.hold, reason=self.reason, why=self.why)


class MergeBody(ActionBody):
    """Which other ticket is merged into this one, and why; `other_version` is the version of it
    that was decided on, if known.
    """

    ticket: Name
    reason: MergeReason
    other_version: Annotated[int, Field(ge=1)] | None = None


def read_body[B: Body](raw: bytes, content_type: str, model: type[B]) -> B:
    """The body as its model; no bytes stand for no fields.

    Raises RefusedError 413 or 415 before it reads anything, and pydantic's ValidationError for a
    wrong field.
    """
    if len(raw) > MOST_BYTES:
        raise RefusedError(413, f"a body has at most {MOST_BYTES} bytes")
    if raw and content_type.partition(";")[0].strip().lower() != JSON_TYPE:
        raise RefusedError(415, f"a body is {JSON_TYPE}")
    return model.model_validate_json(raw or b"{}")


def read_query[A: Asked](query: Mapping[str, list[str]], model: type[A]) -> A:
    """The query as its model. Raises pydantic's ValidationError for a wrong field, and
    InvalidFieldError for one that is unknown or there twice.
    """
    if query.keys() - model.model_fields.keys():
        raise InvalidFieldError("query", "has a field that nothing is asked by")
    twice = [name for name, values in query.items() if len(values) > 1]
    if twice and twice[0] in model.model_fields:
        raise InvalidFieldError(twice[0], "is there more than once")
    return model.model_validate({name: values[-1] for name, values in query.items()})


def checked_ticket_id(text: str) -> str:
    """A ticket id of a path. Raises NotFoundError for what cannot be one."""
    if not TICKET_ID.fullmatch(text):
        raise NotFoundError("no such ticket")
    return text
