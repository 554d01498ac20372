"""Rules compiled: phrases into the tries, patterns into groups, found again by their rarest
concept.
"""

import re
from dataclasses import dataclass

from triagewire.scoring.lexicon import Lexicon
from triagewire.scoring.patterns import Group, Pattern, Term, is_pattern, parse
from triagewire.scoring.rulebook import Concept, Language, Rule, SetRules

_WORD = re.compile(r"[a-z]{4,}")
LITERAL = "'"
"""Prefix of the unnamed concept that a literal phrase inside a pattern becomes."""
type Derived = list[tuple[str, tuple[Group, ...], frozenset[str]]]
"""Concepts made of others: the name, what makes it, and the concepts without which nothing does."""


@dataclass(frozen=True, slots=True)
class CompiledPattern:
    """One pattern of a rule; it can match only where every `required` concept is mentioned."""

    rule: Rule
    groups: tuple[Group, ...]
    required: frozenset[str]


type Index = dict[str, list[CompiledPattern]]


class CompiledSet:
    """The tries and patterns of one rule set, ready to be asked. Fields are filled once, then
    only read.
    """

    def __init__(self, rules: SetRules, language: Language) -> None:
        self.lexicon = Lexicon(language, _plain_phrases(rules))
        self.spanish = _spanish_words(rules)
        self.when: Index = {}
        self.urgent: Index = {}
        self.unless: Index = {}
        self._sizes = {name: len(c.en) + len(c.es) for name, c in rules.concepts.items()}
        derived = [entry for item in rules.concepts.items() for entry in self._concept(*item)]
        self.derived = _in_order(derived)
        self.quiet = _only_evidence(rules, derived)
        for rule in rules.rules:
            for entries, index in (
                (rule.when, self.when),
                (rule.urgent, self.urgent),
                (rule.unless, self.unless),
            ):
                for entry in entries:
                    self._pattern(rule, entry, index)

    def _concept(self, name: str, concept: Concept) -> Derived:
        """Put the phrases of a concept into the tries; return its patterns."""
        derived: Derived = []
        for tongue, listed in (("en", concept.en), ("es", concept.es)):
            for entry in listed:
                if is_pattern(entry):
                    groups = self._groups(parse(entry))
                    derived.append((name, groups, _required(groups)))
                else:
                    self.lexicon.add(tongue, name, entry)
        return derived

    def _groups(self, pattern: Pattern) -> tuple[Group, ...]:
        return tuple(
            Group(tuple(self._term(term) for term in group.terms), group.operators)
            for group in pattern
        )

    def _term(self, term: Term) -> Term:
        if not term.literal:
            return term
        self.lexicon.add("en", LITERAL + term.name, term.name)
        return Term(LITERAL + term.name)

    def _pattern(self, rule: Rule, entry: str, index: Index) -> None:
        plain = (Group((Term(entry, literal=True),), ()),)
        groups = self._groups(parse(entry) if is_pattern(entry) else plain)
        named = _required(groups)
        rarest = min(sorted(named), key=lambda name: self._sizes.get(name, 1)) if named else ""
        index.setdefault(rarest, []).append(CompiledPattern(rule, groups, named))


def _required(groups: tuple[Group, ...]) -> frozenset[str]:
    """The concepts that must be mentioned: what the record may say instead is none of them."""
    terms = (term for group in groups for term in group.terms)
    return frozenset(term.name for term in terms if not term.record)


def _only_evidence(rules: SetRules, derived: Derived) -> frozenset[str]:
    """The concepts that only the safety net uses: a "not" inside one of them stays a negation."""
    counted: set[str] = set()
    other = {term.name for _, groups, _ in derived for group in groups for term in group.terms}
    for rule in rules.rules:
        patterns = (entry for entry in (*rule.when, *rule.unless) if is_pattern(entry))
        names = {term.name for entry in patterns for group in parse(entry) for term in group.terms}
        (counted if rule.evidence else other).update(names)
    return frozenset(counted - other)


def _in_order(derived: Derived) -> Derived:
    """Derived concepts after those they are made of; a circle keeps its written order."""
    ordered: Derived = []
    waiting = derived
    while waiting:
        made_later = {name for name, _, _ in waiting}
        ready: Derived = []
        blocked: Derived = []
        for entry in waiting:
            parts = {term.name for group in entry[1] for term in group.terms}
            (blocked if parts & made_later - {entry[0]} else ready).append(entry)
        if not ready:
            return ordered + blocked
        ordered += ready
        waiting = blocked
    return ordered


def _spanish_words(rules: SetRules) -> frozenset[str]:
    """The words of the Spanish phrases that no English phrase has."""
    texts = ((" ".join(c.en), " ".join(c.es)) for c in rules.concepts.values())
    english, spanish = (
        ("\n".join(side) for side in zip(*texts, strict=True)) if rules.concepts else ("", "")
    )
    return frozenset(_WORD.findall(spanish)) - frozenset(_WORD.findall(english))


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
