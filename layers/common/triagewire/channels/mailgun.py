"""Mailgun routes: one mail as form fields, as it was sent, or as a notice that it is stored.

Rules: Mailgun user manual, "Receiving messages via HTTP", "Storing and retrieving messages" and
"Securing webhooks". The signature covers a time and a token, and nothing of the mail: whoever has
seen one request can put other words under its token. The token is therefore the event's id, and
content that comes under a token for the second time is kept, but believed to be nobody's.
"""

import hashlib
import hmac
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from triagewire.arrival import Arrival, Attachment
from triagewire.channels.mail.arrival import (
    Envelope,
    MailParts,
    Verdicts,
    arrival_from_parts,
    mailbox_of,
)
from triagewire.channels.mail.headers import MailHeaders
from triagewire.channels.mail.mailgun_events import at_mailgun, fate_of_mail
from triagewire.channels.mail.mime import parts_of
from triagewire.channels.outcome import Outcome, OutcomeKind
from triagewire.channels.parsed import Ignored, Parsed
from triagewire.channels.reading.fields import Fields
from triagewire.channels.reading.payload import (
    FORM_TYPE,
    JSON_TYPE,
    MULTIPART_TYPE,
    MultipartForm,
    json_body,
    json_object,
    multipart_body,
    signed_pairs,
)
from triagewire.channels.reading.record import file_name
from triagewire.channels.request import WebhookRequest
from triagewire.channels.signatures import check_age, fits_any, refusing
from triagewire.channels.source import Source
from triagewire.errors import InvalidFieldError, RefusedError, UnreadableError

MEDIA_TYPES = frozenset({FORM_TYPE, MULTIPART_TYPE, JSON_TYPE})
METHODS = frozenset({"POST"})

_STOP = 406
_NEVER_BETTER = frozenset({413, 415})
_TOKEN = re.compile(r"[\x21-\x7e]{1,256}")
_OF_A_MAIL = ("body-plain", "body-html", "stripped-text", "message-headers", "message-url", "from")


@refusing
def verify(
    request: WebhookRequest, source: Source, secrets: tuple[str, ...], now: datetime
) -> None:
    """`signature`: hex HMAC-SHA256 of `timestamp` and `token`, all three in the body."""
    seconds, token, given = _proof(request)
    if not _TOKEN.fullmatch(token):
        raise RefusedError(401, "token: must be printable and at most 256 characters")
    if not fits_any(given, (mailgun_signature(each, seconds, token) for each in secrets)):
        raise RefusedError(401, "signature: fits no secret of this source")
    check_age("timestamp", seconds, source, now)


def mailgun_signature(key: str, seconds: str, token: str) -> bytes:
    """The signature's hex text."""
    return hmac.new(key.encode(), f"{seconds}{token}".encode(), hashlib.sha256).hexdigest().encode()


def _proof(request: WebhookRequest) -> tuple[str, str, str]:
    """Time, token and signature: fields of a form, or an object of a JSON body."""
    if request.media_type == JSON_TYPE:
        stated = json_body(request).inner("signature")
        read = stated.identifier
    else:
        read = Fields(_form(request).texts()).identifier
    seconds, token, given = (read(name) or "" for name in ("timestamp", "token", "signature"))
    return seconds, token, given


def _form(request: WebhookRequest) -> MultipartForm:
    """Either kind of form, its values as bytes: a whole mail in it need not be UTF-8."""
    if request.media_type == MULTIPART_TYPE:
        return multipart_body(request)
    try:
        pairs = signed_pairs(request.body)
    except ValueError:
        raise UnreadableError("the form has too many fields") from None
    return MultipartForm(
        raw={name: value.encode("utf-8", "surrogateescape") for name, value in pairs}
    )


