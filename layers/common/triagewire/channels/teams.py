"""Microsoft Teams: staff mention an outgoing webhook in a channel, and see its answer there.

Rules: Microsoft Teams documentation, "Create an outgoing webhook". Nothing signs a time, and Teams
does not repeat.
"""

import base64
import binascii
import hashlib
import hmac
import json
import re
from dataclasses import replace
from datetime import datetime

from triagewire.arrival import Arrival, Attachment, Requester, RequesterKind
from triagewire.channels.desks.template import NO_WORDS, pictures, plain, stated_moment
from triagewire.channels.outcome import JSON, Outcome, OutcomeKind
from triagewire.channels.parsed import Answer, Ignored, Parsed
from triagewire.channels.reading import record
from triagewire.channels.reading.fields import Fields
from triagewire.channels.reading.identities import email_address, kind_of
from triagewire.channels.reading.payload import JSON_TYPE, json_body
from triagewire.channels.request import WebhookRequest
from triagewire.channels.signatures import fits_any, needed_header, refusing
from triagewire.channels.source import Source
from triagewire.errors import RefusedError
from triagewire.ids import derived_event_id

MEDIA_TYPES = frozenset({JSON_TYPE})
METHODS = frozenset({"POST"})

_MENTION = re.compile(r"<at\b[^<>]{0,200}>([^<>]{0,300})</at>", re.IGNORECASE)
_MENTION_SPAN = re.compile(
    r"<span\b[^<>]{0,500}schema\.skype\.com/Mention[^<>]{0,500}>([^<>]{0,300})</span>", re.I
)
_PERSON = re.compile(r"(?:29|8):.*")
_MARKUP = "text/html"
_THREAD = ";messageid="


@refusing
def verify(
    request: WebhookRequest, _source: Source, secrets: tuple[str, ...], _now: datetime
) -> None:
    """`Authorization: HMAC` and base64 HMAC-SHA256 over the body."""
    scheme, _, given = needed_header(request, "authorization").partition(" ")
    if scheme.lower() != "hmac":
        raise RefusedError(401, "authorization: must be HMAC and a signature")
    expected = [teams_signature(key, request.body) for key in filter(None, map(_key, secrets))]
    if not fits_any(given.strip(), expected):
        raise RefusedError(401, "authorization: fits no secret of this source")


def teams_signature(key: bytes, body: bytes) -> bytes:
    """The signature's base64 text."""
    return base64.b64encode(hmac.new(key, body, hashlib.sha256).digest())


def _key(secret: str) -> bytes | None:
    """The key of a security token; None when it is no base64, for that token fits nothing."""
    try:
        return base64.b64decode(secret, validate=True)
    except (binascii.Error, ValueError):
        return None


def parse(request: WebhookRequest, source: Source, _now: datetime) -> Parsed:
    """A message in which the webhook was mentioned."""
    message = json_body(request)
    if message.required("type", message.line("type")) != "message":
        return Ignored("not a message")
    markup = _markup(message)
    text = _words(message) or _without_mentions(markup, frozenset())
    files = (*_files(message), *pictures(markup))[: record.MOST_ATTACHMENTS]
    if not text and not files:
        return Ignored("message without words", _told("Say what is wrong after the name."))
    who = message.inner("from")
    identity = _identity(message)
    arrival = Arrival(
        site=source.site,
        source=source.name,
        channel=source.usual_channel,
        event_id=identity or derived_event_id(source.site, source.name, request.body),
        requester=Requester(
            kind=kind_of(source, RequesterKind.STAFF),
            # The directory's id tells two namesakes apart, but a person reads this.
            name=who.line("name") or who.line("aadObjectId"),
            email=email_address(who.line("email") or who.line("userPrincipalName")),
        ),
        text=text,
        thread=_thread(message),
        attachments=files,
        remarks=() if text else (NO_WORDS,),
        occurred_at=stated_moment(message, "timestamp") or stated_moment(message, "localTimestamp"),
    )
    return (arrival,)


def _identity(message: Fields) -> str | None:
    """Message ids are times, so that two channels can have the same one."""
    conversation = message.inner("conversation").identifier("id")
    identity = message.identifier("id")
    return f"{conversation}:{identity}" if conversation and identity else None


def _thread(message: Fields) -> str | None:
    """A channel's conversation id names its first message; a chat's one names all of it."""
    conversation = message.inner("conversation").identifier("id")
    if conversation is None or _THREAD in conversation:
        return conversation
    first = message.identifier("replyToId") or message.identifier("id")
    return f"{conversation}{_THREAD}{first}" if first else None


def _words(message: Fields) -> str:
    people = frozenset(
        each.line("text") or ""
        for each in message.objects("entities")
        if _PERSON.fullmatch(each.inner("mentioned").line("id") or "")
    )
    return _without_mentions(message.prose("text") or "", people)


def _without_mentions(text: str, people: frozenset[str]) -> str:
    """The text as a person would read it. A mentioned colleague keeps the name; our own goes."""

    def shown(mention: re.Match[str]) -> str:
        return f"@{mention[1]}" if mention[0] in people else ""

    kept = _MENTION_SPAN.sub("", _MENTION.sub(shown, text))
    return plain(kept).replace("\xa0", " ").strip()


def _markup(message: Fields) -> str:
    """The message once more, as HTML: it is no file."""
    parts = [each for each in message.objects("attachments") if _is_markup(each)]
    return (parts[0].prose("content") or "") if parts else ""


def _is_markup(attachment: Fields) -> bool:
    return (attachment.line("contentType") or "").lower() == _MARKUP


def _files(message: Fields) -> tuple[Attachment, ...]:
    return tuple(
        Attachment(
            name=record.file_name(each.line("name")),
            media_type=each.line("contentType") or "",
            link=record.link_from(each, "contentUrl"),
        )
        for each in message.objects("attachments")[: record.MOST_ATTACHMENTS]
        if not _is_markup(each)
    )


def _told(words: str) -> Answer:
    """An answer that Teams shows below the message, to all of its channel."""
    said = json.dumps({"type": "message", "text": words})
    return Answer(status=200, body=said, headers=JSON)


def shaped(outcome: Outcome, _request: WebhookRequest, _source: Source) -> Outcome:
    """Teams shows the answer to the person who wrote; anything but 200 is shown as a failure."""
    if outcome.kind is OutcomeKind.REFUSED:
        return outcome
    if not outcome.ticket_ids:
        return replace(outcome, status=200)
    answer = _told(f"Thank you. Your ticket is {outcome.ticket_ids[0]}.")
    return replace(outcome, status=200, body=answer.body, headers=answer.headers)
