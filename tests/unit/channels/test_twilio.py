"""Twilio: the published signature vectors, and what becomes of each callback."""

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
    the_arrival,
)
from triagewire.arrival import Arrival, Channel, RequesterKind
from triagewire.channels.outcome import Outcome, OutcomeKind
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
TEXT = {
    "MessageSid": "SM0123",
    "AccountSid": "AC01",
    "From": "+1 (415) 555-0123",
    "To": "+14155550100",
    "Body": "Running a fever of 103 since last night",
    "NumMedia": "0",
    "FromCity": "",
}
VOICEMAIL = {
    "TranscriptionSid": "TR0123",
    "TranscriptionStatus": "completed",
    "TranscriptionText": "Hi this is Sam please call me about my bill.",
    "RecordingSid": "RE0123",
    "CallSid": "CA0123",
    "From": "+14155550123",
}
RECORDING = {"RecordingSid": "RE9", "RecordingStatus": "completed", "CallSid": "CA9"}


def a_source_at(url: str) -> Source:
    return source_from({"site": "riverside", "name": "sms", "adapter": "twilio", "url": url})


def believe(url: str, body: bytes, signature: str, media_type: str = FORM) -> None:
    headers = {"content-type": media_type, "x-twilio-signature": signature}
    verify(WebhookRequest(headers=headers, body=body), a_source_at(url), (TOKEN,), NOW)


def received(fields: dict[str, str], **options: object) -> Outcome:
    source = a_source("twilio", **options)
    return an_outcome(signed_twilio(TOKEN, URL, fields), source, TOKEN)


def arrived(fields: dict[str, str], **options: object) -> Arrival:
    return the_arrival(received(fields, **options))


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


def test_a_text_message_arrives_with_its_words() -> None:
    arrival = arrived(TEXT)

    assert (arrival.text, arrival.event_id) == (TEXT["Body"], "SM0123")
    assert arrival.channel is Channel.SMS
    assert arrival.requester.phone == "+14155550123"
    assert arrival.requester.kind is RequesterKind.PATIENT


def test_a_text_message_is_answered_with_empty_twiml() -> None:
    outcome = received(TEXT)

    assert outcome.status == 200
    assert outcome.body.endswith("<Response/>")
    assert outcome.headers["content-type"] == "text/xml"


def test_a_picture_without_words_still_arrives() -> None:
    arrival = arrived({**TEXT, "Body": "", "NumMedia": "1", "MediaContentType0": "image/jpeg"})

    assert arrival.text == ""
    assert arrival.attachments[0].media_type == "image/jpeg"
    assert arrival.remarks == ("message without words",)


@pytest.mark.parametrize("word", ["STOP", " stop ", "Unsubscribe", "START"])
def test_a_command_to_the_network_is_no_message(word: str) -> None:
    assert received({**TEXT, "Body": word}).kind is OutcomeKind.IGNORED


def test_the_word_help_arrives_because_a_patient_may_mean_it() -> None:
    assert arrived({**TEXT, "Body": "HELP"}).text == "HELP"


def test_a_delivery_report_is_no_message_and_gets_an_empty_answer() -> None:
    outcome = received(
        {"MessageSid": "SM1", "MessageStatus": "delivered", "SmsStatus": "delivered"}
    )

    assert (outcome.kind, outcome.status, outcome.body) == (OutcomeKind.IGNORED, 204, "")


def test_a_transcribed_voicemail_arrives_with_its_words() -> None:
    arrival = arrived(VOICEMAIL)

    assert arrival.text == VOICEMAIL["TranscriptionText"]
    assert (arrival.channel, arrival.event_id) == (Channel.PHONE, "TR0123")
    assert arrival.thread == "RE0123"


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"TranscriptionText": ""}, id="nothing was understood"),
        pytest.param({"TranscriptionStatus": "failed"}, id="the recogniser failed"),
    ],
)
def test_a_voicemail_without_a_transcript_still_arrives(change: dict[str, str]) -> None:
    assert arrived({**VOICEMAIL, **change}).remarks == ("voicemail, no transcript",)


@pytest.mark.parametrize("caller", ["", "anonymous", "+266696687", "+7378742833", "Restricted"])
def test_a_hidden_caller_is_an_unknown_requester(caller: str) -> None:
    requester = arrived({**VOICEMAIL, "From": caller}).requester

    assert (requester.phone, requester.kind) == (None, RequesterKind.UNKNOWN)


def test_a_recording_whose_transcription_follows_makes_no_second_ticket() -> None:
    assert received({**RECORDING, "RecordingDuration": "45"}).kind is OutcomeKind.IGNORED


@pytest.mark.parametrize("seconds", ["1", "121", "", "soon"])
def test_a_recording_that_nobody_transcribes_arrives(seconds: str) -> None:
    assert arrived({**RECORDING, "RecordingDuration": seconds}).event_id == "RE9"


def test_a_source_without_transcriptions_takes_each_recording() -> None:
    fields = {**RECORDING, "RecordingDuration": "45"}

    assert arrived(fields, transcribed=False).remarks == ("voicemail, no transcript",)


def test_a_failed_recording_is_still_somebody_s_call() -> None:
    assert arrived({**RECORDING, "RecordingStatus": "failed"}).thread == "RE9"


def test_a_caller_who_said_nothing_left_no_message() -> None:
    assert received({**RECORDING, "RecordingStatus": "absent"}).kind is OutcomeKind.IGNORED


def test_a_call_status_is_no_message() -> None:
    assert received({"CallSid": "CA1", "CallStatus": "ringing"}).kind is OutcomeKind.IGNORED


def test_a_message_without_its_id_goes_to_quarantine() -> None:
    outcome = received({"From": "+14155550123", "Body": "hello"})

    assert outcome.kind is OutcomeKind.QUARANTINED
    assert outcome.reason == "MessageSid: is missing"


def test_a_forged_message_is_refused() -> None:
    headers, body = signed_twilio("another token", URL, TEXT)

    assert an_outcome((headers, body), SOURCE, TOKEN).status == 401


def test_the_address_comes_from_the_request_when_the_source_has_none() -> None:
    request = a_request(signed_twilio(TOKEN, URL, TEXT))

    verify(request, a_source_at(""), (TOKEN,), NOW)
