"""One FHIR Communication as an arrival: words, subject, thread, files and times.

Rules: HL7 FHIR R4, Communication; R5 adds coded contents. Its narrative (`text`) is made by the
server and is nobody's message.
"""

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import datetime

from triagewire.arrival import Arrival, Attachment
from triagewire.channels.ehr.bundle import Bundle
from triagewire.channels.ehr.people import writer_of
from triagewire.channels.ehr.values import (
    concept_text,
    kind_in,
    language_or_none,
    moment_or_none,
    plain,
    reference_from,
    references_from,
    relative,
)
from triagewire.channels.reading import record
from triagewire.channels.reading.fields import Fields
from triagewire.channels.reading.html_text import html_to_text
from triagewire.channels.reading.payload import decoded
from triagewire.channels.source import Source

WITHOUT_WORDS = "message without words"
WITHOUT_LINK = "an attached file came without a link: open it in the EHR"

_WITHDRAWN = frozenset({"entered-in-error", "not-done", "preparation"})
_HURRIED = frozenset({"urgent", "asap", "stat"})
_WORDS = frozenset({"text/plain", "text/html", "text/markdown", "application/xhtml+xml"})
_MARKED_UP = frozenset({"text/html", "application/xhtml+xml"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of a message: its words, or a file, or both."""

    words: str = ""
    file: Attachment | None = None
    remark: str = ""


def withdrawn(communication: Fields) -> str:
    """Why this is not to be read as a message, or ""."""
    status = communication.line("status")
    return f"a message that is {status}" if status in _WITHDRAWN else ""


def event_id_of(communication: Fields) -> str | None:
    """The id with its version, else a business identifier, else None."""
    named = communication.identifier("id")
    if named:
        version = communication.inner("meta").identifier("versionId")
        return f"Communication/{named}/_history/{version}" if version else f"Communication/{named}"
    for each in communication.objects("identifier"):
        if value := each.identifier("value"):
            return f"{each.line('system') or ''}|{value}"
    return None


def arrival_from(
    communication: Fields,
    bundle: Bundle,
    source: Source,
    event_id: str,
    otherwise_at: datetime | None = None,
) -> Arrival:
    """The message. `otherwise_at` is its time where it states none; raises InvalidFieldError."""
    writer = writer_of(communication, bundle, source)
    parts = [_part(each) for each in communication.objects("payload")]
    said, noted = "\n\n".join(part.words for part in parts if part.words), _notes(communication)
    text = said or noted
    occurred_at = _moment(communication) or otherwise_at
    files = tuple(part.file for part in parts if part.file)
    about = _category(communication)
    born = writer.requester.date_of_birth
    return Arrival(
        site=source.site,
        source=source.name,
        channel=source.usual_channel,
        event_id=event_id,
        requester=writer.requester,
        text=text,
        # Of a note nobody says whose it is, so that beside a message it is only kept.
        full_text=f"{said}\n\n{noted}" if said and noted else "",
        subject=concept_text(communication.inner("topic")) or about or "",
        language=language_or_none(communication),
        context=record.context_from(Fields({}), born, occurred_at),
        request_type=about,
        thread=_thread(communication),
        automatic=writer.automatic,
        attachments=files[: record.MOST_ATTACHMENTS],
        remarks=_remarks(communication, text, parts),
        occurred_at=occurred_at,
    )


def _moment(communication: Fields) -> datetime | None:
    stated = (
        moment_or_none(communication, "sent"),
        moment_or_none(communication, "received"),
        moment_or_none(communication.inner("meta"), "lastUpdated"),
    )
    return next(filter(None, stated), None)


def _category(communication: Fields) -> str | None:
    named = map(concept_text, communication.objects("category"))
    return next(filter(None, named), None)


def _thread(communication: Fields) -> str | None:
    """The conversation: the whole that it is part of, else what it answers, else itself.

    A reply names its first message, so the first message must go by its own name.
    """
    for key in ("partOf", "inResponseTo"):
        for reference in references_from(communication, key):
            if reference.literal and not reference.is_local:
                return relative(reference.literal)
            if reference.token:
                return reference.token
    named = communication.identifier("id")
    return f"Communication/{named}" if named else None


def _notes(communication: Fields) -> str:
    """Annotations, which stand in for the message only where it says nothing itself."""
    notes = [each.prose("text") for each in communication.objects("note")]
    return "\n\n".join(plain(each) for each in notes if each)


def _remarks(communication: Fields, text: str, parts: list[Part]) -> tuple[str, ...]:
    priority = communication.line("priority")
    found = [
        "" if text.strip() else WITHOUT_WORDS,
        f"the sender calls it {priority}" if priority in _HURRIED else "",
        *(part.remark for part in parts),
    ]
    return tuple(dict.fromkeys(filter(None, found)))


def _part(payload: Fields) -> Part:
    written = payload.prose("contentString")
    if written is not None:
        return Part(words=plain(written))
    if payload.has("contentAttachment"):
        return _attached(payload.inner("contentAttachment"))
    if payload.has("contentReference"):
        return _referred(payload)
    return Part(words=concept_text(payload.inner("contentCodeableConcept")) or "")


def _referred(payload: Fields) -> Part:
    """Another resource; one with nothing but words for it says those words."""
    reference = reference_from(payload, "contentReference")
    link = _link(payload.inner("contentReference"), "reference") or reference.token or ""
    if not link:
        return Part(words=reference.display or "")
    return Part(file=Attachment(name=record.file_name(reference.display or link), link=link))


def _attached(attachment: Fields) -> Part:
    """Words that came as a file are words; any other file is named, never kept."""
    stated = attachment.line("contentType") or ""
    media_type = stated.partition(";")[0].strip().lower()
    content = _content(attachment)
    if content and media_type in _WORDS:
        text = decoded(content, _charset(stated))
        return Part(words=html_to_text(text) if media_type in _MARKED_UP else plain(text).strip())
    link = _link(attachment, "url")
    size = attachment.number("size")
    file = Attachment(
        name=record.file_name(attachment.line("title")),
        media_type=media_type,
        size_bytes=len(content) if content else int(size) if size and size > 0 else None,
        link=link,
    )
    return Part(file=file, remark="" if link else WITHOUT_LINK)


def _link(fields: Fields, key: str) -> str:
    """A web address, or one on the server itself (`Binary/5`): nothing that a click could run."""
    stated = fields.line(key) or ""
    own = kind_in(stated) is not None and relative(stated) == stated
    return record.link_from(fields, key) or (stated if own else "")


def _content(attachment: Fields) -> bytes:
    """The inline bytes; base64 that is none counts as a file without its content."""
    try:
        # FHIR allows white space inside (R4, base64Binary).
        packed = re.sub(r"\s+", "", attachment.prose("data") or "")
        return base64.b64decode(packed, validate=True)
    except (binascii.Error, ValueError):
        return b""


def _charset(content_type: str) -> str:
    found = re.search(r"charset\s*=\s*\"?([A-Za-z0-9._-]{1,40})", content_type, re.IGNORECASE)
    return found[1] if found else "utf-8"
