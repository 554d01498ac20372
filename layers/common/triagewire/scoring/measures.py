"""Numbers with units, read as clinicians write them and as patients do: "fever 103", "74/40",
"sats 88", "3 wk old".
 A reader looks only a few words around each number, so the cost is linear. The words that give a
number its meaning are data (`language.yaml`, `quantities`); the thresholds belong to the rule set
(`measures`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from triagewire.scoring.normalise import HARD_BREAK, Text

_AROUND = 9
_UNITS_IN_HOURS = {
    "minute": 1 / 60,
    "min": 1 / 60,
    "minuto": 1 / 60,
    "hour": 1.0,
    "hr": 1.0,
    "hora": 1.0,
    "day": 24.0,
    "dia": 24.0,
    "week": 168.0,
    "wk": 168.0,
    "semana": 168.0,
    "month": 730.0,
    "mo": 730.0,
    "mth": 730.0,
    "mes": 730.0,
    "mese": 730.0,
    "year": 8766.0,
    "yr": 8766.0,
    "y": 8766.0,
    "yo": 8766.0,
    "ano": 8766.0,
}
_LONE_UNITS = frozenset(("mg", "mcg", "lbs", "pounds", "bpm", "ml", "dollars", "kg", "calories"))
"""A number with one of these beside it is no blood pressure."""
_NUMBER_WORDS = {
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
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
            "twenty veinte",
        ]
    )
    for word in words.split()
} | {
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
    "couple": 2,
}


@dataclass(frozen=True, slots=True)
class Reading:
    """One quantity: temperature in °C, glucose in mg/dL, age in years, duration in hours, the
    rest as written.
    """

    quantity: str
    value: float
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class _Number:
    value: float
    first: int
    last: int
    decimal: bool


def _parse(word: str) -> float:
    head, _, tail = word.replace(",", ".").partition(".")
    return float(head + tail) if "," in word and len(tail) == 3 else float(f"{head}.{tail or 0}")


def _numbers(text: Text) -> Iterator[_Number]:
    words = text.words
    at = 0
    while at < len(words):
        word = words[at]
        if word[0].isdigit():
            yield _Number(_parse(word[:12]), at, at + 1, "." in word or "," in word)
        elif word == "hundred" or (
            word in _NUMBER_WORDS and at + 1 < len(words) and words[at + 1] == "hundred"
        ):
            value, last = _hundreds(words, at)
            yield _Number(value, at, last, False)
            at = last
            continue
        elif word in _NUMBER_WORDS:
            tens = _NUMBER_WORDS[word]
            nxt = _NUMBER_WORDS.get(words[at + 1], 0) if at + 1 < len(words) else 0
            both = tens >= 20 and 0 < nxt < 10
            yield _Number(float(tens + nxt if both else tens), at, at + 1 + both, False)
            at += both
        at += 1


def _hundreds(words: tuple[str, ...], at: int) -> tuple[float, int]:
    value = 100.0 * (1 if words[at] == "hundred" else _NUMBER_WORDS[words[at]])
    last = at + 1 if words[at] == "hundred" else at + 2
    if last < len(words) and words[last] == "and":
        last += 1
    while last < len(words) and words[last] in _NUMBER_WORDS:
        value += _NUMBER_WORDS[words[last]]
        last += 1
    if last < len(words) and words[last - 1] == "and":
        last -= 1
    return value, last


class Readers:
    """All quantity readers, with the words around a number that tell its meaning."""

    def __init__(self, near: Mapping[str, frozenset[str]]) -> None:
        self._near = near

    def read(self, text: Text) -> list[Reading]:
        """Every quantity of a text; one number may be read in more than one way."""
        found: list[Reading] = []
        previous: _Number | None = None
        for number in _numbers(text):
            found.extend(self._one(text, number))
            if previous is not None and previous.last == number.first:
                found.extend(self._pair(text, previous, number))
            elif previous is not None and number.first - previous.last <= 2:
                found.extend(self._pair(text, previous, number, spoken=True))
            previous = number
        return found

    def _words_about(self, text: Text, number: _Number) -> set[str]:
        low, high = max(0, number.first - _AROUND), min(len(text.words), number.last + _AROUND)
        about: set[str] = set()
        for at in range(number.first, low - 1, -1):
            about.add(text.words[at])
            if text.breaks[at] == HARD_BREAK:
                break
        for at in range(number.last, high):
            if text.breaks[at] == HARD_BREAK:
                break
            about.add(text.words[at])
        return about

    def _one(self, text: Text, number: _Number) -> Iterator[Reading]:
        about = self._words_about(text, number)
        unit = text.words[number.last] if number.last < len(text.words) else ""
        value = number.value
        for quantity, low, high in (
            ("spo2", 40, 100),
            ("pulse", 15, 300),
            ("pain", 0, 10),
            ("potassium", 1, 10),
        ):
            if low <= value <= high and about & self._near[quantity]:
                yield Reading(quantity, value, number.first, number.last)
        if (celsius := _celsius(value, unit, bool(about & self._near["temperature"]))) is not None:
            yield Reading("temperature", celsius, number.first, number.last)
        if about & self._near["glucose"] and 1 <= value <= 2000 and "a1c" not in about:
            mmol = unit == "mmol" or (number.decimal and value < 34)
            yield Reading("glucose", value * 18 if mmol else value, number.first, number.last)
        if 170 <= value <= 300 and about & self._near["bp"] and unit not in _LONE_UNITS:
            yield Reading("systolic", value, number.first, number.last)
        yield from self._time(text, number, unit, about)

    def _time(self, text: Text, number: _Number, unit: str, about: set[str]) -> Iterator[Reading]:
        hours = _UNITS_IN_HOURS.get(unit) or _UNITS_IN_HOURS.get(unit.rstrip("s"))
        if hours is None:
            return
        last = number.last + 1
        beyond = text.words[last : last + 2]
        if (
            unit == "yo"
            or (beyond and beyond[0] in ("old", "olds", "o", "edad"))
            or beyond == ("de", "edad")
        ) or (
            number.first > 0
            and text.words[number.first - 1] in ("de", "tiene")
            and about & self._near["child"]
        ):
            yield Reading("age", number.value * hours / 8766, number.first, last)
        elif hours == 168 and 4 <= number.value <= 44 and about & self._near["gestation"]:
            yield Reading("gestation", number.value, number.first, last)
        else:
            yield Reading("duration", number.value * hours, number.first, last)

    def _pair(
        self, text: Text, one: _Number, two: _Number, spoken: bool = False
    ) -> Iterator[Reading]:
        between = text.plain[text.plain_starts[one.last - 1] : text.plain_starts[two.first]]
        words = text.words[one.last : two.first]
        if spoken and words not in (("over",), ("sobre",), ("out", "of"), ("de",), ("con",)):
            return
        if not spoken and "/" not in between:
            return
        if two.value == 10 and one.value <= 10:
            yield Reading("pain", one.value, one.first, two.last)
        elif 50 <= one.value <= 300 and 20 <= two.value <= 190 and one.value > two.value:
            about = self._words_about(text, one)
            if about & self._near["bp"] or one.value >= 140:
                yield Reading("systolic", one.value, one.first, two.last)
                yield Reading("diastolic", two.value, one.first, two.last)


def _celsius(value: float, unit: str, named: bool) -> float | None:
    fahrenheit = 94 <= value <= 112
    if not (fahrenheit or 34 <= value <= 44):
        return None
    if unit in ("c", "celsius", "centigrade", "centigrados") and not fahrenheit:
        return value
    if unit in ("f", "fahrenheit", "farenheit") and fahrenheit:
        return (value - 32) / 1.8
    if not named and unit not in ("degrees", "degree", "deg", "grados"):
        return None
    return (value - 32) / 1.8 if fahrenheit else value
