"""What the last release called urgent: no later one may call it less without a person's reason.

A stack's last release is its active policy. Without a stack it is what `release.json` records of
the rules as they were shipped, so that an edit of them that loses an emergency is seen at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from triagewire.policy.gate.runs import Scorer
from triagewire.policy.gate.tickets import Ticket
from triagewire.policy.model import AcceptedLowering
from triagewire.scoring.rulebook import Rules
from triagewire.verdict import Urgency


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """The tickets that a release scored 5, and its rules where they are not the shipped ones.

    An id is there twice where its words were changed.
    """

    name: str
    urgent: tuple[tuple[str, Ticket], ...] = ()
    rules: Rules | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The scores of the shipped rules by ticket, and every lowering that somebody answered for."""

    scores: Mapping[str, int]
    accepted: tuple[AcceptedLowering, ...] = ()


def release_of(name: str, scorer: Scorer, *tickets: Mapping[str, Ticket]) -> Release:
    """What the rules of a release score 5 of the tickets of both policies."""
    both = [(ticket_id, ticket) for each in tickets for ticket_id, ticket in each.items()]
    urgent = tuple(pair for pair in both if scorer.urgent(pair[1]))
    return Release(name=name, urgent=urgent, rules=scorer.rules)


def recorded_release(record: Record, shipped: Mapping[str, Ticket]) -> Release:
    """The shipped release, from its record."""
    urgent = (
        (ticket_id, shipped[ticket_id])
        for ticket_id, was in record.scores.items()
        if was == Urgency.CLINICAL_URGENT and ticket_id in shipped
    )
    return Release(name="the shipped release", urgent=tuple(urgent))


def lowered(release: Release, scorer: Scorer) -> tuple[str, ...]:
    """The ids of the tickets that the release scored 5 and these rules do not, in order."""
    return tuple(
        dict.fromkeys(name for name, ticket in release.urgent if not scorer.urgent(ticket))
    )


def record_of(scorer: Scorer, shipped: Mapping[str, Ticket], before: Record) -> Record:
    """The record of the shipped rules as they are now."""
    scores = {name: int(scorer.verdict(shipped[name]).score) for name in sorted(shipped)}
    return Record(scores=scores, accepted=before.accepted)


def lost(before: Record, after: Record) -> tuple[str, ...]:
    """The tickets that were recorded as urgent and are not any more, or are not there any more."""
    return tuple(
        name
        for name, was in before.scores.items()
        if was == Urgency.CLINICAL_URGENT and after.scores.get(name) != was
    )


def with_reason(record: Record, reason: str, tickets: tuple[str, ...]) -> Record:
    """The record with one more lowering that somebody answered for."""
    accepted = AcceptedLowering(reason=reason, tickets=tickets)
    return replace(record, accepted=(*record.accepted, accepted))


def read_record(path: Path) -> Record:
    """The record in a file, an empty one where there is none yet."""
    if not path.exists():
        return Record(scores={})
    return msgspec.json.decode(path.read_bytes(), type=Record)


def write_record(path: Path, record: Record) -> None:
    """Write a record, one ticket a line, so that a change of a score is one line of a change."""
    path.write_bytes(msgspec.json.format(msgspec.json.encode(record), indent=1) + b"\n")
