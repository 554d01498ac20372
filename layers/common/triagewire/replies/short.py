"""A text cut to what a text message should hold, without losing what may save somebody."""

import re

MOST_CHARACTERS = 480
"""Three parts of a text message."""

_SENTENCE = re.compile(r".+?(?:[.!?](?=\s)|$)", re.DOTALL)
_HELP = re.compile(r"\b(?:911|988)\b")


def shortened(text: str, most: int = MOST_CHARACTERS) -> str:
    """The text as one line of at most so many characters: whole sentences in their order, those
    with 911 or 988 before all others.
    """
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    sentences = [found[0].strip() for found in _SENTENCE.finditer(line)]
    kept: set[int] = set()
    order = sorted(range(len(sentences)), key=lambda at: (not _HELP.search(sentences[at]), at))
    left = most
    for at in order:
        if len(sentences[at]) + 1 <= left + (not kept):
            kept.add(at)
            left -= len(sentences[at]) + (len(kept) > 1)
    return " ".join(sentences[at] for at in sorted(kept)) or line[: most - 1].rstrip() + "…"
