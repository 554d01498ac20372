"""Mails as bytes: a test names only what matters to it."""

from tests.unit.channels.builders import a_source
from triagewire.arrival import Arrival, Fact
from triagewire.channels.mail.arrival import Envelope, arrival_from_mime
from triagewire.channels.parsed import Ignored, Parsed

TICKET_TOKEN = "tw-abcdefghijklmnopqrstuvwxyz-abcdefghijklmnop"
WORDS = "Could you please refill my lisinopril?"


def a_mime(*headers: str, body: str | bytes = WORDS, usual: bool = True) -> bytes:
    """A mail of Dana; a header that is given replaces the usual one of its name."""
    stated = {each.partition(":")[0].lower() for each in headers}
    kept = [
        each
        for each in (
            "From: Dana Whitfield <Dana@mail.example>",
            "To: desk@riverside.example",
            "Subject: Refill",
            "Message-ID: <CAF+One.Two@mail.example>",
            "Date: Mon, 23 Nov 2026 09:58:00 -0500",
        )
        if usual and each.partition(":")[0].lower() not in stated
    ]
    head = "\r\n".join([*kept, *headers]).encode("utf-8", "surrogateescape")
    return head + b"\r\n\r\n" + (body.encode() if isinstance(body, str) else body)


def of_parts(*parts: str | bytes, form: str = "mixed", more: tuple[str, ...] = ()) -> bytes:
    """A multipart mail; each part has its own headers and an empty line before its content."""
    body = b""
    for part in parts:
        body += b"--b1\r\n" + (part.encode() if isinstance(part, str) else part) + b"\r\n"
    kind = f'Content-Type: multipart/{form}; boundary="b1"'
    return a_mime("MIME-Version: 1.0", kind, *more, body=body + b"--b1--\r\n")


def parsed(raw: bytes, **given: object) -> Parsed:
    options = {"event_id": None, **given}
    return arrival_from_mime(raw, a_source("ses"), **options)  # type: ignore[arg-type]


def arrived(raw: bytes, **given: object) -> Arrival:
    found = parsed(raw, **given)
    assert not isinstance(found, Ignored), found.reason
    (arrival,) = found
    return arrival


def told(raw: bytes, envelope: Envelope | None = None) -> Fact:
    found = parsed(raw, envelope=envelope)
    assert isinstance(found, Ignored)
    (fact,) = found.facts
    return fact
