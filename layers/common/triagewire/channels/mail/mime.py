"""A whole mail as it was sent, taken apart. Nothing packed in it is ever opened.

Rules: RFC 2046 (parts), 3464 (reports), 5751 (S/MIME).
"""

from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message

from triagewire.arrival import Attachment
from triagewire.channels.mail.bounds import a_policy, affordable
from triagewire.channels.mail.charset import decoded_words
from triagewire.channels.mail.headers import MailHeaders
from triagewire.channels.mail.leaf import (
    Part,
    content_of,
    is_attached,
    name_of,
    size_of,
    text_in,
    type_of,
)
from triagewire.channels.mail.parts import MOST_NAME_CHARACTERS, MailParts
from triagewire.channels.mail.words import is_forwarded, is_stub
from triagewire.channels.reading.record import file_name
from triagewire.errors import UnreadableError

MOST_PARTS = 1_000

_MOST_REPORT_CHARACTERS = 100_000
_WORDS = frozenset({"text/plain", "text/html", "text/enriched", "text/markdown"})
_NO_WORDS = frozenset({"text/calendar", "text/css", "text/vcard", "text/x-vcard", "text/directory"})
_USUAL_PREAMBLE = ("this is a multi", "this is an openpgp", "this is a cryptographically")
_REPORTS = frozenset({"message/delivery-status", "message/global-delivery-status"})
_RETURNED = frozenset({"text/rfc822-headers", "message/global-headers"})
_MAILS = frozenset({"message/rfc822", "message/global"})
_SEALED = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime", "multipart/encrypted"})
_OUTLOOK = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})


@dataclass(slots=True)
class _Found:
    """What was met on the way through the parts."""

    link: str
    forwarded: bool = False
    """Whether the subject says that the mail hands on what is in it."""
    parts: int = 0
    unread_mail: bool = False
    attachments: list[Attachment] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    report: list[str] = field(default_factory=list)
    spare: list[str] = field(default_factory=list)
    """Words of files and of attached mails, read as the mail's own when it has none."""

    def remark(self, text: str) -> None:
        if text not in self.remarks:
            self.remarks.append(text)


def parts_of(raw: bytes, link: str = "") -> MailParts:
    """The parts of a mail. Raises UnreadableError for bytes that have no header at all, and for
    parts in parts without end.
    """
    try:
        beginning = affordable(raw)
        mail = message_from_bytes(beginning, policy=a_policy())
        headers = _headers(mail)
        found = _Found(link, forwarded=is_forwarded(headers.line("subject")))
        if len(beginning) < len(raw):
            found.remark("only the beginning of an oddly built mail was read")
        words = _read(mail, found).strip()
        if words and found.unread_mail:
            found.remark("a mail is attached, and its words are not read as the sender's")
        words = words or _spare(mail, found)
    except RecursionError:
        raise UnreadableError("the mail is nested too deeply") from None
    return MailParts(
        headers=headers,
        plain=words,
        attachments=tuple(found.attachments),
        report="\n".join(found.report)[:_MOST_REPORT_CHARACTERS],
        remarks=tuple(found.remarks),
        raw=raw,
    )


def _headers(mail: Part) -> MailHeaders:
    pairs = [(name, _unfolded(str(value))) for name, value in mail.raw_items()]
    if not pairs:
        raise UnreadableError("the mail has no header")
    return MailHeaders(pairs)


def _unfolded(value: str) -> str:
    return value.replace("\r", "").replace("\n", "")


def _read(part: Part, found: _Found) -> str:
    """The words of a part and of all that is in it; its files are noted on the way."""
    found.parts += 1
    if found.parts > MOST_PARTS:
        found.remark(f"only the first {MOST_PARTS} parts of the mail were read")
        return ""
    media_type = type_of(part)
    if media_type in _SEALED:
        found.remark("the mail is encrypted or sealed, and its words could not be read")
    children = content_of(part)
    if media_type in _MAILS:
        return _attached_mail(part, media_type, found)
    if media_type in _REPORTS or media_type in _RETURNED:
        found.report.append(_plain_form(part))
        return ""
    if isinstance(children, list):
        each = [child for child in children if isinstance(child, Message)]
        return f"{_of_children(each, media_type, found)}\n\n{_below(part, found)}".strip()
    return _leaf(part, media_type, found)


