"""The compiled rules: built once per cold start, then asked about one text at a time. Nothing here keeps state."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from triagewire.scoring.assertion import UNSURE, Scopes
from triagewire.scoring.match import (
    MENTION_CAP,
    Matching,
    Mention,
    Mentions,
    Trie,
    Vocabulary,
    sentence_numbers,
)
from triagewire.scoring.measures import Reading, Readers
from triagewire.scoring.normalise import NO_BREAK, Text, expand_word
from triagewire.scoring.patterns import Group, Term, is_pattern, parse
from triagewire.scoring.rules import Language, Rule, Rules, SetRules
from triagewire.scoring.spelling import Speller


@dataclass(frozen=True, slots=True)
class Hit:
    """One rule that matched: the words it matched, and the modifier bits (0: live). `urgent`: its `urgent` matched too."""

    rule: Rule
    span: str
    bits: int
    urgent: bool = False
    staff: bool = False


@dataclass(frozen=True, slots=True)
class _Compiled:
    rule: Rule
    groups: tuple[Group, ...]
    required: frozenset[str]


@dataclass(frozen=True, slots=True)
class Facts:
    """What the record says, as concepts of one rule set and as readings (age, pregnancy week)."""

    concepts: frozenset[str] = frozenset()
    ages: tuple[float, ...] = ()


class Lexicon:
    """A trie for each language over one vocabulary."""

    def __init__(self, language: Language, phrases: Iterable[str]) -> None:
        words: set[str] = set()
        exact: set[str] = set()
        prefixes: set[str] = set()
        for phrase in phrases:
            for piece in (
                phrase.lower()
                .replace("(", " ")
                .replace(")", " ")
                .replace("|", " ")
                .replace("?", " ")
                .split()
            ):
                if piece[0] == "=":
                    exact.add(piece[1:])
                elif piece[-1] == "*":
                    prefixes.add(piece[:-1])
                words.add(piece.strip("=*"))
        self.words = {part for word in words for part in expand_word(word, language.contractions)}
        self.vocabulary = Vocabulary(language.forms, exact, prefixes)
        self.tries = {
            tongue: Trie(self.vocabulary, language.fillers, language.contractions)
            for tongue in ("en", "es")
        }

    def find(self, text: Text, tongues: Sequence[str]) -> dict[str, list[tuple[int, int]]]:
        """Mentions of every concept in the given languages."""
        symbols = [self.vocabulary.symbols(word) for word in text.words]
        found = self.tries["en"].find(text, symbols)
        if "es" in tongues:
            for name, spans in self.tries["es"].find(text, symbols).items():
                found[name] = sorted({*found.get(name, ()), *spans})
        return found


class Cues:
    """The language's own trie, for assertion."""

    def __init__(self, language: Language) -> None:
        phrases = [phrase for cue in language.cues.values() for phrase in (*cue.en, *cue.es)]
        self._lexicon = Lexicon(language, phrases)
        for name, cue in language.cues.items():
            for tongue, listed in (("en", cue.en), ("es", cue.es)):
                for phrase in listed:
                    self._lexicon.tries[tongue].add(name, phrase)

    def find(self, text: Text, tongues: Sequence[str]) -> dict[str, list[tuple[int, int]]]:
        """Spans of every cue."""
        return self._lexicon.find(text, tongues)


