"""Doubt that no rule can see: what the words do not tell, so that a person must."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from triagewire.scoring.form import FORMS, form_of
from triagewire.scoring.languages import Spoken
from triagewire.scoring.subject import ScoringInput
from triagewire.verdict import Reason, RuleSet, Urgency, Verdict

MIN_SPEECH = 0.6
"""A recogniser less sure than this (0..1) may have lost the "no" or the symptom."""
MOST_CONFIDENCE = 0.3
"""How sure a verdict in doubt may call itself."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """One thing that is not known. `rule` names it in the reasons, `why` says it in plain words,
    `effect` what it did.
    """

    rule: str
    why: str
    effect: str = "review: the words cannot be trusted"


def doubts_about(subject: ScoringInput, spoken: Spoken) -> Iterator[Doubt]:
    """What about this message no rule can judge."""
    named = f": {spoken.name}" if spoken.name else ""
    form = form_of(subject)
    if form is not None:
        yield Doubt(form, FORMS[form], "review: too little to be judged")
    if spoken.unread:
        yield Doubt("language-unknown", f"written in a language that the rules do not know{named}")
    elif spoken.partly:
        yield Doubt(
            "language-mixed", f"much of it is in a language that the rules do not know{named}"
        )
    if subject.speech is not None and subject.speech < MIN_SPEECH:
        yield Doubt("speech-unclear", "the speech recogniser was not sure of the words")


def doubted(verdict: Verdict, doubts: Iterable[Doubt]) -> Verdict:
    """The verdict sent to a person at the clock of a 5 for every doubt; a live 5 stays as it is."""
    found = tuple(doubts)
    if not found or verdict.score is Urgency.CLINICAL_URGENT:
        return verdict
    notes = tuple(_note(doubt, doubt.effect) for doubt in found)
    return replace(
        verdict,
        score=max(verdict.score, Urgency.CLINICAL_STANDARD),
        review=True,
        confidence=min(verdict.confidence, MOST_CONFIDENCE),
        candidate=Urgency.CLINICAL_URGENT,
        reasons=(*verdict.reasons, *notes),
    )


def raised_to_urgent(verdict: Verdict, topic: str, doubt: Doubt) -> Verdict:
    """The verdict as clinical urgent, for what adds up beyond the words of one message."""
    return replace(
        verdict,
        score=Urgency.CLINICAL_URGENT,
        topic=topic,
        team="clinical",
        review=False,
        candidate=Urgency.CLINICAL_URGENT,
        reasons=(*verdict.reasons, _note(doubt, "scores 5")),
    )


def _note(doubt: Doubt, effect: str) -> Reason:
    return Reason(rule=doubt.rule, set=RuleSet.CLINICAL, text_span="", effect=effect, why=doubt.why)
