"""Questions about an illness in general: "how long does a heart attack last", "can you get lockjaw
from a nail". Nobody in them has it. A person still looks, for some people ask so about themselves.
"""

from collections.abc import Sequence

from triagewire.scoring.effects import HYPOTHETICAL, UNSURE
from triagewire.scoring.marks import Marks
from triagewire.scoring.normalise import NO_BREAK

_ASKING = frozenset([
    "how", "what", "which", "why", "can", "could", "does", "do", "would",
    "will", "should",
])  # fmt: skip
_SOMEBODY = frozenset([
    "i", "me", "my", "mine", "we", "us", "our", "he", "him", "his", "she", "her", "hers", "pt",
    "patient", "now", "today", "tonight", "just", "already", "your", "still", "bed", "room",
    "yesterday", "worse",
])  # fmt: skip
"""Words that point at somebody, or at what is happening."""
_POINTING = frozenset(["this", "that", "these", "those", "it"])
"""They point at what was told before, unless the question has already named its illness."""
_OPENING = 4
_GENERAL = frozenset([
    "a", "an", "any", "people", "person", "someone", "somebody", "anyone", "you", "one", "adults",
    "kids", "children", "babies", "women", "men", "usually", "always", "ever", "often", "really",
    "long", "fast", "soon", "common",
])  # fmt: skip


class Generalities:
    """Marks the questions of one text that are about nobody."""

    def __init__(self, marks: Marks) -> None:
        self._marks = marks

    def mark(self) -> None:
        """Write the general questions of the whole text."""
        for first, last in self._marks.sentences:
            if self._about_nobody(first, last) and not self._goes_on(last):
                self._marks.mark(first, last, HYPOTHETICAL | UNSURE)

    def _goes_on(self, at: int) -> bool:
        """Whether what follows tells of now ("should a baby be blue? mine is right now")."""
        marks = self._marks
        after = next((span for span in marks.sentences if span[0] == at), None)
        told = marks.inside("present", *after) if after else []
        return any(marks.words[now] != "just" for now in told)

    def _about_nobody(self, first: int, last: int) -> bool:
        """Whether a sentence asks of people in general and names nobody."""
        words = self._marks.words[first:last]
        if not _SOMEBODY.isdisjoint(words) or _GENERAL.isdisjoint(words):
            return False
        named = self._marks.inside("relative", first, last)
        indefinite = all(self._marks.words[at - 1] in _GENERAL for at in named if at > first)
        return indefinite and self._asks(first, words)

    def _asks(self, first: int, words: Sequence[str]) -> bool:
        """Whether a question begins here, perhaps after its topic ("heart attack, how long …")."""
        asks = next((at for at in range(min(_OPENING, len(words))) if words[at] in _ASKING), None)
        if asks is None or (asks and self._marks.breaks[first + asks] == NO_BREAK):
            return False
        return _POINTING.isdisjoint(words[asks : asks + _OPENING])
