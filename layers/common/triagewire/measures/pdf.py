"""A report as a PDF: A4, numbered pages, tables that go on with their heading on the next one.

It is for printing and filing. Who uses a screen reader is better served by the page: this file has
no structure but its text.
"""

from collections.abc import Iterable
from datetime import datetime
from itertools import pairwise

from triagewire.ledger.paper import harmless
from triagewire.measures.blocks import Block, Code, Grid, Heading, Plot, Tone, Words
from triagewire.measures.drawing import Box, Drawing, Label, Line, Shape
from triagewire.measures.pdf_file import HEIGHT, WIDTH, Sheet, file_of
from triagewire.measures.pdf_fonts import Font, width, wrapped

MEDIA_TYPE = "application/pdf"
MARGIN = 42.0
ACROSS = WIDTH - 2 * MARGIN
LOWEST = HEIGHT - 54.0
"""Below it stands the number of the page."""
LEADING = 1.35
"""From line to line, in sizes of the text."""
SIZES = {1: 17.0, 2: 13.0, 3: 10.5}
CELL, GAP = 8.0, 8.0
CODE = 7.5
NARROWEST = 30.0
RULE, SHADE, BAD = "#bbbbbb", "#eeeeee", "#aa0000"


def pdf_of(title: str, blocks: Iterable[Block], made_at: datetime) -> bytes:
    """The file of a report; `made_at` (UTC) stands in it."""
    paper = _Paper()
    for block, following in pairwise([*blocks, None]):
        if isinstance(block, Heading):
            paper.need(_least(block, following))
        if block is not None:
            _put(paper, block)
    for number, sheet in enumerate(paper.sheets, 1):
        told = f"{number} / {len(paper.sheets)}"
        sheet.text(MARGIN, HEIGHT - 30, harmless(title), 7.5, tone="#444444")
        sheet.text(WIDTH - MARGIN - width(told, "plain", 7.5), HEIGHT - 30, told, 7.5)
    return file_of(paper.sheets, harmless(title), made_at)


def _least(heading: Heading, following: Block | None) -> float:
    """How much room a heading needs to stand with what it heads."""
    size = SIZES[heading.level]
    if not isinstance(following, Plot):
        return size * 6
    return size * 6 + following.drawing.height * ACROSS / following.drawing.width


class _Paper:
    """Pages that are filled from top to bottom."""

    def __init__(self) -> None:
        self.sheets: list[Sheet] = []
        self.turn()

    @property
    def sheet(self) -> Sheet:
        """The page that is being filled."""
        return self.sheets[-1]

    def turn(self) -> None:
        """Begin a new page."""
        self.sheets.append(Sheet())
        self.y = MARGIN

    def need(self, height: float) -> bool:
        """Begin a new page where so much has no room on this one; says whether it did."""
        turned = self.y + height > LOWEST and self.y > MARGIN
        if turned:
            self.turn()
        return turned

    def lines(
        self, lines: Iterable[str], size: float, font: Font = "plain", tone: str = "#111111"
    ) -> None:
        """Lines one below the other."""
        for line in lines:
            self.need(size * LEADING)
            self.y += size * LEADING
            self.sheet.text(MARGIN, self.y - size * 0.3, line, size, font, tone)


def _put(paper: _Paper, block: Block) -> None:
    match block:
        case Heading():
            size = SIZES[block.level]
            paper.y += 0 if paper.y == MARGIN else size * 0.8
            paper.lines(wrapped(_clean(block.text), "bold", size, ACROSS), size, "bold")
        case Words():
            _words(paper, block)
        case Grid():
            _grid(paper, block)
        case Code():
            paper.lines(_code(block.text), CODE, "mono")
        case Plot():
            _plot(paper, block.drawing)
    paper.y += 4


def _code(text: str) -> list[str]:
    """Lines with their indentation; one that is too long goes on in the next."""
    most = int(ACROSS / width("x", "mono", CODE))
    return [
        line[at : at + most]
        for line in map(harmless, text.split("\n"))
        for at in range(0, max(1, len(line)), most)
    ]


