"""Talk *about* a symptom in a whole sentence: a bill that names it, words quoted from a letter, a
school project, a machine that "chokes", a laugh. Each finds only words that the office or the
machine explains; whatever stands beside them stays live.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from triagewire.scoring.normalise import NO_BREAK, Text

_QUOTED = re.compile(r"\"([^\"\n]{3,80})\"|(?<!\w)'([^'\n]{3,80})'(?!\w)")
_MONEY_REACH, _MACHINE_REACH = 9, 7
_PEOPLE = frozenset(
    ["patient", "patients", "pt", "baby", "child", "man", "woman", "visitor", "resident", "client"]
    + ["coworker", "colleague", "nurse", "mother", "father", "room", "bed", "who", "someone"]
)
type Cues = Mapping[str, Sequence[tuple[int, int]]]
type Span = tuple[int, int]


class About:
    """The spans of one text that are talk about a symptom. `stops` are the words at which a
    thought ends: subjects, joins and words like "but".
    """

    def __init__(self, text: Text, cues: Cues, stops: frozenset[int]) -> None:
        self._text = text
        self._cues = cues
        self._stops = stops

    def _in(self, cue: str, first: int, last: int) -> list[Span]:
        return [span for span in self._cues.get(cue, ()) if first <= span[0] < last]

    def paper(self, first: int, last: int) -> Iterator[Span]:
        """Words of this sentence that a bill, a paper or a lesson names. None where the sentence
        tells of now.
        """
        money = self._in("money_talk", first, last)
        if self._in("study_talk", first, last):
            yield first, last
        if not money and not self._in("quote_talk", first, last):
            return
        yield from self._quoted(first, last)
        if not self._in("felt_now", first, last):
            for start, after in money:
                yield after, self._until(after, min(last, after + _MONEY_REACH))

    def machine(self, first: int, last: int) -> Iterator[Span]:
        """What a device or a program does ("the queue is choking") or shows in brackets."""
        for _, after in self._in("machine", first, last):
            yield after, self._shown(after, last)
        for _, after in self._in("system_noun", first, last) if "system_fault" in self._cues else ():
            if after < last and self._names(after):
                yield after, self._shown(after, last)

    def _names(self, at: int) -> bool:
        """Whether a bracket or "for" follows: the name of what the system holds."""
        return self._text.breaks[at] != NO_BREAK or self._text.words[at] in ("for", "about", "says")

    def _shown(self, start: int, last: int) -> int:
        """Where the talk about a machine ends, at the latest at a person."""
        end = self._until(start, min(last, start + _MACHINE_REACH))
        people = [at for at in range(start, end) if self._text.words[at] in _PEOPLE]
        return people[0] if people else end

    def jokes(self, first: int, last: int) -> Iterator[Span]:
        """Exaggerations in a sentence that laughs."""
        if self._in("laugh", first, last):
            yield from self._in("exaggeration", first, last)

    def _until(self, start: int, end: int) -> int:
        for at in range(start, end):
            if at in self._stops or (at > start and self._text.breaks[at] != NO_BREAK):
                return at
        return max(start, end)

    def _quoted(self, first: int, last: int) -> Iterator[Span]:
        starts = self._text.plain_starts
        for match in _QUOTED.finditer(self._text.plain):
            inside = [
                at for at in range(first, last) if match.start() < starts[at] < match.end()
            ]
            if inside:
                yield inside[0], inside[-1] + 1
