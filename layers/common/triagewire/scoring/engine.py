"""The compiled rules: built once per cold start, then asked about one text at a time. Nothing
here keeps state.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from triagewire.scoring.assertion import Scopes
from triagewire.scoring.compiled import CompiledPattern, CompiledSet, Index
from triagewire.scoring.lexicon import Cues
from triagewire.scoring.match import (
    MENTION_CAP,
    Matching,
    Mention,
    Mentions,
    sentence_numbers,
)
from triagewire.scoring.measures import Readers, Reading
from triagewire.scoring.normalise import Text
from triagewire.scoring.rulebook import Language, Rule, SetRules
from triagewire.scoring.spelling import Speller

type Spans = dict[str, list[tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class Hit:
    """One rule that matched: the words it matched, and the modifier bits (0: live). `urgent`: its
    `urgent` matched too. `well`: the message says that all is well; `turned`: a "but", a plan or a
    means turns round what it says.
    """

    rule: Rule
    span: str
    bits: int
    urgent: bool = False
    staff: bool = False
    well: bool = False
    turned: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What the record says, as concepts of one rule set and as readings (age, pregnancy week)."""

    concepts: frozenset[str] = frozenset()
    ages: tuple[float, ...] = ()


class SetEngine:
    """One rule set, compiled. It sees the text and the record, and nothing of the other sets."""

    def __init__(self, rules: SetRules, language: Language, cues: Cues | None) -> None:
        self._measures = rules.measures
        self._cues = cues
        self._readers = Readers(language.quantities)
        self._set = CompiledSet(rules, language)
        self._lexicon = self._set.lexicon
        protected = language.protected | (cues.words if cues else frozenset())
        self.speller = Speller(
            self._lexicon.words, protected, language.misspellings, self._set.spanish
        )
        self._lexicon.vocabulary.speller = self.speller

    def facts(
        self, texts: Sequence[str], read: Callable[[str], Text], ages: tuple[float, ...]
    ) -> Facts:
        """The record as concepts of this set."""
        concepts: set[str] = set()
        for text in texts:
            concepts.update(self._lexicon.find(read(text), ("en", "es")))
        concepts.update(
            name
            for age in ages
            for name, m in self._measures.items()
            if m.quantity == "age" and m.minimum <= age <= m.maximum
        )
        return Facts(frozenset(concepts), ages)

    def hits(self, text: Text, tongues: Sequence[str], facts: Facts, *, staff: bool) -> list[Hit]:
        """Every rule that matches, each with its best (most live) match."""
        text = self._respell(text)
        found = self._lexicon.find(text, tongues)
        cues = self._cues.find(text, tongues) if self._cues else {}
        well, turned = "well" in cues, "turn" in cues
        matching = self._matching(text, found, cues, facts, staff=staff)
        voice = "staff" if staff else "patient"
        hits: dict[str, Hit] = {}
        lifted = self._rules_that_hold(self._set.urgent, matching)
        eased = self._rules_that_hold(self._set.unless, matching)
        for entry in self._candidates(self._set.when, matching):
            rule = entry.rule
            settled = rule.id in hits and hits[rule.id].bits == 0
            if rule.voice not in (None, voice) or rule.id in eased or settled:
                continue
            match = matching.holds(entry.groups)
            if match is not None and (rule.id not in hits or match[2] == 0):
                span = text.span(match[0], match[1])
                lift = rule.id in lifted
                hits[rule.id] = Hit(rule, span, match[2], lift, staff, well, turned)
        return list(hits.values())

    def _rules_that_hold(self, index: Index, matching: Matching) -> set[str]:
        return {e.rule.id for e in self._candidates(index, matching) if matching.holds(e.groups)}

    def _respell(self, text: Text) -> Text:
        """Run-together words ("chestpain") become words of their own."""
        split: dict[int, tuple[str, ...]] = {}
        for at, word in enumerate(text.words):
            if not self.speller.known(word):
                parts = self.speller.readings(word)
                if parts and len(parts[0]) > 1:
                    split[at] = parts[0]
        return text.opened(split) if split else text

    def _matching(
        self,
        text: Text,
        found: Spans,
        cues: Spans,
        facts: Facts,
        *,
        staff: bool,
    ) -> Matching:
        claimed = [0] * len(text.words)
        for name, spans in found.items():
            for first, last in spans:
                if last - first > 1 and name not in self._set.quiet:
                    for at in range(first, last):
                        claimed[at] = max(claimed[at], last)
        scopes = Scopes(text, cues, claimed, staff=staff)
        mentions: Mentions = {}
        for name, spans in _meant(found, cues.get("not_clinical", ())).items():
            mentions[name] = [
                (first, last, scopes.of(first, last)) for first, last in spans[:MENTION_CAP]
            ]
        readings = self._readers.read(text)
        self._measure(mentions, readings, scopes)
        matching = Matching(mentions, sentence_numbers(text), facts.concepts)
        self._derive(matching)
        return matching

    def _derive(self, matching: Matching) -> None:
        present = matching.mentions.keys()
        for name, groups, required in self._set.derived:
            if not required <= present:
                continue
            single = len(groups) == 1
            whole = None if single else matching.holds(groups)
            for match in matching.every(groups[0]) if single else [whole] if whole else []:
                matching.add(name, match)

    def _measure(self, mentions: Mentions, readings: Sequence[Reading], scopes: Scopes) -> None:
        for name, measure in self._measures.items():
            held: list[Mention] = [
                (r.first, r.last, scopes.of(r.first, r.last))
                for r in readings
                if r.quantity == measure.quantity and measure.minimum <= r.value <= measure.maximum
            ]
            if held:
                mentions[name] = sorted({*mentions.get(name, ()), *held})[:MENTION_CAP]

    @staticmethod
    def _candidates(index: Index, matching: Matching) -> list[CompiledPattern]:
        present = matching.mentions.keys()
        return [
            entry
            for name in ("", *present)
            for entry in index.get(name, ())
            if entry.required <= present
        ]


def _meant(found: Spans, idioms: Sequence[tuple[int, int]]) -> Spans:
    """The mentions without those that are only a part of an idiom or a name ("lunch break")."""
    if not idioms:
        return found
    part = {at: (first, last) for first, last in idioms for at in range(first, last)}
    kept: Spans = {}
    for name, spans in found.items():
        left = [span for span in spans if not _within(part, span)]
        if left:
            kept[name] = left
    return kept


def _within(part: Mapping[int, tuple[int, int]], span: tuple[int, int]) -> bool:
    """Whether a mention overlaps an idiom without holding all of it."""
    idiom = part.get(span[0]) or part.get(span[1] - 1)
    return idiom is not None and (span[0] > idiom[0] or span[1] < idiom[1])
