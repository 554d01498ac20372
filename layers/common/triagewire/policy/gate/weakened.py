"""Which shipped red flags a group's own rules weaken, whether or not a synthetic ticket shows it.

The tickets cannot stand for every wording, so switching off a rule that pages, or taking words from
it, is a lowering by itself. Adding words, rules or wider measures never is.
"""

from collections.abc import Iterator

from triagewire.scoring.rulebook import Concept, Measure, Rule, Rules
from triagewire.verdict import Urgency


def weakened(shipped: Rules, own: Rules) -> tuple[str, ...]:
    """Where a policy is weaker than the shipped rules: `clinical.stroke`,
    `clinical.concepts.chest`, `clinical.measures.fever`, in the order of the shipped files.
    """
    return (*_rules(shipped, own), *_concepts(shipped, own), *_measures(shipped, own))


def _rules(shipped: Rules, own: Rules) -> Iterator[str]:
    mine = {rule.id: rule for rule in own.clinical.rules}
    for rule in shipped.clinical.rules:
        if not rule.evidence and _is_weaker(rule, mine.get(rule.id)):
            yield f"clinical.{rule.id}"


def _is_weaker(shipped: Rule, own: Rule | None) -> bool:
    """Whether a red flag pages, or a doubt asks for review, for less than it did."""
    if shipped.score < Urgency.CLINICAL_URGENT and not shipped.doubt:
        return False
    if own is None:
        return True
    return (
        own.score < shipped.score
        or (own.doubt and not shipped.doubt)
        or (own.likely and not shipped.likely)
        or (own.weak and not shipped.weak)
        or (own.evidence and not shipped.evidence)
        or own.voice not in (None, shipped.voice)
        or not set(shipped.when) <= set(own.when)
        or not set(own.unless) <= set(shipped.unless)
    )


def _concepts(shipped: Rules, own: Rules) -> Iterator[str]:
    for name, concept in shipped.clinical.concepts.items():
        mine = own.clinical.concepts.get(name, Concept())
        if not (set(concept.en) <= set(mine.en) and set(concept.es) <= set(mine.es)):
            yield f"clinical.concepts.{name}"


def _measures(shipped: Rules, own: Rules) -> Iterator[str]:
    for name, measure in shipped.clinical.measures.items():
        mine = own.clinical.measures.get(name, Measure(quantity=""))
        if (
            mine.quantity != measure.quantity
            or mine.minimum > measure.minimum
            or mine.maximum < measure.maximum
        ):
            yield f"clinical.measures.{name}"
