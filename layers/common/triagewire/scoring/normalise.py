"""A message as people and keyboards make it → plain lower-case words that remember where they
stood.

Whatever the disguise (curly quotes, full-width or Cyrillic look-alikes, zero-width characters,
HTML, s p a c e d letters), the same words must come out: an emergency in odd typing is still an
emergency. Every step is one linear pass with patterns that cannot backtrack.
"""

import html
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

NO_BREAK, SOFT_BREAK, HARD_BREAK = 0, 1, 2

# Cyrillic, Greek and typographic characters that look like a Latin letter or an ASCII mark.
_LOOKALIKES = str.maketrans(
    "\u0430\u0432\u0435\u043a\u043c\u043d\u043e\u0440\u0441\u0442\u0443\u0445\u0456\u0458\u0455"
    "\u0501\u04bb\u04cf\u051b\u051d\u03bf\u03b1\u03b5\u03c1\u03c4\u03c5\u03b9\u03ba\u04bd"
    "\u2019\u2018\u02bc`\u00b4\u201c\u201d\u2013\u2014\u2015\u2026",
    "abekmhopctyxijsdhlqwoaeptuike'''''\"\"---.",
)
_INVISIBLE = dict.fromkeys(
    [
        0xAD,
        0x034F,
        0x061C,
        0x115F,
        0x180E,
        0xFEFF,
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2070),
    ]
)
_MARKUP = re.compile(
    r"</?(?:a|abbr|b|big|blockquote|body|br|center|code|col|dd|del|div|dl|dt|em|font|form|h[1-6]|head|hr"
    r"|html|i|img|ins|label|li|link|meta|ol|p|pre|q|s|small|span|strike|strong|style|sub|sup|table|tbody"
    r"|td|tfoot|th|thead|title|tr|tt|u|ul)(?:\s+[a-z:-]+\s*=[^<>]{0,300})?\s*/?>"
)
_PIECE = re.compile(
    r"(?:sp)?o2\b|a1c\b|\d+(?:[.,]\d+)?|[a-z]+(?:[0-9@$!*|]+[a-z]+)*(?:'[a-z]+)?|[.!?;\n]+|[,:()\[\]/\"-]"
)
_HARD = frozenset(".!?;\n")


@dataclass(frozen=True, slots=True)
class Text:
    """The words of a message in order.

    `starts` and `ends` are offsets into `original`; `breaks[i]` says what stands before word i
    (NO_BREAK, SOFT_BREAK for a comma, HARD_BREAK for a sentence end); `plain` is the folded text
    and `plain_starts` the word offsets in it, for the readers of numbers.
    """

    original: str
    plain: str
    words: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    breaks: tuple[int, ...]
    plain_starts: tuple[int, ...]

    def span(self, first: int, last: int) -> str:
        """The original characters from word `first` up to but not including word `last`."""
        return self.original[self.starts[first] : self.ends[last - 1]] if last > first else ""

    def opened(self, split: Mapping[int, tuple[str, ...]]) -> "Text":
        """The same text with some words taken apart; every part stands where the whole word
        stood.
        """
        rows = [
            (part, at, index)
            for at, word in enumerate(self.words)
            for index, part in enumerate(split.get(at, (word,)))
        ]
        return Text(
            original=self.original,
            plain=self.plain,
            words=tuple(part for part, _, _ in rows),
            starts=tuple(self.starts[at] for _, at, _ in rows),
            ends=tuple(self.ends[at] for _, at, _ in rows),
            breaks=tuple(NO_BREAK if index else self.breaks[at] for _, at, index in rows),
            plain_starts=tuple(self.plain_starts[at] for _, at, _ in rows),
        )


def _fold_char(char: str) -> str:
    folded = unicodedata.normalize("NFKD", char).lower().translate(_LOOKALIKES)
    return "".join(c for c in folded.translate(_INVISIBLE) if not unicodedata.combining(c))