class SetEngine:
    """One rule set, compiled. It sees the text and the record, and nothing of the other sets."""

    def __init__(self, rules: SetRules, language: Language, cues: Cues | None) -> None:
        self._rules = rules
        self._cues = cues
        self._readers = Readers(language.quantities)
        self._derived: list[tuple[str, tuple[Group, ...]]] = []
        self._compiled: dict[str, list[_Compiled]] = {}
        self._urgent: dict[str, list[_Compiled]] = {}
        self._unless: dict[str, list[_Compiled]] = {}
        self._sizes: dict[str, int] = {}
        self._lexicon = Lexicon(language, _plain_phrases(rules))
        self._fill()
        self._lexicon.vocabulary.speller = Speller(
            self._lexicon.words, language.protected, language.misspellings
        )
        self.speller = self._lexicon.vocabulary.speller

    # Building -------------------------------------------------------------------------------------------------

    def _fill(self) -> None:
        for name, concept in self._rules.concepts.items():
            self._sizes[name] = len(concept.en) + len(concept.es)
            for tongue, listed in (("en", concept.en), ("es", concept.es)):
                for entry in listed:
                    if is_pattern(entry):
                        self._derived.append(
                            (name, tuple(self._literals(group) for group in parse(entry)))
                        )
                    else:
                        self._lexicon.tries[tongue].add(name, entry)
        self._derived = _in_order(self._derived)
        for rule in self._rules.rules:
            for entry in rule.when:
                self._compile(rule, entry, self._compiled)
            for entry in rule.urgent:
                self._compile(rule, entry, self._urgent)
            for entry in rule.unless:
                self._compile(rule, entry, self._unless)

    def _literals(self, group: Group) -> Group:
        terms = []
        for term in group.terms:
            if term.literal:
                self._lexicon.tries["en"].add("'" + term.name, term.name)
                terms.append(Term("'" + term.name))
            else:
                terms.append(term)
        return Group(tuple(terms), group.operators)

    def _compile(self, rule: Rule, entry: str, index: dict[str, list[_Compiled]]) -> None:
        if is_pattern(entry):
            groups = tuple(self._literals(group) for group in parse(entry))
        else:
            groups = (self._literals(Group((Term(entry, literal=True),), ())),)
        named = {term.name for group in groups for term in group.terms if not term.record}
        rarest = min(sorted(named), key=lambda name: self._sizes.get(name, 1)) if named else ""
        index.setdefault(rarest, []).append(_Compiled(rule, groups, frozenset(named)))

    # Asking ---------------------------------------------------------------------------------------------------

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
            for name, m in self._rules.measures.items()
            if m.quantity == "age" and m.minimum <= age <= m.maximum
        )
        return Facts(frozenset(concepts), ages)

    def hits(self, text: Text, tongues: Sequence[str], facts: Facts, *, staff: bool) -> list[Hit]:
        """Every rule that matches, each with its best (most live) match."""
        text = self._respell(text)
        found = self._lexicon.find(text, tongues)
        matching = self._matching(text, found, tongues, facts, staff=staff)
        voice = "staff" if staff else "patient"
        hits: dict[str, Hit] = {}
        lifted = self._rules_that_hold(self._urgent, matching)
        eased = self._rules_that_hold(self._unless, matching)
        for entry in self._candidates(self._compiled, matching):
            rule = entry.rule
            settled = rule.id in hits and hits[rule.id].bits == 0
            if rule.voice not in (None, voice) or rule.id in eased or settled:
                continue
            match = matching.holds(entry.groups)
            if match is not None and (rule.id not in hits or match[2] == 0):
                span = text.span(match[0], match[1])
                hits[rule.id] = Hit(rule, span, match[2], rule.id in lifted, staff)
        return list(hits.values())

    def _rules_that_hold(self, index: dict[str, list[_Compiled]], matching: Matching) -> set[str]:
        return {e.rule.id for e in self._candidates(index, matching) if matching.holds(e.groups)}

    def _respell(self, text: Text) -> Text:
        """Run-together words ("chestpain") become words of their own, standing at the same place."""
        split = {
            at: parts[0]
            for at, word in enumerate(text.words)
            if len(word) >= 7 and not self.speller.known(word)
            if (parts := self.speller.readings(word)) and len(parts[0]) > 1
        }
        split |= {
            at: parts[0]
            for at, word in enumerate(text.words)
            if 2 <= len(word) < 7
            if (parts := self.speller.readings(word)) and len(parts[0]) > 1
        }
        if not split:
            return text
        columns: tuple[list[str], list[int], list[int], list[int], list[int]] = ([], [], [], [], [])
        for at, word in enumerate(text.words):
            for index, part in enumerate(split.get(at, (word,))):
                row = (
                    part,
                    text.starts[at],
                    text.ends[at],
                    text.breaks[at] if index == 0 else NO_BREAK,
                    text.plain_starts[at],
                )
                for column, value in zip(columns, row, strict=True):
                    column.append(value)  # type: ignore[attr-defined]
        words, starts, ends, breaks, plain_starts = columns
        return Text(
            text.original,
            text.plain,
            tuple(words),
            tuple(starts),
            tuple(ends),
            tuple(breaks),
            tuple(plain_starts),
        )

    def _matching(
        self,
        text: Text,
        found: dict[str, list[tuple[int, int]]],
        tongues: Sequence[str],
        facts: Facts,
        *,
        staff: bool,
    ) -> Matching:
        claimed = [0] * len(text.words)
        for spans in found.values():
            for first, last in spans:
                if last - first > 1:
                    for at in range(first, last):
                        claimed[at] = max(claimed[at], last)
        cues = self._cues.find(text, tongues) if self._cues else {}
        scopes = Scopes(text, cues, claimed, staff=staff)
        mentions: Mentions = {}
        for name, spans in found.items():
            mentions[name] = [
                (first, last, scopes.of(first, last)) for first, last in spans[:MENTION_CAP]
            ]
        readings = self._readers.read(text)
        self._measure(mentions, readings, scopes)
        matching = Matching(mentions, sentence_numbers(text), facts.concepts)
        self._derive(matching)
        return matching

    def _derive(self, matching: Matching) -> None:
        mentions = matching.mentions
        for name, groups in self._derived:
            if any(
                term.name not in mentions and not term.record
                for group in groups
                for term in group.terms
            ):
                continue
            single = len(groups) == 1
            whole = None if single else matching.holds(groups)
            for match in matching.every(groups[0]) if single else [whole] if whole else []:
                matching.add(name, match)

    def _measure(self, mentions: Mentions, readings: Sequence[Reading], scopes: Scopes) -> None:
        for name, measure in self._rules.measures.items():
            held: list[Mention] = [
                (r.first, r.last, scopes.of(r.first, r.last))
                for r in readings
                if r.quantity == measure.quantity and measure.minimum <= r.value <= measure.maximum
            ]
            if held:
                mentions[name] = sorted({*mentions.get(name, ()), *held})[:MENTION_CAP]

    @staticmethod
    def _candidates(index: dict[str, list[_Compiled]], matching: Matching) -> list[_Compiled]:
        present = matching.mentions.keys()
        entries = list(index.get("", ()))
        for name in present:
            entries.extend(index.get(name, ()))
        return [entry for entry in entries if entry.required <= present]


def _in_order(derived: list[tuple[str, tuple[Group, ...]]]) -> list[tuple[str, tuple[Group, ...]]]:
    """Derived concepts after those they are made of; a circle keeps its written order."""
    made = {name for name, _ in derived}
    placed: set[str] = set()
    ordered: list[tuple[str, tuple[Group, ...]]] = []
    waiting = list(derived)
    while waiting:
        left = {name for name, _ in waiting}
        ready = [
            (name, groups)
            for name, groups in waiting
            if not {t.name for g in groups for t in g.terms} & (made & left) - {name}
        ]
        if not ready:
            return ordered + waiting
        ordered += ready
        placed.update(name for name, _ in ready)
        waiting = [entry for entry in waiting if entry not in ready]
    return ordered


def _plain_phrases(rules: SetRules) -> list[str]:
    phrases: list[str] = []
    entries = [entry for c in rules.concepts.values() for entry in (*c.en, *c.es)]
    entries += [entry for rule in rules.rules for entry in (*rule.when, *rule.urgent, *rule.unless)]
    for entry in entries:
        if is_pattern(entry):
            phrases.extend(
                term.name for group in parse(entry) for term in group.terms if term.literal
            )
        else:
            phrases.append(entry)
    return phrases
