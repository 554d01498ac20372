"""The safety net: evidence of acuity added up in points, as an early-warning score does.

A few points send to a person what no danger sign explains; many, from different signs, page.
"""

from triagewire.scoring.engine import Hit
from triagewire.scoring.kinds import Clinical, reason
from triagewire.scoring.rulebook import Net
from triagewire.verdict import Reason, RuleSet, Urgency, Verdict

OFFICE_POINTS = -0.5
"""What each unit of an office request's weight takes from the points."""
LEAST_SIGNS = 2
"""Signs of body or mind, each in words of its own, without which points alone page nobody. Beside
one strong sign of a crisis (`crisis: true`), whose it is and since when counts as another."""
MIND = "mental_health"
"""The topic of evidence that points at a crisis."""
SOURCE = (
    "Royal College of Physicians, National Early Warning Score 2: an aggregate of 5 or more asks "
    "for an urgent response"
)


def points_of(clinical: Clinical, office_weight: float) -> float:
    """The points of all live evidence, less what an office request explains. The same words
    ("threw up": belly, and a throw) give points once.

    Signs of a crisis are also added up by themselves: a mild cough, a question about a dose or a
    cancelled visit in the same message takes nothing from them.
    """
    found = [hit for hit in _heard(clinical) if not _supports(hit)]
    kept = _apart([hit for hit in found if hit.rule.points > 0])
    calm = [hit for hit in found if hit.rule.points < 0]
    body = sum(hit.rule.points for hit in (*kept, *calm))
    return max(OFFICE_POINTS * office_weight + body, of_mind(clinical))


def of_mind(clinical: Clinical) -> float:
    """The points of the signs of a crisis, each in words of its own; 0 where nothing stands beside
    a weak one, which then counts as any other evidence.
    """
    found = _apart([hit for hit in _by_points(clinical) if hit.rule.topic == MIND])
    strong = any(hit.rule.crisis for hit in found)
    if not strong and (len(found) < LEAST_SIGNS or not any(hit.rule.sign for hit in found)):
        return 0.0
    return sum(hit.rule.points for hit in found)


def _supports(hit: Hit) -> bool:
    """Whether it only says more beside a sign of a crisis ("alone tonight")."""
    return hit.rule.topic == MIND and hit.rule.points > 0 and not hit.rule.sign


def telling(clinical: Clinical) -> tuple[Hit, ...]:
    """The evidence that says most, for the reasons of the verdict."""
    return _by_points(clinical)[:4]


def calmed(clinical: Clinical) -> bool:
    """Whether something was understood that explains a bare word of health."""
    return any(hit.rule.points < 0 for hit in clinical.evidence)


def together(clinical: Clinical, points: float, net: Net) -> Verdict | None:
    """The 5 of several danger signs of which none alone is one, or None where they are too few."""
    signs = _apart([hit for hit in _by_points(clinical) if hit.rule.sign])
    enough = len(signs) >= LEAST_SIGNS or any(hit.rule.crisis for hit in signs)
    mind = of_mind(clinical) >= net.crisis
    if not mind and (points < net.urgent or not enough):
        return None
    crisis = signs[0].rule.topic == MIND or any(hit.rule.crisis for hit in signs)
    added = [reason(hit, RuleSet.CLINICAL, f"adds {hit.rule.points:g}") for hit in _heard(clinical)]
    return Verdict(
        score=Urgency.CLINICAL_URGENT,
        topic="crisis" if crisis else "symptom",
        team="clinical",
        confidence=0.8,
        review=False,
        candidate=Urgency.CLINICAL_URGENT,
        reasons=(_sum(signs, points), *added),
        crisis=crisis,
    )


def _sum(signs: list[Hit], points: float) -> Reason:
    return Reason(
        rule="net",
        set=RuleSet.CLINICAL,
        text_span=" … ".join(hit.span for hit in signs)[:200],
        effect=f"scores 5: {points:.1f} points",
        source=SOURCE,
        why="Several danger signs together",
    )


def _by_points(clinical: Clinical) -> tuple[Hit, ...]:
    found = [hit for hit in clinical.evidence if hit.rule.points > 0]
    return tuple(sorted(found, key=lambda hit: (-hit.rule.points, hit.rule.id)))


def _heard(clinical: Clinical) -> list[Hit]:
    return sorted(clinical.evidence, key=lambda hit: (-hit.rule.points, hit.rule.id))


def _apart(signs: list[Hit]) -> list[Hit]:
    """The signs without those that were read in the same words as an earlier one."""
    kept: list[Hit] = []
    for hit in signs:
        if not any(hit.span in old.span or old.span in hit.span for old in kept):
            kept.append(hit)
    return kept
