"""Two teams that a message names nearly alike: a person chooses, on the higher need's clock."""

from collections.abc import Mapping
from dataclasses import replace

from triagewire.scoring.kinds import Hits, of_team
from triagewire.scoring.office import WORDS_ONLY, Weighed, strongest
from triagewire.team import IT
from triagewire.verdict import Reason, RuleSet, Urgency, Verdict

NEARLY = 0.9
"""The share of the leading team's weight from which another is its rival."""
LEAST = 1.5
"""A team that weighs less is only mentioned."""
SETTLED = "second-opinion"
"""The reason of a verdict whose team was chosen by more than weight."""


def contested(verdict: Verdict, hits: Mapping[RuleSet, Hits]) -> Verdict:
    """The verdict, in review where another team of the same rule set is named nearly as much."""
    settled = any(reason.rule == SETTLED for reason in verdict.reasons)
    if verdict.review or settled or verdict.score >= Urgency.CLINICAL_STANDARD:
        return verdict
    name = RuleSet.IT if verdict.team in IT else RuleSet.ADMINISTRATIVE
    if name is RuleSet.IT and verdict.score is Urgency.ADMINISTRATIVE_URGENT:
        return verdict  # patients wait: the group that leads begins, and hands on what is not its
    rival = _rival(verdict.team, hits[name], name)
    if rival is None:
        return verdict
    note = Reason(
        rule="rival-teams",
        set=name,
        text_span=rival.need.reasons[0].text_span,
        effect=f"review: {rival.need.team} is named nearly as much as {verdict.team}",
        why="two teams could be meant, or both: a person chooses",
    )
    return replace(
        verdict,
        review=True,
        confidence=0.5,
        candidate=max(verdict.candidate, rival.need.score),
        reasons=(*verdict.reasons, note),
    )


def _rival(team: str, hits: Hits, name: RuleSet) -> Weighed | None:
    """The strongest other team, where it weighs nearly as much and asks for something."""
    own = strongest(of_team(hits, team), name)
    other = strongest({rule: hit for rule, hit in hits.items() if hit.rule.team != team}, name)
    if own is None or other is None or other.need.topic in WORDS_ONLY:
        return None
    return other if other.weight >= max(LEAST, NEARLY * own.weight) else None
