"""Which team the words together are for: another office or IT team where the rules chose one, the
nurses where the rules took something clinical for an office request, and a suggestion to whoever
reviews.
"""

from collections.abc import Iterable
from dataclasses import replace

from triagewire.scoring.engine import Hit
from triagewire.scoring.kinds import of_team
from triagewire.scoring.office import strongest
from triagewire.scoring.second_opinion.features import Said
from triagewire.scoring.second_opinion.opinion import SecondOpinion
from triagewire.scoring.weigh import LINKED_WEIGHT
from triagewire.team import CLINICAL, IT, OFFICE, PATIENT_TEAMS, TEAMS, USUAL_TOPICS
from triagewire.verdict import Need, Reason, RuleSet, Urgency, Verdict


def advised_team(verdict: Verdict, said: Said, names: list[str], opinion: SecondOpinion) -> Verdict:
    """The verdict with another team, where the words together speak for it clearly.

    Neither score, candidate nor review ever falls. A 5 and whatever points at a crisis stay with
    the nurses; nothing clinical that needs no review is given to another team.
    """
    if verdict.score is Urgency.CLINICAL_URGENT or verdict.crisis:
        return verdict
    team = opinion.team(names, _among(verdict, staff=said.staff), verdict.team)
    if team == verdict.team:
        return verdict
    if verdict.review:
        return replace(verdict, team=team, reasons=(*verdict.reasons, _note(team, verdict)))
    return _to_nurses(verdict, said) if team == CLINICAL else _moved(verdict, said, team)


def _among(verdict: Verdict, *, staff: bool) -> tuple[str, ...]:
    """The teams that may get it: patients ask for no IT, and what is clinical is not given away."""
    if verdict.review:
        return TEAMS if staff else PATIENT_TEAMS
    if verdict.team in OFFICE:
        return PATIENT_TEAMS
    return IT if verdict.team in IT else (verdict.team,)


def _to_nurses(verdict: Verdict, said: Said) -> Verdict:
    """Clinical standard; the office request that the rules saw stays, as a ticket of its own."""
    hits = said.hits[RuleSet.ADMINISTRATIVE]
    office = strongest(of_team(hits, verdict.team), RuleSet.ADMINISTRATIVE)
    kept = (office.need,) if office is not None and office.weight >= LINKED_WEIGHT else ()
    return replace(
        verdict,
        score=Urgency.CLINICAL_STANDARD,
        candidate=max(verdict.candidate, Urgency.CLINICAL_STANDARD),
        topic=_lead_topic(said.hits[RuleSet.CLINICAL].values()),
        team=CLINICAL,
        confidence=0.6,
        reasons=(_note(CLINICAL, verdict), *verdict.reasons),
        others=(*(need for need in verdict.others if need.team != CLINICAL), *kept),
    )


def _lead_topic(hits: Iterable[Hit]) -> str:
    found = [hit for hit in hits if hit.rule.score == 4 and not hit.bits and not hit.rule.evidence]
    lead = max(found, key=lambda hit: (hit.rule.weight, hit.rule.id), default=None)
    return lead.rule.topic if lead else USUAL_TOPICS[CLINICAL]


def _moved(verdict: Verdict, said: Said, team: str) -> Verdict:
    """Another team of the same rule set, with what its own rules found or without."""
    name = RuleSet.IT if team in IT else RuleSet.ADMINISTRATIVE
    own = strongest(of_team(said.hits[name], team), name)
    need = own.need if own else Need(score=verdict.score, topic=USUAL_TOPICS[team], team=team)
    score = max(verdict.score, need.score)
    return replace(
        verdict,
        score=score,
        candidate=max(verdict.candidate, score),
        topic=need.topic,
        team=team,
        reasons=(*need.reasons, *verdict.reasons, _note(team, verdict)),
    )


def _note(team: str, verdict: Verdict) -> Reason:
    verb = "suggests" if verdict.review else "chooses"
    name = RuleSet.IT if team in IT else RuleSet.ADMINISTRATIVE
    return Reason(
        rule="second-opinion",
        set=RuleSet.CLINICAL if team == CLINICAL else name,
        text_span="",
        effect=f"{verb} {team}, not {verdict.team}",
        why="the words together resemble requests to this team",
    )
