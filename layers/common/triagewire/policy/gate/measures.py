"""How well a policy does on its synthetic tickets, each figure with how sure it is.

The measures are those of triage.md §9: sensitivity counts what the rules themselves score 5, and
only what is neither 5 nor before a person is missed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt

from triagewire.policy.gate.runs import Rehearsed
from triagewire.ticket import REVIEW

NORMAL_95 = 1.959964
ALL = "all"
OFTEN = ("en", "es")
OTHER = "other"

type Test = Callable[[Rehearsed], bool]


@dataclass(frozen=True, slots=True)
class Share:
    """`k` of `n` tickets."""

    k: int
    n: int

    @property
    def share(self) -> float | None:
        """0 to 1; none of nothing."""
        return self.k / self.n if self.n else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % interval of the share (Wilson's score interval, which is right for 0 of 20
        too).
        """
        if not self.n:
            return None
        z2, p = NORMAL_95**2, self.k / self.n
        centre = (p + z2 / (2 * self.n)) / (1 + z2 / self.n)
        reach = sqrt(p * (1 - p) / self.n + z2 / (4 * self.n**2)) * NORMAL_95 / (1 + z2 / self.n)
        return max(0.0, centre - reach), min(1.0, centre + reach)


def _right_team(run: Rehearsed) -> bool:
    return bool(run.verdict.team == run.expected["team"])


def _of_it(run: Rehearsed) -> bool:
    return str(run.expected.get("team", "")).startswith("it_")


MEASURES: dict[str, tuple[Test, Test]] = {
    "red_flags": (lambda run: run.red_flag, lambda run: run.found),
    "sensitivity": (lambda run: run.urgent, lambda run: run.found),
    "missed": (lambda run: run.urgent, lambda run: run.missed),
    "specificity": (
        lambda run: bool(run.expected.get("score")) and not run.urgent,
        lambda run: not run.found,
    ),
    "clear": (lambda run: run.clear, lambda run: not run.found and not run.held),
    "routing_patient": (lambda run: "team" in run.expected and not _of_it(run), _right_team),
    "routing_it": (_of_it, _right_team),
    "topic": (lambda run: run.topic is not None, lambda run: run.verdict.topic == run.topic),
    "review": (lambda run: True, lambda run: run.queue == REVIEW),
}
"""Of which tickets, and what is counted of them."""


def measures(runs: Sequence[Rehearsed]) -> dict[str, Share]:
    """Each measure of some runs."""
    return {
        name: Share(sum(counted(run) for run in runs if among(run)), sum(map(among, runs)))
        for name, (among, counted) in MEASURES.items()
    }


def by_language(runs: Sequence[Rehearsed]) -> dict[str, dict[str, Share]]:
    """The measures over all tickets and for each language that scoring reads; a ticket is counted
    once, on the first site, for its verdict is the same on all.
    """
    once = list({run.ticket: run for run in reversed(runs)}.values())
    spoken: dict[str, list[Rehearsed]] = {ALL: once, **{each: [] for each in (*OFTEN, OTHER)}}
    for run in once:
        spoken[run.language if run.language in OFTEN else OTHER].append(run)
    return {language: measures(each) for language, each in spoken.items() if each}
