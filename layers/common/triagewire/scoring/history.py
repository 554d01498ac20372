"""What a message tells of another time or another person: an illness of years ago, "if I ever",
a father's heart attack. The scopes follow ConText (Chapman 2007), but a relative in the present
tense is the patient, what came back is now, and only a closed history is a sure one.
"""

from collections.abc import Iterator
from itertools import pairwise

from triagewire.scoring.effects import HISTORICAL, HYPOTHETICAL, NEGATED, OTHER, UNSURE
from triagewire.scoring.marks import Marks
from triagewire.scoring.normalise import HARD_BREAK, NO_BREAK

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
_NOW_WORDS = frozenset(["i", "me", "my", "we", "yo", "mi", "this", "these", "mine"])


class Histories:
    """Marks what is past, what is only supposed, and what is somebody else's."""

    def __init__(self, marks: Marks) -> None:
        self._marks = marks

    def mark(self) -> None:
        """Write the histories of the whole text; negations must be written before."""
        marks = self._marks
        for first, last in self._told():
            present = bool(marks.inside("present", first, last))
            recurs = marks.recurs()
            for cue in ("past", "past_recent"):
                for span in marks.spans(cue, first, last):
                    clause = self._dated(span, first, last)
                    self._history(clause, recent=cue == "past_recent", recurs=recurs)
            if not present:
                self._remembered(first, last)
            self._hypotheses(first, last, present)
            self._others(first, last, present or recurs)
        self._history_of()

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
        """The clause that a time dates; a bare time ("…, ten years ago") dates the one before."""
        start, end = self._marks.clause(span[0], first, last)
        if start > first and end - start <= span[1] - span[0] + 1:
            start = self._marks.clause(start - 1, first, last, opening=False)[0]
        return start, end

    def _history(self, clause: tuple[int, int], *, recent: bool, recurs: bool) -> None:
        """A past marker beside something of now, or a recurrence, is no history; where paperwork
        is asked for it is one in doubt. Only the clause of the marker is past. What was long ago is
        closed by a question, what was last year only by paperwork or by "all better".
        """
        marks = self._marks
        paper = bool(marks.cues.get("purpose"))
        present = bool(marks.inside("present", *clause))
        if recurs or (present and not paper):
            return
        closed = self._closed(recent=recent)
        if closed and not present:
            clause = (clause[0], self._fragments(clause[1]))
        marks.mark(*clause, HISTORICAL | (0 if closed and not present else UNSURE))

    def _remembered(self, first: int, last: int) -> None:
        """A time that everybody knows of ("when Maureen had her stroke"): past, but perhaps recent,
        so a person looks.
        """
        marks, words = self._marks, self._marks.words
        for at in range(first, last - 3):
            had = next((i for i in range(at + 2, min(at + 5, last - 2)) if words[i] == "had"), None)
            if words[at] in _WHEN and had is not None and words[had + 1] in _OWN | {"their"}:
                marks.mark(had, marks.clause(had, first, last)[1], HISTORICAL | UNSURE)

    def _closed(self, *, recent: bool) -> bool:
        """Whether something says that the past is over: paperwork, "all better", or a question."""
        cues = self._marks.cues
        asked = bool(cues.get("asks")) and not recent
        return bool(cues.get("purpose")) or asked or bool(cues.get("resolved"))

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
        sure = marks.inside("hypothetical", first, last)
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
        return bool(marks.inside("well", first, last) or marks.inside("resolved", first, last))

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
        return own and not marks.cues.get("well") and not marks.cues.get("resolved")

    def _history_of(self) -> None:
        """ "History of X" reaches to the end of its phrase only: what follows may be today's
        complaint. It is sure where the message is closed and tells of nothing that is now.
        """
        marks = self._marks
        sure = self._closed(recent=False) and not marks.cues.get("present") and not marks.recurs()
        for _, last in marks.cues.get("history_of", ()):
            if last < len(marks.bits) and not marks.bits[last] & NEGATED:
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
        self._somebody_else(
            start, end, unsure=present and bool(marks.inside("present", start, end))
        )

    def _somebody_else(self, start: int, end: int, *, unsure: bool) -> None:
        """Mark a story about somebody else; how long ago theirs was is no doubt about the
        patient.
        """
        self._marks.mark(start, end, OTHER | (UNSURE if unsure else 0))
        if not unsure:
            for at in range(start, end):
                self._marks.bits[at] &= ~UNSURE

    def _story(self, start: int, last: int) -> int:
        """How far a story about a relative goes on: until the writer or a "but" comes in."""
        marks = self._marks
        now, kin = marks.starts("present"), marks.starts("relative")
        for at in range(start, last):
            own = marks.words[at] in _NOW_WORDS and at + 1 not in kin
            if own or at in marks.ends or at in now:
                return at
        return last
