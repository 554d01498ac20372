"""What holds for every adapter alike: no echo, no exception, nothing unsigned believed."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from local.senders import Signed, basic_postmark, signed_slack, signed_standard, signed_twilio
from tests.unit.channels.builders import (
    FORM,
    JSON,
    NOW,
    SECRET,
    TOKEN,
    URL,
    a_browser_form,
    a_source,
    an_outcome,
    from_browser,
)
from triagewire.channels.adapter import adapter_of
from triagewire.channels.outcome import Outcome, OutcomeKind
from triagewire.channels.receiving import receive
from triagewire.channels.request import WebhookRequest
from triagewire.channels.source import ADAPTERS

CANARY = "Zebulon-Quux-1937"


@pytest.mark.parametrize("adapter", ADAPTERS)
def test_every_adapter_has_the_whole_interface(adapter: str) -> None:
    module = adapter_of(a_source(adapter))

    assert "POST" in module.METHODS
    assert not module.MEDIA_TYPES - {JSON, FORM}
    assert callable(module.verify)
    assert callable(module.parse)
    assert callable(module.shaped)


def _signed_for(adapter: str, payload: dict[str, object]) -> tuple[Signed, str]:
    if adapter == "twilio":
        fields = {name: str(value) for name, value in payload.items()}
        return signed_twilio(TOKEN, URL, fields), TOKEN
    if adapter == "postmark":
        return basic_postmark("u:p", payload), "u:p"
    if adapter == "slack":
        return signed_slack("k", NOW, payload), "k"
    return signed_standard(SECRET, NOW, payload, event_id="msg_1"), SECRET


def _everything_wrong(adapter: str) -> list[Outcome]:
    wrong: list[dict[str, object]] = [
        {"type": CANARY, "text": {CANARY: CANARY}, "Headers": [CANARY]},
        {"type": "event_callback", "event": {"type": "message", "text": [CANARY]}},
        {"type": "patient_message.received", "timestamp": CANARY, "data": {"body": CANARY}},
        {"MessageID": [CANARY], "TranscriptionStatus": CANARY, "text": CANARY, "language": CANARY},
    ]
    source = a_source(adapter)
    outcomes = []
    for payload in wrong:
        signed, secret = _signed_for(adapter, payload)
        outcomes.append(an_outcome(signed, source, secret))
        outcomes.append(an_outcome(signed, source, "another"))
    return outcomes


@pytest.mark.parametrize("adapter", ADAPTERS)
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
    ]
)
PAYLOADS = st.dictionaries(KNOWN_KEYS, JSON_VALUES | st.dictionaries(KNOWN_KEYS, JSON_VALUES))


@settings(max_examples=60, deadline=None)
@given(adapter=st.sampled_from(ADAPTERS), payload=PAYLOADS)
def test_nothing_that_is_rightly_signed_is_refused_or_raises(
    adapter: str, payload: dict[str, object]
) -> None:
    signed, secret = _signed_for(adapter, payload)

    outcome = an_outcome(signed, a_source(adapter), secret)

    assert outcome.kind is not OutcomeKind.REFUSED
    json.dumps(outcome.body).encode()
    for arrival in outcome.arrivals:
        repr(arrival).encode()


@settings(max_examples=60, deadline=None)
@given(body=st.binary(), media_type=st.sampled_from([JSON, FORM, f"{FORM}; charset=x"]))
def test_no_bytes_of_a_browser_raise(body: bytes, media_type: str) -> None:
    outcome = receive(from_browser(body, media_type=media_type), a_browser_form(), (), NOW)

    assert outcome.status in {202, 422}


@settings(max_examples=60, deadline=None)
@given(
    adapter=st.sampled_from(ADAPTERS),
    headers=st.dictionaries(st.text(), st.text()),
    body=st.binary(),
)
def test_nothing_unsigned_is_believed(adapter: str, headers: dict[str, str], body: bytes) -> None:
    request = WebhookRequest(headers={"content-type": JSON, **headers}, body=body, url=URL)

    outcome = receive(request, a_source(adapter), (SECRET,), NOW)

    assert outcome.status in {401, 403, 415}
