"""What a help desk tells us when one of its administrators wrote the payload, and how it quotes.

Zendesk triggers and Freshdesk rules send whatever texts somebody put into a template. Our own
template needs no option; of another one the source's option `fields` says under which key each of
our names stands: `{"text": "ticket.latest_comment"}`, a point for an object inside an object.
"""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from urllib.parse import urlsplit

from triagewire.arrival import Attachment, Requester, RequesterKind, StaffRequest
from triagewire.channels.mail.facts import is_automatic
from triagewire.channels.mail.headers import MailHeaders
from triagewire.channels.mail.reply_part import reply_part
from triagewire.channels.reading import record
from triagewire.channels.reading.fields import Fields, one_line
from triagewire.channels.reading.html_text import html_to_text
from triagewire.channels.reading.identities import email_address, kind_of, phone_number
from triagewire.channels.reading.staff import STAFF_FIELDS, staff_request_from
from triagewire.channels.source import Source
from triagewire.errors import InvalidFieldError

NO_WORDS = "message without words"
CUT = "quoted text or signature left out"

_USUAL: Mapping[str, tuple[str, ...]] = {
    "text": (
        "text",
        "ticket_latest_public_comment",
        "latest_public_comment",
        "latest_comment",
        "comment",
        "message",
        "ticket_description",
        "description",
    ),
    "subject": ("subject", "ticket_subject", "ticket_title", "title"),
    "name": ("requester_name", "ticket_requester_name", "name"),
    "email": ("requester_email", "ticket_requester_email", "email"),
    "phone": ("requester_phone", "ticket_requester_phone", "phone"),
    "patient_id": ("patient_id",),
    "date_of_birth": ("date_of_birth",),
    "language": ("language", "requester_language"),
    "request_type": ("request_type", "ticket_type"),
    "occurred_at": ("occurred_at", "updated_at", "created_at"),
    "thread": ("ticket_id", "thread", "id"),
    "public": ("is_public", "public"),
    "category": ("category", "ticket_category"),
    "urgency": ("urgency", "ticket_urgency", "priority", "ticket_priority"),
    "department": ("department", "ticket_department"),
    "place": ("place", "location"),
    "asset": ("asset", "asset_tag", "device"),
    "application": ("application", "app"),
    "account": ("account",),
    "for_whom": ("for_whom", "requested_for"),
    "business_impact": ("business_impact", "ticket_impact", "impact"),
    "patient_impact": ("patient_impact",),
}
"""Our names, and the keys of our template and of common ones."""

