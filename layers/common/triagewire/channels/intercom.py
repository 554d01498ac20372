"""Intercom: conversations and tickets that a contact opened or answered.

Rules: Intercom developer documentation, webhooks (signature, topics, notification object). A ping
and some tickets have no id of their own, and most addresses in a payload are those of staff.
"""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from triagewire.arrival import Arrival, Attachment, Requester, RequesterKind
from triagewire.channels.desks.template import (
    is_automatic_subject,
    moment_of_seconds,
    pictures,
    plain,
    words_of,
)
from triagewire.channels.forms.answers import words as answer_words
from triagewire.channels.outcome import answered_200
from triagewire.channels.parsed import Answer, Ignored, Parsed
from triagewire.channels.reading import record
from triagewire.channels.reading.fields import Fields
from triagewire.channels.reading.identities import email_address, kind_of, phone_number
from triagewire.channels.reading.payload import JSON_TYPE, json_body
from triagewire.channels.request import WebhookRequest
from triagewire.channels.signatures import fits_any, needed_header, refusing
from triagewire.channels.source import Source
from triagewire.errors import InvalidFieldError, RefusedError
from triagewire.ids import derived_event_id

MEDIA_TYPES = frozenset({JSON_TYPE})
METHODS = frozenset({"HEAD", "POST"})
SIGNATURE = "x-hub-signature"

_CONTACTS = frozenset({"contact", "lead", "user", "visitor"})
_TITLE, _DESCRIPTION = "_default_title_", "_default_description_"

shaped = answered_200


@refusing
def verify(
    request: WebhookRequest, _source: Source, secrets: tuple[str, ...], _now: datetime
) -> None:
    """`X-Hub-Signature`: `sha1=` and hex HMAC-SHA1 with the app's client secret.

    HEAD asks only whether somebody is here; it carries nothing, and nothing is made of it.
    """
    if request.method == "HEAD":
        return
    given = needed_header(request, SIGNATURE)
    if not fits_any(given, [intercom_signature(secret, request.body) for secret in secrets]):
        raise RefusedError(401, f"{SIGNATURE}: fits no secret of this source")


def intercom_signature(secret: str, body: bytes) -> bytes:
    """The signature's text, with its method: another one is refused."""
    return b"sha1=" + hmac.new(secret.encode(), body, hashlib.sha1).hexdigest().encode()


def parse(request: WebhookRequest, source: Source, _now: datetime) -> Parsed:
    """A message of a contact. What staff, robots and Intercom itself do is ignored."""
    if request.method == "HEAD":
        return Ignored("validation", Answer(status=200))
    body = json_body(request)
    topic = body.required("topic", body.line("topic"))
    if topic == "ping":
        return Ignored("ping")
    read = _READERS.get(topic)
    if read is None:
        return Ignored("not a message of a contact")
    return (read(body, body.inner("data").inner("item"), source),)


def _opened(body: Fields, item: Fields, source: Source) -> Arrival:
    """The first message stands in `source`, and in older versions in `conversation_message`.

    Where a robot spoke first, the contact's own words stand among the parts.
    """
    first = item.inner("source" if item.has("source") else "conversation_message")
    parts = item.inner("conversation_parts")
    if not _by_contact(first) and (own := _of_contact(parts, "conversation_parts")):
        return _said(body, item, own[-1], source)
    if not first.has("body") and not first.has("author"):
        raise InvalidFieldError(first.path("body"), "is missing")
    arrival = _said(body, item, first, source)
    if arrival.occurred_at is None:
        arrival = replace(arrival, occurred_at=moment_of_seconds(item, "created_at"))
    return arrival


def _replied(body: Fields, item: Fields, source: Source) -> Arrival:
    part = _last_of_contact(item.inner("conversation_parts"), "conversation_parts")
    return _said(body, item, part, source)


def _ticket_replied(body: Fields, item: Fields, source: Source) -> Arrival:
    ticket = item.inner("ticket")
    arrival = _said(body, ticket, item.inner("ticket_part"), source)
    return replace(arrival, subject=_title(ticket))


def _last_of_contact(parts: Fields, key: str) -> Fields:
    """The newest part that a contact wrote: a reply may come with the parts before it."""
    written = _of_contact(parts, key)
    if not written:
        raise InvalidFieldError(parts.path(key), "has no message of a contact")
    return written[-1]


def _of_contact(parts: Fields, key: str) -> list[Fields]:
    return [each for each in parts.objects(key) if _by_contact(each) and _has_content(each)]


def _by_contact(part: Fields) -> bool:
    return part.inner("author").line("type") in _CONTACTS


def _has_content(part: Fields) -> bool:
    return part.has("body") or bool(part.objects("attachments"))


