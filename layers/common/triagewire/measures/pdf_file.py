"""Pages of text, lines and boxes as a file of PDF 1.7 (ISO 32000-1), the same bytes for the same
pages.

It has no font of its own and no picture: the fourteen fonts that every reader has are enough for
ids, numbers and a few words.
"""

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from triagewire.measures.pdf_fonts import ENCODING, NAMES, Font

WIDTH, HEIGHT = 595.28, 841.89
"""A4 upright, in points."""
FONTS: dict[Font, str] = {"plain": "F1", "bold": "F2", "mono": "F3"}


@dataclass(slots=True)
class Sheet:
    """One page. Places are points from its upper left corner, y grows downwards."""

    marks: list[str] = field(default_factory=list)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        font: Font = "plain",
        tone: str = "#111111",
    ) -> None:
        """A line whose baseline begins at a place."""
        shown = _escaped(text)
        colour = f"{_colour(tone)} rg"
        place = f"1 0 0 1 {x:.2f} {HEIGHT - y:.2f} Tm"
        self.marks.append(f"BT {colour} /{FONTS[font]} {size:g} Tf {place} ({shown}) Tj ET")

    def line(
        self,
        points: Iterable[tuple[float, float]],
        tone: str = "#111111",
        wide: float = 0.5,
        *,
        dashed: bool = False,
    ) -> None:
        """A line through points."""
        (x, y), *rest = points
        dashes = "[4 3] 0 d" if dashed else "[] 0 d"
        path = " ".join(f"{x:.2f} {HEIGHT - y:.2f} l" for x, y in rest)
        start = f"{x:.2f} {HEIGHT - y:.2f} m"
        self.marks.append(f"{_colour(tone)} RG {wide:g} w {dashes} {start} {path} S")

    def box(self, x: float, y: float, wide: float, tall: float, tone: str) -> None:
        """A filled rectangle by its upper left corner."""
        place = f"{x:.2f} {HEIGHT - y - tall:.2f} {wide:.2f} {tall:.2f} re"
        self.marks.append(f"{_colour(tone)} rg {place} f")


def file_of(sheets: Iterable[Sheet], title: str, made_at: datetime) -> bytes:
    """The file of pages."""
    pages = list(sheets)
    first = 4 + len(FONTS)
    kids = " ".join(f"{first + 2 * number} 0 R" for number in range(len(pages)))
    fonts = " ".join(f"/{name} {4 + at} 0 R" for at, name in enumerate(FONTS.values()))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Lang (en) "
        b"/ViewerPreferences << /DisplayDocTitle true >> >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>".encode(),
        _facts(title, made_at),
        *(_font(NAMES[each]) for each in FONTS),
        *(
            each
            for page, sheet in enumerate(pages)
            for each in _page(sheet, first + 2 * page, fonts)
        ),
    ]
    return b"".join(_file(objects))


def _file(objects: list[bytes]) -> Iterator[bytes]:
    """Objects with the table that says at which byte each begins."""
    head = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
    yield head
    at, places = len(head), []
    for number, content in enumerate(objects, 1):
        places.append(at)
        whole = b"%d 0 obj\n%s\nendobj\n" % (number, content)
        at += len(whole)
        yield whole
    yield b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    yield from (b"%010d 00000 n \n" % each for each in places)
    size = len(objects) + 1
    yield b"trailer\n<< /Size %d /Root 1 0 R /Info 3 0 R >>\n" % size
    yield b"startxref\n%d\n%%%%EOF\n" % at


def _page(sheet: Sheet, number: int, fonts: str) -> tuple[bytes, bytes]:
    """A page, and after it what is drawn on it."""
    page = (
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] "
        f"/Resources << /Font << {fonts} >> >> /Contents {number + 1} 0 R >>"
    )
    drawn = zlib.compress("\n".join(sheet.marks).encode(ENCODING), 9)
    head = b"<< /Length %d /Filter /FlateDecode >>\nstream\n" % len(drawn)
    return page.encode(), head + drawn + b"\nendstream"


def _font(name: str) -> bytes:
    return (
        f"<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>".encode()
    )


def _facts(title: str, made_at: datetime) -> bytes:
    when = f"{made_at.astimezone(UTC):%Y%m%d%H%M%SZ}"
    facts = f"<< /Title ({_escaped(title)}) /Producer (Triagewire) /CreationDate (D:{when}) >>"
    return facts.encode(ENCODING)


def _escaped(text: str) -> str:
    """Text between brackets; letters that the fonts have not are question marks."""
    known = text.encode(ENCODING, errors="replace").decode(ENCODING)
    return known.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def _colour(tone: str) -> str:
    """`#1b1b1b` as three shares of red, green and blue."""
    return " ".join(f"{int(tone[at : at + 2], 16) / 255:.3f}" for at in (1, 3, 5))
