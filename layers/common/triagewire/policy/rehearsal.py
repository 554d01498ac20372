"""The safety gate: synthetic tickets of every category, scored and routed as the policy would do
it.

A policy that misroutes one of them, or that misses an urgent one, cannot become active.

"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec

from triagewire.arrival import PatientContext
from triagewire.errors import PolicyError
from triagewire.policy.checks import problems_of
from triagewire.policy.document import Document
from triagewire.policy.load import Draft
from triagewire.policy.model import Site
from triagewire.policy.schema import problem_at
from triagewire.routing.route import queue_of
from triagewire.scoring.rules import rules_from
from triagewire.scoring.score import Engine, build_engine, score
from triagewire.scoring.subject import ScoringInput
from triagewire.ticket import REVIEW
from triagewire.verdict import Urgency, Verdict

LEAST_TICKETS = 20
REHEARSED_AT = datetime(2026, 3, 4, 17, tzinfo=UTC)
"""An ordinary Wednesday, so that the tickets mean the same on every day they are run."""
FIELDS = frozenset({"text", "subject", "voice", "language", "speech", "context", "expect"})
EXPECTED = frozenset({"score", "team", "review"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsed:
    """One synthetic ticket on one site: what was expected and what came out."""

    ticket: str
    site: str
    expected: Mapping[str, Any]
    verdict: Verdict
    queue: str

    @property
    def misrouted(self) -> bool:
        """Whether anything that was expected came out otherwise."""
        found = {
            "score": int(self.verdict.score),
            "team": self.verdict.team,
            "review": self.queue == REVIEW,
        }
        return any(found[name] != wanted for name, wanted in self.expected.items())

    @property
    def missed(self) -> bool:
        """Whether an urgent one was neither scored 5 nor put before a person."""
        wanted = self.expected.get("score") == Urgency.CLINICAL_URGENT
        seen = self.verdict.score is Urgency.CLINICAL_URGENT or self.queue == REVIEW
        return wanted and not seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What the gate found. `problems` are texts for a person, each with file, line and field."""

    problems: tuple[str, ...]
    rehearsed: tuple[Rehearsed, ...] = ()

    @property
    def fit(self) -> bool:
        """Whether the policy may become active."""
        return not self.problems

    @property
    def figures(self) -> dict[str, int]:
        """What the closing note of a change quotes."""
        runs = self.rehearsed
        return {
            "tickets": len({run.ticket for run in runs}),
            "sites": len({run.site for run in runs}),
            "routings": len(runs),
            "urgent": sum(run.expected.get("score") == 5 for run in runs),
            "missed": sum(run.missed for run in runs),
            "misrouted": sum(run.misrouted for run in runs),
            "problems": len(self.problems),
        }


def rehearse(draft: Draft) -> Report:
    """Check a policy that was read and run its synthetic tickets on every site."""
    problems = problems_of(draft.policy, draft.document)
    try:
        engine = build_engine(rules_from(draft.policy.rules))
    except PolicyError as error:
        found = (_rule_problem(draft.document, each) for each in error.problems)
        return Report(problems=(*problems, *found))
    tickets = {
        name: ticket for name, ticket in (draft.checks.data.get("tickets") or {}).items() if ticket
    }
    problems += _ticket_problems(draft, tickets)
    if problems:
        return Report(problems=tuple(problems))
    runs = [
        _run(engine, name, ticket, site_id, site)
        for name, ticket in tickets.items()
        for site_id, site in draft.policy.sites.items()
    ]
    return Report(problems=tuple(_misroutes(draft, runs)), rehearsed=tuple(runs))


def _rule_problem(document: Document, problem: str) -> str:
    """`clinical.x.topic: why` with the file and line of the group's rule, or of the shipped one."""
    where, _, why = problem.partition(": ")
    name, *rest = where.split(".")
    parts = [each for each in document.data["rules"] if each.partition("-")[0] == name]
    for part in sorted(parts, key=lambda each: (each != name, each)):
        for inner in (("rules", *rest), tuple(rest)):
            if rest and ("rules", part, *inner[:2]) in document.origins:
                return problem_at(document, ("rules", part, *inner), why)
    return problem_at(document, ("rules", name), why)


def _run(
    engine: Engine, name: str, ticket: Mapping[str, Any], site_id: str, site: Site
) -> Rehearsed:
    verdict = score(
        ScoringInput(
            text=ticket["text"],
            subject=ticket.get("subject", ""),
            voice=ticket.get("voice", "patient"),
            language=ticket.get("language"),
            speech=ticket.get("speech"),
            context=msgspec.convert(ticket.get("context") or {}, PatientContext),
            now=REHEARSED_AT,
        ),
        engine,
    )
    queue, _ = queue_of(verdict, site)
    return Rehearsed(
        ticket=name, site=site_id, expected=ticket["expect"], verdict=verdict, queue=queue
    )


def _ticket_problems(draft: Draft, tickets: Mapping[str, Any]) -> Iterator[str]:
    """Whether the synthetic tickets are tickets, and cover every category and the review queue."""
    for name, ticket in tickets.items():
        known = isinstance(ticket, dict) and isinstance(ticket.get("expect"), dict)
        if not known or "text" not in ticket or set(ticket) - FIELDS:
            fields = ", ".join(sorted(FIELDS))
            yield problem_at(draft.checks, ("tickets", name), f"needs text and expect of {fields}")
        elif set(ticket["expect"]) - EXPECTED:
            fields = ", ".join(sorted(EXPECTED))
            yield problem_at(draft.checks, ("tickets", name, "expect"), f"may name {fields}")
    wanted = [each.get("expect") or {} for each in tickets.values() if isinstance(each, dict)]
    covered = {each.get("score") for each in wanted}
    missing = [int(urgency) for urgency in Urgency if urgency not in covered]
    if missing or not any(each.get("review") for each in wanted):
        yield f"checks: tickets: no ticket for {missing or 'the review queue'}"
    if len(tickets) < LEAST_TICKETS:
        yield f"checks: tickets: {len(tickets)} are too few, at least {LEAST_TICKETS} are needed"


def _misroutes(draft: Draft, runs: list[Rehearsed]) -> Iterator[str]:
    for run in runs:
        if run.misrouted:
            verdict = run.verdict
            found = f"score {int(verdict.score)}, team {verdict.team}, queue {run.queue}"
            wanted = ", ".join(f"{name} {value}" for name, value in run.expected.items())
            problem = f"misrouted at {run.site}: {found}; expected {wanted}"
            yield problem_at(draft.checks, ("tickets", run.ticket), problem)
