"""The numbers of a text, in digits and in words, as they are written and as they are spoken:
"104.9", "38,5", "two hundred and ten", "one oh two point four", "ciento ochenta".

What a number means is for `measures`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from triagewire.scoring.normalise import HARD_BREAK, Text

_SMALL = {
    word: value
    for value, words in enumerate(
        [
            "zero",
            "one un una uno",
            "two dos",
            "three tres",
            "four cuatro",
            "five cinco",
            "six seis",
            "seven siete",
            "eight ocho",
            "nine nueve",
            "ten diez",
            "eleven once",
            "twelve doce",
            "thirteen trece",
            "fourteen catorce",
            "fifteen quince",
            "sixteen dieciseis",
            "seventeen diecisiete",
            "eighteen dieciocho",
            "nineteen diecinueve",
        ]
    )
    for word in words.split()
} | {"couple": 2}
_TENS = {
    word: 10 * value
    for value, words in enumerate(
        [
            "twenty veinte",
            "thirty treinta",
            "forty cuarenta",
            "fifty cincuenta",
            "sixty sesenta",
            "seventy setenta",
            "eighty ochenta",
            "ninety noventa",
        ],
        start=2,
    )
    for word in words.split()
}
_HUNDREDS = {
    word: 100 * value
    for value, words in enumerate(
        [
            "hundred cien ciento",
            "doscientos doscientas",
            "trescientos trescientas",
            "cuatrocientos cuatrocientas",
            "quinientos quinientas",
            "seiscientos seiscientas",
        ],
        start=1,
    )
    for word in words.split()
}
_WORDS = _SMALL | _TENS | {f"veinti{w}": 20 + v for w, v in _SMALL.items() if 0 < v < 10}
_JOINING = ("and", "y")


@dataclass(frozen=True, slots=True)
class Number:
    """A number, and the words it takes: from `first` up to but not including `last`."""

    value: float
    first: int
    last: int
    decimal: bool


def numbers(text: Text) -> Iterator[Number]:
    """Every number of a text, in order."""
    words = text.words
    at = 0
    while at < len(words):
        word = words[at]
        if word[0].isdigit():
            found = Number(_parse(word[:12]), at, at + 1, "." in word or "," in word)
        elif word in _WORDS or word in _HUNDREDS:
            found = _pointed(words, *_spoken(text, at))
        else:
            at += 1
            continue
        yield found
        at = found.last


def _parse(word: str) -> float:
    head, _, tail = word.replace(",", ".").partition(".")
    return float(head + tail) if "," in word and len(tail) == 3 else float(f"{head}.{tail or 0}")


def _spoken(text: Text, at: int) -> tuple[float, int, int]:
    """The number that begins at a number word: its value, its first word and the word after."""
    words = text.words
    word = words[at]
    if word in _HUNDREDS:
        rest, last = _below_hundred(words, _past_joining(words, at + 1))
        return float(_HUNDREDS[word] + rest), at, last if rest else at + 1
    digit = _SMALL.get(word, 0)
    if 0 < digit < 10 and at + 1 < len(words) and text.breaks[at + 1] != HARD_BREAK:
        after = words[at + 1]
        if after in ("hundred", "oh", "o"):
            follows = _past_joining(words, at + 2) if after == "hundred" else at + 2
            rest, last = _below_hundred(words, follows)
            if rest or after == "hundred":
                return float(100 * digit + rest), at, last if rest else at + 2
        elif after in _TENS and not text.breaks[at + 1]:
            rest, last = _below_hundred(words, at + 1)
            return float(100 * digit + rest), at, last
    value, last = _below_hundred(words, at)
    return float(value), at, last


def _past_joining(words: tuple[str, ...], at: int) -> int:
    return at + 1 if at < len(words) and words[at] in _JOINING else at


def _below_hundred(words: tuple[str, ...], at: int) -> tuple[int, int]:
    """The value of one or two number words, and the word after them; 0 where there is none."""
    value = _WORDS.get(words[at], 0) if at < len(words) else 0
    if words[at : at + 1] and words[at] in _TENS:
        follows = at + 2 if words[at + 1 : at + 2] == ("y",) else at + 1
        unit = _SMALL.get(words[follows], 0) if follows < len(words) else 0
        if 0 < unit < 10:
            return value + unit, follows + 1
    return value, at + 1


def _pointed(words: tuple[str, ...], value: float, first: int, last: int) -> Number:
    """With its decimals, where they are spoken: "point four", "punto cinco"."""
    if words[last : last + 1] in (("point",), ("punto",)) and last + 1 < len(words):
        tenth = words[last + 1]
        part = _SMALL.get(tenth, int(tenth[:1]) if tenth.isdigit() else 10)
        if part < 10:
            return Number(value + part / 10, first, last + 2, True)
    return Number(value, first, last, False)