def _said(body: Fields, item: Fields, part: Fields, source: Source) -> Arrival:
    """One thing that a contact wrote. Bodies are HTML."""
    markup = part.prose("body") or ""
    subject = plain(part.line("subject") or "").strip()
    words = words_of(plain(markup))
    return Arrival(
        site=source.site,
        source=source.name,
        channel=source.usual_channel,
        event_id=_event_id(body, item, part, source),
        requester=_requester(part.inner("author"), item, source),
        text=words.text,
        full_text=words.full_text,
        subject=subject,
        thread=item.required("id", item.identifier("id")),
        automatic=not _by_contact(part) or is_automatic_subject(subject),
        attachments=(*_files(part), *pictures(markup))[: record.MOST_ATTACHMENTS],
        remarks=words.remarks,
        occurred_at=moment_of_seconds(part, "created_at"),
    )


def _ticket(body: Fields, ticket: Fields, source: Source) -> Arrival:
    """A ticket: its description, and below it what else was filled in.

    A back-office ticket is staff's own, so that no automatic text may go out on it.
    """
    stated = ticket.inner("ticket_attributes")
    filled, files = _answers(stated)
    description = plain(stated.prose(_DESCRIPTION) or "")
    words = words_of("\n".join([description, *filled]))
    internal = ticket.inner("ticket_type").flag("is_internal") or False
    return Arrival(
        site=source.site,
        source=source.name,
        channel=source.usual_channel,
        event_id=_event_id(body, ticket, ticket, source),
        requester=_requester(_contact(ticket), ticket, source),
        text=words.text,
        full_text=words.full_text,
        subject=_title(ticket),
        thread=ticket.required("id", ticket.identifier("id")),
        automatic=internal,
        attachments=files[: record.MOST_ATTACHMENTS],
        remarks=words.remarks,
        occurred_at=moment_of_seconds(ticket, "created_at"),
    )


def _answers(stated: Fields) -> tuple[list[str], tuple[Attachment, ...]]:
    """What else was filled in: words, numbers, boxes and lists as lines, uploads as files."""
    lines: list[str] = []
    files: tuple[Attachment, ...] = ()
    for name in sorted(stated.keys() - {_TITLE, _DESCRIPTION}):
        answer = stated.value(name)
        if uploads := _uploads(stated, name):
            files = (*files, *uploads)
        elif said := answer_words(answer):
            lines.append(f"{name}: {said}")
    return lines, files


def _uploads(stated: Fields, name: str) -> tuple[Attachment, ...]:
    """The files of a question that asks for them; none where the answer is anything else."""
    answer = stated.value(name)
    each = answer if isinstance(answer, list) and answer else [None]
    if not all(isinstance(one, Mapping) and "url" in one for one in each):
        return ()
    return _listed(stated, name)


def _title(ticket: Fields) -> str:
    return ticket.inner("ticket_attributes").line(_TITLE) or ""


def _event_id(body: Fields, item: Fields, part: Fields, source: Source) -> str:
    """The notification's id. Without one: what cannot change from one attempt to the next."""
    if stated := body.identifier("id"):
        return stated
    names = (body.line("topic"), item.identifier("id"), part.identifier("id"))
    content = "\0".join(name or "" for name in names).encode()
    return derived_event_id(source.site, source.name, content)


def _contact(ticket: Fields) -> Fields:
    """The ticket's contact, which has an id alone; its name may stand at a part that it wrote."""
    contacts = ticket.inner("contacts").objects("contacts")
    first = contacts[0] if contacts else Fields({})
    parts = ticket.inner("ticket_parts").objects("ticket_parts")
    authors = [part.inner("author") for part in parts if _by_contact(part)]
    own = [each for each in authors if _same_person(each, first)]
    return own[-1] if own else first


def _requester(author: Fields, item: Fields, source: Source) -> Requester:
    """The author, and what the conversation says of the same contact: never of anybody else."""
    others = (item.inner("user"), *item.inner("contacts").objects("contacts"))
    known = [author, *(each for each in others if _same_person(each, author))]
    phones = [phone_number(each.identifier("phone"), _code(source)) for each in known]
    return Requester(
        kind=kind_of(source, RequesterKind.UNKNOWN),
        email=next(filter(None, (email_address(each.line("email")) for each in known)), None),
        phone=next(filter(None, phones), None),
        name=next(filter(None, (each.line("name") for each in known)), None),
    )


def _code(source: Source) -> str:
    return source.options.country_code


def _same_person(one: Fields, other: Fields) -> bool:
    identity = one.identifier("id")
    return identity is not None and identity == other.identifier("id")


def _files(part: Fields) -> tuple[Attachment, ...]:
    return _listed(part, "attachments")


def _listed(part: Fields, key: str) -> tuple[Attachment, ...]:
    return tuple(
        Attachment(
            name=record.file_name(each.line("name")),
            media_type=each.line("content_type") or "",
            size_bytes=record.size_from(each, "filesize"),
            link=record.link_from(each, "url"),
        )
        for each in part.objects(key)[: record.MOST_ATTACHMENTS]
    )


_READERS: Mapping[str, Callable[[Fields, Fields, Source], Arrival]] = {
    "conversation.contact.created": _opened,
    "conversation.contact.replied": _replied,
    "conversation.user.created": _opened,
    "conversation.user.replied": _replied,
    "ticket.contact.replied": _ticket_replied,
    "ticket.created": _ticket,
    "ticket.user.replied": _ticket_replied,
}
"""The topics in which a contact says something; Intercom has called contacts users before."""
