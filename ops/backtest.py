"""Recent messages scored under two policies, held against each other."""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ops.subjects import subjects_in
from triagewire.flow.judge import subject_of
from triagewire.policy.model import Policy
from triagewire.routing.queueing import NOTHING_KNOWN, Facts, facts_of, queue_under
from triagewire.scoring.difference import Difference, Kind, counted, difference
from triagewire.scoring.rules import rules_from
from triagewire.scoring.score import build_engine, score
from triagewire.scoring.subject import ScoringInput
from triagewire.store.recent import received_since
from triagewire.store.table import Tables

PROGRESS_EVERY = 1_000


@dataclass(frozen=True, slots=True)
class Case:
    """One message to score twice. Its `subject` is PHI; its id is not. `site` is where it came to,
    "" for one of a file, which is put into no queue.
    """

    id: str
    subject: ScoringInput
    site: str = ""
    facts: Facts = NOTHING_KNOWN


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
            subject = subject_of(ticket, message, now)
            yield Case(ticket.id, subject, ticket.site, facts_of(ticket, message))


def backtest(cases: Iterable[Case], before: Policy, after: Policy) -> list[Compared]:
    """Every case under both policies, the gravest differences first. Progress goes to stderr."""
    first, second = (build_engine(rules_from(each.rules)) for each in (before, after))
    found: list[Compared] = []
    for case in cases:
        was, now = score(case.subject, first), score(case.subject, second)
        queues = (
            queue_under(before, case.site, was, case.facts),
            queue_under(after, case.site, now, case.facts),
        )
        found.append(Compared(case, difference(was, now, queues)))
        if len(found) % PROGRESS_EVERY == 0:
            print(f"{len(found)} messages", file=sys.stderr)
    gravest = list(Kind)
    return sorted(found, key=lambda each: gravest.index(each.difference.kind))


def totals(found: Iterable[Compared]) -> dict[Kind, int]:
    """How many messages differ in which way."""
    return counted(each.difference for each in found)
