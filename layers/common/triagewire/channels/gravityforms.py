"""Gravity Forms: an entry of a WordPress form, posted by its Webhooks add-on.

Rules: Gravity Forms' documentation of the Webhooks add-on and of the entry object. Nothing is
signed; the administrator adds a request header that holds our secret. Keys are field numbers, with
the parts of a field behind a dot (`1.3` first name, `1.6` last name), or whatever names were chosen
in the webhook; so what is what stands in the option `fields`.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import unquote

from triagewire.arrival import Attachment
from triagewire.channels.forms.answers import (
    NAMES,
    Answered,
    arrival_from,
    derived_id,
    linked_file,
    words,
)
from triagewire.channels.outcome import answered_200
from triagewire.channels.parsed import Parsed
from triagewire.channels.reading.fields import Fields, one_line
from triagewire.channels.reading.payload import FORM_TYPE, JSON_TYPE, form_body, json_body
from triagewire.channels.reading.record import file_name
from triagewire.channels.request import WebhookRequest
from triagewire.channels.signatures import SHARED_HEADER, check_shared_header, refusing
from triagewire.channels.source import Source

MEDIA_TYPES = frozenset({FORM_TYPE, JSON_TYPE})
METHODS = frozenset({"POST"})

_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_ABOUT_THE_ENTRY = frozenset(
    {"id", "form_id", "post_id", "date_created", "date_updated", "is_starred", "is_read", "ip"}
    | {"source_url", "source_id", "user_agent", "currency", "payment_status", "payment_date"}
    | {"payment_amount", "payment_method", "transaction_id", "transaction_type", "is_fulfilled"}
    | {"created_by", "status", "form_title"}
)
"""Properties of an entry that nobody typed in."""
_DOWNLOAD = "gf-download="
_UPLOADED = ("/gravity_forms/", _DOWNLOAD)
"""Where the plug-in keeps files, openly or behind a download link of its own."""

shaped = answered_200


@refusing
def verify(
    request: WebhookRequest, source: Source, secrets: tuple[str, ...], _now: datetime
) -> None:
    """The header that the administrator added holds a live secret."""
    check_shared_header(request, source.options.header or SHARED_HEADER, secrets)


def parse(request: WebhookRequest, source: Source, now: datetime) -> Parsed:
    """One entry."""
    entry = json_body(request) if request.media_type == JSON_TYPE else Fields(form_body(request))
    arrival = arrival_from(
        list(_answers(entry)),
        source,
        _event_id(entry) or derived_id(request, source, now),
        _created_at(entry),
    )
    return (arrival,)


def _event_id(entry: Fields) -> str | None:
    """An entry's number is one of its whole WordPress site; the form's says which list it is in."""
    number, form = entry.identifier("id"), entry.identifier("form_id")
    return f"{form}:{number}" if number and form else number


def _created_at(entry: Fields) -> datetime | None:
    """Entries are dated in UTC, without saying so."""
    try:
        return datetime.fromisoformat(words(entry.value("date_created"))).replace(tzinfo=UTC)
    except ValueError:
        return None


def _answers(entry: Fields) -> Iterator[Answered]:
    """Everything that was filled in; empty fields come too, and say nothing."""
    keys = entry.keys()
    for key in keys:
        if key in _ABOUT_THE_ENTRY:
            continue
        files, text = _files(entry.value(key))
        whole = key.partition(".")[0]
        yield Answered(
            keys=(key,) if whole == key else (key, whole),
            question=f"field {key}" if _NUMBER.fullmatch(key) else key,
            text=text,
            suits=_suits(key.lower()),
            files=files,
        )


def _suits(name: str) -> str:
    """A key that an administrator chose to be one of our names, in small letters or not."""
    return "text" if name == "message" else name if name in NAMES else ""


def _files(value: object) -> tuple[tuple[Attachment, ...], str]:
    """The uploads of a field and the words of what is none; several come as JSON inside a text."""
    listed: object = value
    if isinstance(value, str) and value.startswith("["):
        try:
            listed = json.loads(value)
        except (ValueError, RecursionError):
            return (), words(value)
    each = listed if isinstance(listed, list) else [listed]
    addresses = [one for one in each if isinstance(one, str) and any(m in one for m in _UPLOADED)]
    files = tuple(file for file in map(_uploaded, addresses) if file)
    return (files, "") if len(files) == len(each) else ((), words(value))


def _uploaded(address: str) -> Attachment | None:
    """A file by its address; behind a download link its name stands in the query."""
    file = linked_file(address)
    _, linked, path = address.partition(_DOWNLOAD)
    if file is None or not linked:
        return file
    return replace(file, name=file_name(one_line(unquote(path.partition("&")[0]))))
