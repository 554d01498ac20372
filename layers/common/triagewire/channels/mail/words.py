"""The words of a mail: which of its forms is read, and which part of it the person added."""

import re
from dataclasses import dataclass

from triagewire.channels.mail.reply_part import reply_part
from triagewire.channels.reading.html_text import html_to_text

MOST_CHARACTERS = 1_000_000
"""Far over what a ticket holds: a longer text is cut before it takes time."""
MOST_MARKUP = 6_000_000
"""Pages are long by their pictures and styles."""

_SIGNATURE = "-- "
_STUB_SHARE = 2
_STUB = re.compile(
    r"\b(?:html|browser|navigateur|navegador)\b.{0,200}\b(?:view|display|support|enable|read|"
    r"affich|anzeig|ver\b|mostrar)|(?:view|display|support|enable|read).{0,200}\bhtml\b",
    re.IGNORECASE | re.DOTALL,
)
# What a gateway writes in front: "[EXTERNAL]".
_TAGS = r"(?:\s*\[[^\[\]]{1,40}\])*\s*"
_FORWARDS = re.compile(
    rf"{_TAGS}(?:fwd?|wg|tr|rv|enc|i|doorst|vb|vs|pd|i̇lt|пересл|fs|转发|轉寄|转寄|転送|"
    r"إعادة توجيه|הועבר)\s?[:\uff1a]",
    re.IGNORECASE,
)
_ANSWERS = re.compile(
    rf"{_TAGS}(?:re|aw|sv|res|rif|r|antw|odp|ynt|отв|回复|回覆|答复|答覆|返信|رد|תשובה)"
    r"\s?(?:\[\d{1,3}\]|\(\d{1,3}\)|\d{1,3})?\s?[:\uff1a]",
    re.IGNORECASE,
)
_MOST_STUB_WORDS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """`text` is what the person wrote now; `full_text` all of it, "" when that is the same."""

    text: str
    full_text: str = ""
    remarks: tuple[str, ...] = ()


def words_of(plain: str, html: str, subject: str = "", *, answers: bool = True) -> Words:
    """The new part of a mail that comes as plain text, as HTML, or as both. `answers` says whether
    its headers name a mail that it answers.

    Of a forwarded mail all is new: its reader has not seen what it brings.
    """
    said = whole_of(plain, html)
    if not said:
        return Words(text="", remarks=("e-mail without words",))
    whole = said[:MOST_CHARACTERS].rstrip()
    cut = len(said) - len(whole)
    remarks = (f"text cut: {cut} characters at the end were left out",) if cut else ()
    if is_forwarded(subject):
        forwarded = "forwarded: some words may be somebody else's"
        return Words(text=whole, remarks=(forwarded, *remarks))
    own = reply_part(whole, answers=answers or _ANSWERS.match(subject) is not None)
    if own == whole:
        return Words(text=whole, remarks=remarks)
    left_out = "quoted text or signature left out"
    return Words(text=own, full_text=whole, remarks=(left_out, *remarks))


def is_forwarded(subject: str) -> bool:
    """Whether a subject is that of a mail that is handed on, in the usual languages."""
    return _FORWARDS.match(subject) is not None


def whole_of(plain: str, html: str) -> str:
    """All the words: the plain form unless it is empty or stands in for the HTML one."""
    plain = plain.replace("\0", "").strip()
    if plain and not html.strip():
        return plain
    shown = text_of_html(html.replace("\0", ""))
    return shown if not plain or (shown and is_stub(plain, shown)) else plain


def text_of_html(markup: str) -> str:
    """The words of a page; one that is too long to be a person's says where it was left."""
    text = html_to_text(markup[:MOST_MARKUP])
    return text if len(markup) <= MOST_MARKUP else f"{text}\n[the rest was too long to be read]"


def is_stub(plain: str, shown: str) -> bool:
    """Whether the plain form only says that there is an HTML one, or leaves most of it out."""
    said, seen = plain.split(), shown.split()
    count, shown_count = len(said), len(seen)
    if count * _STUB_SHARE < shown_count or _goes_on(said, seen):
        return True
    return count <= _MOST_STUB_WORDS and shown_count > 0 and bool(_STUB.search(plain))


def _goes_on(said: list[str], seen: list[str]) -> bool:
    """Whether the page begins like the plain form, a preview, and says more. Its last word may be
    cut.
    """
    sure = len(said) - 1
    return 0 < sure < len(seen) - 1 and len(said) < len(seen) and said[:sure] == seen[:sure]


def unflowed(text: str, *, joined: bool) -> str:
    """Text whose mailer broke its lines after a space (RFC 3676), made whole again.

    `joined` (DelSp) says that the space is not the writer's. Quoted lines stay as they are.
    """
    lines: list[list[str]] = []
    open_line = False
    for line in text.split("\n"):
        fixed = line.startswith(">") or line == _SIGNATURE
        said = line if fixed else line.removeprefix(" ")
        broken = said.endswith(" ") and not fixed
        kept = said[:-1] if broken and joined else said
        if open_line and not fixed:
            lines[-1].append(kept)
        else:
            lines.append([kept])
        open_line = broken
    return "\n".join("".join(line) for line in lines)
