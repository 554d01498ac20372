"""What Mailgun tells of mail that we sent, and of mail that it stored for us.

Rules: Mailgun user manual, "Tracking messages" (event data; older webhooks post form fields).
"""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

from triagewire.arrival import Arrival, Fact, FactKind
from triagewire.channels.mail.arrival import MailParts, arrival_from_parts
from triagewire.channels.mail.headers import MailHeaders
from triagewire.channels.parsed import Ignored, Parsed
from triagewire.channels.reading.fields import Fields
from triagewire.channels.source import Source
from triagewire.errors import InvalidFieldError
from triagewire.ids import find_thread_token

_FACTS = {
    "failed": FactKind.BOUNCE,
    "bounced": FactKind.BOUNCE,
    "dropped": FactKind.BOUNCE,
    "rejected": FactKind.BOUNCE,
    "complained": FactKind.COMPLAINT,
    "delivered": FactKind.DELIVERY,
}
_NOTHING_TO_RECORD = frozenset({"accepted", "opened", "clicked", "unsubscribed"})
_WORDLESS = "e-mail without words"
_STORED = "only a notice came: the text must be read where Mailgun stores the mail, for some days"
_FINAL = frozenset({"bounced", "dropped", "rejected"})


def fate_of_mail(event: Fields, source: Source, token: str) -> Parsed:
    """A fact of an event; raises InvalidFieldError for one that Mailgun does not know."""
    kind = (event.line("event") or "").lower()
    if kind == "stored":
        return _stored(event, source, token)
    if kind in _NOTHING_TO_RECORD:
        return Ignored(f"Mailgun event: {kind}")
    if kind not in _FACTS:
        raise InvalidFieldError(event.path("event"), "is no event of Mailgun")
    headers = _headers(event)
    fact = Fact(
        site=source.site,
        source=source.name,
        kind=_FACTS[kind],
        event_id=token,
        thread=headers.message_id(),
        thread_token=find_thread_token(" ".join((headers.get("message-id") or "", *_to(headers)))),
        permanent=kind in _FINAL or event.line("severity") == "permanent",
        state=kind,
        occurred_at=_moment(event),
    )
    return Ignored(f"Mailgun event: {kind}", facts=(fact,))


def _stored(event: Fields, source: Source, token: str) -> Parsed:
    """A mail that came and lies at Mailgun: its headers are all that is told."""
    parts = MailParts(headers=_headers(event))
    parsed = arrival_from_parts(parts, source, event_id=token)
    if isinstance(parsed, Ignored):
        return parsed
    link = event.inner("storage").line("url") or ""
    return tuple(at_mailgun(replace(arrival, unproven=True), link) for arrival in parsed)


def at_mailgun(arrival: Arrival, link: str) -> Arrival:
    """A mail of which only a notice came. A visitor of the link needs the API key."""
    others = (remark for remark in arrival.remarks if remark != _WORDLESS)
    return replace(arrival, pointer=link[:2_000] or "Mailgun", remarks=(*others, _STORED))


def _headers(event: Fields) -> MailHeaders:
    named = event.inner("message").inner("headers") if _has_message(event) else event
    pairs = []
    for name in sorted(named.keys()):
        with suppress(InvalidFieldError):
            pairs.append((name, named.line(name) or ""))
    return MailHeaders(pairs)


def _has_message(event: Fields) -> bool:
    try:
        return event.inner("message").has("headers")
    except InvalidFieldError:
        return False


def _to(headers: MailHeaders) -> tuple[str, ...]:
    return (*headers.every("reply-to"), *headers.every("from"))


def _moment(event: Fields) -> datetime | None:
    """Seconds since 1970, with a fraction."""
    with suppress(InvalidFieldError, OverflowError, OSError, ValueError):
        seconds = event.number("timestamp")
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
    return None
