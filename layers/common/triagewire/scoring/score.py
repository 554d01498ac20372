"""One message → one verdict. The three rule sets speak separately; here the higher urgency wins
and doubt goes to people.
 What holds whatever the rules say: a live clinical-urgent hit gives 5; a
modified one never less than 4; a crisis has no modifier but proven paperwork; the record and the
wording only raise.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from triagewire.arrival import Channel
from triagewire.scoring.doubt import Doubt, doubted, doubts_about
from triagewire.scoring.engine import Facts, Hit, SetEngine
from triagewire.scoring.languages import Languages, Spoken
from triagewire.scoring.lexicon import Cues
from triagewire.scoring.machines import names_somebody, of_machines
from triagewire.scoring.normalise import Text, read
from triagewire.scoring.office import strongest
from triagewire.scoring.patient import conflicts, said_of_patient
from triagewire.scoring.rivals import contested
from triagewire.scoring.rulebook import Rules
from triagewire.scoring.second_opinion.advice import advised
from triagewire.scoring.second_opinion.features import Said
from triagewire.scoring.second_opinion.opinion import SecondOpinion
from triagewire.scoring.second_opinion.shipped import shipped
from triagewire.scoring.stated import (
    DANGER_RULE,
    Ask,
    answers,
    group_of,
    not_below,
    raised_by_impact,
    stated_hits,
)
from triagewire.scoring.subject import ScoringInput
from triagewire.scoring.weigh import weigh
from triagewire.verdict import RuleSet, Verdict

PIECE_CHARS, OVERLAP_CHARS = 6_000, 240
"""Longer texts are scored in pieces of about this many characters, so that time grows with length
only.
"""


IN_DANGER = Doubt(
    DANGER_RULE, "patients may be in danger while this does not work: a clinician must look first"
)


@dataclass(frozen=True, slots=True)
class Engine:
    """The compiled rules of one policy version."""

    clinical: SetEngine
    administrative: SetEngine
    it: SetEngine
    languages: Languages
    rules: Rules
    opinion: SecondOpinion | None = None

    @property
    def weak(self) -> frozenset[str]:
        """The clinical rules that say little by themselves."""
        return frozenset(rule.id for rule in self.rules.clinical.rules if rule.weak)


def build_engine(rules: Rules) -> Engine:
    """Compile the rules; do it once per cold start."""
    cues = Cues(rules.language)
    return Engine(
        clinical=SetEngine(rules.clinical, rules.language, cues),
        administrative=SetEngine(rules.administrative, rules.language, None),
        it=SetEngine(rules.it, rules.language, None),
        languages=Languages(rules.language.markers),
        rules=rules,
        opinion=shipped(),
    )


@dataclass(slots=True)
class _Heard:
    """All hits of one message by rule set, best match kept for each rule."""

    hits: dict[RuleSet, dict[str, Hit]] = field(
        default_factory=lambda: {name: {} for name in RuleSet}
    )

    def add(self, name: RuleSet, found: Sequence[Hit]) -> None:
        kept = self.hits[name]
        for hit in found:
            old = kept.get(hit.rule.id)
            if old is None or (old.bits and not hit.bits):
                kept[hit.rule.id] = hit
            elif hit.urgent and not old.urgent:
                kept[hit.rule.id] = replace(old, urgent=True)


def score(subject: ScoringInput, engine: Engine) -> Verdict:
    """The verdict on one message. Never raises for anything a person can write."""
    verdict, spoken = _weighed(subject, engine)
    if subject.staff_request is not None:
        alone, _ = _weighed(replace(subject, staff_request=None), engine)
        verdict = raised_by_impact(not_below(verdict, alone, engine.weak), subject)
        subject = replace(subject, intake=(*subject.intake, *answers(subject.staff_request)))
    verdict = replace(verdict, language=spoken.language)
    doubts = (*doubts_about(subject, spoken), *conflicts(subject))
    return doubted(verdict, doubts)


def _weighed(subject: ScoringInput, engine: Engine) -> tuple[Verdict, Spoken]:
    """What the rules and the second opinion say, and in which language the words are."""
    said, spoken = listen(subject, engine)
    words = sum(len(piece.words) for piece in said.texts)
    opinion = None if _by_machine(subject) else engine.opinion  # it has only read people
    weighed = weigh(
        said.hits,
        staff=said.staff,
        words=words,
        net=engine.rules.clinical.net,
        asked_again=opinion is not None and engine.rules.opinion.page,
    )
    hinted = _hinted(weighed, subject, engine)
    chosen = hinted.team != weighed.team or subject.staff_request is not None
    verdict = advised(hinted, said, engine.rules, opinion, chosen=chosen)
    verdict = contested(verdict, said.hits)
    if DANGER_RULE in said.hits[RuleSet.IT] and not _by_machine(subject):
        verdict = doubted(verdict, (IN_DANGER,))
    return verdict, engine.languages.spoken(said.texts, spoken, subject.language)


def listen(subject: ScoringInput, engine: Engine) -> tuple[Said, list[tuple[str, ...]]]:
    """What each rule set finds in the message, and the languages of its pieces."""
    staff, by_machine = subject.voice == "staff", _by_machine(subject)
    pieces = [_plain(part, engine) for part in _parts(_whole(subject))]
    named = by_machine and any(map(names_somebody, pieces))
    spoken = [engine.languages.of(piece, subject.language) for piece in pieces]
    heard = _Heard()
    for name, rules in _sets(engine, staff=staff, by_machine=by_machine):
        facts = _facts(subject, rules, engine)
        for piece, tongues in zip(pieces, spoken, strict=True):
            found = rules.hits(piece, tongues or ("en", "es"), facts, staff=staff)
            if by_machine and name is RuleSet.CLINICAL:
                found = of_machines(found, named=named)
            heard.add(name, found)
            if name is RuleSet.CLINICAL and not by_machine:
                other = engine.languages.other_reading(piece, tongues, subject.language)
                heard.add(name, rules.hits(piece, other, facts, staff=staff) if other else ())
        if subject.staff_request is not None:
            ask = _asker(rules, facts, engine, staff=staff)
            heard.add(name, list(stated_hits(subject.staff_request, name, pieces[0].original, ask)))
    return Said(pieces, heard.hits, staff), spoken


def _by_machine(subject: ScoringInput) -> bool:
    machine = subject.automatic and subject.channel == Channel.MONITORING
    return machine and subject.voice == "staff"


def _asker(rules: SetEngine, facts: Facts, engine: Engine, *, staff: bool) -> Ask:
    """One rule set, to be asked about the texts of single fields."""

    def ask(text: str) -> list[Hit]:
        return rules.hits(_plain(text, engine), ("en", "es"), facts, staff=staff)

    return ask


def _sets(engine: Engine, *, staff: bool, by_machine: bool) -> list[tuple[RuleSet, SetEngine]]:
    """Which rules are asked: a patient asks for no IT, and a machine asks nothing of the office."""
    sets = [(RuleSet.CLINICAL, engine.clinical)]
    if not by_machine:
        sets.append((RuleSet.ADMINISTRATIVE, engine.administrative))
    return [*sets, (RuleSet.IT, engine.it)] if staff else sets


def _whole(subject: ScoringInput) -> str:
    return "\n\n".join(
        part for part in (subject.subject, subject.text, *subject.intake) if part.strip()
    )


def _plain(text: str, engine: Engine) -> Text:
    return read(text, engine.rules.language.contractions)


def _parts(whole: str) -> list[str]:
    """A text, or the pieces of a long one: cut at white space, each reaching a little into the
    next, so that no phrase is lost at a cut; a piece seen before is not scored again.
    """
    parts: dict[str, None] = {}
    start = 0
    while start + PIECE_CHARS < len(whole):
        cut = whole.rfind(" ", start + PIECE_CHARS // 2, start + PIECE_CHARS)
        end = cut if cut > 0 else start + PIECE_CHARS
        parts[whole[start : end + OVERLAP_CHARS]] = None
        start = end
    parts[whole[start:]] = None
    return list(parts)


def _facts(subject: ScoringInput, rules: SetEngine, engine: Engine) -> Facts:
    texts, ages = said_of_patient(subject)
    return rules.facts(texts, lambda part: _plain(part, engine), ages)


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
    hint = _plain(subject.request_type.replace("_", " "), engine)
    found = engine.administrative.hits(hint, ("en", "es"), Facts(), staff=subject.voice == "staff")
    need = strongest({hit.rule.id: hit for hit in found}, RuleSet.ADMINISTRATIVE)
    return replace(verdict, team=need.need.team) if need else verdict


def _chosen_group(subject: ScoringInput, engine: Engine) -> str | None:
    """The resolver group of the category that staff chose in their form."""
    if subject.voice != "staff" or subject.staff_request is None:
        return None
    ask = _asker(engine.it, Facts(), engine, staff=True)
    return group_of(subject.staff_request.category, ask)
