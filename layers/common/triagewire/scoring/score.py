"""One message → one verdict. The three rule sets speak separately; here the higher urgency wins
and doubt goes to people.

What holds whatever the rules say: a live clinical-urgent hit gives 5; a modified one never less
than 4; a crisis has no modifier but proven paperwork; the record and the wording only raise.
"""

from dataclasses import replace

from triagewire.scoring.doubt import Doubt, doubted, doubts_about
from triagewire.scoring.engine import Facts
from triagewire.scoring.languages import Spoken
from triagewire.scoring.listening import (
    Engine,
    Listened,
    asker,
    build_engine,
    by_machine,
    listen,
    plain,
)
from triagewire.scoring.office import strongest
from triagewire.scoring.patient import conflicts
from triagewire.scoring.rivals import contested
from triagewire.scoring.second_opinion.advice import advised, borne_out
from triagewire.scoring.second_opinion.features import Said, words_of_weight
from triagewire.scoring.second_opinion.opinion import SecondOpinion
from triagewire.scoring.sentences import flagged
from triagewire.scoring.stated import DANGER_RULE, answers, group_of, not_below, raised_by_impact
from triagewire.scoring.subject import ScoringInput
from triagewire.scoring.weigh import waits, weigh
from triagewire.verdict import RuleSet, Verdict

__all__ = ["Engine", "build_engine", "judged", "listen", "score"]

IN_DANGER = Doubt(
    DANGER_RULE, "patients may be in danger while this does not work: a clinician must look first"
)


def score(subject: ScoringInput, engine: Engine) -> Verdict:
    """The verdict on one message. Never raises for anything a person can write."""
    return judged(subject, listen(subject, engine), engine)


def judged(subject: ScoringInput, heard: Listened, engine: Engine) -> Verdict:
    """The verdict on a message that this engine has listened to already."""
    verdict, spoken = _weighed(subject, heard, engine)
    if subject.staff_request is not None:
        bare = replace(subject, staff_request=None)
        alone, _ = _weighed(bare, listen(bare, engine), engine)
        verdict = raised_by_impact(not_below(verdict, alone, engine.weak), subject)
        subject = replace(subject, intake=(*subject.intake, *answers(subject.staff_request)))
    verdict = replace(verdict, language=spoken.language)
    doubts = (*doubts_about(subject, spoken), *conflicts(subject))
    return doubted(verdict, doubts)


def _weighed(subject: ScoringInput, heard: Listened, engine: Engine) -> tuple[Verdict, Spoken]:
    """What the rules and the second opinion say, and in which language the words are."""
    said, tongues = heard
    spoken = engine.languages.spoken(said.texts, tongues, subject.language)
    opinion = None if by_machine(subject) else engine.opinion  # it has only read people
    weighed = weigh(
        said.hits,
        staff=said.staff,
        words=words_of_weight(said),
        net=engine.rules.clinical.net,
        asked_again=opinion is not None and engine.rules.opinion.page,
    )
    verdict = _hinted(weighed, subject, engine)
    if opinion is not None and not spoken.unread:
        verdict = _asked(verdict, weighed.team, subject, said, engine, opinion)
    verdict = contested(verdict, said.hits)
    if DANGER_RULE in said.hits[RuleSet.IT] and not by_machine(subject):
        verdict = doubted(verdict, (IN_DANGER,))
    return verdict, spoken


def _asked(
    verdict: Verdict,
    team: str,
    subject: ScoringInput,
    said: Said,
    engine: Engine,
    opinion: SecondOpinion,
) -> Verdict:
    """The verdict after the second opinion, on the whole message and on its sentences; `team` is
    the one of the rules, which stays where the requester or a form named another.
    """
    chosen = verdict.team != team or subject.staff_request is not None
    verdict = advised(verdict, said, engine.rules, opinion, chosen=chosen)
    return _said_alone(verdict, subject, said, engine, opinion) if waits(verdict) else verdict


def _said_alone(
    verdict: Verdict, subject: ScoringInput, said: Said, engine: Engine, opinion: SecondOpinion
) -> Verdict:
    """The verdict of a red flag that the whole message did not bear out, where its own sentence
    does.
    """
    for heard, names in flagged(subject, said, engine):
        total = opinion.urgent.sum(names)
        if total >= opinion.alone:
            return borne_out(verdict, heard, opinion.suspicion(total))
    return verdict


def _hinted(verdict: Verdict, subject: ScoringInput, engine: Engine) -> Verdict:
    """Where the words say nothing, the requester's own topic may choose the team; the review and
    its clock stay.
    """
    if verdict.reasons:
        return verdict
    if group := _chosen_group(subject, engine):
        return replace(verdict, team=group)
    if not subject.request_type:
        return verdict
    hint = plain(subject.request_type.replace("_", " "), engine)
    found = engine.administrative.hits(hint, ("en", "es"), Facts(), staff=subject.voice == "staff")
    need = strongest({hit.rule.id: hit for hit in found}, RuleSet.ADMINISTRATIVE)
    return replace(verdict, team=need.need.team) if need else verdict


def _chosen_group(subject: ScoringInput, engine: Engine) -> str | None:
    """The resolver group of the category that staff chose in their form."""
    if subject.voice != "staff" or subject.staff_request is None:
        return None
    ask = asker(engine.it, Facts(), engine, staff=True)
    return group_of(subject.staff_request.category, ask)
