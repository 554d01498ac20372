"""What each rule set hears in one message: its hits, piece by piece of a long text.

The three rule sets speak separately: none is told what another found.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from triagewire.arrival import Channel
from triagewire.scoring.engine import Facts, Hit, SetEngine
from triagewire.scoring.languages import Languages
from triagewire.scoring.lexicon import Cues
from triagewire.scoring.machines import names_somebody, of_machines
from triagewire.scoring.normalise import Text, read
from triagewire.scoring.patient import said_of_patient
from triagewire.scoring.rulebook import Rules
from triagewire.scoring.second_opinion.features import Said, playing_down
from triagewire.scoring.second_opinion.opinion import SecondOpinion
from triagewire.scoring.second_opinion.shipped import shipped
from triagewire.scoring.stated import Ask, stated_hits
from triagewire.scoring.subject import ScoringInput
from triagewire.verdict import RuleSet

PIECE_CHARS, OVERLAP_CHARS = 6_000, 240
"""Longer texts are scored in pieces of about this many characters, so that time grows with length
only.
"""


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


type Listened = tuple[Said, list[tuple[str, ...]]]
"""What was heard in a message, and the languages of each of its pieces."""


def listen(subject: ScoringInput, engine: Engine) -> Listened:
    """What each rule set finds in the message, and the languages of its pieces."""
    staff, machine = subject.voice == "staff", by_machine(subject)
    pieces = [plain(part, engine) for part in _parts(whole_of(subject))]
    named = machine and any(map(names_somebody, pieces))
    spoken = [engine.languages.of(piece, subject.language) for piece in pieces]
    heard = _Heard()
    for name, rules in _sets(engine, staff=staff, by_machine=machine):
        facts = _facts(subject, rules, engine)
        for piece, tongues in zip(pieces, spoken, strict=True):
            found = rules.hits(piece, tongues or ("en", "es"), facts, staff=staff)
            if machine and name is RuleSet.CLINICAL:
                found = of_machines(found, named=named)
            heard.add(name, found)
            if name is RuleSet.CLINICAL and not machine:
                other = engine.languages.other_reading(piece, tongues, subject.language)
                heard.add(name, rules.hits(piece, other, facts, staff=staff) if other else ())
        if subject.staff_request is not None:
            ask = asker(rules, facts, engine, staff=staff)
            heard.add(name, list(stated_hits(subject.staff_request, name, pieces[0].original, ask)))
    phrases = engine.rules.language.playing_down
    played_down = [playing_down(piece, phrases) for piece in pieces]
    return Said(pieces, heard.hits, staff, played_down), spoken


def by_machine(subject: ScoringInput) -> bool:
    """Whether a tool that watches hosts sent the message: its words are of machines, not people."""
    machine = subject.automatic and subject.channel == Channel.MONITORING
    return machine and subject.voice == "staff"


def asker(rules: SetEngine, facts: Facts, engine: Engine, *, staff: bool) -> Ask:
    """One rule set, to be asked about the texts of single fields."""

    def ask(text: str) -> list[Hit]:
        return rules.hits(plain(text, engine), ("en", "es"), facts, staff=staff)

    return ask


def _sets(engine: Engine, *, staff: bool, by_machine: bool) -> list[tuple[RuleSet, SetEngine]]:
    """Which rules are asked: a patient asks for no IT, and a machine asks nothing of the office."""
    sets = [(RuleSet.CLINICAL, engine.clinical)]
    if not by_machine:
        sets.append((RuleSet.ADMINISTRATIVE, engine.administrative))
    return [*sets, (RuleSet.IT, engine.it)] if staff else sets


def whole_of(subject: ScoringInput) -> str:
    """Every text of a message that is scored together: subject line, words, structured answers."""
    return "\n\n".join(
        part for part in (subject.subject, subject.text, *subject.intake) if part.strip()
    )


def plain(text: str, engine: Engine) -> Text:
    """A text as plain words, its contractions opened as the language of the rules says."""
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
    return rules.facts(texts, lambda part: plain(part, engine), ages)
