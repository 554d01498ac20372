"""What a report consists of, whatever it is written as: a page, a PDF or lines of a terminal."""

from dataclasses import dataclass
from enum import StrEnum

from triagewire.measures.drawing import Drawing


class Tone(StrEnum):
    """How words are meant."""

    PLAIN = "plain"
    GOOD = "good"
    BAD = "bad"
    SMALL = "small"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: 1 is the document's own, 2 a section's, 3 a part of it."""

    text: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph."""

    text: str
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table. `numbers` are the columns whose cells stand to the right, counted from 0."""

    heading: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Code:
    """Lines that keep their breaks and spaces: a draft of a policy."""

    text: str


@dataclass(frozen=True, slots=True)
class Plot:
    """A drawing. What it shows stands in a table beside it."""

    drawing: Drawing


type Block = Heading | Words | Grid | Code | Plot
