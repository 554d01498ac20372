"""A clinic's web form: posted by the site's own backend (signed), or by the browser itself.

A browser can keep no secret, so there the exact `Origin` is what is checked, and a person is in
front of it: an unreadable form is a 422 with the field's name, not a quarantine.
"""

from collections.abc import Container, Iterable
from dataclasses import replace
from datetime import datetime

from triagewire.arrival import Arrival, Attachment, RequesterKind
from triagewire.channels.forms.answers import derived_id, words
from triagewire.channels.outcome import Outcome
from triagewire.channels.parsed import Answer, Ignored, Parsed
from triagewire.channels.reading import record
from triagewire.channels.reading.fields import Fields, one_line
from triagewire.channels.reading.identities import kind_of
from triagewire.channels.reading.payload import (
    FORM_TYPE,
    JSON_TYPE,
    MULTIPART_TYPE,
    UploadedFile,
    form_pairs,
    json_body,
    multipart_body,
)
from triagewire.channels.reading.staff import STAFF_FIELDS, left_over, staff_request_from
from triagewire.channels.request import WebhookRequest
from triagewire.channels.signatures import event_id, verify_standard_webhooks
from triagewire.channels.source import Source
from triagewire.channels.standard import requester_from
from triagewire.errors import RefusedError

MEDIA_TYPES = frozenset({FORM_TYPE, JSON_TYPE, MULTIPART_TYPE})
METHODS = frozenset({"POST", "OPTIONS"})

_NAMES = frozenset(
    {"text", "message", "subject", "name", "email", "phone", "patient_id", "date_of_birth"}
    | {"on_behalf", "request_type", "language", "submitted_at", "submission_id", "context"}
)
_FILES = "the files of the form were not kept, only their names"
_UNNAMED = "fields that the option extra_fields does not name are kept in the full text"
_PREFLIGHT = {
    "access-control-allow-methods": "POST, OPTIONS",
    "access-control-allow-headers": "content-type",
    "access-control-max-age": "600",
}


def verify(
    request: WebhookRequest, source: Source, secrets: tuple[str, ...], now: datetime
) -> None:
    """A signature from a backend; from a browser an origin of the list, letter by letter."""
    if source.options.signed:
        if request.method == "OPTIONS":
            raise RefusedError(405, "method: must be POST")
        verify_standard_webhooks(request, source, secrets, now)
    elif not _known_origin(request, source):
        raise RefusedError(403, "origin: is not on the list of this source")


def parse(request: WebhookRequest, source: Source, now: datetime) -> Parsed:
    """One filled form, of JSON or of form fields under the same names."""
    if request.method == "OPTIONS":
        return Ignored("preflight", Answer(status=204, headers=_PREFLIGHT))
    form, files = _form(request, source)
    if not source.options.signed and form.prose(source.options.honeypot):
        # Looks accepted, so that the robot does not try what else would pass.
        return Ignored("honeypot", Answer(status=202, body='{"outcome": "accepted"}'))
    born, occurred_at = record.born_on(form), form.moment("submitted_at")
    usual = RequesterKind.PATIENT if source.options.signed else RequesterKind.UNKNOWN
    stated = form.prose("text") or form.prose("message")
    kind = kind_of(source, usual)
    filled = _staff_fields(form, kind)
    text = _with_extras(form.required("text", stated), form, source)
    text = "\n".join([text, *left_over(filled)])
    unnamed = _unnamed(form, source, stated, filled)
    return (
        Arrival(
            site=source.site,
            source=source.name,
            channel=source.usual_channel,
            event_id=_event_id(request, source, form, now),
            requester=requester_from(form, source, kind),
            text=text,
            full_text="\n".join([text, *unnamed]) if unnamed else "",
            subject=form.line("subject") or "",
            language=record.language_from(form),
            context=record.context_from(form.inner("context"), born, occurred_at),
            request_type=record.request_type_from(form),
            staff_request=staff_request_from(filled),
            attachments=tuple(map(_attachment, files)),
            remarks=(*((_FILES,) if files else ()), *((_UNNAMED,) if unnamed else ())),
            occurred_at=occurred_at,
        ),
    )


