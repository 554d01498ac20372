"""HTML to the text a person would read. Scripts, styles and comments are not what anybody wrote.

The scanner is our own because `html.parser` of Python 3.13.0 takes time quadratic in the length of
broken markup (50 KB of `<a ` held it for 24 s), and here anybody can send markup.
"""

import html
import re

_TAG = re.compile(r"<(?=[a-zA-Z/!?])")
_NAME = re.compile(r"/?([a-zA-Z][a-zA-Z0-9]*)")
_ALT = re.compile(r"\balt\s?=\s?(?:\"([^\"]{0,500})\"|'([^']{0,500})')", re.IGNORECASE)
# Not the head itself: a page without its end would lose all up to that of a page quoted in it.
_SILENT = frozenset({"script", "style", "title", "template"})
# How mail programs indent what the writer wrote; what they quote, they draw a border at.
_INDENTED = re.compile(r"\bborder:\s?none\b", re.IGNORECASE)
_CITED = re.compile(r"\btype\s?=\s?[\"']?cite|gmail_quote", re.IGNORECASE)
_BREAKING = frozenset(
    {"address", "article", "blockquote", "br", "dd", "div", "dl", "dt", "fieldset", "figure"}
    | {"footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main"}
    | {"nav", "ol", "p", "pre", "section", "table", "tr", "ul"}
)
_CELLS = frozenset({"td", "th"})
_DEEPEST_QUOTE = 8


def html_to_text(markup: str) -> str:
    """The words of the page, a line a block: a list entry after `- `, a quotation after `> `.

    Broken markup never loses words: what cannot be read as a tag is read as text.
    """
    page = _Page()
    scan = _Scan(markup)
    at = 0
    while found := _TAG.search(markup, at):
        page.words(markup[at : found.start()])
        end = scan.end_of(found.start())
        if end is None:
            page.words(markup[found.start() : found.end()])
            at = found.end()
            continue
        name = page.tag(markup[found.end() : end - 1])
        at = scan.after_silence(name, end) if name in _SILENT else end
    page.words(markup[at:])
    return page.text()


class _Scan:
    """Ends of tags. That there is no further end is found out once, so a scan stays linear."""

    def __init__(self, markup: str) -> None:
        self._markup = markup
        self._absent: set[str] = set()

    def end_of(self, start: int) -> int | None:
        closer = "-->" if self._markup.startswith("<!--", start) else ">"
        return self._find(closer, start)

    def after_silence(self, name: str, start: int) -> int:
        """The place after the closing tag; with none, only the opening tag is left out."""
        if name in self._absent:
            return start
        closing = re.compile(f"</{name}[^>]{{0,100}}>", re.IGNORECASE).search(self._markup, start)
        if closing is None:
            self._absent.add(name)
            return start
        return closing.end()

    def _find(self, closer: str, start: int) -> int | None:
        if closer in self._absent:
            return None
        found = self._markup.find(closer, start)
        if found < 0:
            self._absent.add(closer)
            return None
        return found + len(closer)


class _Page:
    def __init__(self) -> None:
        self._lines: list[str] = []
        self._words: list[str] = []
        self._open_quotes: list[bool] = []
        self._quotes = 0

    def words(self, text: str) -> None:
        if text:
            self._words.append(html.unescape(text))

    def tag(self, inside: str) -> str:
        """Take the text of a tag; gives the name when it opens something, else ''."""
        found = _NAME.match(inside)
        if not found:
            return ""
        name, closes = found[1].lower(), inside.startswith("/")
        if name in _BREAKING:
            self._end_line()
        if name == "blockquote":
            self._quote(inside, closes=closes)
        if closes:
            return ""
        if name == "li":
            self._words.append("- ")
        elif name in _CELLS:
            self._words.append(" ")
        elif name == "img" and (alt := _ALT.search(inside)):
            self.words(alt[1] or alt[2] or "")
        return name

    def _quote(self, inside: str, *, closes: bool) -> None:
        """One more quotation or one less; an indented passage is none."""
        if closes:
            self._quotes -= self._open_quotes.pop() if self._open_quotes else 0
            return
        quotes = _CITED.search(inside) is not None or _INDENTED.search(inside) is None
        self._open_quotes.append(quotes)
        self._quotes += quotes

    def text(self) -> str:
        self._end_line()
        return "\n".join(self._lines).strip()

    def _end_line(self) -> None:
        # HTML joins runs of white space; a no-break space is there only to be seen.
        line = re.sub(r"\s+", " ", "".join(self._words)).strip()
        self._words.clear()
        if line:
            self._lines.append(f"{'> ' * min(self._quotes, _DEEPEST_QUOTE)}{line}")
