"""A report as a page: self-contained, printable on A4, without any script."""

from collections.abc import Iterable, Iterator

from triagewire.ledger.paper import FOOT, HEAD, safe
from triagewire.measures.blocks import Block, Code, Grid, Heading, Plot, Tone, Words
from triagewire.measures.svg import svg_of

MEDIA_TYPE = "text/html; charset=utf-8"
STYLE = """
@page { size: A4; margin: 16mm 14mm 18mm;
  @bottom-left { content: "Triagewire measures"; font: 8pt sans-serif; }
  @bottom-right { content: counter(page) " / " counter(pages); font: 8pt sans-serif; } }
:root { color-scheme: light; }
body { font: 10pt/1.45 system-ui, sans-serif; color: #111; background: #fff; margin: 1.5rem auto;
  max-width: 56rem; padding: 0 1rem; }
h1 { font-size: 1.5rem; line-height: 1.2; } h2 { font-size: 1.2rem; margin-top: 2rem; }
h3 { font-size: 1rem; margin-bottom: .3rem; } h1, h2, h3 { break-after: avoid; }
.wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; margin: .5rem 0; }
th, td { border-bottom: 1px solid #bbb; padding: .2rem .5rem; text-align: left;
  vertical-align: top; overflow-wrap: break-word; }
thead { display: table-header-group; } tr, figure, pre { break-inside: avoid; }
th { background: #eee; } tbody th { min-width: 8rem; }
.number { text-align: right; } td.number { white-space: nowrap; }
figure { margin: .5rem 0 1rem; } figcaption { font-weight: 600; }
svg { width: 100%; max-width: 44rem; height: auto; display: block; }
pre { background: #f4f4f4; border: 1px solid #ccc; padding: .6rem; white-space: pre-wrap;
  overflow-wrap: anywhere; font: 9pt/1.4 monospace; }
.bad { border: 3px solid #a00; padding: .5rem 1rem; font-weight: 600; }
.good { border: 1px solid #070; padding: .5rem 1rem; } .small { color: #444; font-size: 9pt; }
@media (max-width: 30rem) { body { padding: 0 .6rem; } th, td { padding: .2rem .3rem; } }
@media print { body { margin: 0; max-width: none; padding: 0; } .wide { overflow: visible; } }
"""


def page_of(title: str, blocks: Iterable[Block]) -> str:
    """The page of a report whose title is also its name in a browser."""
    return "".join(_parts(title, blocks))


def _parts(title: str, blocks: Iterable[Block]) -> Iterator[str]:
    yield f"{HEAD.format(title=safe(title), style=STYLE)}<main>\n"
    for number, block in enumerate(blocks):
        yield from _block(block, f"plot-{number}")
    yield f"</main>\n{FOOT}"


def _block(block: Block, name: str) -> Iterator[str]:
    match block:
        case Heading():
            yield f"<h{block.level}>{safe(block.text)}</h{block.level}>\n"
        case Words():
            kind = "" if block.tone is Tone.PLAIN else f' class="{block.tone.value}"'
            yield f"<p{kind}>{safe(block.text)}</p>\n"
        case Grid():
            yield from _grid(block)
        case Code():
            yield f"<pre>{safe(block.text)}</pre>\n"
        case Plot():
            caption = f"<figcaption>{safe(block.drawing.title)}</figcaption>\n"
            yield f"<figure>\n{caption}{svg_of(block.drawing, name)}</figure>\n"


def _grid(grid: Grid) -> Iterator[str]:
    """A table, whose first column names its rows; it scrolls where the page is narrow."""
    yield '<div class="wide" role="group" aria-label="table" tabindex="0">\n<table>\n<thead><tr>'
    for column, text in enumerate(grid.heading):
        yield f'<th scope="col"{_kind(grid, column)}>{safe(text)}</th>'
    yield "</tr></thead>\n<tbody>\n"
    for first, *rest in grid.rows:
        cells = "".join(
            f"<td{_kind(grid, column)}>{safe(text)}</td>" for column, text in enumerate(rest, 1)
        )
        yield f'<tr><th scope="row">{safe(first)}</th>{cells}</tr>\n'
    yield "</tbody>\n</table>\n</div>\n"


def _kind(grid: Grid, column: int) -> str:
    return ' class="number"' if column in grid.numbers else ""
