"""What a message tells of another time or another person: an illness of years ago, "if I ever",
a father's heart attack. The scopes follow ConText (Chapman 2007), but a relative in the present
tense is the patient, what came back is now, and only a closed history is a sure one.
"""

from collections.abc import Iterator
from itertools import pairwise

from triagewire.scoring.dates import counted_pasts, is_bare
from triagewire.scoring.effects import HISTORICAL, HYPOTHETICAL, NEGATED, OTHER, UNSURE
from triagewire.scoring.marks import Marks
from triagewire.scoring.normalise import HARD_BREAK, NO_BREAK
from triagewire.scoring.suppositions import supposed

_HISTORY_REACH = 6
_BECAUSE = frozenset(["because", "since", "porque", "pues"])
_TELLERS = frozenset([
    "i", "he", "she", "it", "they", "we", "my", "his", "her", "our", "mine", "this", "these", "yo",
    "mi", "me", "se", "le", "ella", "esta", "estoy", "tengo", "tiene",
])  # fmt: skip
"""Words that open a statement about somebody."""
_SUPPOSING = frozenset([
    "would", "could", "should", "can", "will", "may", "might", "do", "does", "if", "when", "ever",
    "or", "to", "who", "which", "need", "wants", "want", "just", "si", "cuando", "debo", "puedo",
    "quiero", "asking", "wondering", "planning", "going", "thinking", "getting", "making",
])  # fmt: skip
"""Words by which a clause goes on supposing or asking."""
_OWN = frozenset(["my", "his", "her", "mine", "mi", "su", "mis"])
_WHEN = frozenset(["when", "after", "since", "before", "cuando"])
_ASKING = frozenset([
    "what", "how", "when", "which", "wants", "want", "list", "asks", "asking", "handout", "que",
    "como", "cuando", "cuales", "quiero",
])  # fmt: skip
_STILL = frozenset([
    "is", "are", "has", "keeps", "can", "does", "will", "esta", "estan", "sigue", "no", "anda",
    "tiene", "siente",
])  # fmt: skip
"""After an "and" they tell of now."""
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
_WEEKS = frozenset(["week", "weeks", "wks", "wk", "semana", "semanas"])
_NEAR = 3
"""Sentences before and after one, in which what is said of it still belongs to it."""
_SHORT = 8
_GOING_ON = frozenset(["to", "of", "on", "with", "from", "after", "when", "while", "de", "con"])
"""After a time in brackets they go on with what it dates."""
_POINTING_BACK = frozenset(["that", "this", "it", "all", "eso", "esto", "fue", "happened"])
_WAS = frozenset(["was", "were", "happened", "fue", "paso", "in", "en"])
_NOW_WORDS = frozenset(["i", "me", "my", "we", "yo", "mi", "this", "these", "mine"])


