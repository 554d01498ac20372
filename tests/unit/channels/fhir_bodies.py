"""FHIR bodies of synthetic people, in the shapes that servers really send."""

import json
from typing import Any

from ops.senders.fhir import headed_fhir
from tests.unit.channels.builders import SECRET, a_source, an_outcome, the_arrival
from triagewire.arrival import Arrival
from triagewire.channels.outcome import Outcome

type Resource = dict[str, Any]

WORDS = "My knee is swollen again since Saturday, should I come in?"
SUBSCRIPTION = "https://fhir.example/r4/Subscription/messages"


def a_communication(**elements: object) -> Resource:
    """A patient's message; a None takes the element away."""
    usual: Resource = {
        "resourceType": "Communication",
        "id": "c81",
        "meta": {"versionId": "1", "lastUpdated": "2026-11-23T15:00:02.000Z"},
        "status": "in-progress",
        "subject": {"reference": "Patient/p17"},
        "sender": {"reference": "Patient/p17", "display": "Lou Tran"},
        "sent": "2026-11-23T09:58:00-05:00",
        "payload": [{"contentString": WORDS}],
    }
    return {key: value for key, value in {**usual, **elements}.items() if value is not None}


def a_bundle(*resources: Resource, kind: str = "collection") -> Resource:
    entries = [
        {"fullUrl": f"https://fhir.example/r4/{each['resourceType']}/{each.get('id')}"}
        | {"resource": each}
        for each in resources
    ]
    return {"resourceType": "Bundle", "type": kind, "entry": entries}


def event_r4(number: object = "2", focus: str | None = "Communication/c81") -> Resource:
    """An event of an R4 notification; servers write its number as text or as a whole number."""
    key = "valueString" if isinstance(number, str) else "valueUnsignedInt"
    parts: list[Resource] = [
        {"name": "event-number", key: number},
        {"name": "timestamp", "valueInstant": "2026-11-23T10:00:13.1882432-05:00"},
    ]
    if focus:
        parts.append({"name": "focus", "valueReference": {"reference": focus}})
    return {"name": "notification-event", "part": parts}


def status_r4(*events: Resource, kind: str = "event-notification") -> Resource:
    """The first entry of the R4 backport."""
    return {
        "resourceType": "Parameters",
        "id": "b21e4fae",
        "parameter": [
            {"name": "subscription", "valueReference": {"reference": SUBSCRIPTION}},
            {"name": "topic", "valueCanonical": "http://fhir.example/SubscriptionTopic/messages"},
            {"name": "status", "valueCode": "active"},
            {"name": "type", "valueCode": kind},
            {"name": "events-since-subscription-start", "valueString": "2"},
            *events,
        ],
    }


def status_r5(
    *focus: str | None, kind: str = "event-notification", first: object = "2"
) -> Resource:
    """The first entry of R4B and R5."""
    events = [
        {
            "eventNumber": str(int(str(first)) + at) if isinstance(first, str) else first,
            "timestamp": "2026-11-23T15:00:13.1882432Z",
            **({"focus": {"reference": each}} if each else {}),
        }
        for at, each in enumerate(focus)
    ]
    return {
        "resourceType": "SubscriptionStatus",
        "status": "active",
        "type": kind,
        "eventsSinceSubscriptionStart": "2",
        "subscription": {"reference": SUBSCRIPTION},
        "topic": "http://fhir.example/SubscriptionTopic/messages",
        **({"notificationEvent": events} if events else {}),
    }


def notified(status: Resource, *resources: Resource, kind: str = "history") -> Resource:
    """A notification; its bundle has no id, as that of some servers."""
    first = {
        "fullUrl": "urn:uuid:b21e4fae-ce73-45cb-8e37-1e203362b2ae",
        "resource": status,
        "request": {"method": "GET", "url": f"{SUBSCRIPTION}/$status"},
        "response": {"status": "200"},
    }
    whole = a_bundle(*resources, kind=kind)
    return {**whole, "entry": [first, *whole["entry"]]}


def sent(resource: Resource, **options: object) -> Outcome:
    """What intake says of a resource."""
    source = a_source("fhir", **options)
    return an_outcome(headed_fhir(SECRET, resource, source), source)


def said(resource: Resource, **options: object) -> Arrival:
    """The one message of a resource."""
    return the_arrival(sent(resource, **options))


def heard(communication: Resource) -> str:
    """The words of a message."""
    return said(communication).text


def raw(body: bytes, content_type: str = "application/fhir+json") -> Outcome:
    """What intake says of exactly these bytes."""
    headers = {"Content-Type": content_type, "Authorization": f"Bearer {SECRET}"}
    return an_outcome((headers, body), a_source("fhir"))


def as_bytes(resource: Resource) -> bytes:
    return json.dumps(resource).encode()
