"""The words of a mail: which of its forms is read, and which part of it the person added."""

import re
from dataclasses import dataclass

from triagewire.channels.html_text import html_to_text
from triagewire.channels.reply_part import reply_part

_STUB_SHARE = 4
_STUB = re.compile(
    r"\b(?:html|browser|navigateur|navegador)\b.{0,200}\b(?:view|display|support|enable|read|"
    r"affich|anzeig|ver\b|mostrar)|(?:view|display|support|enable|read).{0,200}\bhtml\b",
    re.IGNORECASE | re.DOTALL,
)
_FORWARDS = re.compile(r"\s*(?:fwd?|wg|tr|rv|enc|i|doorst)\s?:", re.IGNORECASE)
_MOST_STUB_WORDS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """`text` is what the person wrote now; `full_text` all of it, "" when that is the same."""

    text: str
    full_text: str = ""
    remarks: tuple[str, ...] = ()


def words_of(plain: str, html: str, subject: str = "") -> Words:
    """The new part of a mail that comes as plain text, as HTML, or as both.

    Of a forwarded mail all is new: its reader has not seen what it brings.
    """
    whole = whole_of(plain, html)
    if not whole:
        return Words(text="", remarks=("e-mail without words",))
    if _FORWARDS.match(subject):
        return Words(text=whole, remarks=("forwarded: some words may be somebody else's",))
    own = reply_part(whole)
    if own == whole:
        return Words(text=whole)
    return Words(text=own, full_text=whole, remarks=("quoted text or signature left out",))


def whole_of(plain: str, html: str) -> str:
    """All the words: the plain form unless it is empty or stands in for the HTML one."""
    plain = plain.replace("\0", "").strip()
    if plain and not html.strip():
        return plain
    shown = html_to_text(html.replace("\0", ""))
    return shown if not plain or (shown and is_stub(plain, shown)) else plain


def is_stub(plain: str, shown: str) -> bool:
    """Whether the plain form only says that there is an HTML one, or leaves most of it out."""
    count, shown_count = len(plain.split()), len(shown.split())
    if count * _STUB_SHARE < shown_count:
        return True
    return count <= _MOST_STUB_WORDS and shown_count > 0 and bool(_STUB.search(plain))
