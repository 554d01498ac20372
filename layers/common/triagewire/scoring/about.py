"""Talk *about* a symptom in a whole sentence: a bill that names it, words quoted from a letter, a
school project, a machine that "chokes", a laugh. Each finds only words that the office or the
machine explains; whatever stands beside them stays live.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from triagewire.scoring.effects import FIGURATIVE, PURPOSE, SYSTEM, UNSURE
from triagewire.scoring.normalise import NO_BREAK, Text

_QUOTED = re.compile(r"\"([^\"\n]{3,80})\"|(?<!\w)'([^'\n]{3,80})'(?!\w)")
_NAMED_REACH, _MONEY_REACH, _MACHINE_REACH = 6, 9, 7
_BACK_REACH = 4
_DETERMINERS = frozenset(["my", "his", "her", "our", "their", "your"])
_PLACED = frozenset(["in", "at", "during", "before", "after", "since", "while", "en", "durante"])
"""Before a place or a time: "had a fit | in class" names no class."""
_OFFICE = ("about_noun", "money_talk", "study_talk", "office_thing")
_OWNED_REACH, _TOPIC_REACH = 3, 4
_EDITED = frozenset(["add", "adding", "remove", "removing", "delete", "rename", "retire", "hide"])
_ABOUT = frozenset(
    ["about", "on", "for", "of", "called", "named", "regarding", "re", "titled", "sobre", "de"]
)
_PLACED_OR_TOLD = frozenset(
    [
        "in",
        "at",
        "on",
        "and",
        "to",
        "for",
        "is",
        "was",
        "every",
        "last",
        "from",
        "with",
        "near",
        "by",
        "or",
        "the",
        "a",
        "my",
        "no",
        "not",
        "en",
        "y",
        "con",
        "since",
        "i",
        "we",
        "he",
        "she",
        "it",
    ]
)
_HAVING = frozenset([
    "i", "he", "she", "we", "they", "my", "his", "her", "had", "has", "have", "having", "is", "was",
    "got", "get", "gets", "think", "possible", "suspected", "maybe", "like", "another", "mi", "su",
    "tuvo", "tengo", "tiene", "dio", "an", "this", "new", "active", "acute", "after", "from",
    "attempted", "want", "commit",
])  # fmt: skip
"""Before the name of an illness they say that somebody has it, or may."""
_PEOPLE = frozenset({
    "patient", "patients", "pt", "baby", "child", "man", "woman", "visitor", "resident", "client",
    "coworker", "colleague", "nurse", "mother", "father", "room", "bed", "who", "someone",
})  # fmt: skip
_NAMED = frozenset(["who", "nurse", "resident", "room", "colleague", "coworker", "client"])
"""Colleagues and places, where only a thing is talked about."""
type Cues = Mapping[str, Sequence[tuple[int, int]]]
type Span = tuple[int, int]


class About:
    """The spans of one text that are talk about a symptom. `ends` are words like "but", `openers`
    subjects and joins: a thought ends at any of them, and begins after an opener.
    """

    def __init__(
        self, text: Text, cues: Cues, ends: frozenset[int], openers: frozenset[int]
    ) -> None:
        self._text = text
        self._cues = cues
        self._stops = ends | openers
        self._openers = openers

    def _in(self, cue: str, first: int, last: int) -> list[Span]:
        return [span for span in self._cues.get(cue, ()) if first <= span[0] < last]

    def marks(self, first: int, last: int, *, staff: bool) -> Iterator[tuple[int, int, int]]:
        """The spans of one sentence, each with the modifier bit that it gets."""
        for start, _ in self._in("about_noun", first, last):
            yield self._back(start), start, PURPOSE
        for start, end in self.paper(first, last):
            yield start, end, PURPOSE
        for start, end in self._in("about_name", first, last):
            yield start, end, PURPOSE | SYSTEM if staff else PURPOSE
        if self._in("study_talk", first, last):
            yield first, last, PURPOSE | UNSURE if self._in("felt_now", first, last) else PURPOSE
        for start, end in self.figures(first, last):
            yield start, end, FIGURATIVE
        for start, end in self.machine(first, last) if staff else ():
            yield start, end, SYSTEM

    def _back(self, at: int) -> int:
        """Where the name before this noun begins ("chest pain | clinic")."""
        low = max(0, at - _BACK_REACH)
        for back in range(at, low, -1):
            before = self._text.words[back - 1]
            opened = back - 1 in self._openers or before in _DETERMINERS or before in _PLACED
            if opened or self._text.breaks[back] != NO_BREAK:
                return back
        return low

    def paper(self, first: int, last: int) -> Iterator[Span]:
        """Words of this sentence that a bill, a paper or a lesson names. None where the sentence
        tells of now.
        """
        money = self._in("money_talk", first, last)
        for _, after in self._in("about_before", first, last):
            yield after, self._until(after, min(last, after + _NAMED_REACH))
        if not money and not self._in("quote_talk", first, last):
            return
        yield from self._quoted(first, last)
        if not self._in("felt_now", first, last):
            for _, after in money:
                yield after, self._until(after, min(last, after + _MONEY_REACH))

    def topics(self, first: int, last: int, *, staff: bool) -> Iterator[tuple[int, int, int]]:
        """Names of illnesses that are only what something is about ("the heart attack video", "a
        book on strokes", "add assault to the list"), in doubt. None where somebody has it, or where
        the message turns it round (a plan, a means, a "but").
        """
        named = {at for span in self._cues.get("topic_noun", ()) for at in range(*span)}
        turned = any(at not in named for at, _ in self._cues.get("turn", ()))
        if turned or self._in("felt_now", first, last):
            return
        if staff and not (_PEOPLE - _NAMED).isdisjoint(self._text.words[first:last]):
            return
        cues = (*_OFFICE, "machine", "system_noun", "it_thing") if staff else _OFFICE
        things = [span for cue in cues for span in self._in(cue, first, last)]
        for start, end in self._in("topic_noun", first, last) if things else ():
            before = self._text.words[max(first, start - _OWNED_REACH) : start]
            if _HAVING.isdisjoint(before) and self._names_it(start, end, things, staff=staff):
                yield start, end, (PURPOSE | SYSTEM if staff else PURPOSE) | UNSURE

    def _names_it(self, start: int, end: int, things: Sequence[Span], *, staff: bool) -> bool:
        """Whether a topic belongs to one of these things."""
        words, breaks = self._text.words, self._text.breaks
        if staff and start and words[start - 1] in _EDITED:
            return True
        for first, last in things:
            between = words[end:first] if first >= end else words[last:start]
            if len(between) > _TOPIC_REACH or (first < end and last > start):
                continue
            low, high = (end, first) if first >= end else (last, start)
            if any(breaks[at] != NO_BREAK for at in range(low, min(high + 1, len(words)))):
                continue
            if first >= end and _PLACED_OR_TOLD.isdisjoint(between):
                return True
            if last <= start and not _ABOUT.isdisjoint(between):
                return True
        return False

    def machine(self, first: int, last: int) -> Iterator[Span]:
        """What a device or a program does ("the queue is choking") or shows in brackets."""
        for _, after in self._in("machine", first, last):
            yield after, self._shown(after, last)
        named = self._in("system_noun", first, last) if "system_fault" in self._cues else []
        for start, after in named:
            back = self._back(start)
            if _PEOPLE.isdisjoint(self._text.words[back:start]):
                yield back, start
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

    def figures(self, first: int, last: int) -> Iterator[Span]:
        """Figures of speech, and exaggerations in a sentence that laughs."""
        yield from self._in("figurative", first, last)
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
            inside = [at for at in range(first, last) if match.start() < starts[at] < match.end()]
            if inside:
                yield inside[0], inside[-1] + 1
