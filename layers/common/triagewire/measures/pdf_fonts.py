"""How wide text is in the fonts that every reader of PDF has, in thousandths of its size.

The widths of Helvetica and Helvetica-Bold are those that ISO 32000 asks readers for; Courier's
letters are all as wide. Text is in Windows' Latin letters: of others a file without fonts of its
own can show none, and they become question marks.
"""

import unicodedata
from functools import cache
from typing import Literal

type Font = Literal["plain", "bold", "mono"]
NAMES: dict[Font, str] = {"plain": "Helvetica", "bold": "Helvetica-Bold", "mono": "Courier"}
ENCODING = "cp1252"
MONO = 600
USUAL = 556
"""Of a figure, and near that of most letters."""
FROM_SPACE = 32
PLAIN = (
    *(278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278),
    *(556,) * 10,
    *(278, 278, 584, 584, 584, 556, 1015),
    *(667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833),
    *(722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611),
    *(278, 278, 278, 469, 556, 333),
    *(556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833),
    *(556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500),
    *(334, 260, 334, 584),
)
BOLD = (
    *(278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278),
    *(556,) * 10,
    *(333, 333, 584, 584, 584, 611, 975),
    *(722, 722, 722, 722, 667, 611, 778, 722, 278, 556, 722, 611, 833),
    *(722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611),
    *(333, 278, 333, 584, 556, 333),
    *(556, 611, 556, 611, 556, 333, 611, 611, 278, 278, 556, 278, 889),
    *(611, 611, 611, 611, 389, 556, 333, 611, 556, 778, 556, 556, 500),
    *(389, 280, 389, 584),
)
WIDTHS: dict[Font, tuple[int, ...]] = {"plain": PLAIN, "bold": BOLD}
OTHERS = {
    "\N{HORIZONTAL ELLIPSIS}": 1000,
    "\N{EM DASH}": 1000,
    "\N{BULLET}": 350,
    "\N{LEFT SINGLE QUOTATION MARK}": 222,
    "\N{RIGHT SINGLE QUOTATION MARK}": 222,
}


def width(text: str, font: Font, size: float) -> float:
    """How wide a line is, in points."""
    if font == "mono":
        return len(text) * MONO * size / 1000
    return sum(_width(each, font) for each in text) * size / 1000


def wrapped(text: str, font: Font, size: float, room: float) -> list[str]:
    """Text in lines no wider than the room; a word that is wider is broken."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split(" "):
            longer = f"{line} {word}" if line else word
            if width(longer, font, size) <= room:
                line = longer
                continue
            if line:
                lines.append(line)
            *full, line = _broken(word, font, size, room)
            lines += full
        lines.append(line)
    return lines


def _broken(word: str, font: Font, size: float, room: float) -> list[str]:
    pieces = [""]
    for letter in word:
        if pieces[-1] and width(pieces[-1] + letter, font, size) > room:
            pieces.append("")
        pieces[-1] += letter
    return pieces


@cache
def _width(letter: str, font: Font) -> int:
    if letter in OTHERS:
        return OTHERS[letter]
    plain = unicodedata.normalize("NFD", letter)[0]
    at = ord(plain) - FROM_SPACE
    return WIDTHS[font][at] if 0 <= at < len(PLAIN) else USUAL
