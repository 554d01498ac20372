"""What our own contracts (epic, standard, web) say in one way: record context, language, files."""

import re
from datetime import UTC, date, datetime

from triagewire.arrival import Attachment, PatientContext
from triagewire.channels.reading.fields import Fields
from triagewire.channels.reading.html_text import html_to_text
from triagewire.errors import InvalidFieldError

MOST_ATTACHMENTS = 50
OLDEST_AGE_YEARS = 130

_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]{1,8})*")
_LINK = re.compile(r"https?://[^\s\x00-\x20\x7f\"<>]{1,2000}", re.IGNORECASE)
_DAYS_OF_YEAR = 365.2425


def context_from(fields: Fields, born: date | None, at: datetime | None) -> PatientContext:
    """Record context; the age is the stated one, else that of the date of birth at `at`.

    `at` is the sender's own time, never ours: a retry days later must read as the same message.
    """
    age = fields.number("age")
    if age is not None and not 0 <= age <= OLDEST_AGE_YEARS:
        raise InvalidFieldError(fields.path("age"), "must be years, 0 to 130")
    return PatientContext(
        age_years=age if age is not None else _age_years(born, at),
        conditions=fields.lines("conditions"),
        medications=fields.lines("medications"),
        recent_procedures=fields.lines("recent_procedures"),
        pregnant=fields.flag("pregnant") or False,
        next_appointment=fields.moment("next_appointment"),
    )


def _age_years(born: date | None, at: datetime | None) -> float | None:
    """Years from birth, to two decimals: for an infant the month decides."""
    if born is None or at is None:
        return None
    years = (at.astimezone(UTC).date() - born).days / _DAYS_OF_YEAR
    return round(years, 2) if 0 <= years <= OLDEST_AGE_YEARS else None


def language_from(fields: Fields, key: str = "language") -> str | None:
    """The primary language in small letters (`es` of `es-MX`); BCP 47."""
    tag = fields.line(key)
    if tag is None:
        return None
    found = _LANGUAGE.fullmatch(tag)
    if not found:
        raise InvalidFieldError(fields.path(key), "must be a language tag such as es")
    return found[1].lower()


def request_type_from(fields: Fields) -> str | None:
    """The sender's own topic: a hint for routing."""
    return fields.line("request_type")


def born_on(fields: Fields, key: str = "date_of_birth") -> date | None:
    """A date of birth."""
    return fields.day(key)


def attachments_from(fields: Fields, key: str = "attachments") -> tuple[Attachment, ...]:
    """Files that were mentioned: name, type, size and `url`, never the content."""
    return tuple(
        Attachment(
            name=file_name(each.line("name")),
            media_type=each.line("media_type") or "",
            size_bytes=size_from(each, "size_bytes"),
            link=link_from(each, "url"),
        )
        for each in fields.objects(key)[:MOST_ATTACHMENTS]
    )


def file_name(name: str | None) -> str:
    """The last part of the name: some mailers send whole paths."""
    return re.split(r"[/\\]", name or "")[-1].strip() or "unnamed"


def size_from(fields: Fields, key: str) -> int | None:
    """A file's size in bytes; a negative one is none."""
    size = fields.number(key)
    return int(size) if size is not None and size >= 0 else None


def link_from(fields: Fields, key: str) -> str:
    """A web address for staff to open, or ''. A cut address opens nothing, so none is cut."""
    link = (fields.prose(key) or "").strip()
    return link if _LINK.fullmatch(link) else ""


def words_from(fields: Fields, key: str, format_key: str) -> str | None:
    """What was written under the key, as plain text; `html` under the format key is converted."""
    form = fields.line(format_key) or "text"
    if form not in {"text", "html"}:
        raise InvalidFieldError(fields.path(format_key), "must be text or html")
    written = fields.prose(key)
    if written is None or form == "text":
        return written
    return html_to_text(written) or None
