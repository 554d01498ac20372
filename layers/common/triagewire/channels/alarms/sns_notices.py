"""What SES tells of mail that we sent, and the headers of any mail as SES lists them.

Rules: Amazon SES developer guide, "Contents of notifications" and "Contents of event data":
`notificationType` is the older form, `eventType` the newer.
"""

from triagewire.arrival import Fact, FactKind
from triagewire.channels.parsed import Ignored
from triagewire.channels.reading.fields import Fields
from triagewire.channels.source import Source
from triagewire.errors import InvalidFieldError
from triagewire.ids import find_thread_token

_FACTS = {
    "bounce": FactKind.BOUNCE,
    "complaint": FactKind.COMPLAINT,
    "delivery": FactKind.DELIVERY,
    "deliverydelay": FactKind.DELIVERY,
    "reject": FactKind.BOUNCE,
}
_STATES = {
    "bounce": "failed",
    "delivery": "delivered",
    "deliverydelay": "delayed",
    "reject": "rejected",
}
_NOTHING_TO_RECORD = frozenset({"send", "open", "click", "rendering failure", "subscription"})
_ADDRESSES = ("from", "to", "replyTo", "cc")


def fate_of_mail(notice: Fields, source: Source, sns_id: str) -> Ignored:
    """A bounce, complaint or delivery as a fact; raises InvalidFieldError for no notice of SES."""
    stated = notice.line("notificationType") or notice.line("eventType") or ""
    kind = stated.lower()
    if kind in _NOTHING_TO_RECORD:
        return Ignored(f"SES event: {kind}")
    if kind not in _FACTS:
        raise InvalidFieldError("Message.notificationType", "is no notice of SES")
    mail = notice.inner("mail")
    fact = Fact(
        site=source.site,
        source=source.name,
        kind=_FACTS[kind],
        event_id=sns_id,
        thread=mail.identifier("messageId"),
        thread_token=_token(mail),
        permanent=notice.inner("bounce").line("bounceType") == "Permanent",
        state=_STATES.get(kind, ""),
        occurred_at=mail.moment("timestamp"),
    )
    return Ignored(f"SES event: {kind}", facts=(fact,))


def headers_of(mail: Fields) -> list[tuple[str, str]]:
    """The headers in full, and what SES gives of them beside: either list may be cut short."""
    listed = [
        (each.line("name") or "", each.line("value") or "") for each in mail.objects("headers")
    ]
    common = mail.inner("commonHeaders")
    addresses = [
        ("reply-to" if name == "replyTo" else name, ", ".join(common.lines(name)))
        for name in _ADDRESSES
    ]
    lines = [
        ("subject", common.line("subject") or ""),
        ("date", common.line("date") or ""),
        ("message-id", common.line("messageId") or ""),
    ]
    # Headers of the first list come first: of a repeated one the first counts.
    return [*listed, *((name, value) for name, value in (*addresses, *lines) if value)]


def _token(mail: Fields) -> str | None:
    """Our own token, which mail of ours carries in the address that answers go to."""
    return find_thread_token(" ".join(value for _name, value in headers_of(mail)))
