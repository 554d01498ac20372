"""Jotform: a submission of a form, as its webhook posts it.

Rules: Jotform's help on webhooks, and submissions captured from it. Nothing is signed, so a secret
stands in the address (`?key=`). `rawRequest` holds the answers; `pretty`, made for the eye, cannot
be taken apart again. `webhookURL` repeats our own address with its secret: it is never read.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from urllib.parse import quote, quote_plus

from triagewire.arrival import Attachment
from triagewire.channels.forms.answers import (
    Answered,
    arrival_from,
    derived_id,
    linked_file,
    words,
)
from triagewire.channels.outcome import Outcome, answered_200
from triagewire.channels.parsed import Parsed
from triagewire.channels.reading.fields import Fields
from triagewire.channels.reading.identities import email_address
from triagewire.channels.reading.payload import (
    FORM_TYPE,
    MULTIPART_TYPE,
    form_body,
    json_object,
    multipart_body,
)
from triagewire.channels.request import WebhookRequest
from triagewire.channels.signatures import fits_any, refusing
from triagewire.channels.source import Source
from triagewire.errors import InvalidFieldError, RefusedError

MEDIA_TYPES = frozenset({MULTIPART_TYPE, FORM_TYPE})
METHODS = frozenset({"POST"})

_QUESTION = re.compile(r"q([0-9]{1,9})_?(.*)", re.DOTALL)
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NAME_PARTS = ("prefix", "first", "middle", "last", "suffix")
_PHONE_PARTS = ("country", "area", "phone")
_DATE_PARTS = ("year", "month", "day")
_BOOK_KEEPING = frozenset({"colIds", "rowIds", "implementation"})
"""Parts of an answer that nobody typed in."""


@refusing
def verify(
    request: WebhookRequest, _source: Source, secrets: tuple[str, ...], _now: datetime
) -> None:
    """The `key` of the address is a live secret: Jotform offers nothing else."""
    given = request.query.get("key", "")
    if not given:
        raise RefusedError(401, "key: is missing from the address")
    if not fits_any(given, (secret.encode() for secret in secrets)):
        raise RefusedError(401, "key: fits no secret of this source")


def parse(request: WebhookRequest, source: Source, now: datetime) -> Parsed:
    """One submission."""
    posted = _posted(request)
    if not posted.has("rawRequest"):
        raise InvalidFieldError("rawRequest", "is missing")
    filled = json_object((posted.prose("rawRequest") or "").encode())
    # A number of nineteen digits: it stays text, as any reader of numbers would round it.
    submission = posted.identifier("submissionID") or derived_id(request, source, now)
    return (arrival_from(list(_answers(filled)), source, submission),)


def shaped(outcome: Outcome, request: WebhookRequest, source: Source) -> Outcome:
    """Without our secret in a body that goes to quarantine, where people read it."""
    answered = answered_200(outcome, request, source)
    raw = answered.raw
    secret = request.query.get("key", "")
    if not raw or not secret:
        return answered
    for form in {secret, quote(secret, safe=""), quote(secret), quote_plus(secret)}:
        raw = raw.replace(form.encode("utf-8", "surrogatepass"), b"[our secret]")
    return replace(answered, raw=raw)


def _posted(request: WebhookRequest) -> Fields:
    if request.media_type == FORM_TYPE:
        return Fields(form_body(request))
    return Fields(multipart_body(request).texts())


def _answers(filled: Fields) -> Iterator[Answered]:
    """The questions, and the uploads: these stand apart, under their names without the number.

    All other keys are the form's own book-keeping.
    """
    keys = filled.keys()
    for key in keys:
        value = filled.value(key)
        if found := _QUESTION.fullmatch(key):
            yield _answered(key, found[1], found[2], value)
        elif files := _uploads(value):
            yield Answered(keys=(key,), question=_readable(key), files=files)


def _answered(key: str, number: str, name: str, value: object) -> Answered:
    files = _uploads(value)
    text = "" if files else _said(value)
    return Answered(
        keys=(key, f"q{number}", number, *((name,) if name else ())),
        question=_readable(name.removesuffix(number)) or f"question {number}",
        text=text,
        suits=_suits(name.lower(), value, text),
        files=files,
    )


def _readable(name: str) -> str:
    """Jotform makes `describeYour` out of a question: the nearest thing to its words we get."""
    return _HUMP.sub(" ", name).replace("_", " ").strip().lower()


def _said(value: object) -> str:
    if not isinstance(value, Mapping):
        return words(value)
    if "implementation" in value and not words(value.get("date")):
        # An appointment that nobody chose comes with its length and time zone.
        return ""
    if _all_of(value, _DATE_PARTS):
        day = "-".join(words(value[part]).zfill(2) for part in _DATE_PARTS)
        rest = words({key: part for key, part in value.items() if key not in _DATE_PARTS})
        return f"{day} {rest}".strip()
    for parts in (_NAME_PARTS, _PHONE_PARTS):
        if value.keys() <= set(parts):
            return " ".join(filter(None, (words(value.get(part)) for part in parts)))
    # The rows of a table carry their meaning in their names; the parts of an address need none.
    rows = (
        (str(key).replace("_", " "), words(part))
        for key, part in value.items()
        if key not in _BOOK_KEEPING
    )
    lines = (f"{row}: {said}" for row, said in rows if said)
    return "; ".join(lines)


def _all_of(value: Mapping[str, object], parts: tuple[str, ...]) -> bool:
    return all(words(value.get(part)) for part in parts)


def _suits(name: str, value: object, text: str) -> str:
    """What the shape of an answer and the name of its question say together."""
    shape = set(value) if isinstance(value, Mapping) else set()
    if shape and shape <= set(_NAME_PARTS):
        return "name"
    if {"area", "phone"} <= shape or ("phone" in name and text):
        return "phone"
    if {*_DATE_PARTS} <= shape and "birth" in name:
        return "date_of_birth"
    return "email" if "mail" in name and email_address(text) else ""


def _uploads(value: object) -> tuple[Attachment, ...]:
    """Files in Jotform's store. Any other address is what somebody typed."""
    listed = value if isinstance(value, list) else [value]
    if not all(isinstance(each, str) and "/uploads/" in each for each in listed):
        return ()
    files = tuple(map(linked_file, listed))
    return tuple(file for file in files if file) if all(files) else ()
