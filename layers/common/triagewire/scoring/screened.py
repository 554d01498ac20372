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
_REACH = 14


class Screenings:
    """Marks the questions of one text that were answered with a bare no."""

    def __init__(self, marks: Marks) -> None:
        self._marks = marks

    def mark(self) -> None:
        """Write the denials of all answered questions."""
        answers = [at for at in range(1, len(self._marks.words)) if self._answers(at)]
        after = 0
        for at in answers:
            for back in range(self._question(at, after), at):
                self._marks.bits[back] |= NEGATED
            after = at + 1

    def _answers(self, at: int) -> bool:
        """Whether this word is a no that stands alone after a question or a label."""
        marks, text = self._marks, self._marks.text
        if text.original[text.starts[at] : text.ends[at]].lower() not in _NOES:
            return False
        if at + 1 < len(marks.words) and marks.breaks[at + 1] == NO_BREAK:
            return False
        asked = text.original[text.ends[at - 1] : text.starts[at]].strip()
        return bool(asked) and asked[-1] in _ASKED_BY

    def _question(self, at: int, after: int) -> int:
        """Where the question before an answer begins: at a sentence, or after the last answer."""
        low = max(after, at - _REACH)
        for back in range(at - 1, low - 1, -1):
            if self._marks.breaks[back] == HARD_BREAK:
                return back
        return low
