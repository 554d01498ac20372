"""Recent messages scored under two policies, held against each other."""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ops.subjects import subjects_in
from triagewire.flow.judge import subject_of
from triagewire.scoring.difference import Difference, Kind, counted, difference
from triagewire.scoring.rules import Rules
from triagewire.scoring.score import build_engine, score
from triagewire.scoring.subject import ScoringInput
from triagewire.store.recent import received_since
from triagewire.store.table import Tables

PROGRESS_EVERY = 1_000


@dataclass(frozen=True, slots=True)
class Case:
    """One message to score twice. Its `subject` is PHI; its id is not."""

    id: str
    subject: ScoringInput


@dataclass(frozen=True, slots=True)
class Compared:
    """A case and how the two policies differ on it."""

    case: Case
    difference: Difference


def cases_of_file(path: Path) -> Iterator[Case]:
    """Messages of a file in the format of `triagewire score`. Raises InvalidFieldError naming the
    line and the field of what is not one.
    """
    with path.open(encoding="utf-8") as lines:
        for number, (known, subject) in enumerate(subjects_in(lines), 1):
            yield Case(known or f"line {number}", subject)


def cases_of_stack(tables: Tables, since: datetime, most: int, now: datetime) -> Iterator[Case]:
    """Messages that a stack received since a time (UTC), as its scoring sees them."""
    for ticket, message in received_since(tables, since, most):
        if not ticket.unreadable:
            yield Case(ticket.id, subject_of(ticket, message, now))


def backtest(cases: Iterable[Case], before: Rules, after: Rules) -> list[Compared]:
    """Every case under both rules, the gravest differences first. Progress goes to stderr."""
    first, second = build_engine(before), build_engine(after)
    found: list[Compared] = []
    for case in cases:
        told = difference(score(case.subject, first), score(case.subject, second))
        found.append(Compared(case, told))
        if len(found) % PROGRESS_EVERY == 0:
            print(f"{len(found)} messages", file=sys.stderr)
    gravest = list(Kind)
    return sorted(found, key=lambda each: gravest.index(each.difference.kind))


def totals(found: Iterable[Compared]) -> dict[Kind, int]:
    """How many messages differ in which way."""
    return counted(each.difference for each in found)