def _words(paper: _Paper, words: Words) -> None:
    bad, small = words.tone is Tone.BAD, words.tone is Tone.SMALL
    size = 8.0 if small else 9.5
    font: Font = "bold" if bad else "plain"
    lines = wrapped(_clean(words.text), font, size, ACROSS)
    paper.lines(lines, size, font, BAD if bad else "#444444" if small else "#111111")


def _grid(paper: _Paper, grid: Grid) -> None:
    columns = _columns(grid)
    _row(paper, grid, columns, grid.heading, bold=True)
    for row in grid.rows:
        if paper.need(_height(_cells(row, columns, "plain"))):
            _row(paper, grid, columns, grid.heading, bold=True)
        _row(paper, grid, columns, row)


def _columns(grid: Grid) -> list[float]:
    """How wide each column is: as wide as it asks, but where all together ask for too much, the
    widest give way.
    """
    asked = [
        max(_asked(grid.heading[at], "bold"), *(_asked(row[at], "plain") for row in grid.rows), 0)
        for at in range(len(grid.heading))
    ]
    most = ACROSS
    while sum(min(each, most) for each in asked) > ACROSS and most > NARROWEST:
        most -= 4
    given = [min(each, most) for each in asked]
    wider = max(1.0, ACROSS / sum(given))
    return [each * wider for each in given]


def _asked(text: str, font: Font) -> float:
    return max(width(line, font, CELL) for line in text.split("\n")) + GAP


def _cells(row: tuple[str, ...], columns: list[float], font: Font) -> list[list[str]]:
    return [
        wrapped(_clean(text), font, CELL, wide - GAP)
        for text, wide in zip(row, columns, strict=True)
    ]


def _height(cells: list[list[str]]) -> float:
    return max(map(len, cells)) * CELL * LEADING + 4


def _row(
    paper: _Paper, grid: Grid, columns: list[float], row: tuple[str, ...], *, bold: bool = False
) -> None:
    font: Font = "bold" if bold else "plain"
    cells = _cells(row, columns, font)
    height = _height(cells)
    paper.need(height)
    if bold:
        paper.sheet.box(MARGIN, paper.y, ACROSS, height, SHADE)
    x = MARGIN
    for at, (lines, wide) in enumerate(zip(cells, columns, strict=True)):
        for number, line in enumerate(lines, 1):
            inset = wide - GAP / 2 - width(line, font, CELL) if at in grid.numbers else GAP / 2
            paper.sheet.text(x + inset, paper.y + number * CELL * LEADING, line, CELL, font)
        x += wide
    paper.y += height
    paper.sheet.line([(MARGIN, paper.y), (MARGIN + ACROSS, paper.y)], RULE)


def _plot(paper: _Paper, drawing: Drawing) -> None:
    across = ACROSS / drawing.width
    paper.need(drawing.height * across + 16)
    paper.lines(wrapped(_clean(drawing.title), "bold", 9, ACROSS), 9, "bold")
    for shape in drawing.shapes:
        _shape(paper.sheet, shape, paper.y, across)
    paper.y += drawing.height * across


def _shape(sheet: Sheet, shape: Shape, top: float, across: float) -> None:
    match shape:
        case Line():
            points = [(MARGIN + x * across, top + y * across) for x, y in shape.points]
            sheet.line(points, shape.tone, shape.width * across, dashed=shape.dashed)
        case Box():
            x, y = MARGIN + shape.x * across, top + shape.y * across
            sheet.box(x, y, shape.width * across, shape.height * across, shape.tone)
        case Label():
            text, size = _clean(shape.text), shape.size * across
            before = {"start": 0.0, "middle": 0.5, "end": 1.0}[shape.anchor]
            x = MARGIN + shape.x * across - before * width(text, "plain", size)
            sheet.text(x, top + shape.y * across, text, size, tone=shape.tone)


def _clean(text: str) -> str:
    return "\n".join(map(harmless, text.split("\n")))
