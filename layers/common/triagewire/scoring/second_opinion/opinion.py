"""The opinion itself: whole numbers for names, added up."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from triagewire.scoring.second_opinion.features import Place


@dataclass(frozen=True, slots=True)
class Weights:
    """One question's weights: what each name adds, and where one begins without any."""

    bias: int
    of: Mapping[str, int]

    def sum(self, names: Sequence[str]) -> float:
        """How much the names speak for it, whatever the length of the message; above 0: rather
        yes.
        """
        return self.bias + sum(self.of.get(name, 0) for name in names) / sqrt(len(names) or 1)


@dataclass(frozen=True, slots=True)
class SecondOpinion:
    """What was learned. `steps` are pairs of a sum and the suspicion (0..1) from there on;
    from the sum `ask` on a person should look, and from `page` on a danger sign that the rules hold
    for doubtful is borne out; from `alone` on by a single sentence. `teams` has a question for each
    team; the best must lead the one that the rules chose by `lead` to count.
    """

    urgent: Weights
    steps: tuple[tuple[float, float], ...]
    ask: float
    page: float
    alone: float
    teams: Mapping[str, Weights]
    lead: float

    def suspicion(self, total: float) -> float:
        """The share of urgent messages among those with such a sum that no rule scored 5 (0..1).

        It is of the training messages, where emergencies are far more common than in an inbox.
        """
        at = bisect_right(self.steps, total, key=lambda step: step[0])
        return self.steps[max(0, at - 1)][1] if self.steps else 0.0

    def team(self, names: Sequence[str], among: Iterable[str], own: str) -> str:
        """The team of `among` that the names speak for more than for `own`; `own` where they are
        not sure.
        """
        known = sorted({*among, own} & self.teams.keys())
        if own not in known:
            return own
        sums = {team: self.teams[team].sum(names) for team in known}
        best = max(known, key=lambda team: (sums[team], team == own))
        return best if sums[best] - sums[own] >= self.lead else own

    def telling(self, worded: Iterable[tuple[str, Place]]) -> str:
        """The words of the message that raised the suspicion most, as they were written."""
        best: dict[str, tuple[int, str]] = {}
        for name, (text, first, last) in worded:
            if self.urgent.of.get(name, 0) > 0:
                best.setdefault(name, (self.urgent.of[name], text.span(first, last)))
        spans = sorted(best.values(), reverse=True)[:4]
        return " … ".join(span for _, span in spans)[:200]
