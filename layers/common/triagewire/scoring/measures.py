"""Numbers with units, read as clinicians write them and as patients do: "fever 103", "74/40",
"sats 88", "K 6.9", "36+2", "3 wk old".

A reader looks only a few words around each number, so the cost is linear. The words that give a
number its meaning are data (`language.yaml`, `quantities`); the thresholds belong to the rule set
(`measures`).
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from triagewire.scoring.normalise import HARD_BREAK, Text
from triagewire.scoring.numbers import Number, numbers
from triagewire.scoring.units import HOURS, celsius

_AROUND = 9
_AGED = (("old",), ("olds",), ("o",), ("edad",))


@dataclass(frozen=True, slots=True)
class Reading:
    """One quantity: temperature in °C, glucose in mg/dL, age in years, duration in hours, the
    rest (laboratory values and scores of staff too) as written.
    """

    quantity: str
    value: float
    first: int
    last: int


_BEING = (("is",), ("s",), ("be",), ("turned",), ("tiene",), ("de",))
_RANGES = (("spo2", 40, 100), ("pulse", 15, 300), ("pain", 0, 10))
"""Quantities that a word somewhere near names, and the values that can be meant."""
_LABELLED = {
    "respirations": (2, 90),
    "potassium": (1, 10),
    "sodium": (90, 200),
    "hemoglobin": (2, 20),
    "inr": (0.8, 25),
    "lactate": (0.5, 20),
    "ph": (6.5, 7.9),
    "platelets": (0, 999),
    "neutrophils": (0, 9000),
    "lithium": (0.1, 9),
    "digoxin": (0.1, 20),
    "paracetamol_level": (1, 900),
    "monoxide": (1, 90),
    "eye_pressure": (4, 90),
    "gcs": (3, 15),
    "news": (0, 20),
    "qsofa": (0, 3),
    "ciwa": (0, 67),
    "burnt_area": (1, 100),
    "spo2": (40, 100),
    "pulse": (15, 300),
}
"""Quantities whose name stands right before the number, and the values that can be meant."""


@dataclass(frozen=True, slots=True)
class _Place:
    """One number where it stands: the words about it, the ones before it, and its unit."""

    number: Number
    about: frozenset[str]
    before: tuple[str, ...]
    unit: str


class Readers:
    """All quantity readers, with the words around a number that tell its meaning."""

    def __init__(self, near: Mapping[str, frozenset[str]]) -> None:
        # A policy published before a list of words was added is read without it, not refused.
        self._near = defaultdict(frozenset[str], near)
        self._names = {
            label: quantity
            for quantity in _LABELLED
            for label in near.get(f"{quantity}_label", frozenset())
        } | dict.fromkeys(near.get("other_label", frozenset()), "")

    def read(self, text: Text) -> list[Reading]:
        """Every quantity of a text; one number may be read in more than one way."""
        found: list[Reading] = []
        previous: Number | None = None
        for number in numbers(text):
            of_ten = previous is not None and _of_ten(text, previous, number)
            one = self._one(text, number)
            found.extend(each for each in one if not (of_ten and each.quantity == "pain"))
            if previous is not None and previous.last == number.first:
                found.extend(self._pair(text, previous, number))
            elif previous is not None and number.first - previous.last <= 2:
                found.extend(self._pair(text, previous, number, spoken=True))
            previous = number
        return found

    def _place(self, text: Text, number: Number) -> _Place:
        low, high = max(0, number.first - _AROUND), min(len(text.words), number.last + _AROUND)
        about: set[str] = set()
        first = number.first
        for at in range(number.first, low - 1, -1):
            about.add(text.words[at])
            first = at
            if text.breaks[at] == HARD_BREAK:
                break
        for at in range(number.last, high):
            if text.breaks[at] == HARD_BREAK:
                break
            about.add(text.words[at])
        unit = text.words[number.last] if number.last < len(text.words) else ""
        return _Place(number, frozenset(about), text.words[first : number.first], unit)

    def _one(self, text: Text, number: Number) -> Iterator[Reading]:
        place = self._place(text, number)
        yield from self._named(place)
        yield from self._labelled(place)
        yield from self._sugar(place)
        yield from self._heat(place)
        yield from self._tablets(text, place)
        yield from self._time(text, place)

    def _counts(self, place: _Place) -> bool:
        """Whether the number counts or names something, and measures nothing."""
        if place.unit in ("am", "pm"):
            return place.number.value <= 12
        if place.unit in ("times", "veces"):
            return not place.about & {"minute", "minuto"}
        return place.unit in self._near["counted"] or bool(
            set(place.before[-1:]) & self._near["naming"]
        )

    def _named(self, place: _Place) -> Iterator[Reading]:
        number = place.number
        if self._counts(place):
            return
        label = self._label(place)
        for quantity, low, high in _RANGES:
            if label not in (None, quantity) or (quantity == "pain" and self._years(place)):
                continue
            if low <= number.value <= high and place.about & self._near[quantity]:
                yield Reading(quantity, number.value, number.first, number.last)
        if number.decimal and 1 <= number.value <= 10 and place.about & self._near["potassium"]:
            yield Reading("potassium", number.value, number.first, number.last)
        pressed = place.about & self._near["bp"] and place.unit != "bpm"
        if pressed and 170 <= number.value <= 300:
            yield Reading("systolic", number.value, number.first, number.last)

    def _years(self, place: _Place) -> bool:
        """Whether the number is how old somebody is: "my daughter is ten"."""
        before = place.before[:-1] if place.before[-1:] in _BEING else place.before
        short = before is place.before  # "she's ten" is read as "she ten"
        return before[-1:] in (("she",), ("he",)) or (
            not short and bool(set(before[-1:]) & self._near["person"])
        )

    def _label(self, place: _Place) -> str | None:
        """The quantity whose name stands right before the number; "" for one of no interest."""
        for word in reversed(place.before[-4:]):
            if word in self._names:
                return self._names[word]
            if word not in self._near["links"] and not word[0].isdigit():
                return None
        return None

    def _labelled(self, place: _Place) -> Iterator[Reading]:
        quantity = self._label(place)
        if not quantity or self._counts(place):
            return
        low, high = _LABELLED[quantity]
        if low <= place.number.value <= high:
            yield Reading(quantity, place.number.value, place.number.first, place.number.last)

    def _sugar(self, place: _Place) -> Iterator[Reading]:
        number = place.number
        if self._counts(place) or "a1c" in place.about or not 1 <= number.value <= 2000:
            return
        if place.about & self._near["glucose"]:
            mmol = place.unit == "mmol" or (
                number.value < 34 if number.decimal else number.value < 20
            )
            sugar = number.value * 18 if mmol else number.value
            yield Reading("glucose", sugar, number.first, number.last)

    def _heat(self, place: _Place) -> Iterator[Reading]:
        number = place.number
        if place.unit in self._near["counted"]:
            return
        named = bool(place.about & self._near["temperature"]) or (
            place.before[-1:] in (("t",), ("tmax",), ("tm",))
        )
        if number.decimal and not named:
            named = bool(place.about & self._near["heat"])
        degrees = celsius(number.value, place.unit, named)
        if degrees is not None:
            yield Reading("temperature", degrees, number.first, number.last)

    def _tablets(self, text: Text, place: _Place) -> Iterator[Reading]:
        """How many: "30 pills", "14 paracetamol", "12 of them", "20 or so xanax"."""
        number = place.number
        after = text.words[number.last : number.last + 6]
        near = after if after[:1] in (("of",), ("de",)) else after[:2]
        if set(near) & self._near["tablets"] and number.value == int(number.value):
            yield Reading("tablets", number.value, number.first, number.last + 1)

    def _time(self, text: Text, place: _Place) -> Iterator[Reading]:
        number, about = place.number, place.about
        hours = HOURS.get(place.unit) or HOURS.get(place.unit.rstrip("s"))
        if hours is None:
            return
        last = number.last + 1
        beyond = text.words[last : last + 2]
        aged = place.unit == "yo" or beyond[:1] in _AGED or beyond == ("de", "edad")
        told = place.before[-1:] in (("de",), ("tiene",)) and about & self._near["child"]
        if (aged and not self._thing(place)) or told:
            yield Reading("age", number.value * hours / 8766, number.first, last)
        elif hours == 168 and 4 <= number.value <= 44 and self._carried(place, beyond):
            yield Reading("gestation", number.value, number.first, last)
        else:
            yield Reading("duration", number.value * hours, number.first, last)

    def _thing(self, place: _Place) -> bool:
        """Whether a bruise or a puppy is so old, and no child."""
        before = [word for word in place.before if word not in ("about", "only", "now", "almost")]
        return before[-1:] in (["is"], ["are"], ["was"], ["s"]) and bool(
            set(before) & self._near["thing"] and not place.about & self._near["child"]
        )

    def _carried(self, place: _Place, beyond: tuple[str, ...]) -> bool:
        """Whether these weeks are weeks of pregnancy."""
        named = place.about & self._near["gestation"]
        if named - self._near["weeks"]:
            return True
        lasting = (
            set(place.before[-3:]) & self._near["lasting_before"]
            or set(beyond[:1]) & self._near["lasting_after"]
        )
        return bool(named) and not lasting

    def _pair(
        self, text: Text, one: Number, two: Number, spoken: bool = False
    ) -> Iterator[Reading]:
        between = text.plain[text.plain_starts[one.last - 1] : text.plain_starts[two.first]]
        words = text.words[one.last : two.first]
        if spoken and words not in (("over",), ("sobre",), ("out", "of"), ("de",), ("con",)):
            return
        if not spoken and "+" in between and 20 <= one.value <= 43 and two.value <= 6:
            yield Reading("gestation", one.value, one.first, two.last)
        if not spoken and "/" not in between:
            return
        if two.value == 10 and one.value <= 10:
            yield Reading("pain", one.value, one.first, two.last)
        elif 50 <= one.value <= 300 and 20 <= two.value <= 190 and one.value > two.value:
            about = self._place(text, one).about
            if about & self._near["bp"] or one.value >= 140:
                yield Reading("systolic", one.value, one.first, two.last)
                yield Reading("diastolic", two.value, one.first, two.last)


def _of_ten(text: Text, one: Number, two: Number) -> bool:
    """Whether the second number is only the ten of "5/10" or "five out of ten"."""
    between = text.plain[text.plain_starts[one.last - 1] : text.plain_starts[two.first]]
    words = text.words[one.last : two.first]
    slash = not words and "/" in between
    return one.value <= 10 == two.value and (slash or words in (("out", "of"), ("of",), ("de",)))