def _form(request: WebhookRequest, source: Source) -> tuple[Fields, tuple[UploadedFile, ...]]:
    """The filled form, and the files that came with a multipart one."""
    if request.media_type == JSON_TYPE:
        return json_body(request), ()
    files: tuple[UploadedFile, ...] = ()
    if request.media_type == MULTIPART_TYPE:
        parts = multipart_body(request)
        # A browser sends the part of an upload even where no file was chosen, without a name.
        files = tuple(file for file in parts.files if file.name)
        given = parts.texts()
    else:
        given = _joined(form_pairs(request), source.options.extra_fields)
    # A ticked box comes as `on` or as its value, an unticked one not at all.
    ticked = given.get("on_behalf", "").strip().lower() not in {"", "0", "false", "no", "off"}
    return Fields({**given, "on_behalf": ticked}), files


def _joined(pairs: Iterable[tuple[str, str]], boxes: Container[str]) -> dict[str, str]:
    """Fields by name. Of `boxes` all that were ticked under one name count, of others the last."""
    given: dict[str, str] = {}
    for name, value in pairs:
        given[name] = f"{given[name]}, {value}" if name in boxes and given.get(name) else value
    return given


def _attachment(file: UploadedFile) -> Attachment:
    return Attachment(
        name=record.file_name(file.name), media_type=file.media_type, size_bytes=file.size_bytes
    )


def _event_id(request: WebhookRequest, source: Source, form: Fields, now: datetime) -> str:
    """The backend's `webhook-id`; else the id that the page made, and else the day's content.

    The day is part of the last one: the same few words a month later are a new request.
    """
    if source.options.signed:
        return event_id(request)
    if submission := form.identifier("submission_id"):
        return submission
    return derived_id(request, source, now)


def _with_extras(text: str, form: Fields, source: Source) -> str:
    """The text and the form's own further questions, each on a line of its own."""
    answers = [(name, words(form.value(name))) for name in source.options.extra_fields]
    lines = [f"{name}: {answer}" for name, answer in answers if answer]
    return "\n".join([text, *lines])


def _staff_fields(form: Fields, kind: RequesterKind) -> dict[str, str]:
    """The fields of a staff request. On a patient's form a "department" is a field like others."""
    if kind is not RequesterKind.STAFF:
        return {}
    return {name: words(form.value(name)) for name in STAFF_FIELDS}


def _unnamed(form: Fields, source: Source, stated: str | None, read: Container[str]) -> list[str]:
    """What else was filled in, each on a line: kept, and apart from the text, for a page sends the
    marks of its campaigns and puzzles too.
    """
    known = {*_NAMES, *source.options.extra_fields, source.options.honeypot}
    others = (
        (name, words(form.value(name))) for name in sorted(form.keys() - known) if name not in read
    )
    second = words(form.value("message"))
    lines = [f"{one_line(name)}: {answer}" for name, answer in others if answer]
    return [*([f"message: {second}"] if second not in {"", (stated or "").strip()} else []), *lines]


def _known_origin(request: WebhookRequest, source: Source) -> bool:
    return request.header("origin") in source.options.origins


def shaped(outcome: Outcome, request: WebhookRequest, source: Source) -> Outcome:
    """CORS on every answer, errors too: without it the page sees a network error only."""
    if not source.options.origins:
        return outcome
    headers = {**outcome.headers, "vary": "Origin"}
    if _known_origin(request, source):
        headers["access-control-allow-origin"] = request.header("origin")
        # Without this the page's script cannot see when it may try again.
        headers["access-control-expose-headers"] = "retry-after"
    return replace(outcome, headers=headers)
