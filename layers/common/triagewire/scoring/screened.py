"""What a form, a questionnaire or a bot asked and somebody answered with a bare "no": "chest pain?
no", "fainting: none", "bleeding - N". The question is denied as surely as "no chest pain" is.
"""

from triagewire.scoring.effects import NEGATED
from triagewire.scoring.marks import Marks
from triagewire.scoring.normalise import HARD_BREAK, NO_BREAK

_NOES = frozenset(
    ["no", "none", "nope", "nah", "never", "neg", "negative", "n", "ninguno", "nunca"]
)
_ASKED_BY = "?:-=\N{EN DASH}\N{EM DASH}"
_REACH, _A_LIST = 14, 3
"""How far back a question goes, in words; so many bare noes are a list ("cough no, fever no")."""


class Screenings:
    """Marks the questions of one text that were answered with a bare no."""

    def __init__(self, marks: Marks) -> None:
        self._marks = marks

    def mark(self) -> None:
        """Write the denials of all answered questions."""
        alone = [at for at in range(1, len(self._marks.words)) if self._alone(at)]
        listed = len(alone) >= _A_LIST
        answers = [at for at in alone if listed or self._asked(at)]
        after = 0
        for at in answers:
            for back in range(self._question(at, after), at):
                self._marks.bits[back] |= NEGATED
            after = at + 1

    def _alone(self, at: int) -> bool:
        """Whether this word is a no with nothing after it in its clause."""
        marks, text = self._marks, self._marks.text
        if text.original[text.starts[at] : text.ends[at]].lower() not in _NOES:
            return False
        return at + 1 == len(marks.words) or marks.breaks[at + 1] != NO_BREAK

    def _asked(self, at: int) -> bool:
        """Whether a question mark or a label's colon stands before this word."""
        text = self._marks.text
        before = text.original[text.ends[at - 1] : text.starts[at]].strip()
        return bool(before) and before[-1] in _ASKED_BY

    def _question(self, at: int, after: int) -> int:
        """Where the question before an answer begins: at a sentence, or after the last answer."""
        low = max(after, at - _REACH)
        for back in range(at - 1, low - 1, -1):
            if self._marks.breaks[back] == HARD_BREAK:
                return back
        return low
