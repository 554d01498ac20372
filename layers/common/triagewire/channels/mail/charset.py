"""Bytes of mails as text: a wrong or unknown label of a character set costs no words.

Rules: RFC 2045 (bodies), RFC 2047 (words in headers).
"""

import base64
import binascii
import codecs
import quopri
import re

from triagewire.channels.reading.fields import readable
from triagewire.channels.reading.payload import NO_CHARACTER_SETS

# Labels that mailers write, and what they mean by them. The superset reads both (WHATWG Encoding).
_MEANT = {
    "": "utf-8",
    "ascii": "utf-8",
    "us-ascii": "utf-8",
    "ansi_x3.4-1968": "utf-8",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "x-sjis": "cp932",
    "x-mac-roman": "mac-roman",
    "utf8mb4": "utf-8",
    "unicode-1-1-utf-7": "utf-7",
}
_ENCODED_WORD = re.compile(r"=\?([^?\s]{1,80})\?([BbQq])\?([^?\r\n]{0,4000})\?=")
_ONE_BYTE = re.compile(r"cp125|iso-8859|windows-125")
_BETWEEN_WORDS = re.compile(r"(\?=)\s+(?==\?)")


def text_of(content: bytes, label: str) -> str:
    """The bytes as text. A label that does not fit gives way to UTF-8, and that to Windows-1252,
    which is what unlabelled mail of the West mostly is.
    """
    codec = _codec(label)
    # Text of a single-byte set is never UTF-8 by chance, but UTF-8 often carries such a label.
    for name in ("utf-8", codec) if _ONE_BYTE.match(codec) else (codec, "utf-8"):
        text = _strictly(content, name)
        if text is not None:
            return _without_marks(text)
    if codec in {"", "utf-8", "cp1252"} and not _mostly_utf_8(content):
        # cp1252 leaves five bytes undefined; Latin-1 reads every byte.
        western = _strictly(content, "cp1252")
        return _without_marks(content.decode("latin-1") if western is None else western)
    return _without_marks(content.decode(codec or "utf-8", "replace"))


def decoded_words(line: str) -> str:
    """A header's value with its encoded words decoded; bytes that are no ASCII are read too."""
    joined = _BETWEEN_WORDS.sub(r"\1", _unescaped(line))
    return readable(_ENCODED_WORD.sub(_word, joined))


def _word(found: re.Match[str]) -> str:
    charset, form, content = found[1].partition("*")[0], found[2].upper(), found[3]
    raw = content.encode("utf-8", "replace")
    try:
        if form == "B":
            packed = base64.b64decode(raw + b"=" * (-len(raw) % 4))
        else:
            packed = quopri.decodestring(raw, header=True)
    except (binascii.Error, ValueError):
        return found[0]
    return text_of(packed, charset)


def _unescaped(line: str) -> str:
    """Bytes above ASCII that the mail parser kept as half characters."""
    if not any("\udc80" <= each <= "\udcff" for each in line):
        return line
    return text_of(line.encode("utf-8", "surrogateescape"), "utf-8")


def _codec(label: str) -> str:
    """The codec that is meant; "" for a label that names no character set."""
    stated = label.strip().strip("\"'").lower()
    name = _MEANT.get(stated, stated)
    try:
        known = codecs.lookup(name).name
    except (LookupError, ValueError):
        return ""
    return "" if known.replace("_", "-") in NO_CHARACTER_SETS else name


def _strictly(content: bytes, codec: str) -> str | None:
    try:
        return content.decode(codec) if codec else None
    except (LookupError, ValueError):
        return None


def _mostly_utf_8(content: bytes) -> bool:
    """Whether damaged bytes are UTF-8 all the same: more of it fits than does not."""
    text = content.decode("utf-8", "replace")
    lost = text.count("\ufffd")
    return sum(each > "\x7f" for each in text) > 2 * lost


def _without_marks(text: str) -> str:
    """No NUL, which no database and no screen wants, and no byte order mark."""
    return readable(text.removeprefix("\ufeff").replace("\0", ""))
