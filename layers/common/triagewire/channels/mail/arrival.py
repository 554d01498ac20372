"""The one place where any mail becomes an arrival, whichever service brought it.

`arrival_from_mime` takes a whole mail as it was sent, `arrival_from_parts` one that its mail
service took apart already. Neither raises over what is in a mail.
"""

from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from triagewire.arrival import Arrival, Fact, Requester, RequesterKind
from triagewire.channels.mail.facts import (
    Told,
    is_automatic,
    is_doubtful,
    is_empty,
    remarks_on,
    told,
    verdicts_of,
)
from triagewire.channels.mail.headers import MailHeaders
from triagewire.channels.mail.parts import Envelope, Mailbox, MailParts, Verdicts, mailbox_of
from triagewire.channels.mail.words import Words, words_of
from triagewire.channels.parsed import Ignored, Parsed
from triagewire.channels.reading.identities import kind_of
from triagewire.channels.reading.record import MOST_ATTACHMENTS
from triagewire.channels.source import Source
from triagewire.ids import derived_event_id, find_thread_token

_MOST_FROM_LINES = 10

__all__ = [
    "Envelope",
    "MailParts",
    "Mailbox",
    "Verdicts",
    "arrival_from_mime",
    "arrival_from_parts",
    "mailbox_of",
]


def arrival_from_mime(
    raw: bytes,
    source: Source,
    *,
    event_id: str | None,
    envelope: Envelope | None = None,
    link: str = "",
) -> Parsed:
    """A mail as it was sent. `event_id` is the mail service's own id of it, where it has one.

    `link` says where staff find the mail with its attachments (`s3://…`).
    """
    from triagewire.channels.mail.mime import parts_of  # noqa: PLC0415  9 ms, for whole mails alone

    parts = parts_of(raw, link)
    return arrival_from_parts(parts, source, event_id=event_id, envelope=envelope)


def arrival_from_parts(
    parts: MailParts, source: Source, *, event_id: str | None, envelope: Envelope | None = None
) -> Parsed:
    """A mail in parts: one arrival, or facts when no person wrote it.

    Without `event_id` the mail's own Message-ID is the event's, and without that its content.
    """
    around = envelope or Envelope()
    mailbox = parts.from_ or _sender(parts.headers)
    subject = parts.headers.line("subject") if parts.subject is None else parts.subject
    known = event_id or parts.headers.message_id() or _derived(parts, source)
    returned = _returned(parts, around)
    system = told(parts.headers, mailbox.address, returned, subject, _explained(parts))
    if system is not None:
        return Ignored(system.reason, facts=(_fact(system, parts, around, source, known),))
    return (_arrival(parts, around, source, mailbox, subject, known),)


def _sender(headers: MailHeaders) -> Mailbox:
    """Who is named by the first `From`; a second one with another address makes it unclear."""
    stated = [mailbox_of(line) for line in headers.every("from")[:_MOST_FROM_LINES]]
    if len({each.address for each in stated}) > 1:
        return replace(stated[0], clear=False)
    return stated[0] if stated else mailbox_of("")


def _returned(parts: MailParts, around: Envelope) -> str | None:
    """Where a report of the mail would go: None where that is not known, "" for nowhere."""
    return around.sender if around.sender is not None else parts.headers.get("return-path")


def _arrival(
    parts: MailParts,
    around: Envelope,
    source: Source,
    mailbox: Mailbox,
    subject: str,
    event_id: str,
) -> Arrival:
    words = words_of(parts.plain, parts.html, subject, answers=parts.headers.answers())
    verdicts = verdicts_of(parts.headers, parts.verdicts)
    doubtful = is_doubtful(verdicts) or not mailbox.clear
    token = _token(parts, around)
    return Arrival(
        site=source.site,
        source=source.name,
        channel=source.usual_channel,
        event_id=event_id,
        requester=_requester(mailbox, source, doubtful=doubtful),
        text=words.text,
        full_text=words.full_text,
        subject=subject,
        language=parts.headers.language(),
        thread=_thread(parts),
        thread_token=token,
        doubtful_sender=doubtful,
        automatic=is_automatic(
            parts.headers,
            subject,
            mailbox.address,
            answers_us=token is not None,
            empty=is_empty(_returned(parts, around)),
        ),
        attachments=parts.attachments[:MOST_ATTACHMENTS],
        remarks=_remarks(parts, words, mailbox, verdicts),
        occurred_at=date_of(parts.headers.get("date") if parts.date is None else parts.date),
    )


def _requester(mailbox: Mailbox, source: Source, *, doubtful: bool) -> Requester:
    """Who is named. Anybody can write such a line, so that by itself it makes nobody known."""
    usual = RequesterKind.UNKNOWN
    return Requester(
        kind=usual if doubtful else kind_of(source, usual),
        email=mailbox.address,
        name=mailbox.name,
    )


def _remarks(
    parts: MailParts, words: Words, mailbox: Mailbox, verdicts: Verdicts
) -> tuple[str, ...]:
    remarks = [*words.remarks, *parts.remarks, *remarks_on(verdicts)]
    if not mailbox.clear:
        remarks.append("the From line is not clear")
    answer_to = mailbox_of(parts.headers.get("reply-to") or "").address
    if answer_to and answer_to != mailbox.address:
        remarks.append(f"answers are wanted at another address (Reply-To): {answer_to}")
    if len(parts.attachments) > MOST_ATTACHMENTS:
        remarks.append(f"{len(parts.attachments) - MOST_ATTACHMENTS} more attachments")
    return tuple(remarks)


def _thread(parts: MailParts) -> str | None:
    return parts.mailbox_hash or parts.headers.thread()


def _token(parts: MailParts, around: Envelope) -> str | None:
    """Our own token: in an address that the mail came to, or in what it says it answers."""
    headers = parts.headers
    answered = (*headers.every("in-reply-to"), *headers.every("references"))
    addressed = (*parts.recipients, *around.recipients, *headers.addressed())
    return find_thread_token(" ".join((parts.mailbox_hash or "", *addressed, *answered)))


def _fact(system: Told, parts: MailParts, around: Envelope, source: Source, event_id: str) -> Fact:
    token = _token(parts, around)
    return Fact(
        site=source.site,
        source=source.name,
        kind=system.kind,
        event_id=event_id,
        thread=_thread(parts),
        thread_token=token or find_thread_token(_explained(parts)),
        permanent=system.permanent,
        state=system.state,
        occurred_at=date_of(parts.headers.get("date") if parts.date is None else parts.date),
    )


def _explained(parts: MailParts) -> str:
    """Everything in which a mail system may explain itself; only text, never an attached file."""
    return f"{parts.report}\n{parts.plain or parts.html}"


def _derived(parts: MailParts, source: Source) -> str:
    return derived_event_id(source.site, source.name, parts.raw)


def date_of(stated: str | None) -> datetime | None:
    """The mail's own time: free text (RFC 5322 §3.3), so that an odd one is none."""
    try:
        moment = parsedate_to_datetime((stated or "")[:100])
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError, IndexError, TypeError):
        return None
