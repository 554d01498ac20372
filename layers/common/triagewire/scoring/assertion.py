"""Who says what of whom, when: negation, history, hypothesis, other people, and talk *about* a
symptom.
 Each word of a message gets modifier bits; a concept mention has the bits of its own words, so a
live mention anywhere wins over any number of modified ones. The scopes follow NegEx and ConText
(Chapman 2001, 2007), narrowed where those lose emergencies: ability negations ("can't breathe")
belong to the concept itself, "no relief" negates nothing, two negations cancel, and a relative in
the present tense is the patient.
"""

from collections.abc import Iterable, Mapping, Sequence

from triagewire.scoring.about import About
from triagewire.scoring.effects import (
    HISTORICAL,
    HYPOTHETICAL,
    NEGATED,
    OTHER,
    UNSURE,
)
from triagewire.scoring.normalise import HARD_BREAK, NO_BREAK, Text

_NEVER = frozenset(["never", "nunca", "jamas"])
"""What is said of "this bad" as often as of nothing at all: a person decides which."""
_REACH, _LIST_REACH = 7, 60
type Spans = Mapping[str, Sequence[tuple[int, int]]]


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Overlapping spans as one ("not", "not having" → "not having"), in text order."""
    merged: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if merged and first < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    return merged


class Scopes:
    """Modifier bits for each word of one text.

    `cues` are the spans found by the language's own trie; `claimed` tells for each word where the
    longest clinical mention around it ends, for its "not" is part of the symptom; `staff` widens
    "denies" to the whole sentence.
    """

    def __init__(self, text: Text, cues: Spans, claimed: Sequence[int], *, staff: bool) -> None:
        self._text = text
        self._cues = cues
        self._claimed = claimed
        self._staff = staff
        self.bits = bytearray(len(text.words))
        self._negators: set[int] = set()
        self._ends = self._starts("ends_scope")
        self._subjects = self._starts("subject")
        self._verbs = self._starts("clause_verb")
        self._joins = self._starts("and")
        self._sentences = self._sentence_spans()
        self._about = About(text, cues, self._ends, self._subjects | self._joins)
        if cues:
            self._negations()
            for first, last in self._sentences:
                self._whole_sentence(first, last)
            self._history_of()
            self._talk_about()

    def of(self, first: int, last: int) -> int:
        """The bits of a mention: those that cover all of its words."""
        bits = 0xFF
        for at in range(first, last):
            bits &= self.bits[at]
        return bits if last > first else 0

    def _starts(self, cue: str) -> frozenset[int]:
        return frozenset(first for first, _ in self._cues.get(cue, ()))

    def _sentence_spans(self) -> list[tuple[int, int]]:
        starts = [at for at, kind in enumerate(self._text.breaks) if kind == HARD_BREAK or at == 0]
        if not starts:
            return []
        return list(zip(starts, [*starts[1:], len(self._text.words)], strict=True))

    # Negation -----------------------------------------------------------------------------------

    def _negations(self) -> None:
        blocked = {
            at for first, last in self._cues.get("not_negation", ()) for at in range(first, last)
        }
        cues = _merged(
            span for span in self._cues.get("negation", ()) if not self._part_of_symptom(*span)
        )
        self._negators = {first for first, _ in cues if first not in blocked}
        for index, (first, last) in enumerate(cues):
            if first in blocked:
                continue
            before = cues[index - 1] if index else (-9, -9)
            after = cues[index + 1] if index + 1 < len(cues) else (1 << 30, 0)
            doubled = (
                0 <= first - before[1] <= 3 or 0 <= after[0] - last <= 2
            ) and self._same_clause(first, before, after)
            if not doubled and not self._interjection(first, last):
                never = not _NEVER.isdisjoint(self._text.words[first:last])
                self._forward(last, UNSURE if never else 0)
        for first, _ in self._cues.get("negation_after", ()):
            self._mark(max(0, first - 5), first, NEGATED, back=True)

    def _interjection(self, first: int, last: int) -> bool:
        """An answer ("no, I …", "No I …"): it negates nothing of what follows."""
        words, breaks = self._text.words, self._text.breaks
        after = first + 1
        if after >= len(words):
            return False
        if words[first] == "no" and (breaks[after] != NO_BREAK or after in self._subjects):
            return True
        return last - first == 1 and breaks[after] != NO_BREAK

    def _part_of_symptom(self, first: int, last: int) -> bool:
        """A "not" inside a symptom ("not breathing") negates nothing after it; "no" always does."""
        words = self._text.words
        while last < len(words) and words[last] in ("any", "a", "the", "my"):
            last += 1
        return words[first] in ("not", "never") and self._claimed[first] > last

    def _same_clause(self, first: int, before: tuple[int, int], after: tuple[int, int]) -> bool:
        """Two negators cancel only when nothing separates them ("not … nothing"), unlike "no X,
        no Y".
        """
        words, breaks = self._text.words, self._text.breaks
        lists = ("no", "denies", "denied", "without", "nor", "neither", "ni", "niega", "sin")
        near = before if 0 <= first - before[1] <= 3 else after
        low, high = min(first, near[0]), max(first, near[0])
        return words[high] not in lists and all(
            breaks[at] == NO_BREAK for at in range(low + 1, min(high + 1, len(words)))
        )

    def _forward(self, start: int, unsure: int = 0) -> None:
        since, at = 0, start
        while at < len(self._text.words) and at - start < _LIST_REACH:
            stop = self._text.breaks[at] == HARD_BREAK and at > start
            other = at in self._negators or (at in self._subjects and not self._staff)
            if stop or at in self._ends or (other and at > start):
                return
            if self._text.breaks[at] != NO_BREAK or at in self._joins:
                if self._clause_begins(at):
                    return
                if at in self._joins and not self._staff and self._text.breaks[at] == NO_BREAK:
                    unsure = UNSURE
                since = 0
            since += 1
            if since > _REACH + 2 * self._staff:
                return
            self.bits[at] |= NEGATED | unsure
            at += 1

    def _clause_begins(self, at: int) -> bool:
        """Whether a new clause with its own verb or number starts at this separator: then the
        negation is over ("no fever, sugar 480").
        """
        for ahead in range(at, min(at + 5, len(self._text.words))):
            if ahead > at and (self._text.breaks[ahead] != NO_BREAK or ahead in self._joins):
                return False
            measured = ahead > at and self._text.words[ahead][0].isdigit()
            if ahead in self._subjects or ahead in self._verbs or measured:
                return True
        return False

    def _mark(self, first: int, last: int, bits: int, *, back: bool = False) -> None:
        for at in range(last - 1, first - 1, -1) if back else range(first, last):
            self.bits[at] |= bits
            if back and (self._text.breaks[at] == HARD_BREAK or at in self._subjects):
                return

    # Whole sentences ----------------------------------------------------------------------------

    def _has(self, cue: str, first: int, last: int) -> bool:
        return any(first <= start < last for start, _ in self._cues.get(cue, ()))

    def _whole_sentence(self, first: int, last: int) -> None:
        present = self._has("present", first, last)
        recurs = self._recurs()
        for cue in ("past", "past_recent"):
            for at, _ in self._cues.get(cue, ()):
                if first <= at < last:
                    clause = self._clause(at, first, last)
                    self._history(clause, recent=cue == "past_recent", recurs=recurs)
        self._hypotheses(first, last, present)
        self._others(first, last, present or recurs)

    def _recurs(self) -> bool:
        """Something came back; "trying again" and "thanks again" are no recurrence."""
        plain = {
            at for first, last in self._cues.get("not_recurs", ()) for at in range(first, last)
        }
        return any(
            at not in plain and not self.bits[at] & NEGATED
            for at, _ in self._cues.get("recurs", ())
        )

    def _history(self, clause: tuple[int, int], *, recent: bool, recurs: bool) -> None:
        """A past marker beside something of now, or a recurrence, is no history; where paperwork
        is asked for it is one in doubt. Only the clause of the marker is past. What was long ago is
        closed by a question, what was last year only by paperwork or by "all better".
        """
        paper = bool(self._cues.get("purpose"))
        present = self._has("present", *clause)
        if recurs or (present and not paper):
            return
        asked = bool(self._cues.get("asks")) and not recent
        closed = paper or asked or bool(self._cues.get("resolved"))
        if closed and not present:
            clause = (clause[0], self._fragments(clause[1]))
        self._mark(*clause, HISTORICAL | (0 if closed and not present else UNSURE))

    def _clause(self, at: int, first: int, last: int) -> tuple[int, int]:
        """The clause around a word; a short opening ("in 2015, …") belongs to what follows it."""
        edges = [i for i in range(first + 1, last) if self._edge(i)]
        start = max([first, *(i for i in edges if i <= at)])
        end = min([last, *(i for i in edges if i > at)])
        if start == first and end - start <= 4:
            end = min([last, *(i for i in edges if i > end)])
        return start, end

    def _fragments(self, end: int) -> int:
        """Where a list that goes on after the clause ("in 2019, heavy bleeding and a transfusion")
        is over: at the next verb, subject, or word of now.
        """
        stops = self._subjects | self._verbs | self._ends | self._starts("present")
        words, breaks = self._text.words, self._text.breaks
        last = end
        while last < len(words) and breaks[last] != HARD_BREAK:
            if last in stops:
                edges = [at for at in range(end, last) if self._edge(at)]
                return max(edges, default=end)
            last += 1
        return last

    def _edge(self, at: int) -> bool:
        return self._text.breaks[at] != NO_BREAK or at in self._joins or at in self._ends

    def _hypotheses(self, first: int, last: int, present: bool) -> None:
        """ "If I ever get …" is sure; "what do I do if I have …" may be happening now."""
        sure = [start for start, _ in self._cues.get("hypothetical", ()) if first <= start < last]
        maybe = [
            start for start, _ in self._cues.get("hypothetical_open", ()) if first <= start < last
        ]
        if sure:
            start = min(sure + maybe)
            end = self._before_now(start, last)
            self._mark(start, end, HYPOTHETICAL | (UNSURE if present else 0))
        elif maybe:
            self._mark(min(maybe), last, HYPOTHETICAL | UNSURE)

    def _before_now(self, start: int, last: int) -> int:
        """Where a later clause of now begins: "if it comes back call, and now it is back"."""
        now = max((at for at, _ in self._cues.get("present", ()) if start < at < last), default=0)
        breaks, joins = self._text.breaks, self._joins | self._ends - self._starts("present")
        edges = [at for at in range(start + 2, now + 1) if breaks[at] != NO_BREAK or at in joins]
        return max(edges, default=last)

    def _history_of(self) -> None:
        """ "History of X" reaches to the end of its phrase only: what follows may be today's
        complaint.
        """
        for _, last in self._cues.get("history_of", ()):
            if last < len(self.bits) and not self.bits[last] & NEGATED:
                self._until_clause_end(last, 6, HISTORICAL | UNSURE)

    def _others(self, first: int, last: int, present: bool) -> None:
        """A family history, or an acquaintance of long ago; any other relative is the patient."""
        long_ago = self._has("past", first, last) or self._has("past_recent", first, last)
        if not self._has("past_verb", first, last) or (present and not long_ago):
            return
        acquaintance = self._has("unrelated", first, last)
        history = self._has("family_history", first, last)
        kin = long_ago and self._has("relative", first, last)
        if history or kin or (acquaintance and (long_ago or bool(self._cues.get("asks_for_self")))):
            said = [at for at, _ in self._cues["past_verb"] if first <= at < last]
            start, end = self._clause(said[0], first, last)
            end = max(end, self._story(end, last)) if kin or history else end
            present = present and self._has("present", start, end)
            self._mark(start, end, OTHER | (UNSURE if present else 0))
            if not present:  # how long ago it was for somebody else is no doubt about the patient
                for at in range(start, end):
                    self.bits[at] &= ~UNSURE

    def _story(self, start: int, last: int) -> int:
        """How far a story about a relative goes on: until the writer or a "but" comes in."""
        words = self._text.words
        for at in range(start, last):
            own = words[at] in ("i", "me", "my", "we", "yo")
            if own or at in self._ends or at in self._starts("present"):
                return at
        return last

    # Talk about a symptom -----------------------------------------------------------------------

    def _talk_about(self) -> None:
        for first, last in self._sentences:
            for start, end, bit in self._about.marks(first, last, staff=self._staff):
                self._mark(start, end, bit)

    def _until_clause_end(self, start: int, reach: int, bits: int) -> None:
        for at in range(start, min(start + reach, len(self._text.words))):
            broken = self._text.breaks[at] != NO_BREAK and at > start
            if broken or at in self._ends or at in self._subjects or at in self._joins:
                return
            self.bits[at] |= bits
