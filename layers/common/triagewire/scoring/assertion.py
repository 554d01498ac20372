"""Who says what of whom, when: negation, history, hypothesis, other people, and talk *about* a
symptom.

Each word of a message gets modifier bits; a concept mention has the bits of its own words, so a
live mention anywhere wins over any number of modified ones. Each story has a file of its own:
`negation.py`, `screened.py`, `history.py` with `suppositions.py` and `relatives.py`, `general.py`,
`about.py`.
"""

from collections.abc import Sequence

from triagewire.scoring.about import About
from triagewire.scoring.general import Generalities
from triagewire.scoring.history import Histories
from triagewire.scoring.marks import Marks, Spans
from triagewire.scoring.negation import Negations
from triagewire.scoring.normalise import Text
from triagewire.scoring.screened import Screenings


class Scopes:
    """Modifier bits for each word of one text.

    `cues` are the spans found by the language's own trie; `claimed` tells for each word where the
    longest clinical mention around it ends, for its "not" is part of the symptom; `staff` widens
    "denies" to the whole sentence.
    """

    def __init__(self, text: Text, cues: Spans, claimed: Sequence[int], *, staff: bool) -> None:
        self._marks = Marks(text, cues, staff=staff)
        self.bits = self._marks.bits
        if cues:
            Negations(self._marks, claimed).mark()
            Screenings(self._marks).mark()
            Histories(self._marks).mark()
            Generalities(self._marks).mark()
            self._talk_about()

    def of(self, first: int, last: int) -> int:
        """The bits of a mention: those that cover all of its words."""
        return self._marks.of(first, last)

    def _talk_about(self) -> None:
        marks = self._marks
        about = About(marks.text, marks.cues, marks.ends, marks.subjects | marks.joins)
        for first, last in marks.sentences:
            for start, end, bit in about.marks(first, last, staff=marks.staff):
                marks.mark(start, end, bit)
            for start, end, bits in about.topics(first, last, staff=marks.staff):
                if not marks.of(start, end):  # whatever is sure needs no doubt
                    marks.mark(start, end, bits)
