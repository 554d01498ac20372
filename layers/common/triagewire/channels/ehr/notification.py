"""What a subscription notification says: its type, and each event with what it is about.

Rules: HL7 Subscriptions R5 Backport (R4: Parameters; R4B: SubscriptionStatus) and FHIR R5.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from triagewire.channels.ehr.bundle import Bundle
from triagewire.channels.ehr.values import (
    Reference,
    kind_in,
    moment_or_none,
    reference_from,
    reference_in,
    references_from,
)
from triagewire.channels.reading.fields import Fields

SILENT = {
    "handshake": "handshake",
    "heartbeat": "heartbeat",
    "query-status": "answer to a query of the status",
    "query-event": "answer to a query of events",
}
"""Types of notification that tell of no event."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One event. `number` counts within the subscription (at athenahealth: within the bundle)."""

    number: str | None = None
    id: str | None = None
    at: datetime | None = None
    focus: Reference = field(default_factory=Reference)
    around: tuple[Reference, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """A notification; `silent` says in words why it tells of nothing, "" where it does."""

    subscription: str
    topic: str
    silent: str
    events: tuple[Event, ...]


def notification_in(bundle: Bundle) -> Notification | None:
    """The notification that a bundle is, or None for a bundle of another purpose."""
    for entry in bundle.entries:
        if entry.kind == "SubscriptionStatus":
            return _from_status(entry.resource)
        if entry.kind == "Parameters":
            return _from_parameters(entry.resource)
    return None


def _from_status(status: Fields) -> Notification:
    events = tuple(
        Event(
            number=each.identifier("eventNumber"),
            id=each.identifier("id"),
            at=moment_or_none(each, "timestamp"),
            focus=reference_from(each, "focus"),
            around=references_from(each, "additionalContext"),
        )
        for each in status.objects("notificationEvent")
    )
    return Notification(
        subscription=_address(reference_from(status, "subscription")),
        topic=status.line("topic") or "",
        silent=_silence(status.line("type")),
        events=events,
    )


def _from_parameters(parameters: Fields) -> Notification:
    given = parameters.objects("parameter")
    named = {each.line("name"): each for each in given}
    nothing = Fields({})
    return Notification(
        subscription=_address(_reference(named.get("subscription", nothing))),
        topic=_text(named.get("topic", nothing)) or "",
        silent=_silence(_text(named.get("type", nothing))),
        events=tuple(_event(each) for each in given if each.line("name") == "notification-event"),
    )


def _event(parameter: Fields) -> Event:
    parts = parameter.objects("part")
    named = {each.line("name"): each for each in parts}
    nothing = Fields({})
    stamped = named.get("timestamp", nothing)
    return Event(
        number=_text(named.get("event-number", nothing)),
        id=parameter.identifier("id"),
        at=next((moment_or_none(stamped, key) for key in _values(stamped)), None),
        focus=_reference(named.get("focus", nothing)),
        around=tuple(_reference(each) for each in parts if _is_around(each)),
    )


def _is_around(part: Fields) -> bool:
    return part.line("name") == "additional-context"


def _values(parameter: Fields) -> Iterator[str]:
    """The keys of a parameter's value: `valueString`, `valueUnsignedInt` and many more."""
    return (key for key in sorted(parameter.keys()) if key.startswith("value"))


def _text(parameter: Fields) -> str | None:
    """A text, a code or a number, which servers write in several types."""
    return next((parameter.identifier(key) for key in _values(parameter)), None)


def _reference(parameter: Fields) -> Reference:
    if parameter.has("valueReference"):
        return reference_in(parameter.inner("valueReference"))
    literal = _text(parameter)
    return Reference(literal=literal, kind=kind_in(literal))


def _address(reference: Reference) -> str:
    return reference.unversioned or reference.token or ""


def _silence(kind: str | None) -> str:
    """Some servers write `handshake-notification`, as the event's type does."""
    return SILENT.get((kind or "").removesuffix("-notification"), "")
