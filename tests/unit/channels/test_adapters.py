"""What holds for every adapter alike: no echo, no exception, nothing unsigned believed."""

import json
from dataclasses import replace
from importlib import import_module
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ops.senders.letter import Letter, Post
from tests.unit.channels.builders import (
    FORM,
    JSON,
    NOW,
    SECRET,
    URL,
    a_browser_form,
    a_source_of,
    from_browser,
    secret_of,
)
from triagewire.channels.adapter import adapter_of
from triagewire.channels.options import ADAPTERS
from triagewire.channels.outcome import Outcome, OutcomeKind
from triagewire.channels.receiving import receive
from triagewire.channels.request import WebhookRequest, folded, request_from_api_gateway

CANARY = "Zebulon-Quux-1937"
WEBHOOKS = tuple(each for each in ADAPTERS if each != "ses")
"""Mail of SES comes as a stored object, behind IAM: there is no request to forge."""
MEDIA_TYPES = {JSON, FORM, "multipart/form-data", "text/plain", "application/fhir+json"} | {
    "application/jwt"
}


@pytest.mark.parametrize("adapter", WEBHOOKS)
def test_every_adapter_has_the_whole_interface(adapter: str) -> None:
    module = adapter_of(a_source_of(adapter))

    assert "POST" in module.METHODS
    assert not module.MEDIA_TYPES - MEDIA_TYPES
    assert callable(module.verify)
    assert callable(module.parse)
    assert callable(module.shaped)


@pytest.mark.parametrize("adapter", WEBHOOKS)
def test_the_sample_of_every_adapter_becomes_a_ticket(adapter: str) -> None:
    outcome = outcome_of(sender_of(adapter).sample(a_letter(adapter)), adapter)

    assert outcome.kind is OutcomeKind.ACCEPTED, outcome.reason
    assert 200 <= outcome.status < 300
    assert outcome.ticket_ids


@pytest.mark.parametrize("adapter", WEBHOOKS)
def test_a_repeated_sample_gets_the_same_answer(adapter: str) -> None:
    first, second = (
        outcome_of(sender_of(adapter).sample(a_letter(adapter)), adapter) for _ in range(2)
    )

    assert (first.status, first.body, first.ticket_ids) == (
        second.status,
        second.body,
        second.ticket_ids,
    )


@pytest.mark.parametrize("adapter", WEBHOOKS)
def test_a_sample_made_with_another_secret_is_refused(adapter: str) -> None:
    post = sender_of(adapter).sample(a_letter(adapter))

    outcome = receive(request_of(post), a_source_of(adapter), (other_secret(adapter),), NOW)

    assert (outcome.kind, outcome.status in {401, 403}) == (OutcomeKind.REFUSED, True)


def a_letter(adapter: str) -> Letter:
    return Letter(
        source=a_source_of(adapter),
        secret=secret_of(adapter),
        url=URL,
        now=NOW,
        event_id="evt-0001",
        text="Could somebody call me back about my refill?",
    )


def sender_of(adapter: str) -> Any:  # noqa: ANN401  a module
    return import_module(f"ops.senders.{adapter}")


def other_secret(adapter: str) -> str:
    """A secret of the same form that is not the source's."""
    module = sender_of(adapter)
    return str(module.new_secret()) if hasattr(module, "new_secret") else "another-secret"


def request_of(post: Post) -> WebhookRequest:
    query = {name: [value] for name, value in parse_qsl(urlsplit(post.url).query)}
    event = {"httpMethod": "POST", "multiValueQueryStringParameters": query}
    request = request_from_api_gateway(event)
    return replace(request, url=post.url, headers=folded(post.headers), body=post.body)


def outcome_of(post: Post, adapter: str) -> Outcome:
    return receive(request_of(post), a_source_of(adapter), (secret_of(adapter),), NOW)


def _everything_wrong(adapter: str) -> list[Outcome]:
    wrong: list[dict[str, object]] = [
        {"type": CANARY, "text": {CANARY: CANARY}, "Headers": [CANARY]},
        {"type": "event_callback", "event": {"type": "message", "text": [CANARY]}},
        {"type": "patient_message.received", "timestamp": CANARY, "data": {"body": CANARY}},
        {"MessageID": [CANARY], "TranscriptionStatus": CANARY, "text": CANARY, "language": CANARY},
        {"resourceType": CANARY, "entry": [CANARY], "form_response": CANARY, "topic": CANARY},
    ]
    outcomes = []
    for payload in wrong:
        request = request_of(sender_of(adapter).signed(a_letter(adapter), payload))
        for secret in (secret_of(adapter), other_secret(adapter)):
            outcomes.append(receive(request, a_source_of(adapter), (secret,), NOW))
    return outcomes


@pytest.mark.parametrize("adapter", WEBHOOKS)
def test_no_answer_and_no_reason_repeats_what_was_sent(adapter: str) -> None:
    for outcome in _everything_wrong(adapter):
        assert CANARY not in outcome.reason + outcome.body + repr(outcome)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
KNOWN_KEYS = st.sampled_from(
    [
        "type",
        "timestamp",
        "data",
        "event",
        "text",
        "message",
        "body",
        "patient",
        "mrn",
        "sender",
        "requester",
        "context",
        "age",
        "attachments",
        "Headers",
        "FromFull",
        "MessageID",
        "Date",
        "TextBody",
        "HtmlBody",
        "Attachments",
        "challenge",
        "event_id",
        "ts",
        "files",
        "language",
        "MessageSid",
        "Body",
        "From",
        "TranscriptionSid",
        "RecordingSid",
        "RecordingStatus",
        "resourceType",
        "entry",
        "resource",
        "parameter",
        "notificationEvent",
        "payload",
        "uuid",
        "call_id",
        "form_response",
        "answers",
        "rawRequest",
        "submissionID",
        "topic",
        "item",
        "ticket_id",
        "freshdesk_webhook",
        "Message",
        "message-headers",
        "envelope",
        "headers",
        "body-plain",
    ]
)
PAYLOADS = st.dictionaries(KNOWN_KEYS, JSON_VALUES | st.dictionaries(KNOWN_KEYS, JSON_VALUES))


@settings(max_examples=150, deadline=None)
@given(adapter=st.sampled_from(WEBHOOKS), payload=PAYLOADS)
def test_nothing_that_is_rightly_signed_is_refused_or_raises(
    adapter: str, payload: dict[str, object]
) -> None:
    outcome = outcome_of(sender_of(adapter).signed(a_letter(adapter), payload), adapter)

    assert outcome.kind is not OutcomeKind.REFUSED
    json.dumps(outcome.body).encode()
    for arrival in outcome.arrivals:
        msgspec.json.encode(arrival)


@settings(max_examples=150, deadline=None)
@given(body=st.binary(), media_type=st.sampled_from([JSON, FORM, f"{FORM}; charset=x"]))
def test_no_bytes_of_a_browser_raise(body: bytes, media_type: str) -> None:
    outcome = receive(from_browser(body, media_type=media_type), a_browser_form(), (), NOW)

    assert outcome.status in {202, 422}


@settings(max_examples=150, deadline=None)
@given(
    adapter=st.sampled_from(WEBHOOKS),
    headers=st.dictionaries(st.text(), st.text()),
    body=st.binary(),
)
def test_nothing_unsigned_is_believed(adapter: str, headers: dict[str, str], body: bytes) -> None:
    request = WebhookRequest(headers={"content-type": JSON, **headers}, body=body, url=URL)

    outcome = receive(request, a_source_of(adapter), (SECRET,), NOW)

    assert outcome.status in {401, 403, 406, 415}
