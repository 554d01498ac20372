"""Reading raw bodies: JSON that hides no bomb, and forms in the character set of their page."""

import codecs
import json
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from triagewire.channels.reading.fields import Fields, readable
from triagewire.channels.request import WebhookRequest
from triagewire.errors import UnreadableError

if TYPE_CHECKING:
    from multipart import MultipartPart  # type: ignore[import-untyped]

JSON_TYPE = "application/json"
MULTIPART_TYPE = "multipart/form-data"
FORM_TYPE = "application/x-www-form-urlencoded"
MOST_FORM_FIELDS = 1_000

NO_CHARACTER_SETS = frozenset(
    {"punycode", "idna", "unicode-escape", "raw-unicode-escape", "undefined", "mbcs", "oem"}
)
"""Codecs that Python knows, but that are no character set of a text; some take quadratic time."""

_CHARACTER_SETS = frozenset({"utf-8", "iso-8859-1", "windows-1252"})


def json_body(request: WebhookRequest) -> Fields:
    """The JSON object of the body; raises UnreadableError."""
    return json_object(request.body)


def json_object(content: bytes, *, raw_breaks: bool = False) -> Fields:
    """A JSON object, also one that comes inside a field of another body; raises UnreadableError.

    A key given twice is refused: two readers of such a body can see two different messages.
    `raw_breaks` takes line breaks inside texts, which templates of help desks do not escape.
    """
    try:
        # Always UTF-8 (RFC 8259 §8.1): left alone, `json` would guess UTF-16 and UTF-32 too.
        text = content.decode("utf-8-sig")
        data = json.loads(
            text, object_pairs_hook=_unique, parse_constant=_no_constant, strict=not raw_breaks
        )
    except UnicodeDecodeError:
        raise UnreadableError("the body is not UTF-8") from None
    except RecursionError:
        raise UnreadableError("the body is nested too deeply") from None
    except ValueError:
        # Also numbers of thousands of digits, which Python declines to convert.
        raise UnreadableError("the body is not JSON") from None
    return Fields(data)


def form_body(request: WebhookRequest) -> dict[str, str]:
    """The fields of an urlencoded body; of a name given twice the last counts."""
    return dict(form_pairs(request))


def form_pairs(request: WebhookRequest) -> list[tuple[str, str]]:
    """Every field of an urlencoded body in order: ticked boxes come under one and the same name."""
    charset = _charset(request)
    try:
        return parse_qsl(
            request.body.decode(charset, "replace"),
            keep_blank_values=True,
            encoding=charset,
            errors="replace",
            max_num_fields=MOST_FORM_FIELDS,
        )
    except ValueError:
        raise UnreadableError("the form has too many fields") from None


def signed_pairs(body: bytes) -> list[tuple[str, str]]:
    """Every field of a form, blank and repeated ones too, each byte kept (surrogateescape)."""
    return parse_qsl(
        body.decode("utf-8", "surrogateescape"),
        keep_blank_values=True,
        errors="surrogateescape",
        max_num_fields=MOST_FORM_FIELDS,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadedFile:
    """A file of a multipart form; its content is not kept."""

    field: str
    name: str
    media_type: str
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MultipartForm:
    """A multipart form: each field as its bytes (the last of a repeated name), and its files."""

    raw: Mapping[str, bytes]
    files: tuple[UploadedFile, ...] = ()

    def text(self, name: str, charset: str = "utf-8") -> str:
        """A field in a character set; an unknown one is read as UTF-8, odd bytes as U+FFFD."""
        return decoded(self.raw.get(name, b""), charset)

    def texts(self) -> dict[str, str]:
        """Every field, read as UTF-8."""
        return {name: self.text(name) for name in self.raw}


def decoded(content: bytes, charset: str) -> str:
    """Bytes as text, whatever the sender says they are: a wrong label costs no words."""
    try:
        known = codecs.lookup(charset).name.replace("_", "-") not in NO_CHARACTER_SETS
        return readable(content.decode(charset if known else "utf-8", "replace"))
    except (LookupError, ValueError):
        return content.decode("utf-8", "replace")


def multipart_body(request: WebhookRequest) -> MultipartForm:
    """The fields and files of a multipart body (RFC 7578); raises UnreadableError."""
    import multipart  # noqa: PLC0415  28 ms that only senders of such bodies should cost

    stated, options = multipart.parse_options_header(request.header("content-type"))
    boundary = options.get("boundary", "")
    if stated != MULTIPART_TYPE or not boundary:
        raise UnreadableError("the form names no boundary")
    raw: dict[str, bytes] = {}
    files: list[UploadedFile] = []
    try:
        parts = multipart.MultipartParser(
            BytesIO(request.body),
            boundary,
            charset="utf-8",
            part_limit=MOST_FORM_FIELDS,
            memory_limit=2 * len(request.body) + 65_536,
            spool_limit=len(request.body) + 1,
        )
        for part in parts:
            if part.filename is None:
                raw[part.name] = part.raw
            else:
                files.append(_uploaded(part))
    except multipart.MultipartError:
        raise UnreadableError("the form is no multipart body") from None
    return MultipartForm(raw=raw, files=tuple(files))


def _uploaded(part: "MultipartPart") -> UploadedFile:
    return UploadedFile(
        field=part.name,
        name=part.filename or "",
        media_type=part.content_type or "",
        size_bytes=part.size,
    )


def _charset(request: WebhookRequest) -> str:
    for parameter in request.header("content-type").split(";")[1:]:
        name, _, value = parameter.partition("=")
        named = value.strip().strip('"').lower()
        if name.strip().lower() == "charset" and named in _CHARACTER_SETS:
            return named
    return "utf-8"


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    read = dict(pairs)
    if len(read) != len(pairs):
        raise UnreadableError("the body gives a key twice")
    return read


def _no_constant(_name: str) -> object:
    raise UnreadableError("the body holds a number that is not finite")
