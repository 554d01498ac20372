"""One part of a mail without parts of its own: its words, its name and its size.

Rules: RFC 2045 (codings), 2183 (disposition), 2231 (names), 3676 (broken lines).
"""

import base64
import re
from collections.abc import Callable
from email.message import Message

from triagewire.channels.mail.charset import decoded_words, text_of
from triagewire.channels.mail.parts import MOST_NAME_CHARACTERS
from triagewire.channels.mail.words import text_of_html, unflowed
from triagewire.channels.reading.fields import one_line

_HEAD_BYTES = 4_000
_STATED_IN_PAGE = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([\w-]{1,40})", re.IGNORECASE)
_CODING = re.compile(r"\s*([a-z0-9-]*)")
_NOT_BASE64 = re.compile(r"[^A-Za-z0-9+/]+")

type Part = Message


def content_of(part: Part) -> object:
    """The parts of a part, or its text as it stands, each byte above ASCII as half a character.

    `get_payload` would decode that text first, by whatever codec the mail names: 200 KB that call
    themselves punycode take 22 s, and who sends them needs no more than an address.
    """
    return part._payload  # type: ignore[attr-defined]


def type_of(part: Part) -> str:
    """The media type in small letters; what states none is plain text."""
    return _stated(part.get_content_type, "text/plain")


def is_attached(part: Part) -> bool:
    """Whether the part is meant as a file."""
    return _stated(lambda: part.get_content_disposition() or "", "") == "attachment"


def text_in(part: Part, media_type: str) -> str:
    """The words of a part, whatever it says of its coding and its characters."""
    content = _decoded(part)
    text = text_of(content, _label(part, media_type, content))
    if media_type == "text/html":
        return text_of_html(text)
    text = text.replace("\r\n", "\n")
    flowed = _parameter(part, "format") == "flowed"
    return unflowed(text, joined=_parameter(part, "delsp") == "yes") if flowed else text


def name_of(part: Part) -> str:
    """The file's name, also where a mailer encoded it against the rules (RFC 2047 in quotes)."""
    name = decoded_words(_stated(lambda: part.get_filename() or "", ""))
    return one_line(name[-2 * MOST_NAME_CHARACTERS :])


def size_of(part: Part) -> int | None:
    """The size once decoded, reckoned from the encoded text: a file is never opened to weigh it."""
    content = content_of(part)
    if not isinstance(content, str):
        return None
    if _coding(part) != "base64":
        return len(content.encode("utf-8", "surrogateescape"))
    packed = len(content) - content.count("\n") - content.count("\r") - content.count("=")
    return packed * 3 // 4


def _label(part: Part, media_type: str, content: bytes) -> str:
    """The character set that the part names, or else the page in it."""
    label = _stated(lambda: part.get_content_charset() or "", "")
    if label or media_type != "text/html":
        return label
    page = _STATED_IN_PAGE.search(content[:_HEAD_BYTES])
    return page[1].decode("ascii", "replace") if page else ""


def _parameter(part: Part, name: str) -> str:
    """A parameter of the content type in small letters, or ''."""
    return _stated(lambda: str(part.get_param(name) or ""), "").lower()


def _decoded(part: Part) -> bytes:
    """The bytes of a text. Lists add their footer to base64 as it stands, and some mailers name a
    coding that they do not use: from the first line with a space on, it is text.
    """
    coding = _coding(part)
    if coding:
        # The standard library knows no coding that a sign or a comment follows.
        part.replace_header("content-transfer-encoding", coding)
    content = content_of(part)
    if not isinstance(content, str) or coding != "base64":
        found = part.get_payload(decode=True)
        return found if isinstance(found, bytes) else b""
    lines = content.splitlines()
    at = next((at for at, line in enumerate(lines) if " " in line.strip()), len(lines))
    head = _unpacked("".join(lines[:at]))
    tail = "\n".join(lines[at:]).encode("utf-8", "surrogateescape")
    return b"\n".join(each for each in (head, tail) if each)


def _unpacked(text: str) -> bytes:
    packed = _NOT_BASE64.sub("", text)
    # One character alone holds no byte.
    packed = packed[:-1] if len(packed) % 4 == 1 else packed
    return base64.b64decode(packed + "=" * (-len(packed) % 4))


def _coding(part: Part) -> str:
    stated = _stated(lambda: str(part.get("content-transfer-encoding") or ""), "")
    found = _CODING.match(stated.lower())
    return found[1] if found else ""


def _stated(read: Callable[[], str], usual: str) -> str:
    """What a header says; the parsers of the standard library raise all kinds over odd ones."""
    try:
        return read()
    except Exception:
        return usual
