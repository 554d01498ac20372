"""From messages to the file that is shipped."""

from collections.abc import Sequence
from itertools import accumulate
from math import ceil, floor, inf
from typing import Any

from modelling.hearing import Heard
from modelling.learning import UNIT
from modelling.mix import MIX, clear, strange
from modelling.questions import Taught, taught
from triagewire.scoring.second_opinion.opinion import Weights
from triagewire.scoring.second_opinion.shipped import FORMAT
from triagewire.scoring.weigh import waits
from triagewire.verdict import Urgency

BUDGET = 0.02
"""Share of an inbox that the second opinion may send to a person beside what the rules send."""
BORNE_OUT = 0.97
"""Share of the emergencies with a red flag that is only likely which it must bear out. The others
wait for a person on the clock of a 5; a share nearer 1 pages harmless messages by the dozen.
"""
ALONE_BUDGET = 0.03
"""Share of the harmless messages with such a flag that one of their sentences may bear out."""
LEAD = 0.3 * UNIT
"""By how much the best team must lead the one that the rules chose."""
LEAST_IN_STEP = 40
"""Messages on which one step of the suspicion rests."""


def trained(heard: Sequence[Heard], unseen: Sequence[Taught]) -> dict[str, Any]:
    """The content of the shipped file. `unseen` holds for each message what was taught without its
    source: from which sum on to ask, and how much suspicion a sum means, is read off there.
    """
    sums = [each.urgent.sum(one.names) for each, one in zip(unseen, heard, strict=True)]
    final, page = taught(heard), paging(heard, sums)
    return {
        "format": FORMAT,
        "ask": asking(heard, sums),
        "page": page,
        "alone": alone(heard, sums, unseen, page),
        "steps": steps(heard, sums),
        "lead": LEAD,
        "urgent": packed(final.urgent),
        "teams": {team: packed(weights) for team, weights in final.teams.items()},
    }


def asking(heard: Sequence[Heard], sums: Sequence[float]) -> float:
    """The lowest sum at which asking keeps to its budget on sources that the rules were not written
    from.
    """
    harmless = [
        (total, each)
        for each, total in zip(heard, sums, strict=True)
        if each.message.urgent is False and strange(each.message)
    ]
    size = {kind: sum(each.message.kind == kind for _, each in harmless) for kind in MIX}
    spent, least = 0.0, max(sums, default=0.0) + 1
    for total, each in sorted(harmless, key=lambda pair: -pair[0]):
        spent += MIX[each.message.kind] / size[each.message.kind] if clear(each.verdict) else 0.0
        if spent > BUDGET:
            break
        least = total
    return round(least - 0.005, 2)


def paging(heard: Sequence[Heard], sums: Sequence[float]) -> float:
    """The highest sum from which on enough emergencies of new sources are borne out."""
    waiting = sorted(
        (
            total
            for each, total in zip(heard, sums, strict=True)
            if each.message.urgent and strange(each.message) and waits(each.verdict)
        ),
        reverse=True,
    )
    if not waiting:
        return max(sums, default=0.0) + 1
    return round(waiting[ceil(BORNE_OUT * len(waiting)) - 1] - 0.005, 2)


def alone(
    heard: Sequence[Heard], sums: Sequence[float], unseen: Sequence[Taught], page: float
) -> float:
    """The lowest sum at which single sentences bear out few more harmless messages."""
    waiting = [
        max((one.urgent.sum(names) for names in each.sentences), default=-inf)
        for each, total, one in zip(heard, sums, unseen, strict=True)
        if each.message.urgent is False
        and strange(each.message)
        and waits(each.verdict)
        and total < page
    ]
    few = floor(ALONE_BUDGET * len(waiting))
    best = sorted(waiting, reverse=True)
    return round(best[few] + 0.005, 2) if best and best[few] > -inf else page


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