class Histories:
    """Marks what is past, what is only supposed, and what is somebody else's."""

    def __init__(self, marks: Marks) -> None:
        self._marks = marks
        self._counted = counted_pasts(marks)

    def mark(self) -> None:
        """Write the histories of the whole text; negations must be written before."""
        marks = self._marks
        for first, last in self._told():
            present = bool(marks.inside("present", first, last))
            self._pasts(first, last)
            if not present:
                self._remembered(first, last)
            self._hypotheses(first, last, marks.happens(first, last))
            self._others(first, last, present or marks.recurs())
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
        return words[0] == "de" and not _OWN.isdisjoint(words)

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
            if words[at] in _WHEN and had is not None and words[had + 1] in _OWN | {"their"}:
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

    def _hypotheses(self, first: int, last: int, present: bool) -> None:
        """ "If I ever get …" is sure; "what do I do if I have …" may be happening now, and so may
        what a question is asked about ("how soon does bleach burn, my son drank some").
        """
        marks = self._marks
        shown = marks.covered("shown_now")
        asked = [at for at in marks.inside("education", first, last) if at not in shown]
        sure = [*marks.inside("hypothetical", first, last), *supposed(marks, first, last)]
        maybe = marks.inside("hypothetical_open", first, last)
        if not sure and not asked:
            if maybe:
                marks.mark(min(maybe), last, HYPOTHETICAL | UNSURE)
            return
        start = min(sure + asked + maybe)
        end = self._statement(start, self._before_now(start, last))
        told = end < last and not self._all_well(end, last)
        unsure = present or told or (not sure and self._may_be_now(start, end))
        marks.mark(start, end, HYPOTHETICAL | (UNSURE if unsure else 0))

    def _before_now(self, start: int, last: int) -> int:
        """Where a later clause of now begins: "if it comes back call, and now it is back"."""
        marks = self._marks
        now = max(marks.inside("present", start + 1, last), default=0)
        joins = marks.joins | marks.ends - marks.starts("present")
        edges = [
            at for at in range(start + 2, now + 1) if marks.breaks[at] != NO_BREAK or at in joins
        ]
        return max(edges, default=last)

    def _statement(self, start: int, last: int) -> int:
        """Where a clause begins that states something instead of supposing it ("…, my son drank
        some", "…, soaking a pad every hour").
        """
        marks = self._marks
        for at in range(start + 3, last):
            if marks.breaks[at] == NO_BREAK and marks.words[at - 1] not in _BECAUSE:
                continue
            opening = marks.words[at : at + 5]
            told = not _TELLERS.isdisjoint(opening[:2]) or opening[0].endswith("ing")
            if told and _SUPPOSING.isdisjoint(opening):
                return at
        return last

    def _all_well(self, first: int, last: int) -> bool:
        """Whether the clause after a supposition says that nothing is the matter."""
        marks = self._marks
        return bool(marks.inside("well", first, last)) or marks.settled(first, last)

    def _may_be_now(self, start: int, end: int) -> bool:
        """Whether talk of symptoms may be about now: no question is asked at all ("symptoms of a
        stroke: …"), or one about somebody's own body ("what would make my face droop") in a message
        that does not say that all is well.
        """
        marks = self._marks
        asks = marks.cues.get("asks") or marks.cues.get("purpose") or "?" in marks.text.plain
        if not asks and _ASKING.isdisjoint(marks.words):
            return True
        own = not _OWN.isdisjoint(marks.words[start + 2 : end])
        return own and not marks.cues.get("well") and not marks.settled(0, len(marks.words))

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

    def _others(self, first: int, last: int, present: bool) -> None:
        """A family history, or an acquaintance of long ago; any other relative is the patient."""
        marks = self._marks
        charted = marks.inside("family_history", first, last) if marks.staff else []
        said = marks.inside("past_verb", first, last) or charted
        long_ago = bool(
            marks.inside("past", first, last) or marks.inside("past_recent", first, last)
        )
        if not said or (present and not long_ago):
            return
        acquaintance = marks.inside("unrelated", first, last)
        distant = bool(marks.inside("distant", first, last) and marks.cues.get("asks_for_self"))
        history = marks.inside("family_history", first, last)
        kin = history or (long_ago and marks.inside("relative", first, last))
        if not kin and not (acquaintance and (long_ago or marks.cues.get("asks_for_self"))):
            if distant and not present:
                marks.mark(*marks.clause(said[0], first, last), OTHER | UNSURE)
            return
        start, end = marks.clause(said[0], first, last, opening=not history)
        if charted:
            start, end = charted[0], last
        end = max(end, self._story(end, last)) if kin else end
        lately = kin and not history and self._weeks_ago(first, last)
        lately = lately and not marks.cues.get("asks_for_self")
        self._somebody_else(
            start, end, unsure=lately or (present and bool(marks.inside("present", start, end)))
        )

    def _somebody_else(self, start: int, end: int, *, unsure: bool) -> None:
        """Mark a story about somebody else; how long ago theirs was is no doubt about the
        patient.
        """
        self._marks.mark(start, end, OTHER | (UNSURE if unsure else 0))
        if not unsure:
            for at in range(start, end):
                self._marks.bits[at] &= ~UNSURE

    def _weeks_ago(self, first: int, last: int) -> bool:
        """Whether the time told is of the last weeks only: what came of it may be of today."""
        marks = self._marks
        if marks.inside("past", first, last):
            return False
        times = marks.spans("past_recent", first, last)
        return any(not _WEEKS.isdisjoint(marks.words[low:high]) for low, high in times)

    def _now_after(self, at: int) -> bool:
        """Whether a clause of now begins here ("… two weeks ago and is bleeding")."""
        marks = self._marks
        return at in marks.joins and not _STILL.isdisjoint(marks.words[at + 1 : at + 3])

    def _story(self, start: int, last: int) -> int:
        """How far a story about a relative goes on: until the writer or a "but" comes in."""
        marks = self._marks
        now, kin = marks.starts("present"), marks.starts("relative")
        for at in range(start, last):
            own = marks.words[at] in _NOW_WORDS and at + 1 not in kin
            if own or at in marks.ends or at in now or self._now_after(at):
                return at
        return last
