"""Monitoring: an alarm or a log alert that becomes an IT ticket.

CloudWatch alarms come by SNS, in its signed envelope; every other tool posts JSON with a shared
secret in a header, or with Sentry's own signature. No person has written: nothing is ever answered
automatically.
"""

import hashlib
import hmac
from collections.abc import Sequence
from datetime import UTC, datetime

from triagewire.arrival import Arrival, Requester, RequesterKind
from triagewire.channels.alarms.alert import Alert
from triagewire.channels.alarms.shapes import alerts_from
from triagewire.channels.alarms.sns_envelope import (
    check_envelope,
    checked_certificate_address,
    envelope_of,
    handshake,
    is_certificate,
)
from triagewire.channels.outcome import answered_200
from triagewire.channels.parsed import Ignored, Parsed
from triagewire.channels.reading.fields import Fields
from triagewire.channels.reading.identities import kind_of
from triagewire.channels.reading.payload import JSON_TYPE, json_body, json_object
from triagewire.channels.request import WebhookRequest
from triagewire.channels.signatures import SHARED_HEADER, check_shared_header, fits_any, refusing
from triagewire.channels.source import Source
from triagewire.errors import InvalidFieldError, RefusedError, UnreadableError
from triagewire.ids import derived_event_id

MEDIA_TYPES = frozenset({JSON_TYPE, "text/plain"})
METHODS = frozenset({"POST"})

SENTRY_HEADER = "sentry-hook-signature"
MOST_ALERTS = 25
"""What one body may open tickets for; the rest of a storm becomes one ticket that names them."""


def certificate_address(request: WebhookRequest, source: Source) -> str:
    """Where the certificate of an SNS envelope is; "" for a tool that knows a secret."""
    envelope = envelope_of(request)
    return checked_certificate_address(envelope, source) if envelope is not None else ""


shaped = answered_200


@refusing
def verify(
    request: WebhookRequest, source: Source, secrets: tuple[str, ...], now: datetime
) -> None:
    """The SNS envelope by its certificate, Sentry's HMAC-SHA256 of the body, or the secret."""
    envelope = envelope_of(request)
    shared = tuple(each for each in secrets if not is_certificate(each))
    if envelope is not None:
        check_envelope(envelope, source, secrets, now)
    elif given := request.header(SENTRY_HEADER):
        digests = (hmac.new(each.encode(), request.body, hashlib.sha256) for each in shared)
        if not fits_any(given, (digest.hexdigest().encode() for digest in digests)):
            raise RefusedError(401, f"{SENTRY_HEADER}: fits no secret of this source")
    else:
        check_shared_header(request, source.options.header or SHARED_HEADER, shared)


def parse(request: WebhookRequest, source: Source, now: datetime) -> Parsed:
    """A ticket for each alarm that went off; one that has recovered makes none."""
    envelope = envelope_of(request)
    if envelope is None:
        alerts = alerts_from(json_body(request), source.options.fields)
        return _parsed(alerts, source, _hourly_id(request, source, now))
    message_id = envelope.required("MessageId", envelope.identifier("MessageId"))
    return handshake(envelope) or _parsed(_published(envelope, source), source, message_id)


def _hourly_id(request: WebhookRequest, source: Source, now: datetime) -> str:
    """For a body that states no time: a copy within the hour is a copy, and the same words of next
    week are another alarm.
    """
    content = derived_event_id(source.site, source.name, request.body)
    return f"{content}@{now.astimezone(UTC):%Y-%m-%dT%H}"


def _published(envelope: Fields, source: Source) -> Sequence[Alert]:
    """What was published to the topic. Any text is somebody's alarm, whatever its shape."""
    message = envelope.exact("Message") or ""
    try:
        return alerts_from(json_object(message.encode("utf-8", "replace")), source.options.fields)
    except (InvalidFieldError, UnreadableError):
        title = envelope.line("Subject") or "Notification of a topic"
        return (Alert(title=title, text=envelope.prose("Message") or ""),)


def _parsed(alerts: Sequence[Alert], source: Source, event_id: str) -> Parsed:
    burning = [alert for alert in alerts if not alert.recovered]
    if not burning:
        return Ignored("alarm recovered" if alerts else "no alert in it")
    if len(burning) > MOST_ALERTS:
        burning = [*burning[: MOST_ALERTS - 1], _storm(burning[MOST_ALERTS - 1 :])]
    return tuple(
        _arrival(alert, source, event_id if at == 0 else f"{event_id}#{at}")
        for at, alert in enumerate(burning)
    )


def _storm(alerts: Sequence[Alert]) -> Alert:
    names = "\n".join(alert.title for alert in alerts)
    return Alert(title=f"{len(alerts)} more alerts came at once", text=names)


def _arrival(alert: Alert, source: Source, fallback: str) -> Arrival:
    return Arrival(
        site=source.site,
        source=source.name,
        channel=source.usual_channel,
        event_id=alert.event_id or fallback,
        # The rules for IT are asked for what staff say: a machine of ours speaks for them.
        requester=Requester(kind=kind_of(source, RequesterKind.STAFF)),
        subject=alert.title[:300],
        text=alert.said(),
        automatic=True,
        restated=bool(alert.event_id),
        occurred_at=alert.occurred_at,
    )
