"""Zendesk: event subscriptions, and triggers whose payload an administrator wrote.

Rules: Zendesk developer documentation, "Verifying webhooks" and "Ticket events". A trigger's
placeholders are not escaped: a body broken by them is kept in quarantine, and never dropped.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from triagewire.arrival import Arrival, Attachment, Requester, RequesterKind
from triagewire.channels.desks.template import (
    Template,
    denied,
    is_automatic_subject,
    pictures,
    plain,
    stated_moment,
    words_of,
)
from triagewire.channels.desks.zendesk_text import without_bylines
from triagewire.channels.outcome import answered_200
from triagewire.channels.parsed import Ignored, Parsed
from triagewire.channels.reading import record
from triagewire.channels.reading.fields import Fields
from triagewire.channels.reading.identities import email_address, kind_of, phone_number
from triagewire.channels.reading.payload import FORM_TYPE, JSON_TYPE, form_body, json_object
from triagewire.channels.reading.staff import staff_request_from
from triagewire.channels.request import WebhookRequest
from triagewire.channels.signatures import fits_any, needed_header, refusing
from triagewire.channels.source import Source
from triagewire.errors import RefusedError
from triagewire.ids import derived_event_id

MEDIA_TYPES = frozenset({FORM_TYPE, JSON_TYPE})
METHODS = frozenset({"POST"})
SIGNATURE = "x-zendesk-webhook-signature"
TIMESTAMP = "x-zendesk-webhook-signature-timestamp"
INVOCATION = "x-zendesk-webhook-invocation-id"

_EVENT = "zen:event-type:"
_SECONDS = re.compile(r"[0-9]{1,12}")
_ROBOTS = frozenset({"automation", "rule", "system"})
_SYSTEM_USER = "-1"
_OPENING_SECONDS = 300

shaped = answered_200


@refusing
def verify(
    request: WebhookRequest, source: Source, secrets: tuple[str, ...], now: datetime
) -> None:
    """Base64 HMAC-SHA256 over the timestamp and the body, of a time not long ago."""
    given, stated = needed_header(request, SIGNATURE), needed_header(request, TIMESTAMP)
    if not fits_any(given, [zendesk_signature(each, stated, request.body) for each in secrets]):
        raise RefusedError(401, f"{SIGNATURE}: fits no secret of this source")
    tolerance = source.options.tolerance_seconds
    if abs((now - _signed_at(stated)).total_seconds()) > tolerance:
        raise RefusedError(401, f"{TIMESTAMP}: is more than {tolerance} seconds from now")


def zendesk_signature(secret: str, timestamp: str, body: bytes) -> bytes:
    """The signature's text. The secret looks like base64, and is used as it is written."""
    content = timestamp.encode() + body
    return base64.b64encode(hmac.new(secret.encode(), content, hashlib.sha256).digest())


def _signed_at(stated: str) -> datetime:
    """ISO 8601 or seconds since 1970."""
    if _SECONDS.fullmatch(stated):
        return datetime.fromtimestamp(int(stated), UTC)
    moment = datetime.fromisoformat(stated)
    if moment.tzinfo is None:
        raise RefusedError(401, f"{TIMESTAMP}: must carry an offset such as Z")
    return moment


def parse(request: WebhookRequest, source: Source, _now: datetime) -> Parsed:
    """An event, told by its type, or the payload of a trigger."""
    if request.media_type == FORM_TYPE:
        return _triggered(Fields(form_body(request)), request, source)
    body = json_object(request.body, raw_breaks=True)
    kind = body.identifier("type") or ""
    if not kind.startswith(_EVENT):
        return _triggered(body, request, source)
    read = _READERS.get(kind.removeprefix(_EVENT))
    return read(body, request, source) if read else Ignored("not a message")


def _created(body: Fields, request: WebhookRequest, source: Source) -> Parsed:
    """A new ticket. One that staff opened with an internal note is still somebody's need."""
    detail = body.inner("detail")
    arrival = _arrival(body, request, source, plain(detail.prose("description") or ""))
    arrival = replace(arrival, requester=_stated(detail.inner("requester"), source))
    if denied(detail, "is_public"):
        remarks = ("opened by staff with an internal note", *arrival.remarks)
        arrival = replace(arrival, automatic=True, remarks=remarks)
    return (arrival,)