def _fold(original: str) -> tuple[str, list[int] | None]:
    """Folded text, and for each of its characters the offset it came from (None: the same
    offset).
    """
    if original.isascii():
        return original.lower(), None
    out: list[str] = []
    origin: list[int] = []
    memo: dict[str, str] = {}
    for at, char in enumerate(original):
        if char.isascii():
            folded = char.lower()
        else:
            folded = memo[char] if char in memo else memo.setdefault(char, _fold_char(char))
        out.append(folded)
        origin.extend([at] * len(folded))
    return "".join(out), origin


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


def _break_kind(piece: str) -> int:
    if piece[0] not in _HARD:
        return SOFT_BREAK
    # An ellipsis or a lone line break is how people pause; it does not end the thought.
    return SOFT_BREAK if piece.strip("\n") in ("..", "...", "....") or piece == "\n" else HARD_BREAK


def _squeeze(word: str) -> str:
    """Letters drawn out for emphasis ("heeelp") shrink to at most two."""
    return re.sub(r"(.)\1{2,}", r"\1\1", word) if len(word) > 3 else word


def expand_word(word: str, contractions: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """A contraction opened up ("won't" → "will", "not"), any other word as it is, without a
    possessive's tail.
    """
    if word in contractions:
        return contractions[word]
    if "'" not in word:
        return (word,)
    head, _, tail = word.partition("'")
    bare = contractions.get(head + tail)
    if bare is not None:
        return bare
    return (
        (head, "not")
        if tail == "t"
        else (head,)
        if tail in ("s", "m", "ve", "re", "ll", "d", "n")
        else (head + tail,)
    )


def _pieces(plain: str) -> Iterator[tuple[str, int, int]]:
    """Words and breaks; a run of four or more lone letters ("h e l p") comes out as one word."""
    run: list[tuple[str, int, int]] = []
    for match in _PIECE.finditer(plain):
        piece = (match.group(), match.start(), match.end())
        if len(piece[0]) == 1 and piece[0].isalpha() and (not run or piece[1] - run[-1][2] <= 2):
            run.append(piece)
            continue
        yield from _joined(run)
        run = [piece] if len(piece[0]) == 1 and piece[0].isalpha() else []
        if not run:
            yield piece
    yield from _joined(run)


def _joined(run: list[tuple[str, int, int]]) -> Iterator[tuple[str, int, int]]:
    """A spaced word; a wider gap inside the run ("c h e s t  p a i n") starts the next one."""
    if len(run) < 4:
        yield from run
        return
    group: list[tuple[str, int, int]] = []
    for piece in run:
        if group and piece[1] - group[-1][2] > 1:
            yield "".join(p[0] for p in group), group[0][1], group[-1][2]
            group = []
        group.append(piece)
    yield "".join(p[0] for p in group), group[0][1], group[-1][2]


def read(original: str, contractions: Mapping[str, tuple[str, ...]]) -> Text:
    """Normalise one text. Contractions open up ("can't" → "can not"), so that one rule serves
    both.
    """
    if "&" in original:
        original = html.unescape(original)
    plain, origin = _fold(original)
    if "<" in plain:
        plain = _MARKUP.sub(_blank, plain)
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    breaks: list[int] = []
    plain_starts: list[int] = []
    pending = HARD_BREAK
    for piece, start, end in _pieces(plain):
        if not piece[0].isalnum():
            pending = max(pending, _break_kind(piece))
            continue
        for word in expand_word(_squeeze(piece), contractions):
            words.append(word)
            plain_starts.append(start)
            starts.append(origin[start] if origin else start)
            ends.append(origin[end - 1] + 1 if origin else end)
            breaks.append(pending)
            pending = NO_BREAK
    return Text(
        original,
        plain,
        tuple(words),
        tuple(starts),
        tuple(ends),
        tuple(breaks),
        tuple(plain_starts),
    )
