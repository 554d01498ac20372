"""A report as lines of a terminal, 100 columns wide. Drawings are left out: their tables stay."""

from collections.abc import Iterable, Iterator
from itertools import dropwhile
from textwrap import wrap

from triagewire.ledger.paper import harmless
from triagewire.measures.blocks import Block, Code, Grid, Heading, Tone, Words

ACROSS = 100
GAP = 2
NARROWEST = 6


def lines_of(blocks: Iterable[Block]) -> Iterator[str]:
    """The lines, of which none can steer a terminal; the first is not empty."""
    yield from dropwhile(lambda line: not line, _all(blocks))


def _all(blocks: Iterable[Block]) -> Iterator[str]:
    before: Block | None = None
    for block in blocks:
        if isinstance(before, Grid) and isinstance(block, Grid):
            yield ""
        yield from _lines(block)
        before = block


def _lines(block: Block) -> Iterator[str]:
    match block:
        case Heading():
            yield ""
            yield harmless(block.text)
            if block.level < 3:
                yield ("=" if block.level == 1 else "-") * min(len(block.text), ACROSS)
        case Words():
            mark = "!! " if block.tone is Tone.BAD else ""
            yield from wrap(harmless(mark + block.text), ACROSS)
        case Grid():
            yield from _grid(block)
        case Code():
            yield from (f"    {harmless(line)}" for line in block.text.split("\n"))
        case _:
            return


def _grid(grid: Grid) -> Iterator[str]:
    widths = _widths(grid)
    yield from _row(grid, widths, grid.heading)
    yield (" " * GAP).join("-" * each for each in widths)
    for row in grid.rows:
        yield from _row(grid, widths, row)


def _widths(grid: Grid) -> list[int]:
    """As wide as each column asks; where all together ask for too much, the widest give way."""
    columns = zip(grid.heading, *grid.rows, strict=True)
    asked = [max(NARROWEST, *map(len, column)) for column in columns]
    room = ACROSS - GAP * (len(asked) - 1)
    while sum(asked) > room and max(asked) > NARROWEST:
        asked[asked.index(max(asked))] -= 1
    return asked


def _row(grid: Grid, widths: list[int], row: tuple[str, ...]) -> Iterator[str]:
    cells = [wrap(harmless(text), wide) or [""] for text, wide in zip(row, widths, strict=True)]
    for number in range(max(map(len, cells))):
        parts = (cell[number] if number < len(cell) else "" for cell in cells)
        placed = (
            part.rjust(wide) if at in grid.numbers else part.ljust(wide)
            for at, (part, wide) in enumerate(zip(parts, widths, strict=True))
        )
        yield (" " * GAP).join(placed).rstrip()
