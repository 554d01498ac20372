"""Figures → drawings: a line of days, bars of a day each, bars side by side."""

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from triagewire.measures.drawing import (
    FAINT,
    FIRST,
    SECOND,
    WIDTH,
    Box,
    Drawing,
    Label,
    Line,
    Shape,
)
from triagewire.measures.measure import Unit
from triagewire.measures.wording import plain, scale, value_told, with_unit

LEFT, RIGHT, TOP, BOTTOM = 70.0, 90.0, 14.0, 30.0
TALL = 220.0
STEPS = 4
"""Lines of the scale above zero, at least."""
MOST_DATES = 7
NAMES_END = 190.0
"""How far the names beside bars reach."""
ROW = 24.0
LONGEST_NAME = 26
VALUES = 130.0
"""What values beside bars take."""
EMPTY = "Nothing to draw: no tickets in this period."


class Point(NamedTuple):
    """What is drawn of one day or one name; None where there is no figure."""

    name: str
    value: float | None
    p90: float | None = None


def days_line(title: str, unit: Unit, points: Sequence[Point]) -> Drawing:
    """Median and 90th percentile of each day; a day without tickets is a gap."""
    largest = _largest(points)
    if largest is None:
        return _empty(title)
    frame = _Frame(unit, largest, len(points))
    shapes: list[Shape] = [*frame.scale(), *_dates(frame, points)]
    values, p90s = [each.value for each in points], [each.p90 for each in points]
    shapes += frame.trace(values, FIRST, "median", dashed=False)
    shapes += frame.trace(p90s, SECOND, "90 %", dashed=True)
    return Drawing(title=title, told=_told(unit, points), height=TALL, shapes=tuple(shapes))


def days_bars(title: str, unit: Unit, points: Sequence[Point]) -> Drawing:
    """One bar a day."""
    largest = _largest(points)
    if largest is None:
        return _empty(title)
    frame = _Frame(unit, largest, len(points))
    width = max(1.0, frame.step * 0.7)
    bars = [
        Box(frame.x(at) - width / 2, frame.y(each.value), width, frame.floor - frame.y(each.value))
        for at, each in enumerate(points)
        if each.value is not None
    ]
    shapes = (*frame.scale(), *bars, *_dates(frame, points))
    return Drawing(title=title, told=_told(unit, points), height=TALL, shapes=shapes)


def bars(title: str, unit: Unit, points: Sequence[Point]) -> Drawing:
    """One bar for each name, its value beside it; a line reaches on to the 90th percentile."""
    largest = _largest(points)
    if largest is None:
        return _empty(title)
    across = (WIDTH - NAMES_END - VALUES) / (largest or 1)
    shapes: list[Shape] = []
    for row, each in enumerate(points):
        shapes += _bar(each, TOP + row * ROW, across, unit)
    height = TOP + len(points) * ROW + 6
    return Drawing(title=title, told=_told(unit, points), height=height, shapes=tuple(shapes))


def _bar(point: Point, top: float, across: float, unit: Unit) -> Iterator[Shape]:
    middle = top + ROW / 2
    yield Label(NAMES_END - 8, middle + 4, _short(point.name), "end")
    reach = NAMES_END
    if point.value is not None:
        reach += point.value * across
        yield Box(NAMES_END, top + 4, max(1.0, point.value * across), ROW - 8)
    if point.p90 is not None:
        ends = NAMES_END + point.p90 * across
        yield Line(((reach, middle), (ends, middle)), SECOND, 1.5, dashed=True)
        yield Line(((ends, middle - 5), (ends, middle + 5)), SECOND, 1.5)
        reach = max(reach, ends)
    told = value_told(point.value, unit)
    if point.p90 is not None:
        told += f" to {value_told(point.p90, unit)}"
    yield Label(reach + 6, middle + 4, told)


class _Frame:
    """Where values and days stand in a drawing of days."""

    def __init__(self, unit: Unit, largest: float, days: int) -> None:
        self.by, self.suffix = scale(unit, largest)
        self.grid = _step(largest / self.by)
        self.lines = max(1, math.ceil(largest / self.by / self.grid - 1e-9))
        self.top = self.lines * self.grid * self.by
        self.floor = TALL - BOTTOM
        self.step = (WIDTH - LEFT - RIGHT) / days

    def x(self, day: int) -> float:
        """The middle of a day."""
        return LEFT + (day + 0.5) * self.step

    def y(self, value: float) -> float:
        """The height of a value."""
        return self.floor - value / self.top * (self.floor - TOP)

    def scale(self) -> Iterator[Shape]:
        """The lines of the scale with what they stand for."""
        for number in range(self.lines + 1):
            value = number * self.grid
            y = self.y(value * self.by)
            yield Line(((LEFT, y), (WIDTH - RIGHT, y)), FAINT)
            yield Label(LEFT - 8, y + 4, with_unit(value, self.suffix), "end")

    def trace(
        self, values: Sequence[float | None], tone: str, name: str, *, dashed: bool
    ) -> Iterator[Shape]:
        """A line that breaks where there is no value, with dots, named at its end."""
        piece: list[tuple[float, float]] = []
        last = None
        for day, value in enumerate([*values, None]):
            if value is not None:
                last = (self.x(day), self.y(value))
                piece.append(last)
                yield Box(last[0] - 2, last[1] - 2, 4, 4, tone)
                continue
            if len(piece) > 1:
                yield Line(tuple(piece), tone, 2, dashed=dashed)
            piece = []
        if last is not None:
            yield Label(WIDTH - RIGHT + 6, last[1] + 4, name, tone=tone)


def _dates(frame: _Frame, points: Sequence[Point]) -> Iterator[Shape]:
    every = max(1, math.ceil(len(points) / MOST_DATES))
    for at in range(0, len(points), every):
        yield Label(frame.x(at), TALL - 10, points[at].name, "middle")


def _step(largest: float) -> float:
    """A round step that divides a scale into at least `STEPS` parts."""
    rough = (largest or 1) / STEPS
    power = 10.0 ** math.floor(math.log10(rough))
    return max(each * power for each in (1, 2, 2.5, 5) if each * power <= rough * (1 + 1e-9))


def _largest(points: Sequence[Point]) -> float | None:
    """The largest value; None where there is none."""
    known = [each for point in points for each in (point.value, point.p90) if each is not None]
    return max(known, default=None)


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"


def _told(unit: Unit, points: Sequence[Point]) -> str:
    """What is drawn, for who does not see it."""
    known = [each for each in points if each.value is not None]
    least = min(known, key=lambda each: each.value or 0)
    most = max(known, key=lambda each: each.value or 0)
    return (
        f"{plain(len(points))} values; least {value_told(least.value, unit)} ({least.name}), "
        f"most {value_told(most.value, unit)} ({most.name})."
    )


def _empty(title: str) -> Drawing:
    label = Label(WIDTH / 2, 34, EMPTY, "middle")
    return Drawing(title=title, told=EMPTY, height=60, shapes=(label,))
