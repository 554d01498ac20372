"""From messages to the file that is shipped."""

from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import Any

from modelling.hearing import Heard
from modelling.learning import UNIT
from modelling.mix import MIX, clear, strange
from modelling.questions import Taught, taught
from triagewire.scoring.second_opinion.advice import signs_in_doubt
from triagewire.scoring.second_opinion.opinion import Weights
from triagewire.scoring.second_opinion.shipped import FORMAT
from triagewire.verdict import Urgency

BUDGET = 0.02
"""Share of an inbox that the second opinion may send to a person beside what the rules send."""
PAGE_BUDGET = 0.004
"""Share of the harmless messages of an inbox for which it may bear a doubtful sign out."""
LEAD = 0.3 * UNIT
"""By how much the best office team must lead the next."""
LEAST_IN_STEP = 40
"""Messages on which one step of the suspicion rests."""


def trained(heard: Sequence[Heard], unseen: Sequence[Taught]) -> dict[str, Any]:
    """The content of the shipped file. `unseen` holds for each message what was taught without its
    source: from which sum on to ask, and how much suspicion a sum means, is read off there.
    """
    sums = [each.urgent.sum(one.names) for each, one in zip(unseen, heard, strict=True)]
    final = taught(heard)
    return {
        "format": FORMAT,
        "ask": asking(heard, sums),
        "page": paging(heard, sums),
        "steps": steps(heard, sums),
        "lead": LEAD,
        "urgent": packed(final.urgent),
        "teams": {team: packed(weights) for team, weights in final.teams.items()},
    }


def asking(heard: Sequence[Heard], sums: Sequence[float]) -> float:
    """The lowest sum at which asking keeps to its budget."""
    return _lowest(heard, sums, BUDGET, lambda each: clear(each.verdict))


def paging(heard: Sequence[Heard], sums: Sequence[float]) -> float:
    """The lowest sum at which bearing out a doubtful sign keeps to its budget."""
    return _lowest(heard, sums, PAGE_BUDGET, _may_page)


def _may_page(each: Heard) -> bool:
    return each.verdict.review and bool(signs_in_doubt(each.said))


def _lowest(
    heard: Sequence[Heard], sums: Sequence[float], budget: float, costs: Callable[[Heard], bool]
) -> float:
    """The lowest sum that keeps to a budget on sources that the rules were not written from."""
    harmless = [
        (total, each)
        for each, total in zip(heard, sums, strict=True)
        if each.message.urgent is False and strange(each.message)
    ]
    size = {kind: sum(each.message.kind == kind for _, each in harmless) for kind in MIX}
    spent, least = 0.0, max(sums, default=0.0) + 1
    for total, each in sorted(harmless, key=lambda pair: -pair[0]):
        spent += MIX[each.message.kind] / size[each.message.kind] if costs(each) else 0.0
        if spent > budget:
            break
        least = total
    return round(least - 0.005, 2)


def steps(heard: Sequence[Heard], sums: Sequence[float]) -> list[list[float]]:
    """The suspicion by sum: shares of urgent messages among those that no rule scored 5, made to
    rise only (pool-adjacent-violators), each over enough messages.
    """
    asked = sorted(
        (total, each.message.urgent)
        for each, total in zip(heard, sums, strict=True)
        if each.message.urgent is not None and each.verdict.score < Urgency.CLINICAL_URGENT
    )
    pools: list[list[float]] = []  # first sum, urgent, all
    for total, urgent in asked:
        if not pools or pools[-1][2] >= LEAST_IN_STEP:
            pools.append([total, 0.0, 0.0])
        pools[-1][1] += urgent
        pools[-1][2] += 1
        while len(pools) > 1 and pools[-1][2] >= LEAST_IN_STEP and _falls(pools):
            last = pools.pop()
            pools[-1][1] += last[1]
            pools[-1][2] += last[2]
    shares = accumulate(((k + 0.5) / (n + 1) for _, k, n in pools), max)
    return [[round(pool[0], 2), round(share, 3)] for pool, share in zip(pools, shares, strict=True)]


def _falls(pools: list[list[float]]) -> bool:
    before, last = pools[-2], pools[-1]
    return last[1] * before[2] <= before[1] * last[2]


def packed(weights: Weights) -> dict[str, Any]:
    """Weights as the file keeps them: the names of each weight in one text."""
    by_weight: dict[int, list[str]] = {}
    for name, weight in sorted(weights.of.items()):
        by_weight.setdefault(weight, []).append(name)
    return {
        "bias": weights.bias,
        "weights": {str(weight): " ".join(by_weight[weight]) for weight in sorted(by_weight)},
    }
