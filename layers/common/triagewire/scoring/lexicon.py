"""Phrases made findable: a trie for each language over one vocabulary, and the cues of assertion
in one.
"""

from collections.abc import Iterable, Sequence

from triagewire.scoring.match import Trie, Vocabulary
from triagewire.scoring.normalise import Text, expand_word
from triagewire.scoring.rulebook import Language

_MARKS = "()|?"


class Lexicon:
    """A trie for each language over one vocabulary."""

    def __init__(self, language: Language, phrases: Iterable[str]) -> None:
        words: set[str] = set()
        exact: set[str] = set()
        prefixes: set[str] = set()
        for piece in set(_bare(" ".join(phrases).lower()).split()):
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

    def add(self, tongue: str, concept: str, phrase: str) -> None:
        """Put a phrase of a concept into the trie of its language."""
        if tongue == "en":
            self.tries[tongue].add(concept, phrase)
        else:
            self.tries[tongue].later(concept, phrase)

    def find(self, text: Text, tongues: Sequence[str]) -> dict[str, list[tuple[int, int]]]:
        """Mentions of every concept in the given languages."""
        symbols = [self.vocabulary.symbols(word) for word in text.words]
        found = self.tries["en"].find(text, symbols)
        if "es" in tongues:
            for name, spans in self.tries["es"].find(text, symbols).items():
                found[name] = sorted({*found.get(name, ()), *spans})
        return found


def _bare(phrases: str) -> str:
    """Phrases without the marks of choices; one replacement a mark is far faster than a table."""
    for mark in _MARKS:
        phrases = phrases.replace(mark, " ")
    return phrases


class Cues:
    """The language's own trie, for assertion."""

    def __init__(self, language: Language) -> None:
        phrases = [phrase for cue in language.cues.values() for phrase in (*cue.en, *cue.es)]
        self._lexicon = Lexicon(language, phrases)
        for name, cue in language.cues.items():
            for tongue, listed in (("en", cue.en), ("es", cue.es)):
                for phrase in listed:
                    self._lexicon.add(tongue, name, phrase)

    @property
    def words(self) -> frozenset[str]:
        """Every word of a cue: the speller must leave it alone, or the cue is lost."""
        return frozenset(self._lexicon.words)

    def find(self, text: Text, tongues: Sequence[str]) -> dict[str, list[tuple[int, int]]]:
        """Spans of every cue."""
        return self._lexicon.find(text, tongues)
