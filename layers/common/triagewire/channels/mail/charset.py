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
_ENCODED_WORDS = re.compile(rf"(?:{_ENCODED_WORD.pattern})+")
_ONE_BYTE = re.compile(r"cp125|cp[48]\d\d$|ibm[48]\d\d$|iso-?8859|windows-125|koi8|mac|latin")
_WIDE = re.compile(r"utf[-_]?(?:16|32)|ucs")
_WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_JAPANESE_SHIFTS = (b"\x1b$B", b"\x1b$@")
_BETWEEN_WORDS = re.compile(r"(\?=)\s+(?==\?)")


def text_of(content: bytes, label: str) -> str:
    """The bytes as text. A label that does not fit gives way to UTF-8, and that to Windows-1252,
    which is what unlabelled mail of the West mostly is.
    """
    if any(shift in content for shift in _JAPANESE_SHIFTS):
        return _without_marks(_japanese(content))
    codec = _codec(label)
    for name in _in_order(content, codec):
        text = _strictly(content, name)
        if text is not None:
            return _without_marks(text)
    if codec in {"", "utf-8", "cp1252"} and not _mostly_utf_8(content):
        # cp1252 leaves five bytes undefined; Latin-1 reads every byte.
        western = _strictly(content, "cp1252")
        return _without_marks(content.decode("latin-1") if western is None else western)
    return _without_marks(content.decode(codec or "utf-8", "replace"))


def _in_order(content: bytes, codec: str) -> tuple[str, ...]:
    """The character sets to try. Text of a single-byte set is never UTF-8 by chance, nor are two
    bytes a letter ever without a zero; but UTF-8 often carries such a label.
    """
    if content.startswith(_WIDE_MARKS):
        return ("utf-16", codec, "utf-8")
    mislabelled = _ONE_BYTE.match(codec) or (_WIDE.match(codec) and b"\0" not in content)
    return ("utf-8", codec) if mislabelled else (codec, "utf-8")


def _japanese(content: bytes) -> str:
    """ISO-2022-JP, whatever the label: its bytes are ASCII for every other set. Mailers write
    letters in it that only later editions have (JIS X 0213).
    """
    for name in ("iso2022_jp", "iso2022_jp_ext"):
        text = _strictly(content, name)
        if text is not None:
            return text
    for shift in _JAPANESE_SHIFTS:
        content = content.replace(shift, b"\x1b$(Q")
    return content.decode("iso2022_jp_2004", "replace")


def decoded_words(line: str) -> str:
    """A header's value with its encoded words decoded; bytes that are no ASCII are read too."""
    joined = _BETWEEN_WORDS.sub(r"\1", _unescaped(line))
    return readable(_ENCODED_WORDS.sub(_words, joined))


def _words(found: re.Match[str]) -> str:
    """Words that stand together. Some mailers part them inside a letter: they are joined first."""
    texts: list[str] = []
    packed, charset = bytearray(), ""
    for word in _ENCODED_WORD.finditer(found[0]):
        named = word[1].partition("*")[0].lower()
        unpacked = _unpacked(word[2].upper(), word[3])
        if named != charset or unpacked is None:
            texts.append(text_of(bytes(packed), charset))
            packed, charset = bytearray(), named
        if unpacked is None:
            texts.append(word[0])
        else:
            packed += unpacked
    return "".join((*texts, text_of(bytes(packed), charset)))


def _unpacked(form: str, content: str) -> bytes | None:
    """The bytes of one word; None for a broken one, which then stays as it is."""
    raw = content.encode("utf-8", "replace")
    try:
        if form == "B":
            return base64.b64decode(raw + b"=" * (-len(raw) % 4))
        return quopri.decodestring(raw, header=True)
    except (binascii.Error, ValueError):
        return None


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
        "a".encode(name)  # Python's codecs that unpack or scramble say here that they are no set.
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
