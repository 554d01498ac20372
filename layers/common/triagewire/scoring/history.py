"""What a message tells of another time: an illness of years ago. The scopes follow ConText (Chapman
2007), but what came back is now, and only a closed history is a sure one. What is only supposed
(`suppositions`) and what is somebody else's (`relatives`) is marked sentence by sentence beside it.
"""

from collections.abc import Iterator
from itertools import pairwise

from triagewire.scoring.dates import counted_pasts, is_bare
from triagewire.scoring.effects import HISTORICAL, NEGATED, UNSURE
from triagewire.scoring.marks import OWN, Marks
from triagewire.scoring.normalise import HARD_BREAK, NO_BREAK
from triagewire.scoring.relatives import Relatives
from triagewire.scoring.suppositions import Suppositions

_HISTORY_REACH = 6
_WHEN = frozenset(["when", "after", "since", "before", "cuando"])
_DID = frozenset([
    "was", "had", "got", "went", "took", "spent", "came", "lost", "were", "kept", "put", "woke",
    "a", "the", "tuve", "tuvo", "fui", "fue", "estuve", "estuvo", "quede", "quedo", "dieron",
])  # fmt: skip
"""After an "and" they go on telling of then."""
_LASTING = frozenset([
    "still", "worse", "continues", "keeps", "persists", "sigue", "siguen", "todavia", "peor",
    "yet", "comes",
])  # fmt: skip
"""Beside what was lately they say that it has not ended."""
_YEAR = frozenset(["year", "yr", "ano"])
_NEAR = 3
"""Sentences before and after one, in which what is said of it still belongs to it."""
_SHORT = 8
_GOING_ON = frozenset(["to", "of", "on", "with", "from", "after", "when", "while", "de", "con"])
"""After a time in brackets they go on with what it dates."""
_POINTING_BACK = frozenset(["that", "this", "it", "all", "eso", "esto", "fue", "happened"])
_WAS = frozenset(["was", "were", "happened", "fue", "paso", "in", "en"])