def _commented(body: Fields, request: WebhookRequest, source: Source) -> Parsed:
    """A comment of the requester, or of somebody else who is not staff."""
    detail, comment = body.inner("detail"), body.inner("event").inner("comment")
    if denied(comment, "is_public"):
        return Ignored("internal note")
    author = comment.inner("author")
    if author.flag("is_staff") and author.identifier("id") != detail.identifier("requester_id"):
        return Ignored("written by staff")
    whole = plain(comment.required("body", _written(comment)))
    if _opens(whole, body, detail):
        return Ignored("the ticket's own description")
    arrival = _arrival(body, request, source, whole)
    return (replace(arrival, requester=_stated(author, source), attachments=_files(comment)),)


def _written(comment: Fields) -> str | None:
    """The body; an empty one has been stated too, where there are files."""
    return comment.prose("body") or ("" if comment.has("body") else None)


def _opens(whole: str, body: Fields, detail: Fields) -> bool:
    """Whether this comment is the description, of which `ticket.created` tells."""
    opened, told = stated_moment(detail, "created_at"), stated_moment(body, "time")
    if opened is None or told is None or (told - opened).total_seconds() > _OPENING_SECONDS:
        return False
    return whole.split() == plain(detail.prose("description") or "").split() != []


def _triggered(given: Fields, request: WebhookRequest, source: Source) -> Parsed:
    """A payload of our template, of a common one, or of one that `options.fields` describes."""
    template = Template(given, source.options.fields)
    if template.denies("public"):
        return Ignored("internal note")
    written = template.text()
    whole = plain(written)
    subject = template.written_line("subject")
    words = words_of(whole, without_bylines(whole))
    arrival = Arrival(
        site=source.site,
        source=source.name,
        channel=source.usual_channel,
        event_id=_invocation(request, source),
        requester=template.requester(source),
        text=words.text,
        full_text=words.full_text,
        subject=subject,
        language=template.language(),
        request_type=template.line("request_type"),
        staff_request=template.staff_request(),
        thread=template.identifier("thread"),
        automatic=is_automatic_subject(subject),
        attachments=(*template.files(), *pictures(written)),
        remarks=words.remarks,
        occurred_at=template.moment("occurred_at"),
    )
    return (arrival,)


def _arrival(body: Fields, request: WebhookRequest, source: Source, whole: str) -> Arrival:
    """What both events say in one way; their reader adds who wrote."""
    detail = body.inner("detail")
    subject = detail.line("subject") or ""
    words = words_of(whole, without_bylines(whole))
    return Arrival(
        site=source.site,
        source=source.name,
        channel=source.usual_channel,
        event_id=body.identifier("id") or _invocation(request, source),
        requester=Requester(),
        text=words.text,
        full_text=words.full_text,
        subject=subject,
        staff_request=staff_request_from({"urgency": str(detail.value("priority") or "")}),
        thread=detail.required("id", detail.identifier("id") or _ticket_of(body)),
        automatic=_by_robot(detail) or is_automatic_subject(subject),
        remarks=words.remarks,
        occurred_at=stated_moment(body, "time"),
    )


def _ticket_of(body: Fields) -> str | None:
    """The ticket in the event's subject, `zen:ticket:5158`."""
    return (body.identifier("subject") or "").removeprefix("zen:ticket:") or None


def _invocation(request: WebhookRequest, source: Source) -> str:
    """The invocation, the same through all repeats; without one the body itself."""
    stated = request.header(INVOCATION).strip()
    return stated or derived_event_id(source.site, source.name, request.body)


def _stated(who: Fields, source: Source) -> Requester:
    """Zendesk gives the author's name at best, and an id that says nothing outside of it."""
    return Requester(
        kind=kind_of(source, RequesterKind.UNKNOWN),
        email=email_address(who.line("email")),
        phone=phone_number(who.identifier("phone"), source.options.country_code),
        name=who.line("name"),
    )


def _by_robot(detail: Fields) -> bool:
    channel = detail.inner("via").line("channel") or ""
    return channel in _ROBOTS or detail.identifier("actor_id") == _SYSTEM_USER


def _files(comment: Fields) -> tuple[Attachment, ...]:
    return tuple(
        Attachment(
            name=record.file_name(each.line("filename") or each.line("file_name")),
            media_type=each.line("content_type") or "",
            size_bytes=record.size_from(each, "size"),
            link=record.link_from(each, "content_url"),
        )
        for each in comment.objects("attachments")[: record.MOST_ATTACHMENTS]
    )


_READERS: Mapping[str, Callable[[Fields, WebhookRequest, Source], Parsed]] = {
    "ticket.created": _created,
    "ticket.comment_added": _commented,
}
