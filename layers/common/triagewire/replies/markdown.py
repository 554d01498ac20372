"""Articles are written in a small part of Markdown, and read as plain text: in mails, texts, forms.

A few lines of our own instead of a library: what a text message cannot show (tables, images, HTML)
is refused when a policy is checked, and what remains takes no parser that every function that
answers a requester would have to load.
"""

import re
from collections.abc import Iterator

_HEADING = re.compile(r" {0,3}#{1,6}\s+(?P<words>.+?)\s*#*\s*")
_ITEM = re.compile(r"(?P<indent> {0,12})(?:(?P<number>\d{1,3})[.)]|[-*+])\s+(?P<words>.+)")
_RULE = re.compile(r" {0,3}(?:(?:-\s*){3,}|(?:\*\s*){3,}|(?:_\s*){3,})")
_QUOTE = re.compile(r"^ {0,3}> ?")
_LINK = re.compile(r"\[(?P<words>[^\]\n]{1,300})\]\((?P<to>[^()\s]{1,500})\)")
_AUTOLINK = re.compile(r"<(?P<to>https://[^<>\s]{1,500})>")
_STRONG = re.compile(r"(?<!\w)(\*\*|__)(?=\S)(?P<words>.{1,500}?)(?<=\S)\1(?!\w)")
_EMPHASIS = re.compile(r"(?<![\w*_])([*_])(?=[^\s*_])(?P<words>[^*_\n]{1,500}?)(?<=\S)\1(?![\w*_])")
_CODE = re.compile(r"`(?P<words>[^`\n]{1,300})`")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!>|~])")
_PRIVATE = 0xE000
"""Escaped marks are set aside as characters of a private area, so that nothing takes them for
Markdown.
"""

_HTML = re.compile(r"<(?:/?[a-z!?][^>\n]{0,300}>|!--)", re.IGNORECASE)
_IMAGE = re.compile(r"!\[")
_FENCE = re.compile(r" {0,3}(?:```|~~~)")
_TABLE = re.compile(r"\s*\|?\s*:?-{3,}:?\s*\|[\s|:-]*")
_DEFINITION = re.compile(r" {0,3}\[[^\]\n]{1,300}\]:\s")
_ADDRESS = re.compile(r"\b(?!https\b)[a-z][a-z0-9+.-]{1,20}://|\bjavascript:", re.IGNORECASE)


def problems(text: str) -> Iterator[tuple[int, str]]:
    """What of an article cannot be shown as plain text, by the number of its line from 0."""
    for number, line in enumerate(text.split("\n")):
        bare = _AUTOLINK.sub(" ", _CODE.sub(" ", line))
        if _HTML.search(bare):
            yield number, "holds HTML: write words and Markdown only"
        if _IMAGE.search(bare):
            yield number, "holds an image, which a text message cannot show"
        if _FENCE.match(line) or _TABLE.fullmatch(line):
            yield number, "holds a table or a block of code, which a text message cannot show"
        if _DEFINITION.match(line):
            yield number, "defines a link apart: write [words](https://…) where it stands"
        links = (found["to"] for found in _LINK.finditer(line))
        if _ADDRESS.search(bare) or not all(to.startswith("https://") for to in links):
            yield number, "has a link that does not begin with https://"


def plain(text: str) -> str:
    """An article as plain text: its words in order, links with their address behind them."""
    blocks: list[str] = []
    open_block = False
    for line in text.replace("\r\n", "\n").split("\n"):
        words = _QUOTE.sub("", line).rstrip()
        item = _ITEM.fullmatch(words)
        if not words.strip() or _RULE.fullmatch(words):
            blocks.append("")
            open_block = False
        elif heading := _HEADING.fullmatch(words):
            blocks += ["", _inline(heading["words"]), ""]
            open_block = False
        elif item is not None:
            mark = f"{item['number']}." if item["number"] else "-"
            blocks.append(f"{item['indent']}{mark} {_inline(item['words'])}")
            open_block = True
        elif open_block:
            blocks[-1] += f" {_inline(words.strip())}"
        else:
            blocks.append(_inline(words.strip()))
            open_block = True
    return re.sub(r"\n{3,}", "\n\n", "\n".join(blocks)).strip()


def one_line(text: str) -> str:
    """An article as one line of plain text, for a text message."""
    return " ".join(plain(text).split())


def _inline(words: str) -> str:
    """One line without its marks."""
    kept = _ESCAPED.sub(lambda found: chr(_PRIVATE + ord(found[1])), words)
    kept = _LINK.sub(_linked, kept)
    kept = _AUTOLINK.sub(lambda found: found["to"], kept)
    for mark in (_CODE, _STRONG, _EMPHASIS):
        kept = mark.sub(lambda found: found["words"], kept)
    return "".join(
        chr(ord(each) - _PRIVATE) if _PRIVATE <= ord(each) < _PRIVATE + 128 else each
        for each in kept
    )


def _linked(found: re.Match[str]) -> str:
    words, to = found["words"], found["to"]
    return to if words == to else f"{words} ({to})"