def _of_children(children: list[Part], media_type: str, found: _Found) -> str:
    if media_type == "multipart/alternative":
        return _best(children, found)
    return "\n\n".join(text for child in children if (text := _read(child, found).strip()))


def _below(part: Part, found: _Found) -> str:
    """What stands after the last part: a mailer that closes its parts too early puts words there,
    which no mail program shows.
    """
    words = _outside(part.epilogue)
    if words:
        found.remark("words stood below the last part of the mail")
    return words


def _best(children: list[Part], found: _Found) -> str:
    """One of several forms of the same words: the plain one, unless it only stands in."""
    plain, rich = "", ""
    for child in children:
        text = _read(child, found).strip()
        if type_of(child) == "text/plain":
            plain = f"{plain}\n\n{text}".strip()
        else:
            rich = text or rich
    return rich if not plain or (rich and is_stub(plain, rich)) else plain


def _leaf(part: Part, media_type: str, found: _Found) -> str:
    name = name_of(part)
    attached = is_attached(part) or name
    if not attached and media_type in _WORDS:
        return text_in(part, media_type)
    if media_type.startswith("multipart/"):
        # Announced as parts, but no boundary is in it: all of it is text.
        return text_in(part, "text/plain")
    if media_type.startswith("text/") and media_type not in _NO_WORDS:
        found.spare.append(text_in(part, media_type))
    _note(part, name, media_type, found)
    return ""


def _note(part: Part, name: str, media_type: str, found: _Found) -> None:
    if media_type in _OUTLOOK or name.lower() == "winmail.dat":
        found.remark("a file in Outlook's own form (winmail.dat) may hold words and files")
    found.attachments.append(
        Attachment(
            name=file_name(name)[-MOST_NAME_CHARACTERS:],
            media_type=media_type[:MOST_NAME_CHARACTERS],
            size_bytes=size_of(part),
            link=found.link,
        )
    )


def _attached_mail(part: Part, media_type: str, found: _Found) -> str:
    """A forwarded or returned mail: a file here, and its words are somebody else's, unless the
    mail that brings it has none. Of a mail that says that it forwards all is new.
    """
    inner = content_of(part)
    handed_on: list[str] = []
    mails = [each for each in inner if isinstance(each, Message)] if isinstance(inner, list) else []
    for mail in mails:
        headers = _headers_of(mail)
        found.report.append(headers)
        within = _Found(found.link, forwarded=found.forwarded, parts=found.parts)
        words = _read(mail, within).strip() or "\n\n".join(within.spare).strip()
        (handed_on if found.forwarded else found.spare).append(words)
        found.unread_mail |= bool(words) and not found.forwarded
        found.parts = within.parts
    found.attachments.append(
        Attachment(
            name=file_name(name_of(part) or "mail.eml")[-MOST_NAME_CHARACTERS:],
            media_type=media_type,
            link=found.link,
        )
    )
    return "\n\n".join(handed_on)


def _headers_of(mail: Part) -> str:
    return "\n".join(f"{name}: {_unfolded(str(value))}" for name, value in mail.raw_items())


def _spare(mail: Part, found: _Found) -> str:
    """The words of a mail that has none in its proper place, the likeliest first."""
    for place, texts in (
        ("above the parts of the mail", (_outside(mail.preamble),)),
        ("in a file or an attached mail", found.spare),
    ):
        words = "\n\n".join(text.strip() for text in texts if text.strip())
        if words:
            found.remark(f"the words stood {place}")
            return words
    return ""


def _outside(text: str | None) -> str:
    stated = decoded_words((text or "").strip())
    return "" if stated.lower().startswith(_USUAL_PREAMBLE) else stated


def _plain_form(part: Part) -> str:
    """A part as it stands: of a delivery status, the fields of each recipient."""
    inner = content_of(part)
    if isinstance(inner, list):
        return "\n".join(_headers_of(each) for each in inner if isinstance(each, Message))
    return text_in(part, "text/plain")
