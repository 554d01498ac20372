"""FHIR: a Communication alone or in a Bundle, and subscription notifications (Oracle Health too).

Rules: HL7 FHIR R4, R4B and R5; Subscriptions R5 Backport. The standard signs nothing: the
subscription's own header carries a shared secret.
"""

from dataclasses import dataclass
from datetime import datetime

from triagewire.arrival import Arrival, Requester
from triagewire.channels.ehr.bundle import NOTHING_ELSE, Bundle, bundle_from, focus_of
from triagewire.channels.ehr.communication import arrival_from, event_id_of, withdrawn
from triagewire.channels.ehr.notification import Event, Notification, notification_in
from triagewire.channels.ehr.values import FHIR_TYPE, UNREAD, relative
from triagewire.channels.outcome import answered_200
from triagewire.channels.parsed import Ignored, Parsed
from triagewire.channels.reading.fields import Fields
from triagewire.channels.reading.payload import JSON_TYPE, json_body
from triagewire.channels.request import WebhookRequest
from triagewire.channels.signatures import check_shared_header, refusing
from triagewire.channels.source import Source
from triagewire.errors import InvalidFieldError
from triagewire.ids import derived_event_id

MEDIA_TYPES = frozenset({FHIR_TYPE, JSON_TYPE})
METHODS = frozenset({"POST"})
USUAL_HEADER = "authorization"
MOST_MESSAGES = 100
"""Each is a write that the sender waits for."""

_DEEPEST = 2
"""A notification inside a message bundle; nothing is packed deeper than that."""

# Servers look for 200, and some turn a subscription off over any other answer.
shaped = answered_200


@refusing
def verify(
    request: WebhookRequest, source: Source, secrets: tuple[str, ...], _now: datetime
) -> None:
    """The header that the Subscription was given, compared as a secret."""
    check_shared_header(request, source.options.header or USUAL_HEADER, secrets)


def parse(request: WebhookRequest, source: Source, _now: datetime) -> Parsed:
    """Every message of the body; handshakes and heartbeats are ignored."""
    reading = _Reading(source=source, body=request.body, found=[], left_out=[])
    reading.resource(json_body(request), 0)
    if reading.found:
        return tuple(reading.found)
    if reading.left_out:
        return Ignored(reading.left_out[0])
    raise InvalidFieldError("entry", "holds no Communication and no notification")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """What has been found in a body so far, and what was rightly left out of it."""

    source: Source
    body: bytes
    found: list[Arrival]
    left_out: list[str]

    def resource(self, resource: Fields, depth: int) -> None:
        kind = resource.line("resourceType")
        if kind == "Communication":
            self._message(resource, NOTHING_ELSE)
        elif kind == "Bundle" and depth < _DEEPEST:
            self._bundle(resource, depth)
        else:
            problem = "must be Communication or Bundle"
            raise InvalidFieldError(resource.path("resourceType"), problem)

    def _bundle(self, resource: Fields, depth: int) -> None:
        bundle = bundle_from(resource)
        notification = notification_in(bundle)
        if notification is not None:
            self._notification(notification, bundle)
            return
        for inner in bundle.of("Bundle"):
            self.resource(inner, depth + 1)
        for communication in _spoken(bundle):
            self._message(communication, bundle)

    def _notification(self, notification: Notification, bundle: Bundle) -> None:
        if notification.silent:
            self.left_out.append(notification.silent)
            return
        unnamed = [] if _names_a_focus(notification) else list(bundle.of("Communication"))
        if not notification.events and not unnamed:
            raise InvalidFieldError("notification-event", "is missing")
        # Of the level `empty`; but some servers name no focus and send the resource itself.
        for communication in unnamed:
            self._message(communication, bundle)
        if len(unnamed) < len(notification.events):
            for event in notification.events:
                self._event(event, notification, bundle)

    def _event(self, event: Event, notification: Notification, bundle: Bundle) -> None:
        event_id = self._event_id(event, notification)
        resource = bundle.find(event.focus)
        if resource is not None and resource.line("resourceType") == "Communication":
            self._message(resource, bundle, event_id, event.at)
            return
        self._add(
            Arrival(
                site=self.source.site,
                source=self.source.name,
                channel=self.source.usual_channel,
                event_id=event_id,
                requester=Requester(),
                text="",
                thread=_thread(event),
                pointer=_pointer(event, event_id),
                remarks=(UNREAD,),
                occurred_at=event.at,
            )
        )

    def _event_id(self, event: Event, notification: Notification) -> str:
        """Subscription and number. A bundle's own id may be new with every repeat, or absent."""
        if notification.subscription and event.number:
            return f"{notification.subscription}#{event.number}"
        at = event.at.isoformat() if event.at else None
        parts = tuple(filter(None, (event.focus.literal, event.focus.token, event.number, at)))
        if not parts:
            return self._derived()
        told = "\0".join((notification.subscription, *parts)).encode()
        return derived_event_id(self.source.site, self.source.name, told)

    def _message(
        self,
        communication: Fields,
        bundle: Bundle,
        event_id: str | None = None,
        at: datetime | None = None,
    ) -> None:
        if reason := withdrawn(communication):
            self.left_out.append(reason)
            return
        named = event_id or event_id_of(communication) or self._derived()
        self._add(arrival_from(communication, bundle, self.source, named, at))

    def _derived(self) -> str:
        place = f"#{len(self.found)}".encode() if self.found else b""
        return derived_event_id(self.source.site, self.source.name, self.body + place)

    def _add(self, arrival: Arrival) -> None:
        if len(self.found) >= MOST_MESSAGES:
            raise InvalidFieldError("entry", f"must hold at most {MOST_MESSAGES} messages")
        self.found.append(arrival)


def _names_a_focus(notification: Notification) -> bool:
    return any(event.focus.literal or event.focus.token for event in notification.events)


def _spoken(bundle: Bundle) -> list[Fields]:
    """The messages of a bundle. One with a header says itself which they are."""
    for header in bundle.of("MessageHeader"):
        found = [bundle.find(reference) for reference in focus_of(header)]
        if named := [each for each in found if each is not None and _speaks(each)]:
            return named
    return list(bundle.of("Communication"))


def _speaks(resource: Fields) -> bool:
    return resource.line("resourceType") == "Communication"


def _thread(event: Event) -> str | None:
    """The resource itself, by the name that a full message of it would go by."""
    return relative(event.focus.literal) if event.focus.literal else event.focus.token


def _pointer(event: Event, event_id: str) -> str:
    """Where the text is; an event that names nothing is known by its own id alone."""
    return event.focus.literal or event.focus.token or event_id
