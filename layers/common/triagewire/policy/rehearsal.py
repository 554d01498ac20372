"""The safety gate: synthetic tickets of every category and topic, scored and routed as the policy
would do it.

A policy cannot become active that misroutes one of them, misses a red flag, or calls less urgent
what the last release called urgent without a person's reason.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from triagewire.errors import PolicyError
from triagewire.policy.checks import problems_of
from triagewire.policy.document import Document
from triagewire.policy.gate.coverage import coverage_problems
from triagewire.policy.gate.measures import Share, by_language
from triagewire.policy.gate.release import Release, lowered
from triagewire.policy.gate.runs import Rehearsed, Scorer, rehearsals
from triagewire.policy.gate.tickets import kept_tickets, strayed, ticket_problems
from triagewire.policy.gate.weakened import weakened
from triagewire.policy.load import Draft, default_rules
from triagewire.policy.model import AcceptedLowering
from triagewire.policy.retention_checks import retention_warnings
from triagewire.policy.schema import problem_at
from triagewire.scoring.rulebook import Rules
from triagewire.scoring.rules import rules_from

__all__ = ["Rehearsed", "Report", "compare", "rehearse"]

MOST_HELD = 0.1
MOST_HELD_OF_A_TOPIC = 0.5
"""Of the clear tickets: with more in review than this, nurses judge what needs no judgement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What the gate found. `problems` are texts for a person, each with file, line and field;
    `warnings` are such texts about what may be meant so, and keep nothing out. `kept` says of each
    site how many days the words of closed tickets are kept (None: for ever).

    `scorer` has the verdicts, so that a release is compared without scoring again. `lowered` are
    the tickets that the last release called urgent and this policy does not, `weakened` the shipped
    red flags that this policy weakens and the last release did not.
    """

    problems: tuple[str, ...]
    warnings: tuple[str, ...] = ()
    kept: Mapping[str, int | None] = field(default_factory=dict)
    rehearsed: tuple[Rehearsed, ...] = ()
    scorer: Scorer | None = field(default=None, repr=False, compare=False)
    lowered: tuple[str, ...] = ()
    weakened: tuple[str, ...] = ()
    accepted: AcceptedLowering | None = None

    @property
    def fit(self) -> bool:
        """Whether the policy may become active."""
        return not self.problems

    @property
    def figures(self) -> dict[str, int]:
        """The counts that the closing note of a change quotes."""
        runs = self.rehearsed
        return {
            "tickets": len({run.ticket for run in runs}),
            "sites": len({run.site for run in runs}),
            "routings": len(runs),
            "urgent": sum(run.urgent for run in runs),
            "missed": sum(run.missed for run in runs),
            "misrouted": sum(run.misrouted for run in runs),
            "lowered": len(self.lowered),
            "weakened": len(self.weakened),
            "problems": len(self.problems),
        }

    @property
    def measures(self) -> dict[str, dict[str, Share]]:
        """Every measure by language, over all first."""
        return by_language(self.rehearsed)


def rehearse(draft: Draft, now: datetime | None = None) -> Report:
    """Check a policy that was read and run its synthetic tickets on every site.

    With a `now` (UTC) somebody must be on call at every hour of the days that follow it.
    """
    problems = problems_of(draft.policy, draft.document, now)
    try:
        rules = rules_from(draft.policy.rules)
    except PolicyError as error:
        found = (_rule_problem(draft.document, each) for each in error.problems)
        return Report(problems=(*problems, *found))
    problems += _set_problems(draft, rules)
    if problems:
        return Report(problems=tuple(problems))
    warnings = tuple(retention_warnings(draft.policy, draft.document))
    kept = {name: site.retention.message_days for name, site in draft.policy.sites.items()}
    scorer = Scorer(rules)
    runs = tuple(rehearsals(scorer, kept_tickets(draft.checks), draft.policy.sites))
    problems = [*_misroutes(draft, runs), *_too_much_doubt(runs)]
    return Report(
        problems=tuple(problems), warnings=warnings, kept=kept, rehearsed=runs, scorer=scorer
    )


def compare(report: Report, draft: Draft, last: Release, reason: str = "") -> Report:
    """The report with what the policy calls less urgent than the last release did.

    Each such ticket and each weakened red flag is a problem, unless a person gave the reason; then
    they answer for it. No reason excuses a red flag or any other ticket that expects a 5: those
    are misrouted besides.
    """
    if report.scorer is None:
        return report
    own, shipped = report.scorer.rules, rules_from(default_rules())
    before = set(weakened(last.rules or shipped, own))
    report = replace(
        report,
        lowered=lowered(last, report.scorer),
        weakened=tuple(name for name in weakened(shipped, own) if name in before),
    )
    if not (report.lowered or report.weakened):
        return report
    if reason.strip():
        accepted = AcceptedLowering(
            reason=reason.strip(), tickets=report.lowered, rules=report.weakened
        )
        return replace(report, accepted=accepted)
    return replace(report, problems=(*report.problems, *_lowerings(report, draft, last)))


def _lowerings(report: Report, draft: Draft, last: Release) -> Iterator[str]:
    answer = 'or answer for it with --accept-lowering "reason"'
    for name in report.lowered:
        problem = f"was urgent in {last.name} and would not be now: mend the rules, {answer}"
        yield problem_at(draft.checks, ("tickets", name), problem)
    for name in report.weakened:
        problem = f"weakens a shipped red flag: put back what it lacks, {answer}"
        yield _rule_problem(draft.document, f"{name}: {problem}")


def _set_problems(draft: Draft, rules: Rules) -> list[str]:
    """Whether the tickets are tickets and, only then, whether they cover everything."""
    if problems := list(ticket_problems(draft.checks)):
        return problems
    if problems := list(strayed(draft.checks, draft.policy.sites)):
        return problems
    return list(coverage_problems(kept_tickets(draft.checks), rules, draft.document))


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


def _too_much_doubt(runs: tuple[Rehearsed, ...]) -> Iterator[str]:
    """Whether clear tickets wait for a judgement: too many of all, or most of one topic."""
    clear = [run for run in runs if run.clear]
    yield from _held("all", clear, MOST_HELD)
    for topic in sorted({run.topic for run in clear if run.topic}):
        of_it = [run for run in clear if run.topic == topic]
        yield from _held(f"topic {topic}", of_it, MOST_HELD_OF_A_TOPIC)


def _held(what: str, clear: list[Rehearsed], most: float) -> Iterator[str]:
    held = sum(run.held for run in clear)
    if held > most * len(clear):
        yield (
            f"checks: tickets: {what}: {held} of {len(clear)} clear routings would wait in the "
            f"review queue: {most * 100:.0f} in a hundred may"
        )


def _misroutes(draft: Draft, runs: tuple[Rehearsed, ...]) -> Iterator[str]:
    for run in runs:
        if run.misrouted:
            verdict = run.verdict
            found = (
                f"score {int(verdict.score)}, team {verdict.team}, "
                f"topic {verdict.topic}, queue {run.queue}"
            )
            wanted = ", ".join(f"{name} {value}" for name, value in run.expected.items())
            kind = "red flag missed" if run.red_flag and not run.found else "misrouted"
            problem = f"{kind} at {run.site}: {found}; expected {wanted}"
            yield problem_at(draft.checks, ("tickets", run.ticket), problem)
