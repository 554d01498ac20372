"""What is only supposed: "if I ever get chest pain", or by its grammar "if her heart were to stop",
"si me empezara sangrado". The cues of the language list the fixed ways of saying it.
"""

from itertools import pairwise

from triagewire.scoring.effects import HYPOTHETICAL, UNSURE
from triagewire.scoring.marks import OWN, Marks
from triagewire.scoring.normalise import HARD_BREAK, NO_BREAK

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
_ASKING = frozenset([
    "what", "how", "when", "which", "wants", "want", "list", "asks", "asking", "handout", "que",
    "como", "cuando", "cuales", "quiero",
])  # fmt: skip
_IFS = frozenset(["if", "should", "were", "when"])
_REACH, _SPANISH_REACH = 7, 4
_SUBJUNCTIVE = ("ara", "iera", "iese", "aran", "ieran", "iesen")
_NO_VERBS = frozenset([
    "para", "cara", "clara", "rara", "compara", "separa", "prepara", "repara", "dispara", "tara",
    "fuera", "siquiera", "cualquiera", "quiera",
])  # fmt: skip
"""They end like a subjunctive and are none."""


class Suppositions:
    """Marks what is only supposed or asked about."""

    def __init__(self, marks: Marks) -> None:
        self._marks = marks

    def mark(self, first: int, last: int) -> None:
        """Write the suppositions of one sentence.

        "If I ever get …" is sure; "what do I do if I have …" may be happening now, and so may
        what a question is asked about ("how soon does bleach burn, my son drank some").
        """
        marks = self._marks
        shown = marks.covered("shown_now")
        asked = [at for at in marks.inside("education", first, last) if at not in shown]
        sure = [*marks.inside("hypothetical", first, last), *_supposed(marks, first, last)]
        maybe = marks.inside("hypothetical_open", first, last)
        if not sure and not asked:
            if maybe:
                marks.mark(min(maybe), last, HYPOTHETICAL | UNSURE)
            return
        start = min(sure + asked + maybe)
        end = self._statement(start, self._before_now(start, last))
        told = end < last and not self._all_well(end, last)
        unsure = marks.happens(first, last) or told or (not sure and self._may_be_now(start, end))
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
        own = not OWN.isdisjoint(marks.words[start + 2 : end])
        return own and not marks.cues.get("well") and not marks.settled(0, len(marks.words))


def _supposed(marks: Marks, first: int, last: int) -> list[int]:
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
