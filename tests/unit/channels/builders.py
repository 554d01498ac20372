"""Sources, secrets and requests of synthetic senders: a test names only what matters to it."""

from collections.abc import Mapping
from datetime import UTC, datetime

from ops.senders.letter import Signed
from ops.senders.sns import new_secret as new_certificate
from triagewire.arrival import Arrival
from triagewire.channels.outcome import Outcome, OutcomeKind
from triagewire.channels.receiving import receive
from triagewire.channels.request import WebhookRequest, folded
from triagewire.channels.source import Source, source_from

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OTHER_SECRET = "whsec_c3ludGhldGljLXNlY3JldC1mb3ItdGVzdHM="
TOKEN = "12345"
URL = "https://hooks.riverside.example/prod/webhook/riverside/twilio"
ORIGIN = "https://www.riverside.example"
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


def a_source(adapter: str, **options: object) -> Source:
    url = URL if adapter == "twilio" else ""
    data = {"site": "riverside", "name": adapter, "adapter": adapter, "url": url}
    return source_from({**data, "options": options})


OPTIONS: dict[str, dict[str, object]] = {
    "sns": {"topics": ["arn:aws:sns:us-east-1:123456789012:mail"]},
}
"""Options without which an adapter cannot work."""

SECRETS = {
    "twilio": TOKEN,
    "postmark": "u:p",
    "slack": "k",
    "sendgrid": "u:p",
    "sns": new_certificate(),
    "teams": "dGVzdC10b2tlbg==",
}
"""Secrets of the form that the sender knows; all others take the Standard Webhooks one."""


def a_source_of(adapter: str) -> Source:
    """A source of any adapter, with the options that it cannot do without."""
    return a_source(adapter, **OPTIONS.get(adapter, {}))


def secret_of(adapter: str) -> str:
    return SECRETS.get(adapter, SECRET)


def a_browser_form(**options: object) -> Source:
    return a_source("web", signed=False, origins=[ORIGIN], **options)


def a_request(signed: Signed, *, method: str = "POST", **headers: str) -> WebhookRequest:
    given, body = signed
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return WebhookRequest(method=method, url=URL, headers=folded({**given, **named}), body=body)


def from_browser(body: bytes, *, media_type: str = JSON, origin: str = ORIGIN) -> WebhookRequest:
    return a_request(({"Content-Type": media_type, "Origin": origin}, body))


def an_outcome(
    signed: Signed, source: Source, secret: str = SECRET, now: datetime = NOW
) -> Outcome:
    return receive(a_request(signed), source, (secret,), now)


def the_arrival(outcome: Outcome) -> Arrival:
    assert outcome.kind is OutcomeKind.ACCEPTED, outcome.reason
    (arrival,) = outcome.arrivals
    return arrival


def a_portal_message(**data: object) -> dict[str, object]:
    """The smallest `patient_message.received`; a None takes the field away."""
    usual: dict[str, object] = {
        "message_id": "msg-81",
        "patient": {"mrn": "00112233"},
        "body": "My knee is swollen again since Saturday, should I come in?",
    }
    kept = {key: value for key, value in {**usual, **data}.items() if value is not None}
    return {
        "type": "patient_message.received",
        "timestamp": "2026-11-23T09:58:00-05:00",
        "data": kept,
    }


def a_mail(**fields: object) -> dict[str, object]:
    return {
        "MessageID": "73e6d360-66eb-11ed-9c19-0242ac120002",
        "FromFull": {"Email": "Dana.Whitfield@mail.example", "Name": "Dana Whitfield"},
        "Subject": "Refill",
        "TextBody": "Could you please refill my lisinopril? I have two tablets left.",
        **fields,
    }


def with_header(name: str, value: str, headers: Mapping[str, str]) -> dict[str, str]:
    return {**folded(headers), name: value}