class Histories:
    """Marks what is past, what is only supposed, and what is somebody else's."""

    def __init__(self, marks: Marks) -> None:
        self._marks = marks
        self._counted = counted_pasts(marks)
        self._suppositions = Suppositions(marks)
        self._relatives = Relatives(marks)

    def mark(self) -> None:
        """Write the histories of the whole text; negations must be written before."""
        marks = self._marks
        for first, last in self._told():
            present = bool(marks.inside("present", first, last))
            self._pasts(first, last)
            if not present:
                self._remembered(first, last)
            self._suppositions.mark(first, last)
            self._relatives.mark(first, last, present=present or marks.recurs())
        self._history_of()

    def _pasts(self, first: int, last: int) -> None:
        """Every time of one sentence, in words or in figures, and what it dates."""
        counted = (span for span in self._counted if first <= span[0] < last)
        told = self._marks.spans("past", first, last)
        long_ago = [*(span for span in told if not self._somebodys(*span)), *counted]
        for span in long_ago:
            self._history(self._dated(span, first, last), recent=False)
        for low, high in self._marks.spans("past_recent", first, last):
            if not any(start < high and low < end for start, end in long_ago):
                clause = self._dated((low, high), first, last)
                dated = any(clause[0] <= start < clause[1] for start, _ in long_ago)
                year = dated or not _YEAR.isdisjoint(self._marks.words[low:high])
                self._history(clause, recent=not year)

    def _somebodys(self, first: int, last: int) -> bool:
        """Whether "de niño" is "de mi niño": no time, but a child."""
        words = self._marks.words[first:last]
        return words[0] == "de" and not OWN.isdisjoint(words)

    def _told(self) -> Iterator[tuple[int, int]]:
        """The sentences, ended also where a new line begins with a capital: "my dad won't talk" is
        not of last year because the next line is.
        """
        for first, last in self._marks.sentences:
            edges = [at for at in range(first + 1, last) if self._new_line(at)]
            yield from pairwise((first, *edges, last))

    def _new_line(self, at: int) -> bool:
        text = self._marks.text
        if text.breaks[at] == NO_BREAK or not text.original[text.starts[at]].isupper():
            return False
        return "\n" in text.original[text.ends[at - 1] : text.starts[at]]

    def _dated(self, span: tuple[int, int], first: int, last: int) -> tuple[int, int]:
        """The clause that a time dates; a bare time ("…, ten years ago"), or one in brackets, dates
        the one before, and "That was in 2011." the sentence before.
        """
        marks = self._marks
        start, end = marks.clause(span[0], first, last)
        bare = end - start <= span[1] - span[0] + 1 or is_bare(marks, start, end)
        if start > first and (bare or self._bracketed(start)):
            start = marks.clause(start - 1, first, last, opening=False)[0]
            if end < last and marks.words[end] in _GOING_ON:
                end = marks.clause(end, first, last, opening=False)[1]
        elif start == first and first > 0 and self._points_back(first, end):
            start = marks.around(first - 1, 0)[0]
        return start, end

    def _bracketed(self, at: int) -> bool:
        start = self._marks.text.plain_starts[at]
        return self._marks.text.plain[max(0, start - 1) : start] in ("(", "[")

    def _points_back(self, first: int, end: int) -> bool:
        """Whether a short sentence only dates the one before it ("That was in 2011")."""
        words = self._marks.words[first:end]
        return (
            len(words) <= _SHORT
            and words[0] in _POINTING_BACK
            and (words[0] == "fue" or not _WAS.isdisjoint(words[1:3]))
        )

    def _history(self, clause: tuple[int, int], *, recent: bool) -> None:
        """A past marker beside something of now, or a recurrence close by, is no history; where
        paperwork is asked for it is one in doubt. Only the clause of the marker is past. What was
        long ago is closed by a question, what was last year only by paperwork or by "all better".
        """
        marks = self._marks
        near = marks.around(clause[0], _NEAR)
        paper = marks.paper(*near)
        present = marks.happens(*clause)
        if marks.recurs(*near) or (present and not paper):
            return
        closed = self._closed(clause[0], recent=recent) and not present
        closed = closed and not marks.recurs()
        bits = HISTORICAL | (0 if closed else UNSURE)
        marks.mark(*clause, bits)
        if closed:
            self._go_on(clause[1])

    def _go_on(self, end: int) -> None:
        """The list that goes on after a dated clause is past too; beyond an "and", in doubt, for
        "two weeks ago, and soaking a pad an hour" is of now.
        """
        marks = self._marks
        last = self._fragments(end)
        joined = min([last, *(at for at in range(end, last) if at in marks.joins)])
        told = joined + 1 < last and self._past_verb(marks.words[joined + 1])
        marks.mark(end, joined, HISTORICAL)
        marks.mark(joined, last, HISTORICAL | (0 if told else UNSURE))

    @staticmethod
    def _past_verb(word: str) -> bool:
        return word.endswith("ed") or word in _DID

    def _remembered(self, first: int, last: int) -> None:
        """A time that everybody knows of ("when Maureen had her stroke"): past, but perhaps recent,
        so a person looks.
        """
        marks, words = self._marks, self._marks.words
        for at in range(first, last - 3):
            had = next((i for i in range(at + 2, min(at + 5, last - 2)) if words[i] == "had"), None)
            if words[at] in _WHEN and had is not None and words[had + 1] in OWN | {"their"}:
                marks.mark(had, marks.clause(had, first, last)[1], HISTORICAL | UNSURE)

    def _closed(self, at: int, *, recent: bool) -> bool:
        """Whether something says that the past is over: paperwork or "all better" close by, or a
        question anywhere.
        """
        marks = self._marks
        asked = bool(marks.cues.get("asks")) or "?" in marks.text.plain
        near = marks.around(at, _NEAR)
        over = marks.settled(*near) or marks.paper(*near)
        if recent:
            return over and _LASTING.isdisjoint(marks.words[near[0] : near[1]])
        return asked or over

    def _fragments(self, end: int) -> int:
        """Where a list that goes on after the clause ("in 2019, heavy bleeding and a transfusion")
        is over: at the next verb, subject, or word of now.
        """
        marks = self._marks
        stops = marks.subjects | marks.verbs | marks.ends | marks.starts("present")
        last = end
        while last < len(marks.words) and marks.breaks[last] != HARD_BREAK:
            if last in stops:
                edges = [at for at in range(end, last) if marks.edge(at)]
                return max(edges, default=end)
            last += 1
        return last

    def _history_of(self) -> None:
        """ "History of X" reaches to the end of its phrase only: what follows may be today's
        complaint. It is sure where the message is closed and tells of nothing that is now.
        """
        marks = self._marks
        over = not marks.cues.get("present") and not marks.recurs()
        for _, last in marks.cues.get("history_of", ()):
            if last < len(marks.bits) and not marks.bits[last] & NEGATED:
                sure = over and self._closed(last, recent=False)
                marks.mark_phrase(last, _HISTORY_REACH, HISTORICAL | (0 if sure else UNSURE))
