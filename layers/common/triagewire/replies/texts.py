"""Texts as they leave: the parts of an SMS cut no character in two, and a line holds no header of
its own.
"""

import unicodedata
from collections.abc import Iterator

LONGEST_SMS = 1_600
"""What Amazon SNS takes in one text, in units of UTF-16."""
LONGEST_SUBJECT = 200
_JOINER = "\u200d"
_SELECTORS = ("\ufe0e", "\ufe0f")
_FLAG = range(0x1F1E6, 0x1F200)
_SKIN = range(0x1F3FB, 0x1F400)
_TAGS = range(0xE0020, 0xE0080)
_JAMO = range(0x1160, 0x1200)


def parts_of(text: str, most: int = LONGEST_SMS) -> tuple[str, ...]:
    """A text in parts of at most so many UTF-16 units, cut between words where there are any, and
    never within what a reader takes for one character (as far as it fits into a part at all).
    """
    parts: list[str] = []
    part: list[str] = []
    size = 0
    for each in _clusters(text):
        units = _units(each)
        if part and size + units > most:
            head, rest = _cut(part)
            parts.append(head)
            part, size = rest, sum(map(_units, rest))
        part.append(each)
        size += units
    if part:
        parts.append("".join(part))
    return tuple(stripped for each in parts if (stripped := each.strip()))


def line_of(text: str, most: int = LONGEST_SUBJECT) -> str:
    """A text as one line without control characters: nothing in it begins another header."""
    plain = "".join(" " if unicodedata.category(each) in _BREAKS else each for each in text)
    return " ".join(plain.split())[:most].rstrip()


def plain_of(text: str) -> str:
    """A text of several lines without the control characters that mail and carriers refuse."""
    return "".join(
        each for each in text if each in "\n\r\t" or unicodedata.category(each) not in _BREAKS
    )


_BREAKS = frozenset({"Cc", "Cs", "Zl", "Zp"})


def _cut(part: list[str]) -> tuple[str, list[str]]:
    """A full part up to its last space, if that is in its second half, and what begins the next."""
    for at in range(len(part) - 1, len(part) // 2, -1):
        if part[at].isspace():
            return "".join(part[:at]), part[at + 1 :]
    return "".join(part), []


def _clusters(text: str) -> Iterator[str]:
    """What a reader takes for one character (UAX #29, as far as people write it in messages)."""
    cluster = ""
    for each in text:
        if cluster and not _belongs(each, cluster):
            yield cluster
            cluster = ""
        cluster += each
    if cluster:
        yield cluster


def _belongs(each: str, cluster: str) -> bool:
    before = cluster[-1]
    if before == "\r":
        return each == "\n"
    marks = unicodedata.category(each) in ("Mn", "Me", "Mc")
    extends = each == _JOINER or each in _SELECTORS or ord(each) in _SKIN or ord(each) in _TAGS
    flags = ord(each) in _FLAG and len(cluster) == 1 and ord(before) in _FLAG
    return marks or extends or before == _JOINER or flags or ord(each) in _JAMO


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
