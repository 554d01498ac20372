"""What is only supposed by its grammar: "if her heart were to stop", "should my lips ever swell",
"si me empezara sangrado". The cues of the language list the fixed ways of saying it.
"""

from itertools import pairwise

from triagewire.scoring.marks import Marks
from triagewire.scoring.normalise import HARD_BREAK

_IFS = frozenset(["if", "should", "were", "when"])
_REACH, _SPANISH_REACH = 7, 4
_SUBJUNCTIVE = ("ara", "iera", "iese", "aran", "ieran", "iesen")
_NO_VERBS = frozenset([
    "para", "cara", "clara", "rara", "compara", "separa", "prepara", "repara", "dispara", "tara",
    "fuera", "siquiera", "cualquiera", "quiera",
])  # fmt: skip
"""They end like a subjunctive and are none."""


def supposed(marks: Marks, first: int, last: int) -> list[int]:
    """Where suppositions begin between two words."""
    return [
        at for at in range(first, last) if _english(marks, at, last) or _spanish(marks, at, last)
    ]


def _clause(marks: Marks, at: int, last: int, reach: int) -> tuple[str, ...]:
    """The words after one, to the end of its sentence at most."""
    end = at + 1
    while end < min(last, at + 1 + reach) and marks.breaks[end] != HARD_BREAK:
        end += 1
    return marks.words[at + 1 : end]


def _english(marks: Marks, at: int, last: int) -> bool:
    """ "If … were to", "if … ever", "should … ever": of a thing that has not happened."""
    if marks.words[at] not in _IFS:
        return False
    after = _clause(marks, at, last, _REACH)
    were_to = any(one in ("were", "was") and two == "to" for one, two in pairwise(after))
    ever = "ever" in after and "since" not in after and marks.words[at] != "when"
    return (marks.words[at] == "if" and were_to) or ever


def _spanish(marks: Marks, at: int, last: int) -> bool:
    """ "Si me empezara": the imperfect subjunctive."""
    if marks.words[at] != "si":
        return False
    after = _clause(marks, at, last, _SPANISH_REACH)
    return any(word.endswith(_SUBJUNCTIVE) and word not in _NO_VERBS for word in after)
