"""What a message says is not there. The scopes follow NegEx (Chapman 2001), narrowed where those
lose emergencies: an ability negation ("can't breathe") belongs to the symptom itself, "no relief"
negates nothing, two negations cancel, and what a patient lists after a comma is in doubt.
"""

from collections.abc import Iterable, Sequence

from triagewire.scoring.effects import NEGATED, UNSURE
from triagewire.scoring.marks import Marks
from triagewire.scoring.normalise import HARD_BREAK, NO_BREAK

_NEVER = frozenset(["never", "nunca", "jamas"])
_COMPARED = frozenset([
    "this", "that", "so", "such", "like", "as", "before", "until", "till", "worse", "bad", "asi",
    "tan", "antes", "como", "tanto",
])  # fmt: skip
"""Beside "never" they say how bad it is, as often as that nothing was: a person decides which."""
_LISTS = frozenset(
    ["no", "denies", "denied", "without", "nor", "neither", "ni", "niega", "sin", "neg"]
)
_CHARTED = frozenset(["denies", "denied", "denying", "negative", "neg", "without", "niega", "w"])
_INSURERS = frozenset([
    "insurance", "insurer", "claim", "coverage", "payer", "plan", "auth", "appeal", "pa", "aetna",
    "cigna", "medicaid", "medicare", "they", "was", "been", "got",
])  # fmt: skip
_LAST_OF_LIST = frozenset(["or", "nor", "ni", "o"])
_AFTER_REACH, _REACH, _LIST_REACH = 5, 7, 60


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Overlapping spans as one ("not", "not having" → "not having"), in text order."""
    merged: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if merged and first < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    return merged


class Negations:
    """Marks what is negated. `claimed` tells for each word where the longest clinical mention
    around it ends: its "not" is part of the symptom.
    """

    def __init__(self, marks: Marks, claimed: Sequence[int]) -> None:
        self._marks = marks
        self._claimed = claimed
        self._negators: set[int] = set()

    def mark(self) -> None:
        """Write the negations of the whole text."""
        marks = self._marks
        blocked = self._blocked()
        cues = _merged(
            span for span in marks.cues.get("negation", ()) if not self._part_of_symptom(*span)
        )
        self._negators = {first for first, _ in cues if first not in blocked}
        for index, (first, last) in enumerate(cues):
            if first in blocked or self._doubled(index, cues) or self._interjection(first, last):
                continue
            marks.mark(first + 1, last, NEGATED)
            self._forward(first, last)
        for first, _ in marks.cues.get("negation_after", ()):
            if marks.words[first] == "denied" and not self._charted(first):
                continue
            marks.mark_back(max(0, first - _AFTER_REACH), first, NEGATED)

    def _charted(self, at: int) -> bool:
        """Whether a "denied" is charted ("chest pain denied"), not said of an insurer."""
        before = self._marks.words[at - 1] if at else ""
        return self._marks.staff and before not in _INSURERS

    def _blocked(self) -> set[int]:
        """Where a "no" denies relief or ability, not the symptom. A longer cue wins: "no longer
        feel suicidal" over "no longer feel".
        """
        cues = self._marks.cues
        longest = dict(sorted(cues.get("negation", ())))
        return {
            at
            for first, last in cues.get("not_negation", ())
            for at in range(first, last)
            if at > first or longest.get(first, 0) <= last
        }

    def _doubled(self, index: int, cues: Sequence[tuple[int, int]]) -> bool:
        """Whether another negation close by takes this one back ("it's not nothing")."""
        first, last = cues[index]
        before = cues[index - 1] if index else (-9, -9)
        after = cues[index + 1] if index + 1 < len(cues) else (1 << 30, 0)
        close = 0 <= first - before[1] <= 3 or 0 <= after[0] - last <= 2
        return close and self._same_clause(first, before, after)

    def _interjection(self, first: int, last: int) -> bool:
        """An answer ("no, I …", "No I …"): it negates nothing of what follows."""
        words, breaks = self._marks.words, self._marks.breaks
        after = first + 1
        if after >= len(words):
            return False
        if words[first] == "no" and (breaks[after] != NO_BREAK or after in self._marks.subjects):
            return True
        return last - first == 1 and breaks[after] != NO_BREAK

    def _part_of_symptom(self, first: int, last: int) -> bool:
        """A "not" inside a symptom ("not breathing") negates nothing after it; "no" always does."""
        words = self._marks.words
        while last < len(words) and words[last] in ("any", "a", "the", "my"):
            last += 1
        return words[first] in ("not", "never") and self._claimed[first] > last

    def _same_clause(self, first: int, before: tuple[int, int], after: tuple[int, int]) -> bool:
        """Two negators cancel only when nothing separates them ("not … nothing"), unlike "no X,
        no Y".
        """
        words, breaks = self._marks.words, self._marks.breaks
        near = before if 0 <= first - before[1] <= 3 else after
        low, high = min(first, near[0]), max(first, near[0])
        return words[high] not in _LISTS and all(
            breaks[at] == NO_BREAK for at in range(low + 1, min(high + 1, len(words)))
        )

    def _never_so(self, first: int, last: int) -> bool:
        """Whether a "never" compares ("never had pain like this") instead of denying."""
        words, breaks = self._marks.words, self._marks.breaks
        if _NEVER.isdisjoint(words[first:last]):
            return False
        for at in range(last, len(words)):
            if breaks[at] == HARD_BREAK:
                return False
            if words[at] in _COMPARED:
                return True
        return False

    def _forward(self, first: int, start: int) -> None:
        """Mark what a negator denies: its phrase, and the list that goes on after commas."""
        marks = self._marks
        unsure = UNSURE if self._never_so(first, start) else 0
        sure_list = self._sure_list(first, start)
        since, at = 0, start
        while at < len(marks.words) and at - start < _LIST_REACH:
            if self._stops(at, start):
                return
            if marks.breaks[at] != NO_BREAK or at in marks.joins:
                if self._clause_begins(at):
                    return
                if not sure_list:
                    unsure = UNSURE
                since = 0
            since += 1
            if since > _REACH + 2 * marks.staff:
                return
            marks.bits[at] |= NEGATED | unsure
            at += 1

    def _stops(self, at: int, start: int) -> bool:
        """Whether the negation is over: a sentence, a "but", another negator or subject begins."""
        marks = self._marks
        other = at in self._negators or (at in marks.subjects and not marks.staff)
        stop = marks.breaks[at] == HARD_BREAK or other
        return at in marks.ends or (stop and at > start)

    def _sure_list(self, first: int, start: int) -> bool:
        """Whether what follows a comma is surely still denied: a charted denial, or a list that
        ends in "or". "Not an emergency, coughing up blood" is none.
        """
        marks = self._marks
        word = marks.words[first]
        if marks.staff and (word in _CHARTED or word == "no"):
            return True
        for at in range(start, min(start + _LIST_REACH, len(marks.words))):
            if marks.breaks[at] == HARD_BREAK or at in marks.ends or at in self._negators:
                return False
            if marks.words[at] in _LAST_OF_LIST and "anything" not in marks.words[at + 1 : at + 2]:
                return True
        return False

    def _clause_begins(self, at: int) -> bool:
        """Whether a new clause with its own verb or number starts at this separator: then the
        negation is over ("no fever, sugar 480", "no cough, new rash").
        """
        marks = self._marks
        if marks.words[at] in ("new", "positive", "pos"):
            return True
        for ahead in range(at, min(at + 5, len(marks.words))):
            if ahead > at and (marks.breaks[ahead] != NO_BREAK or ahead in marks.joins):
                return False
            measured = ahead > at and marks.words[ahead][0].isdigit()
            if ahead in marks.subjects or ahead in marks.verbs or measured:
                return True
        return False
