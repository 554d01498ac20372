"""Typeform: a response to a form, as its webhook posts it.

Rules: Typeform's Webhooks documentation ("Secure your webhooks", "Example payload"). It switches a
webhook off at the first 404 or 410, repeats 408, 423, 429 and 503 for hours, and puts no time under
its signature: a replay is met by the event id alone.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterator, Mapping
from datetime import datetime

from triagewire.arrival import Attachment
from triagewire.channels.forms.answers import (
    Answered,
    arrival_from,
    derived_id,
    linked_file,
    moment,
    words,
)
from triagewire.channels.outcome import answered_200
from triagewire.channels.parsed import Parsed
from triagewire.channels.reading.fields import Fields, one_line
from triagewire.channels.reading.payload import JSON_TYPE, json_body
from triagewire.channels.request import WebhookRequest
from triagewire.channels.signatures import fits_any, needed_header, refusing
from triagewire.channels.source import Source
from triagewire.errors import InvalidFieldError, RefusedError

MEDIA_TYPES = frozenset({JSON_TYPE})
METHODS = frozenset({"POST"})

_PARTIAL = "form_response_partial"
_SUITS = {"email": "email", "phone_number": "phone", "long_text": "text"}
_PLACEHOLDER = re.compile(r"\{\{([^{}]*)\}\}")
_OF_ANSWERS = re.compile(r"(?:field:|answer_)")
_UNRESOLVED = "…"
_NOT_FILLED_IN = "xxxxx"

shaped = answered_200


@refusing
def verify(
    request: WebhookRequest, _source: Source, secrets: tuple[str, ...], _now: datetime
) -> None:
    """`Typeform-Signature`: `sha256=` and base64 HMAC-SHA256 over the raw body."""
    given = needed_header(request, "typeform-signature")
    if not fits_any(given, (typeform_signature(secret, request.body) for secret in secrets)):
        raise RefusedError(401, "typeform-signature: fits no secret of this source")


def typeform_signature(secret: str, body: bytes) -> bytes:
    """The header's text; the method's name is part of what is compared."""
    digest = hmac.new(secret.encode(), body, hashlib.sha256).digest()
    return b"sha256=" + base64.b64encode(digest)


def parse(request: WebhookRequest, source: Source, now: datetime) -> Parsed:
    """One response. Questions that were skipped are not in it."""
    event = json_body(request)
    if not event.has("form_response"):
        raise InvalidFieldError("form_response", "is missing")
    response = event.inner("form_response")
    # What was typed and never submitted comes only where the administrator asked for it.
    partial = event.line("event_type") == _PARTIAL
    arrival = arrival_from(
        [*_answers(response), *_hidden(response)],
        source,
        event.identifier("event_id") or derived_id(request, source, now),
        moment(response, "submitted_at"),
        ("the form was left before it was submitted",) if partial else (),
    )
    return (arrival,)


def _answers(response: Fields) -> Iterator[Answered]:
    titles = dict(_titles(response.inner("definition")))
    given = [(answer, _keys(answer)) for answer in response.objects("answers")]
    known = {key: _said(answer) for answer, keys in given for key in keys}
    known |= {f"hidden:{each.question}": each.text for each in _hidden(response)}
    for answer, keys in given:
        title = next((titles[key] for key in keys if key in titles), "")
        kind, asked_as = answer.line("type") or "", answer.inner("field").line("type") or ""
        files = _files(answer)
        yield Answered(
            keys=keys,
            question=_resolved(title, known) or (keys[-1] if keys else ""),
            text=_said(answer, files),
            suits=_SUITS.get(asked_as) or _SUITS.get(kind, ""),
            files=files,
        )


def _keys(answer: Fields) -> tuple[str, ...]:
    """The id and the readable reference of the question; either finds its title."""
    field = answer.inner("field")
    given = (field.identifier("id"), field.identifier("ref"))
    return tuple(key for key in given if key)


def _titles(parent: Fields) -> Iterator[tuple[str, str]]:
    """The questions by id and by reference, those of question groups too."""
    for field in parent.objects("fields"):
        title = one_line(field.prose("title") or "")
        for key in (field.identifier("id"), field.identifier("ref")):
            if key:
                yield key, title
        yield from _titles(field.inner("properties"))


def _said(answer: Fields, files: tuple[Attachment, ...] = ()) -> str:
    """The value, which stands under the name of its type; of a type gone astray, all there is."""
    kind = answer.line("type")
    if kind and answer.has(kind):
        value = answer.value(kind)
    else:
        value = {key: answer.value(key) for key in sorted(answer.keys() - {"type", "field"})}
    linked = {file.link for file in files}
    if isinstance(value, Mapping):
        value = {key: part for key, part in value.items() if str(part) not in linked}
    return "" if str(value) in linked else words(value)


def _files(answer: Fields) -> tuple[Attachment, ...]:
    """Uploads, and the recordings of a video answer: links into Typeform's own store."""
    kind = answer.line("type") or ""
    value = answer.value(kind)
    addresses: list[object] = [value] if kind == "file_url" else []
    if isinstance(value, Mapping):
        addresses = [part for key, part in value.items() if str(key).endswith("_url")]
    return tuple(file for file in map(linked_file, addresses) if file)


def _hidden(response: Fields) -> Iterator[Answered]:
    """What the page's address carried: a patient's number, but also where a campaign came from.

    Left as Typeform writes them into an address (`#mrn=xxxxx`) they would make all people one.
    """
    hidden = response.inner("hidden")
    for name in sorted(hidden.keys()):
        text = words(hidden.value(name))
        if text != _NOT_FILLED_IN:
            yield Answered(keys=(name,), question=name, text=text, hidden=True)


def _resolved(title: str, known: Mapping[str, str]) -> str:
    """A title with the answers that it repeats put in, as the person saw it."""

    def answer(found: re.Match[str]) -> str:
        return one_line(known.get(_OF_ANSWERS.sub("", found[1].strip(), count=1), _UNRESOLVED))

    return _PLACEHOLDER.sub(answer, title)
