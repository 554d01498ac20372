"""Reading raw bodies: JSON that hides no bomb, and forms in the character set of their page."""

import json
from urllib.parse import parse_qsl

from triagewire.channels.fields import Fields
from triagewire.channels.request import WebhookRequest
from triagewire.errors import UnreadableError

JSON_TYPE = "application/json"
FORM_TYPE = "application/x-www-form-urlencoded"
MOST_FORM_FIELDS = 1_000

_CHARACTER_SETS = frozenset({"utf-8", "iso-8859-1", "windows-1252"})


def json_body(request: WebhookRequest) -> Fields:
    """The JSON object of the body; raises UnreadableError.

    A key given twice is refused: two readers of such a body can see two different messages.
    """
    try:
        # Always UTF-8 (RFC 8259 §8.1): left alone, `json` would guess UTF-16 and UTF-32 too.
        text = request.body.decode("utf-8-sig")
        data = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
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
    charset = _charset(request)
    try:
        pairs = parse_qsl(
            request.body.decode(charset, "replace"),
            keep_blank_values=True,
            encoding=charset,
            errors="replace",
            max_num_fields=MOST_FORM_FIELDS,
        )
    except ValueError:
        raise UnreadableError("the form has too many fields") from None
    return dict(pairs)


def signed_pairs(body: bytes) -> list[tuple[str, str]]:
    """Every field of a form, blank and repeated ones too, each byte kept (surrogateescape)."""
    return parse_qsl(
        body.decode("utf-8", "surrogateescape"),
        keep_blank_values=True,
        errors="surrogateescape",
        max_num_fields=MOST_FORM_FIELDS,
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