_LANGUAGES: Mapping[str, str] = {"english": "en", "spanish": "es", "español": "es"}
_TAGS = re.compile(
    r"</?(?:a|b|blockquote|br|div|em|h[1-6]|html|i|img|li|ol|p|pre|span|strong|table|td|tr|u|ul)"
    r"(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_PICTURE = re.compile(r"<img\b[^<>]{0,4000}?\bsrc\s?=\s?[\"'](https?://[^\"'\s<>]{1,2000})", re.I)
_LINKS = ("url", "content_url", "attachment_url")
_DENIALS = frozenset({"false", "no", "0"})
_LATEST_SECONDS = 253_402_300_799


@dataclass(frozen=True, slots=True)
class Template:
    """A payload whose keys an administrator chose, read by our names."""

    given: Fields
    chosen: Mapping[str, str]

    def place(self, name: str) -> tuple[Fields, str]:
        """The object and key under which a name stands: the chosen one, else the first that is
        there, else where our template has it.
        """
        if name in self.chosen:
            return _inside(self.given, self.chosen[name])
        keys = _USUAL[name]
        found = [key for key in keys if self.given.has(key)]
        # An empty latest comment stands beside a description that has the words.
        worded = [key for key in found if str(self.given.value(key)).strip()]
        return self.given, (worded or found or list(keys))[0]

    def has(self, name: str) -> bool:
        """Whether the payload has a key for the name, be it empty."""
        fields, key = self.place(name)
        return fields.has(key)

    def text(self) -> str:
        """What was written, as it came; raises InvalidFieldError when no key is there for it."""
        fields, key = self.place("text")
        if not fields.has(key):
            raise InvalidFieldError(fields.path(key), "is missing")
        return fields.prose(key) or ""

    def line(self, name: str) -> str | None:
        """A single line."""
        fields, key = self.place(name)
        return fields.line(key)

    def identifier(self, name: str) -> str | None:
        """An id, which a template may have without quotation marks."""
        fields, key = self.place(name)
        return fields.identifier(key)

    def day(self, name: str) -> date | None:
        """A date; raises InvalidFieldError for one in words."""
        fields, key = self.place(name)
        return fields.day(key)

    def moment(self, name: str) -> datetime | None:
        """A time with an offset; a date in words is none."""
        return stated_moment(*self.place(name))

    def language(self) -> str | None:
        """A language tag, or the name of one that the product speaks."""
        fields, key = self.place("language")
        named = (fields.line(key) or "").lower()
        try:
            return _LANGUAGES.get(named) or record.language_from(fields, key)
        except InvalidFieldError:
            return None

    def denies(self, name: str) -> bool:
        """Whether a flag is stated as false."""
        return denied(*self.place(name))

    def written_line(self, name: str) -> str:
        """A single line that a person wrote; a template may have escaped it."""
        return one_line(html.unescape(self.line(name) or ""))

    def staff_request(self) -> StaffRequest | None:
        """The fields of a staff request; one of another shape than a text was not filled in by
        hand.
        """
        places = {name: self.place(name) for name in STAFF_FIELDS}
        stated = {name: fields.value(key) for name, (fields, key) in places.items()}
        texts = {name: each for name, each in stated.items() if isinstance(each, str)}
        return staff_request_from({name: html.unescape(each) for name, each in texts.items()})

    def files(self) -> tuple[Attachment, ...]:
        """Files that a template lists as objects; of names alone there is no link to keep."""
        listed = self.given.value("attachments")
        if not isinstance(listed, list) or not all(isinstance(one, Mapping) for one in listed):
            return ()
        return tuple(
            Attachment(
                name=record.file_name(_first(each, "filename", "file_name", "name")),
                media_type=_first(each, "content_type", "type"),
                link=next(filter(None, (record.link_from(each, key) for key in _LINKS)), ""),
            )
            for each in self.given.objects("attachments")[: record.MOST_ATTACHMENTS]
        )

    def requester(self, source: Source) -> Requester:
        """Who asks, by everything that the template states."""
        return Requester(
            kind=kind_of(source, RequesterKind.UNKNOWN),
            patient_id=self.identifier("patient_id"),
            email=email_address(self.line("email")),
            phone=phone_number(self.identifier("phone"), source.options.country_code),
            name=self.written_line("name") or None,
            date_of_birth=self.day("date_of_birth"),
        )


def _first(fields: Fields, *keys: str) -> str:
    return next(filter(None, map(fields.line, keys)), "")


def _inside(given: Fields, path: str) -> tuple[Fields, str]:
    """The object and key of a path; a key that has points in itself comes first."""
    while "." in path and not given.has(path):
        outer, _, path = path.partition(".")
        given = given.inner(outer)
    return given, path


@dataclass(frozen=True, slots=True)
class Words:
    """The new part of what was written, all of it where something was cut, and the remarks."""

    text: str
    full_text: str = ""
    remarks: tuple[str, ...] = ()


def words_of(whole: str, own: str = "") -> Words:
    """What a person added, without quoted mail. `own` is the part that the desk itself marked; a
    mere name and date in front of it are not worth a remark.
    """
    whole, own = whole.strip(), own.strip()
    if not whole:
        return Words("", remarks=(NO_WORDS,))
    text = reply_part(own or whole)
    if text == whole:
        return Words(text)
    byline_only = text == own and whole.endswith(own)
    return Words(text, whole, () if byline_only else (CUT,))


def plain(text: str) -> str:
    """Markup as a person would read it; what is no markup stays as it is, line breaks and all."""
    return html_to_text(text) if _TAGS.search(text) else html.unescape(text)


def pictures(markup: str) -> tuple[Attachment, ...]:
    """Pictures inside a text: their addresses are kept for staff, and never fetched."""
    found = list(dict.fromkeys(_PICTURE.findall(markup)))[: record.MOST_ATTACHMENTS]
    return tuple(
        Attachment(name=record.file_name(_path(link)), media_type="image", link=html.unescape(link))
        for link in found
    )


def _path(link: str) -> str:
    try:
        return urlsplit(link).path
    except ValueError:
        return ""


def is_automatic_subject(subject: str) -> bool:
    """Whether the subject is that of an out-of-office answer; desks hand on no mail headers."""
    return is_automatic(MailHeaders(()), subject)


def stated_moment(fields: Fields, key: str) -> datetime | None:
    """A time where it can be read: a message is not held up for its clock."""
    try:
        return fields.moment(key)
    except InvalidFieldError:
        return None


def moment_of_seconds(fields: Fields, key: str) -> datetime | None:
    """A time given as seconds since 1970."""
    seconds = fields.value(key)
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    return datetime.fromtimestamp(seconds, UTC) if 0 < seconds < _LATEST_SECONDS else None


def denied(fields: Fields, key: str) -> bool:
    """Whether a flag is false, as JSON or in words: templates know texts only."""
    value = fields.value(key)
    return value is False or (isinstance(value, str) and value.strip().lower() in _DENIALS)
