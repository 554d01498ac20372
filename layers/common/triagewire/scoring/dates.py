"""Times that people write in figures: "in '06", "back in 98", "at 17", "when Asha was one". The
cues of the language list what is said in words; what is counted is found here.
"""

from collections.abc import Iterator

from triagewire.scoring.marks import Marks
from triagewire.scoring.normalise import HARD_BREAK, NO_BREAK


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SMALL = _words(
    "one two three four five six seven eight nine ten eleven twelve uno un dos tres cuatro cinco "
    "seis siete ocho nueve diez once doce"
)
_TEENS = _words(
    "thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty "
    "trece catorce quince dieciseis diecisiete dieciocho diecinueve veinte treinta cuarenta"
)
_YEARS_BEFORE = _words("in of since from year summer winter spring fall en del ano desde")
_SPANS = _words("years year yrs yr months month mos anos ano meses mes")
_GROWN = _SPANS | _words("weeks week wks days semanas dias old")
_COUNTED = _words(
    "am pm minutes min mins minute hours hour hrs hr oclock weeks week wks percent mg mcg ml units "
    "bpm degrees minutos horas hora semanas feet ft miles mph times night noon f c lb lbs kg "
    "days day more of"
)
"""After a number: it is no age and no year."""
_MEASURED = _words(
    "sugar sugars glucose temp temperature fever oxygen o2 sat sats spo2 pulse rate hr bp pressure "
    "reading is are was were sitting stays staying running up down still now started starts look "
    "contractions azucar fiebre presion saturacion"
)
"""Before "at 40": it is a value, and no age."""
_LIVED = _words(
    "had was were got came suffered survived broke nearly almost diagnosed lost died happened went "
    "took tried attempted overdosed collapsed caught stopped tuve tuvo dio"
)
_WERE = _words("was were turned era tenia")
_YOUNG = _words("baby newborn infant toddler little small tiny young preemie kid child")
_LATEST_SHORT_YEAR, _EARLIEST_SHORT_YEAR = 25, 40
_YOUNGEST, _OLDEST = 13, 79
_WHEN_REACH = 3
_BARE = _words(
    "in on of the back early late mid since around about and was it that this el en de del fue "
    "january february march april may june july august september october november december jan "
    "feb mar apr jun jul aug sept sep oct nov dec spring summer fall autumn winter christmas "
    "thanksgiving easter ago years year yrs months last enero febrero marzo abril mayo junio julio "
    "agosto septiembre octubre noviembre diciembre hace anos ano"
)


def counted_pasts(marks: Marks) -> list[tuple[int, int]]:
    """The spans of one text that name a year or an age of long ago in figures."""
    return [*_short_years(marks), *_ages(marks), *_youths(marks)]


def is_bare(marks: Marks, first: int, last: int) -> bool:
    """Whether these words are a time and nothing else: "11 Nov 2022", "early in 1998"."""
    words = marks.words[first:last]
    return all(word in _BARE or word.isdigit() or word in _SMALL | _TEENS for word in words)


def _short_years(marks: Marks) -> Iterator[tuple[int, int]]:
    for at, word in enumerate(marks.words):
        if word.isdigit() and (_apostrophe(marks, at) or _dated(marks, at)) and _is_year(word):
            yield at, at + 1


def _is_year(word: str) -> bool:
    """Whether two figures, or three of which the first is nought, are a year gone by."""
    if len(word) == 3 and word[0] != "0":
        return False
    year = int(word[-2:])
    return len(word) in (2, 3) and (year <= _LATEST_SHORT_YEAR or year >= _EARLIEST_SHORT_YEAR)


def _apostrophe(marks: Marks, at: int) -> bool:
    start = marks.text.plain_starts[at]
    plain = marks.text.plain
    return start > 0 and plain[start - 1] == "'" and not plain[max(0, start - 2)].isalnum()


def _dated(marks: Marks, at: int) -> bool:
    """Whether a bare number can only be a year: "in 98", "since 06", "(07)"."""
    word, start = marks.words[at], marks.text.plain_starts[at]
    nought = word[0] == "0"
    if not nought and not _EARLIEST_SHORT_YEAR + 10 <= int(word) <= 99:
        return False
    if _follows(marks, at + 1, _COUNTED | _GROWN):
        return False
    if nought and len(word) > 1 and marks.text.plain[start - 1 : start] == "(":
        return True
    return at > 0 and marks.words[at - 1] in _YEARS_BEFORE and marks.breaks[at] == NO_BREAK


def _follows(marks: Marks, at: int, words: frozenset[str]) -> bool:
    return at < len(marks.words) and marks.words[at] in words and marks.breaks[at] != HARD_BREAK


def _ages(marks: Marks) -> Iterator[tuple[int, int]]:
    """ "had a collapsed lung at 20", "had meningitis at five months": no clock and no value."""
    for at in range(1, len(marks.words) - 1):
        if marks.words[at] != "at" or marks.breaks[at + 1] != NO_BREAK:
            continue
        before = _sentence_before(marks, at)
        if _LIVED.isdisjoint(before) or not _MEASURED.isdisjoint(before[-3:]):
            continue
        if marks.words[at + 1] == "age" and at + 2 < len(marks.words):
            if _number(marks.words[at + 2]):
                yield at, at + 3
            continue
        young = _number(marks.words[at + 1]) and _follows(marks, at + 2, _SPANS)
        if young or (_grown_age(marks.words[at + 1]) and not _follows(marks, at + 2, _COUNTED)):
            yield at, at + 3 if young else at + 2


def _sentence_before(marks: Marks, at: int) -> tuple[str, ...]:
    low = at
    while low > 0 and marks.breaks[low] != HARD_BREAK:
        low -= 1
    return marks.words[low:at]


def _number(word: str) -> bool:
    return word.isdigit() or word in _SMALL or word in _TEENS


def _grown_age(word: str) -> bool:
    return word in _TEENS or (word.isdigit() and _YOUNGEST <= int(word) <= _OLDEST)


def _youths(marks: Marks) -> Iterator[tuple[int, int]]:
    """ "When Asha was one", "when my twins were three weeks old", "when they were little"."""
    words = marks.words
    for at in range(len(words) - 2):
        if words[at] not in ("when", "cuando"):
            continue
        reach = range(at + 1, min(at + 2 + _WHEN_REACH, len(words) - 1))
        were = next((i for i in reach if words[i] in _WERE), None)
        if were is None:
            continue
        after = were + 1 + (words[were + 1] in ("a", "about", "only", "just", "un", "una"))
        if after < len(words) and _an_age(marks, after):
            yield at, after + 1


def _an_age(marks: Marks, at: int) -> bool:
    if marks.words[at] in _YOUNG:
        return True
    return _number(marks.words[at]) and not _follows(marks, at + 1, _COUNTED - _GROWN)
