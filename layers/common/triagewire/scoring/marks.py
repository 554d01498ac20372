"""The words of one message as assertion sees them: where sentences and clauses begin, which cues
stand where, and the modifier bits that the stories of assertion write on them.
"""

from collections.abc import Mapping, Sequence

from triagewire.scoring.effects import NEGATED
from triagewire.scoring.normalise import HARD_BREAK, NO_BREAK, Text

_AGAIN = frozenset(["again", "otra", "de", "return", "returned", "returning", "returns", "vuelta"])
_WISHING = frozenset([
    "hope", "hopes", "hoping", "trust", "wish", "wishing", "you", "yall", "espero", "esperando",
    "esperamos", "ustedes", "usted", "deseo",
])  # fmt: skip
"""Beside "well" they greet the reader."""
_WISH_REACH = 4
_NOW = frozenset(["now", "ahora", "today", "hoy"])
_NUMBERS = frozenset([
    "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "eighteen", "twenty", "thirty", "forty", "fifty",
    "sixty", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve",
])  # fmt: skip
_OPENERS = frozenset(["when", "back", "after", "during", "before", "cuando", "despues", "durante"])
_OPENING, _LONG_OPENING = 4, 9
"""The longest opening of a sentence ("in 2015, …", "back when he was one, …"), in words."""
OWN = frozenset(["my", "his", "her", "mine", "mi", "su", "mis"])
"""Words by which a thing or a relative is somebody's."""
type Spans = Mapping[str, Sequence[tuple[int, int]]]


class Marks:
    """The words of one text with their cues, and a byte of modifier bits for each word."""

    def __init__(self, text: Text, cues: Spans, *, staff: bool) -> None:
        self.text = text
        self.words, self.breaks = text.words, text.breaks
        self.cues = cues
        self.staff = staff
        self.bits = bytearray(len(text.words))
        self.ends = self.starts("ends_scope")
        self.subjects = self.starts("subject")
        self.verbs = self.starts("clause_verb")
        self.joins = self.starts("and")
        self.sentences = self._sentence_spans()

    def of(self, first: int, last: int) -> int:
        """The bits of a mention: those that cover all of its words."""
        bits = 0xFF
        for at in range(first, last):
            bits &= self.bits[at]
        return bits if last > first else 0

    def starts(self, cue: str) -> frozenset[int]:
        """Where a cue begins, anywhere in the text."""
        return frozenset(first for first, _ in self.cues.get(cue, ()))

    def inside(self, cue: str, first: int, last: int) -> list[int]:
        """Where a cue begins between two words."""
        return [start for start, _ in self.cues.get(cue, ()) if first <= start < last]

    def spans(self, cue: str, first: int, last: int) -> list[tuple[int, int]]:
        """The spans of a cue that begin between two words."""
        return [span for span in self.cues.get(cue, ()) if first <= span[0] < last]

    def covered(self, cue: str) -> set[int]:
        """Every word that is part of a cue."""
        return {at for first, last in self.cues.get(cue, ()) for at in range(first, last)}

    def mark(self, first: int, last: int, bits: int) -> None:
        """Write bits on the words from `first` up to `last`."""
        for at in range(first, last):
            self.bits[at] |= bits

    def mark_back(self, first: int, last: int, bits: int) -> None:
        """Write bits backwards from `last`, at most to the sentence or the subject before it."""
        for at in range(last - 1, first - 1, -1):
            self.bits[at] |= bits
            if self.breaks[at] == HARD_BREAK or at in self.subjects:
                return

    def mark_phrase(self, start: int, reach: int, bits: int) -> None:
        """Write bits to the end of a phrase: up to a pause, a subject, a join or a "but"."""
        for at in range(start, min(start + reach, len(self.words))):
            broken = self.breaks[at] != NO_BREAK and at > start
            if broken or at in self.ends or at in self.subjects or at in self.joins:
                return
            self.bits[at] |= bits

    def edge(self, at: int) -> bool:
        """Whether a clause may begin at this word."""
        return self.breaks[at] != NO_BREAK or at in self.joins or at in self.ends

    def clause(self, at: int, first: int, last: int, *, opening: bool = True) -> tuple[int, int]:
        """The clause around a word; a short opening ("in 2015, …") belongs to what follows it."""
        edges = [i for i in range(first + 1, last) if self.edge(i)]
        start = max([first, *(i for i in edges if i <= at)])
        end = min([last, *(i for i in edges if i > at)])
        when = self.words[start] in _OPENERS and end - start <= _LONG_OPENING
        if opening and start == first and (end - start <= _OPENING or when):
            end = min([last, *(i for i in edges if i > end)])
        return start, end

    def recurs(self, first: int = 0, last: int | None = None) -> bool:
        """Something came back in these words; "trying again", "thanks again" and "send it again"
        are no recurrence.
        """
        plain = self.covered("not_recurs")
        return any(
            at not in plain and not self.bits[at] & NEGATED and not self._asked_again(at)
            for at in self.inside("recurs", first, len(self.words) if last is None else last)
        )

    def happens(self, first: int, last: int) -> bool:
        """Whether these words tell of now; "fine now" and "she is six now" do not."""
        over = {at for span in self.spans("resolved", first, last) for at in range(*span)}
        return any(
            at not in over and not self._aged(at) for at in self.inside("present", first, last)
        )

    def _aged(self, at: int) -> bool:
        """Whether a "now" only says how old somebody is, or how long ago something was, or a "just"
        belongs to "just in case".
        """
        if self.words[at] == "just" and self.words[at + 1 : at + 3] == ("in", "case"):
            return True
        beside = (*self.words[max(0, at - 1) : at], *self.words[at + 1 : at + 2])
        return self.words[at] in _NOW and any(w.isdigit() or w in _NUMBERS for w in beside)

    def _asked_again(self, at: int) -> bool:
        """Whether an "again" is about something sent, billed or looked at ("sent form 8 again"),
        or about what may be done ("can I fly again").
        """
        if self.words[at] not in _AGAIN:
            return False
        start, end = self.clause(at, *self.around(at, 0), opening=False)
        return bool(self.inside("office_verb", start, end) or self.inside("asks", start, at))

    def around(self, at: int, beside: int) -> tuple[int, int]:
        """The sentence of a word with so many sentences before and after it."""
        where = next(i for i, (_, last) in enumerate(self.sentences) if at < last)
        low, high = max(0, where - beside), min(len(self.sentences) - 1, where + beside)
        return self.sentences[low][0], self.sentences[high][1]

    def settled(self, first: int, last: int) -> bool:
        """Whether these words say that something is over; "hope you are well" says nothing."""
        return any(not self._wished(at) for at in self.inside("resolved", first, last))

    def _wished(self, at: int) -> bool:
        before = self.words[max(self.around(at, 0)[0], at - _WISH_REACH) : at + 1]
        return not _WISHING.isdisjoint(before)

    def paper(self, first: int, last: int) -> bool:
        """Whether paperwork explains these words: named in them, or asked for anywhere."""
        if self.inside("purpose", first, last):
            return True
        return any(
            self.inside("purpose", low, high) and self.inside("asks", low, high)
            for low, high in self.sentences
        )

    def _sentence_spans(self) -> list[tuple[int, int]]:
        starts = [at for at, kind in enumerate(self.breaks) if kind == HARD_BREAK or at == 0]
        if not starts:
            return []
        return list(zip(starts, [*starts[1:], len(self.words)], strict=True))
