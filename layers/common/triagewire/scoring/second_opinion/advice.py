"""What a verdict becomes when the second opinion is heard: more doubt, a doubtful danger sign borne
out, or another team.
"""

from dataclasses import replace

from triagewire.scoring.doubt import Doubt, doubted
from triagewire.scoring.engine import Hit
from triagewire.scoring.kinds import live_flag
from triagewire.scoring.rulebook import Rules
from triagewire.scoring.second_opinion.features import (
    Said,
    features,
    worded,
    words_of_weight,
)
from triagewire.scoring.second_opinion.opinion import SecondOpinion
from triagewire.scoring.second_opinion.teams import advised_team
from triagewire.scoring.weigh import FEW_WORDS
from triagewire.team import IT
from triagewire.verdict import Reason, RuleSet, Urgency, Verdict

WHOLE_WORDS = 12
"""A shorter request without a doubt is what the rules say: there they are seldom wrong."""


def advised(
    verdict: Verdict,
    said: Said,
    rules: Rules,
    opinion: SecondOpinion | None,
    *,
    chosen: bool = False,
) -> Verdict:
    """The verdict after the second opinion. A 5 is never touched, a review is only left upwards,
    and urgency never falls. `chosen` says that the requester named the team: it stays.
    """
    if opinion is None or verdict.score is Urgency.CLINICAL_URGENT:
        return verdict
    words = words_of_weight(said)
    if words < FEW_WORDS:
        return verdict
    names = features(said, rules.language)
    found = _suspected(verdict, said, rules, opinion, opinion.urgent.sum(names))
    if chosen or not rules.opinion.teams or found.review != verdict.review:
        return found  # what it only now sent to a person is no other team's
    if words < WHOLE_WORDS and not verdict.review:
        return found
    return advised_team(found, said, names, opinion)


def _suspected(
    verdict: Verdict, said: Said, rules: Rules, opinion: SecondOpinion, total: float
) -> Verdict:
    """A review that is borne out, or a verdict that nobody doubted and that goes to review."""
    if verdict.review:
        sure = rules.opinion.page and total >= opinion.page
        return borne_out(verdict, said, opinion.suspicion(total)) if sure else verdict
    if rules.opinion.review and total >= opinion.ask and not _of_systems(verdict, said):
        doubt = Doubt(
            "second-opinion",
            "the words together resemble urgent messages, though no rule says so "
            f"(suspicion {opinion.suspicion(total):.2f} of 1)",
            "review: may be urgent",
        )
        found = doubted(verdict, [doubt])
        span = opinion.telling(worded(said, rules.language))
        return replace(
            found, reasons=(*found.reasons[:-1], replace(found.reasons[-1], text_span=span))
        )
    return verdict


def _of_systems(verdict: Verdict, said: Said) -> bool:
    """A request of staff for a system in which no clinical rule hears anything of weight."""
    hits = said.hits[RuleSet.CLINICAL].values()
    heard = any(not hit.bits and (hit.rule.points > 1.5 or _in_doubt(hit)) for hit in hits)
    return verdict.team in IT and not heard


def signs_in_doubt(said: Said) -> list[Hit]:
    """The live danger signs of a message in review: red flags that are only likely, what the rules
    hold for doubtful, and the signs of body or mind that give points.
    """
    hits = said.hits[RuleSet.CLINICAL].values()
    live = [hit for hit in hits if live_flag(hit)]
    return live + [hit for hit in hits if not hit.bits and (_in_doubt(hit) or hit.rule.sign)]


def _in_doubt(hit: Hit) -> bool:
    """Whether a rule doubts it; what is only vague ("I feel weird") names no sign."""
    return hit.rule.doubt and not hit.rule.weak


def _telling(hit: Hit) -> tuple[int, bool, float, str]:
    return hit.rule.score, hit.rule.doubt, hit.rule.points, hit.rule.id


def borne_out(verdict: Verdict, said: Said, suspicion: float) -> Verdict:
    """A 5 where the rules themselves found a live danger sign and only doubted it. The opinion
    never pages without one.
    """
    signs = signs_in_doubt(said)
    if not signs:
        return verdict
    lead = max(signs, key=_telling)
    note = Reason(
        rule="second-opinion",
        set=RuleSet.CLINICAL,
        text_span=lead.span[:200],
        effect=f"scores 5: bears out {lead.rule.id}",
        why="a danger sign in doubt, and the words together resemble urgent messages far more than "
        f"others (suspicion {suspicion:.2f} of 1 before the sign is counted)",
    )
    clinical = verdict.team == "clinical"
    return replace(
        verdict,
        score=Urgency.CLINICAL_URGENT,
        topic=verdict.topic if clinical else lead.rule.topic,
        team="clinical",
        confidence=0.8,
        review=False,
        candidate=Urgency.CLINICAL_URGENT,
        reasons=(*verdict.reasons, note),
        others=tuple(need for need in verdict.others if need.team != "clinical"),
    )
