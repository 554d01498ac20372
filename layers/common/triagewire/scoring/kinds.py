"""Clinical hits by what they mean for the verdict: live, likely, modified, doubtful, standard or
weak.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from triagewire.scoring import effects
from triagewire.scoring.engine import Hit
from triagewire.verdict import Reason, RuleSet, Urgency

PAPER = effects.PURPOSE | effects.FIGURATIVE | effects.SYSTEM
MANY = 3
"""So many red flags in one message bear each other out."""
type Hits = Mapping[str, Hit]


@dataclass(frozen=True, slots=True)
class Clinical:
    """The clinical hits by what they mean. `likely` are live red flags that nothing beside them
    makes certain: there are few, and harmless messages name each of them too.
    """

    live: tuple[Hit, ...]
    likely: tuple[Hit, ...]
    modified: tuple[Hit, ...]
    doubtful: tuple[Hit, ...]
    vague: tuple[Hit, ...]
    standard: tuple[Hit, ...]
    weak: tuple[Hit, ...]
    evidence: tuple[Hit, ...]


def reason(hit: Hit, name: RuleSet, effect: str) -> Reason:
    """One reason of a verdict, with the matched words cut to a bounded length."""
    return Reason(
        rule=hit.rule.id,
        set=name,
        text_span=hit.span[:200],
        effect=effect,
        source=hit.rule.source,
        why=hit.rule.reason,
    )


def modifiers(hit: Hit) -> int:
    """The modifiers that count for this hit.

    A crisis knows only a computer system named by staff, proven paperwork, what staff chart
    (a denial: "denies SI"; a history, a relative's or a precaution that nothing turns), and a
    denial, a distant past or an "if" in a message that says that all is well and turns it with
    nothing ("but", a means, a plan). All of them go to review: no denial of a crisis is taken at
    its word by a rule.
    """
    if not hit.rule.crisis:
        return hit.bits
    told = effects.HISTORICAL | effects.OTHER | effects.HYPOTHETICAL
    calm = hit.well and not hit.turned and hit.bits & (effects.NEGATED | told)
    chart = hit.staff and (hit.bits & effects.NEGATED or (hit.bits & told and not hit.turned))
    return hit.bits | effects.UNSURE if hit.bits & PAPER or chart or calm else 0


def live_flag(hit: Hit) -> bool:
    """Whether a hit is a red flag that no modifier touches."""
    return hit.rule.score == Urgency.CLINICAL_URGENT and not modifiers(hit)


def of_team(hits: Hits, team: str) -> Hits:
    """The hits of the rules of one team."""
    return {rule: hit for rule, hit in hits.items() if hit.rule.team == team}


def sort_clinical(hits: Hits) -> Clinical:
    """Split clinical hits; `vague` is doubt that counts only where nothing else was understood."""
    urgent = [hit for hit in hits.values() if hit.rule.score == Urgency.CLINICAL_URGENT]
    usual = [hit for hit in hits.values() if hit.rule.score == 4 and not hit.rule.evidence]
    plain = [hit for hit in usual if not hit.rule.doubt]
    live = tuple(hit for hit in urgent if live_flag(hit))
    certain = len(live) >= MANY or any(not hit.rule.likely for hit in live)
    return Clinical(
        live=live if certain else (),
        likely=() if certain else live,
        modified=tuple(hit for hit in urgent if not live_flag(hit)),
        doubtful=tuple(
            hit for hit in usual if hit.rule.doubt and not hit.rule.weak and not hit.bits
        ),
        vague=tuple(hit for hit in usual if hit.rule.doubt and hit.rule.weak and not hit.bits),
        standard=tuple(hit for hit in plain if not hit.rule.weak and not hit.bits),
        weak=tuple(hit for hit in plain if hit.rule.weak or hit.bits),
        evidence=tuple(hit for hit in hits.values() if hit.rule.points and not hit.bits),
    )
