"""A drawing as shapes, so that a page and a PDF show the same one.

Units are those of a page of 640 across, y grows downwards. Tones are dark on white, and no two
kinds of line are told apart by tone alone: one is dashed, and each is named beside its end.
"""

from dataclasses import dataclass
from typing import Literal, NamedTuple

WIDTH = 640
INK = "#1b1b1b"
FAINT = "#c8c8c8"
FIRST = "#1f4e79"
SECOND = "#a33c00"
FILL = "#9db7d5"

type Anchor = Literal["start", "middle", "end"]


class Line(NamedTuple):
    """A line through points."""

    points: tuple[tuple[float, float], ...]
    tone: str = INK
    width: float = 1
    dashed: bool = False


class Box(NamedTuple):
    """A filled rectangle."""

    x: float
    y: float
    width: float
    height: float
    tone: str = FILL


class Label(NamedTuple):
    """Text, whose baseline begins, has its middle or ends at x."""

    x: float
    y: float
    text: str
    anchor: Anchor = "start"
    size: float = 12
    tone: str = INK


type Shape = Line | Box | Label


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """Shapes with what they show: a title, and in words what is to be seen."""

    title: str
    told: str
    height: float
    shapes: tuple[Shape, ...]
    width: float = WIDTH
