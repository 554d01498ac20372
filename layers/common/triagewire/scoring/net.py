"""The safety net: evidence of acuity, added up in points, sends to a person what no danger sign
explains.
"""

from triagewire.scoring.engine import Hit
from triagewire.scoring.kinds import Clinical

SUSPECT = 1.5
"""Points from which a person looks first."""
OFFICE_POINTS = -0.9
"""What each unit of an office request's weight takes from the points."""


def suspicion(clinical: Clinical, office_weight: float) -> float:
    """The points of all live evidence, less what an office request explains."""
    return OFFICE_POINTS * office_weight + sum(hit.rule.points for hit in clinical.evidence)


def telling(clinical: Clinical) -> tuple[Hit, ...]:
    """The evidence that says most, for the reasons of the verdict."""
    found = [hit for hit in clinical.evidence if hit.rule.points > 0]
    return tuple(sorted(found, key=lambda hit: (-hit.rule.points, hit.rule.id))[:4])


def calmed(clinical: Clinical) -> bool:
    """Whether something was understood that explains a bare word of health."""
    return any(hit.rule.points < 0 for hit in clinical.evidence)
