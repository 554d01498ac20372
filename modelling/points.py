"""What a regression would give each kind of evidence of the safety net.

The points in the policy are these, rounded to halves and set by hand: a clinician can read and
argue with them. The regression knows nothing of the danger signs: the net must see what they miss.
"""

from collections import Counter
from collections.abc import Sequence

from modelling.hearing import Heard
from modelling.learning import UNIT, Row, learned
from triagewire.scoring.kinds import sort_clinical
from triagewire.verdict import RuleSet

SCALE = 5.0
"""Points for each 1 that was learned: with it a page begins at about 5, as in NEWS2."""


def points(heard: Sequence[Heard]) -> dict[str, float]:
    """Points by rule id, and `office` for each request to the office."""
    known = [each for each in heard if each.message.urgent is not None]
    rows = [Row(evidence(each), bool(each.message.urgent)) for each in known]
    weights = learned(rows, by_length=False)
    return {name: weight * SCALE / UNIT for name, weight in weights.of.items()}


def evidence(each: Heard) -> list[str]:
    """The live evidence of one message."""
    clinical = sort_clinical(each.said.hits[RuleSet.CLINICAL])
    office = ["office"] if each.said.hits[RuleSet.ADMINISTRATIVE] else []
    return [hit.rule.id for hit in clinical.evidence] + office


def table(heard: Sequence[Heard]) -> str:
    """The points as shipped and as learned, with how often each kind of evidence was met."""
    found = points(heard)
    shipped = {
        hit.rule.id: hit.rule.points
        for each in heard
        for hit in each.said.hits[RuleSet.CLINICAL].values()
        if hit.rule.points
    }
    met = Counter((name, each.message.urgent) for each in heard for name in evidence(each))
    lines = [f"{'evidence':28} learned shipped  urgent harmless"]
    lines += [
        f"{name:28} {found[name]:7.1f} {shipped.get(name, 0):7g} "
        f"{met[name, True]:7} {met[name, False]:8}"
        for name in sorted(found, key=lambda name: -found[name])
    ]
    return "\n".join(lines)
