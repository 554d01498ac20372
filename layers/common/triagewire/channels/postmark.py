"""Postmark inbound: one parsed e-mail as JSON, with basic authentication.

The sender's address can be forged, so by default nobody known has written (`requester_kind`).
"""

from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parseaddr, parsedate_to_datetime

from triagewire.arrival import Arrival, Attachment, Channel, Requester, RequesterKind
from triagewire.channels import record
from triagewire.channels.fields import Fields
from triagewire.channels.html_text import html_to_text
from triagewire.channels.identities import email_address, kind_of
from triagewire.channels.mail_headers import MailHeaders, is_automatic, no_message
from triagewire.channels.outcome import Outcome, OutcomeKind
from triagewire.channels.parsed import Ignored, Parsed
from triagewire.channels.payload import JSON_TYPE, json_body
from triagewire.channels.reply_part import reply_part
from triagewire.channels.request import WebhookRequest
from triagewire.channels.signatures import check_basic, refusing
from triagewire.channels.source import Source
from triagewire.errors import InvalidFieldError
from triagewire.ids import derived_event_id

MEDIA_TYPES = frozenset({JSON_TYPE})
METHODS = frozenset({"POST"})

_TEST_MESSAGE = "00000000-0000-0000-0000-000000000000"


@refusing
def verify(
    request: WebhookRequest, _source: Source, secrets: tuple[str, ...], _now: datetime
) -> None:
    """The `user:password` of the webhook's address. A wrong one is a 403: it ends the repeats."""
    check_basic(request, secrets, status=403)


def parse(request: WebhookRequest, source: Source, _now: datetime) -> Parsed:
    """One mail. A bounce or an out-of-office answer is ignored; other robots' mail is marked."""
    mail = json_body(request)
    headers = _headers(mail)
    message_id = mail.identifier("MessageID")
    if message_id == _TEST_MESSAGE:
        return Ignored("test message")
    requester = _requester(mail, source)
    if message_id is None and requester.email is None:
        raise InvalidFieldError("MessageID", "is missing")
    subject = mail.line("Subject") or ""
    if reason := no_message(headers, requester.email):
        return Ignored(reason)
    text, remarks = _words(mail)
    arrival = Arrival(
        site=source.site,
        source=source.name,
        channel=source.channel or Channel.EMAIL,
        event_id=message_id or derived_event_id(source.site, source.name, request.body),
        requester=requester,
        text=text,
        subject=subject,
        thread=mail.identifier("MailboxHash") or headers.thread(),
        automatic=is_automatic(headers, subject),
        attachments=_attachments(mail),
        remarks=remarks,
        occurred_at=_date(mail),
    )
    return (arrival,)


def _headers(mail: Fields) -> MailHeaders:
    given = mail.objects("Headers")
    return MailHeaders([(each.line("Name") or "", each.line("Value") or "") for each in given])


def _requester(mail: Fields, source: Source) -> Requester:
    full = mail.inner("FromFull")
    name, address = parseaddr(mail.line("From") or "")
    return Requester(
        kind=kind_of(source, RequesterKind.UNKNOWN),
        email=email_address(full.line("Email") or address),
        name=full.line("Name") or mail.line("FromName") or name or None,
    )


def _words(mail: Fields) -> tuple[str, tuple[str, ...]]:
    """What the person added, and what was left out of it: the plain part, else the HTML one."""
    whole = mail.prose("TextBody") or html_to_text(mail.prose("HtmlBody") or "")
    if not whole.strip():
        return "", ("e-mail without words",)
    own = reply_part(whole)
    return own, ("quoted text or signature left out",) if own != whole.strip() else ()


def _attachments(mail: Fields) -> tuple[Attachment, ...]:
    return tuple(
        Attachment(
            name=record.file_name(each.line("Name")),
            media_type=each.line("ContentType") or "",
            size_bytes=int(size) if (size := each.number("ContentLength")) else None,
        )
        for each in mail.objects("Attachments")[: record.MOST_ATTACHMENTS]
    )


def _date(mail: Fields) -> datetime | None:
    """The mail's own time: free text (RFC 5322), so that an odd one is none."""
    try:
        moment = parsedate_to_datetime(mail.line("Date") or "")
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError, IndexError):
        return None


def shaped(outcome: Outcome, _request: WebhookRequest, _source: Source) -> Outcome:
    """Postmark repeats anything but 200."""
    return outcome if outcome.kind is OutcomeKind.REFUSED else replace(outcome, status=200)
