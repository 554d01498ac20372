"""Twilio: whom we believe, by the published signature vectors, and what we answer."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops.senders.twilio import signed_twilio
from tests.unit.channels.builders import (
    FORM,
    JSON,
    NOW,
    TOKEN,
    URL,
    a_request,
    a_source,
    an_outcome,
)
from tests.unit.channels.twilio_callbacks import TEXT
from triagewire.channels.outcome import OutcomeKind
from triagewire.channels.receiving import receive
from triagewire.channels.request import WebhookRequest
from triagewire.channels.source import Source, source_from
from triagewire.channels.twilio import twilio_signature, verify
from triagewire.errors import RefusedError

SOURCE = a_source("twilio")
# From the sender's documentation and the test suite of its own library.
PUBLISHED_URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
PUBLISHED_BODY = (
    b"CallSid=CA1234567890ABCDE&Digits=1234&From=%2B14158675309&To=%2B18005551212"
    b"&Caller=%2B14158675309"
)
PUBLISHED_SIGNATURE = "RSOYDt4T1cUTdK1PDd93/VVr8B8="


def a_source_at(url: str) -> Source:
    return source_from({"site": "riverside", "name": "sms", "adapter": "twilio", "url": url})


def believe(url: str, body: bytes, signature: str, media_type: str = FORM) -> None:
    headers = {"content-type": media_type, "x-twilio-signature": signature}
    verify(WebhookRequest(headers=headers, body=body), a_source_at(url), (TOKEN,), NOW)


def test_the_published_vector_is_believed() -> None:
    believe(PUBLISHED_URL, PUBLISHED_BODY, PUBLISHED_SIGNATURE)


def test_repeated_parameters_are_signed_once_for_each_value() -> None:
    body = b"Sid=CA123&SidAccount=AC123&Digits=5678&Digits=1234&Digits=1234"

    believe(PUBLISHED_URL, body, "IK+Dwps556ElfBT0I3Rgjkr1wJU=")


@pytest.mark.parametrize(
    ("url", "signature"),
    [
        pytest.param(
            PUBLISHED_URL, "kvajT1Ptam85bY51eRf/AJRuM3w=", id="signed with the https port"
        ),
        pytest.param(
            PUBLISHED_URL.replace("https", "http"),
            "0ZXoZLH/DfblKGATFgpif+LLRf4=",
            id="signed with the http port",
        ),
        pytest.param(
            PUBLISHED_URL.replace(".com", ".com:1234"),
            PUBLISHED_SIGNATURE,
            id="signed without the configured port",
        ),
        pytest.param(
            PUBLISHED_URL.replace(".com", ".com:1234").replace("https", "http"),
            "Zmvh+3yNM1Phv2jhDCwEM3q5ebU=",
            id="signed with the configured port",
        ),
    ],
)
def test_the_port_may_be_signed_or_not(url: str, signature: str) -> None:
    believe(url, PUBLISHED_BODY, signature)


def test_a_json_body_is_believed_by_the_hash_in_its_url() -> None:
    body = b'{"property": "value", "boolean": true}'
    url = f"{PUBLISHED_URL}&bodySHA256={hashlib.sha256(body).hexdigest()}"

    believe(url, body, "a9nBmqA0ju/hNViExpshrM61xv4=", JSON)


def test_a_json_body_that_does_not_fit_its_hash_is_refused() -> None:
    url = f"{PUBLISHED_URL}&bodySHA256={'0' * 64}"
    signature = twilio_signature(TOKEN, url, []).decode()

    with pytest.raises(RefusedError, match="bodySHA256"):
        believe(url, b'{"property": "other"}', signature, JSON)


def test_a_signature_for_another_url_is_refused() -> None:
    with pytest.raises(RefusedError):
        believe("https://mycompany.com/other", PUBLISHED_BODY, PUBLISHED_SIGNATURE)


def test_bytes_that_are_no_utf_8_are_signed_as_they_came() -> None:
    signature = twilio_signature(TOKEN, PUBLISHED_URL, [("Body", "caf\udce9")]).decode()

    believe(PUBLISHED_URL, b"Body=caf%E9", signature)


@given(position=st.integers(min_value=0), flip=st.integers(min_value=1, max_value=255))
def test_no_body_with_another_meaning_is_believed(position: int, flip: int) -> None:
    body = bytearray(PUBLISHED_BODY)
    at = position % len(body)
    body[at] ^= flip
    # `+` and `%20`, or `%2b` and `%2B`, say the same: only the meaning is signed.
    if bytes(body).lower() == PUBLISHED_BODY.lower():
        return

    with pytest.raises(RefusedError):
        believe(PUBLISHED_URL, bytes(body), PUBLISHED_SIGNATURE)


@given(signature=st.text(), body=st.binary())
def test_malformed_requests_are_only_ever_a_refusal(signature: str, body: bytes) -> None:
    with pytest.raises(RefusedError) as refusal:
        believe(PUBLISHED_URL, body, signature)

    assert refusal.value.status == 401


def test_a_source_without_an_address_asks_the_sender_to_come_again() -> None:
    request = WebhookRequest(headers={"x-twilio-signature": "x"}, body=b"")

    with pytest.raises(RefusedError) as refusal:
        verify(request, a_source_at(""), (TOKEN,), NOW)

    assert refusal.value.status == 503


def test_a_json_event_is_kept_for_a_person_to_read() -> None:
    body = b'{"type": "com.twilio.example"}'
    url = f"{URL}?bodySHA256={hashlib.sha256(body).hexdigest()}"
    headers = {
        "content-type": JSON,
        "x-twilio-signature": twilio_signature(TOKEN, url, []).decode(),
    }
    request = WebhookRequest(url=url, headers=headers, body=body)

    outcome = receive(request, a_source("twilio"), (TOKEN,), NOW)

    assert (outcome.kind, outcome.status) == (OutcomeKind.QUARANTINED, 200)


def test_either_of_two_live_tokens_is_believed() -> None:
    request = a_request(signed_twilio("the new token", URL, TEXT))

    outcome = receive(request, SOURCE, (TOKEN, "the new token"), NOW)

    assert outcome.kind is OutcomeKind.ACCEPTED


def test_a_forged_message_is_refused() -> None:
    headers, body = signed_twilio("another token", URL, TEXT)

    assert an_outcome((headers, body), SOURCE, TOKEN).status == 401


def test_the_address_comes_from_the_request_when_the_source_has_none() -> None:
    request = a_request(signed_twilio(TOKEN, URL, TEXT))

    verify(request, a_source_at(""), (TOKEN,), NOW)
