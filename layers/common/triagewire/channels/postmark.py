"""Postmark inbound: one parsed e-mail as JSON, with basic authentication.

The sender's address can be forged, so by default nobody known has written (`requester_kind`).
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from triagewire.arrival import Attachment, Fact, FactKind
from triagewire.channels.mail.arrival import (
    Envelope,
    Mailbox,
    MailParts,
    arrival_from_parts,
    mailbox_of,
)
from triagewire.channels.mail.headers import MailHeaders
from triagewire.channels.mail.parts import MOST_NAME_CHARACTERS
from triagewire.channels.outcome import answered_200
from triagewire.channels.parsed import Ignored, Parsed
from triagewire.channels.reading import record
from triagewire.channels.reading.fields import Fields
from triagewire.channels.reading.identities import email_address
from triagewire.channels.reading.payload import JSON_TYPE, json_body
from triagewire.channels.request import WebhookRequest
from triagewire.channels.signatures import check_basic, refusing
from triagewire.channels.source import Source
from triagewire.errors import InvalidFieldError

MEDIA_TYPES = frozenset({JSON_TYPE})
METHODS = frozenset({"POST"})

_TEST_MESSAGE = "00000000-0000-0000-0000-000000000000"
_OF_OUR_MAIL: Mapping[str, tuple[FactKind | None, str]] = {
    "bounce": (FactKind.BOUNCE, "failed"),
    "delivery": (FactKind.DELIVERY, "delivered"),
    "spamcomplaint": (FactKind.COMPLAINT, ""),
    "open": (None, ""),
    "click": (None, ""),
    "subscriptionchange": (None, ""),
}
"""Postmark's `RecordType` of its other webhooks; a mail that came in has none, or `Inbound`."""

shaped = answered_200


@refusing
def verify(
    request: WebhookRequest, _source: Source, secrets: tuple[str, ...], _now: datetime
) -> None:
    """The `user:password` of the webhook's address. A wrong one is a 403: it ends the repeats."""
    check_basic(request, secrets, status=403)


def parse(request: WebhookRequest, source: Source, _now: datetime) -> Parsed:
    """One mail, in the parts that Postmark took it apart into.

    `StrippedTextReply` is not read: it is empty for many languages and mail programs, and whose
    words it cuts cannot be seen. The cut is ours, and the whole text is kept beside it.
    """
    mail = json_body(request)
    if (kind := (mail.line("RecordType") or "").lower()) in _OF_OUR_MAIL:
        return _fate(mail, kind, source)
    message_id = mail.identifier("MessageID")
    if message_id == _TEST_MESSAGE:
        return Ignored("test message")
    mailbox = _from(mail)
    if message_id is None and mailbox.address is None:
        raise InvalidFieldError("MessageID", "is missing")
    whole = mail.exact("RawEmail")
    if whole and not mail.prose("TextBody") and not mail.prose("HtmlBody"):
        # Of two return paths the first, Postmark's own, is real: the mail's may be anybody's.
        around = Envelope(sender=_headers(mail).get("return-path"))
        return arrival_from_parts(_whole(whole, mail), source, event_id=message_id, envelope=around)
    parts = MailParts(
        headers=_headers(mail),
        from_=mailbox,
        subject=mail.line("Subject") or "",
        plain=mail.prose("TextBody") or "",
        html=mail.prose("HtmlBody") or "",
        recipients=_recipients(mail),
        attachments=_attachments(mail),
        date=mail.line("Date"),
        mailbox_hash=mail.identifier("MailboxHash"),
        raw=request.body,
    )
    return arrival_from_parts(parts, source, event_id=message_id)


def _whole(raw: str, mail: Fields) -> MailParts:
    """The mail as it was sent, where that is what Postmark was asked to give."""
    from triagewire.channels.mail.mime import parts_of  # noqa: PLC0415  9 ms, for whole mails alone

    parts = parts_of(raw.encode("utf-8", "replace"))
    return replace(parts, recipients=_recipients(mail), mailbox_hash=mail.identifier("MailboxHash"))


def _fate(mail: Fields, kind: str, source: Source) -> Ignored:
    """What became of a mail of ours, when those events are posted here too."""
    reason = f"Postmark event: {kind}"
    fate, state = _OF_OUR_MAIL[kind]
    message_id = mail.identifier("MessageID")
    if fate is None or message_id is None:
        return Ignored(reason)
    fact = Fact(
        site=source.site,
        source=source.name,
        kind=fate,
        event_id=f"{message_id}:{kind}",
        thread=message_id,
        permanent=mail.line("Type") == "HardBounce",
        state=state,
    )
    return Ignored(reason, facts=(fact,))


def _headers(mail: Fields) -> MailHeaders:
    given = mail.objects("Headers")
    pairs = [(each.line("Name") or "", each.prose("Value") or "") for each in given]
    if answer_to := mail.line("ReplyTo"):
        pairs.append(("Reply-To", answer_to))
    return MailHeaders(pairs)


def _from(mail: Fields) -> Mailbox:
    full = mail.inner("FromFull")
    stated = mailbox_of(mail.line("From") or "")
    address = email_address(full.line("Email")) or stated.address
    name = full.line("Name") or mail.line("FromName") or stated.name
    return Mailbox(name=name, address=address, clear=bool(address) or stated.clear)


def _recipients(mail: Fields) -> tuple[str, ...]:
    """Every address the mail came to, where a token of ours may stand."""
    listed = [
        each.line("Email") for key in ("ToFull", "CcFull", "BccFull") for each in mail.objects(key)
    ]
    return tuple(address for address in (mail.line("OriginalRecipient"), *listed) if address)


def _attachments(mail: Fields) -> tuple[Attachment, ...]:
    return tuple(
        Attachment(
            name=record.file_name(each.line("Name"))[-MOST_NAME_CHARACTERS:],
            media_type=each.line("ContentType") or "",
            size_bytes=int(size) if (size := each.number("ContentLength")) else None,
        )
        for each in mail.objects("Attachments")
    )