def parse(request: WebhookRequest, source: Source, _now: datetime) -> Parsed:
    """One mail; or what became of mail that we sent, when those events are posted here too."""
    _seconds, token, _given = _proof(request)
    if request.media_type == JSON_TYPE:
        return fate_of_mail(json_body(request).inner("event-data"), source, token)
    form = _form(request)
    if "event" in form.raw and "body-plain" not in form.raw:
        return fate_of_mail(Fields(form.texts()), source, token)
    mail = form.raw.get("body-mime")
    parts = parts_of(mail) if mail else _parts(form)
    envelope = Envelope(
        sender=form.text("sender") if "sender" in form.raw else None,
        recipients=(form.text("recipient"),),
    )
    parsed = arrival_from_parts(parts, source, event_id=token, envelope=envelope)
    if isinstance(parsed, Ignored):
        return parsed
    return tuple(_unproven(arrival, form) for arrival in parsed)


def _unproven(arrival: Arrival, form: MultipartForm) -> Arrival:
    """Marks what the signature does not cover, and says where a stored mail is."""
    arrival = replace(arrival, unproven=True)
    link = form.text("message-url").strip()
    return at_mailgun(arrival, link) if link and not arrival.text else arrival


def _parts(form: MultipartForm) -> MailParts:
    if not any(form.raw.get(name) for name in _OF_A_MAIL):
        raise InvalidFieldError("body-plain", "is missing, and so is every other field of a mail")
    headers = _headers(form)
    return MailParts(
        headers=headers,
        # The header still has its encoding, in which a comma of a name cannot part addresses.
        from_=None if headers.get("from") else mailbox_of(form.text("from")),
        subject=form.text("subject").strip() or None,
        # Mailgun's own cut (`stripped-text`) stands in only when the whole is missing.
        plain=form.text("body-plain") or form.text("stripped-text"),
        html=form.text("body-html") or form.text("stripped-html"),
        recipients=(form.text("recipient"), form.text("To")),
        attachments=(*_files(form), *_stored_files(form)),
        verdicts=Verdicts(
            spf=headers.word("x-mailgun-spf"),
            dkim=headers.word("x-mailgun-dkim-check-result"),
            spam=headers.word("x-mailgun-sflag") == "yes",
        ),
    )


def _headers(form: MultipartForm) -> MailHeaders:
    """The list of pairs; a notice without it has the headers among its fields, by their names."""
    pairs = [
        (str(pair[0]), str(pair[1]))
        for pair in _listed(form, "message-headers")
        if isinstance(pair, list) and len(pair) == 2
    ]
    named = {name: form.text(name) for name in form.raw if name[:1].isupper()}
    return MailHeaders(pairs or named.items())


def _files(form: MultipartForm) -> Iterator[Attachment]:
    for file in form.files:
        yield Attachment(
            name=file_name(file.name), media_type=file.media_type, size_bytes=file.size_bytes
        )


def _stored_files(form: MultipartForm) -> Iterator[Attachment]:
    """Files that Mailgun keeps: a visitor of their address needs the API key."""
    for each in _listed(form, "attachments"):
        if isinstance(each, Mapping):
            size = each.get("size")
            yield Attachment(
                name=file_name(str(each.get("name") or "")),
                media_type=str(each.get("content-type") or ""),
                size_bytes=size if isinstance(size, int) and size >= 0 else None,
                link=str(each.get("url") or "")[:2_000],
            )


def _listed(form: MultipartForm, name: str) -> list[object]:
    """The JSON list of a field; an odd one is as good as none, for the mail is in other fields."""
    try:
        # Read by the rules for a body, which takes nothing but an object.
        listed = json_object(b'{"it":%b}' % form.raw.get(name, b"[]")).value("it")
    except (InvalidFieldError, UnreadableError):
        return []
    return listed if isinstance(listed, list) else []


def shaped(outcome: Outcome, _request: WebhookRequest, _source: Source) -> Outcome:
    """200, or 406 for what no repeat can mend; Mailgun repeats anything else for eight hours."""
    if outcome.kind is not OutcomeKind.REFUSED:
        return replace(outcome, status=200)
    return replace(outcome, status=_STOP) if outcome.status in _NEVER_BETTER else outcome
