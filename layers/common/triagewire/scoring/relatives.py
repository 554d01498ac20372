"""What is somebody else's: a father's heart attack, a neighbour's fall of long ago. A relative in
the present tense is the patient.
"""

from triagewire.scoring.effects import OTHER, UNSURE
from triagewire.scoring.marks import Marks

_STILL = frozenset([
    "is", "are", "has", "keeps", "can", "does", "will", "esta", "estan", "sigue", "no", "anda",
    "tiene", "siente",
])  # fmt: skip
"""After an "and" they tell of now."""
_WEEKS = frozenset(["week", "weeks", "wks", "wk", "semana", "semanas"])
_NOW_WORDS = frozenset(["i", "me", "my", "we", "yo", "mi", "this", "these", "mine"])


class Relatives:
    """Marks stories about others than the patient."""

    def __init__(self, marks: Marks) -> None:
        self._marks = marks

    def mark(self, first: int, last: int, *, present: bool) -> None:
        """Write what one sentence tells of others: a family history, or an acquaintance of long
        ago. `present` says that something in it is of now, or came back.
        """
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
