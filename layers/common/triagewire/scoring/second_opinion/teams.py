"""Which team the words together are for: another office or IT team where the rules chose one, the
nurses where the rules took something clinical for an office request, and a suggestion to whoever
reviews.
"""

from collections.abc import Iterable
from dataclasses import replace

from triagewire.scoring.engine import Hit
from triagewire.scoring.kinds import Hits
from triagewire.scoring.office import strongest
from triagewire.scoring.second_opinion.features import Said
from triagewire.scoring.second_opinion.opinion import SecondOpinion
from triagewire.verdict import Need, Reason, RuleSet, Urgency, Verdict

OFFICE = frozenset({"billing", "scheduling", "portal"})
IT = frozenset({"it_access", "it_endpoint", "it_application", "it_ehr"})
CLINICAL = "clinical"
TEAMS = OFFICE | IT | {CLINICAL}
LINKED_WEIGHT = 1.5
"""An office request of this weight stays as a linked ticket where the nurses get the message."""
TOPICS = {"billing": "billing", "scheduling": "appointment", "portal": "portal", CLINICAL: "advice"}
"""What a request is about where no rule of its team says so."""


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


def _among(verdict: Verdict, *, staff: bool) -> frozenset[str]:
    """The teams that may get it: patients ask for no IT, and what is clinical is not given away."""
    if verdict.review:
        return TEAMS if staff else TEAMS - IT
    if verdict.team in OFFICE:
        return OFFICE | {CLINICAL}
    return IT if verdict.team in IT else frozenset({verdict.team})


def _to_nurses(verdict: Verdict, said: Said) -> Verdict:
    """Clinical standard; the office request that the rules saw stays, as a ticket of its own."""
    hits = said.hits[RuleSet.ADMINISTRATIVE]
    office = strongest(_of(hits, [verdict.team]), RuleSet.ADMINISTRATIVE)
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
    return lead.rule.topic if lead else TOPICS[CLINICAL]


def _moved(verdict: Verdict, said: Said, team: str) -> Verdict:
    """Another team of the same rule set, with what its own rules found or without."""
    name = RuleSet.IT if team in IT else RuleSet.ADMINISTRATIVE
    own = strongest(_of(said.hits[name], [team]), name)
    need = own.need if own else Need(score=verdict.score, topic=_topic(team), team=team)
    score = max(verdict.score, need.score)
    return replace(
        verdict,
        score=score,
        candidate=max(verdict.candidate, score),
        topic=need.topic,
        team=team,
        reasons=(*need.reasons, *verdict.reasons, _note(team, verdict)),
    )


def _topic(team: str) -> str:
    if team in TOPICS:
        return TOPICS[team]
    return "clinical_system" if team == "it_ehr" else team.removeprefix("it_")


def _of(hits: Hits, teams: list[str]) -> dict[str, Hit]:
    return {rule: hit for rule, hit in hits.items() if hit.rule.team in teams}


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
