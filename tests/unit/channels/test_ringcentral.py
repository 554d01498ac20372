"""RingCentral: the handshake, and what becomes of each event."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from ops.senders.ringcentral import SMS_FILTER, with_token
from tests.unit.channels.builders import NOW, SECRET, a_request, a_source, an_outcome, the_arrival
from triagewire.arrival import Arrival, Channel, RequesterKind
from triagewire.channels.outcome import Outcome, OutcomeKind
from triagewire.channels.receiving import receive

SOURCE = a_source("ringcentral")
VOICEMAIL_FILTER = "/restapi/v1.0/account/4000001/extension/4000002/voicemail"
STORED = "https://platform.ringcentral.example/restapi/v1.0/account/4/extension/4/message-store/402"
# The members and their order are those of RingCentral's own samples.
VOICEMAIL = {
    "id": "402406984008",
    "to": [{"name": "Front Desk"}],
    "from": {"phoneNumber": "+14155550123", "name": "Dana Whitfield"},
    "type": "VoiceMail",
    "creationTime": "2026-11-23T14:55:10.000Z",
    "readStatus": "Unread",
    "priority": "Normal",
    "attachments": [
        {
            "id": "402406984008",
            "uri": f"{STORED}/content/402",
            "type": "AudioRecording",
            "contentType": "audio/x-wav",
            "vmDuration": 25,
        }
    ],
    "direction": "Inbound",
    "availability": "Alive",
    "messageStatus": "Received",
    "lastModifiedTime": "2026-11-23T14:55:10.531Z",
    "vmTranscriptionStatus": "Completed",
}
SMS = {
    "id": "402406984009",
    "to": [{"phoneNumber": "+14155550100", "name": "Front Desk", "target": True}],
    "from": {"phoneNumber": "(415) 555-0123", "location": "Riverside, CA"},
    "type": "SMS",
    "creationTime": "2026-11-23T14:55:10.000-05:00",
    "attachments": [{"id": "1", "type": "Text", "contentType": "text/plain", "uri": STORED}],
    "direction": "Inbound",
    "availability": "Alive",
    "subject": "Running a fever of 103 since last night",
    "messageStatus": "Received",
    "conversation": {"uri": STORED, "id": "7716258"},
}


def an_event(body: object, *, event: str = VOICEMAIL_FILTER, **fields: object) -> dict[str, object]:
    return {
        "uuid": "9112492327834105632",
        "event": event,
        "timestamp": "2026-11-23T14:55:11.111Z",
        "subscriptionId": "8d1f0a2e",
        "ownerId": "4000002",
        "body": body,
        **fields,
    }


def received(body: object, **fields: Any) -> Outcome:  # noqa: ANN401  any JSON
    event = an_event(body, **fields)
    return an_outcome(with_token(SECRET, event), SOURCE)


def arrived(body: object, **fields: Any) -> Arrival:  # noqa: ANN401  any JSON
    return the_arrival(received(body, **fields))


def shaken(token: str, body: bytes = b"", media_type: str = "") -> Outcome:
    request = a_request(({"Validation-Token": token, "Content-Type": media_type}, body))
    return receive(request, SOURCE, (SECRET,), NOW)


def test_a_handshake_hears_its_own_token_and_makes_no_ticket() -> None:
    outcome = shaken("d7b5d8f1-4f0d-4e8e-9d1c-0a2f6a2b7c11")

    assert (outcome.kind, outcome.status, outcome.body) == (OutcomeKind.IGNORED, 200, "")
    assert outcome.headers == {"validation-token": "d7b5d8f1-4f0d-4e8e-9d1c-0a2f6a2b7c11"}
    assert not outcome.ticket_ids


@pytest.mark.parametrize("media_type", ["application/json", "text/plain", ""])
def test_a_handshake_may_come_in_any_form_for_it_has_no_body(media_type: str) -> None:
    assert shaken("abc", media_type=media_type).status == 200


@pytest.mark.parametrize("token", ["a\r\nSet-Cookie: b=c", "töken", "a b", "x" * 257, "\x00"])
def test_a_token_that_would_not_fit_into_one_header_is_not_echoed(token: str) -> None:
    outcome = shaken(token)

    assert (outcome.status, token in str(outcome.headers)) == (401, False)


def test_a_handshake_with_a_body_is_an_event_that_must_prove_itself() -> None:
    body = json.dumps(an_event(VOICEMAIL)).encode()

    assert shaken("abc", body, "application/json").status == 401


@pytest.mark.parametrize("token", ["", "another", SECRET[:-1], f"{SECRET} ", "tökén"])
def test_an_event_without_the_token_of_its_subscription_is_refused(token: str) -> None:
    headers, body = with_token(SECRET, an_event(SMS))

    outcome = an_outcome(({**headers, "Verification-Token": token}, body), SOURCE)

    assert (outcome.kind, outcome.status) == (OutcomeKind.REFUSED, 401)


def test_either_of_two_live_tokens_is_believed() -> None:
    request = a_request(with_token("the new token", an_event(SMS, event=SMS_FILTER)))

    assert receive(request, SOURCE, (SECRET, "the new token"), NOW).status == 200


def test_a_voicemail_arrives_without_words_and_says_where_they_are() -> None:
    arrival = arrived(VOICEMAIL)

    assert (arrival.channel, arrival.text, arrival.awaits) == (Channel.PHONE, "", False)
    assert arrival.event_id == "9112492327834105632"
    assert arrival.pointer == "RingCentral"
    assert arrival.remarks == (
        "voicemail, transcript must be read or heard in RingCentral",
        "the transcript is ready",
    )


def test_a_voicemail_says_who_called_when_and_how_long() -> None:
    arrival = arrived(VOICEMAIL)

    assert (arrival.requester.name, arrival.requester.phone) == ("Dana Whitfield", "+14155550123")
    assert arrival.requester.kind is RequesterKind.PATIENT
    assert arrival.occurred_at == datetime(2026, 11, 23, 14, 55, 10, tzinfo=UTC)
    (sound,) = arrival.attachments
    assert (sound.name, sound.media_type) == ("voicemail, 25 s", "audio/x-wav")
    assert sound.link == f"{STORED}/content/402"


def test_the_address_of_a_stored_message_is_where_its_text_must_be_read() -> None:
    assert arrived({**VOICEMAIL, "uri": STORED}).pointer == STORED


def test_the_filter_for_the_whole_message_store_gives_voicemail_too() -> None:
    event = "/restapi/v1.0/account/~/extension/~/message-store"

    assert arrived(VOICEMAIL, event=event).channel is Channel.PHONE


@pytest.mark.parametrize(
    "status", ["NotAvailable", "InProgress", "TimedOut", "CompletedPartially", "Failed"]
)
def test_the_state_of_the_transcript_is_told(status: str) -> None:
    assert len(arrived({**VOICEMAIL, "vmTranscriptionStatus": status}).remarks) == 2


def test_a_state_that_we_do_not_know_is_not_repeated() -> None:
    assert len(arrived({**VOICEMAIL, "vmTranscriptionStatus": "Zebulon"}).remarks) == 1


@pytest.mark.parametrize(
    "caller", [None, {}, {"phoneNumber": "anonymous"}, {"phoneNumber": None, "name": None}]
)
def test_a_hidden_caller_is_an_unknown_requester(caller: object) -> None:
    requester = arrived({**VOICEMAIL, "from": caller}).requester

    assert (requester.phone, requester.kind) == (None, RequesterKind.UNKNOWN)


def test_a_text_message_arrives_with_its_words() -> None:
    arrival = arrived(SMS, event=SMS_FILTER)

    assert (arrival.channel, arrival.text) == (Channel.SMS, SMS["subject"])
    assert arrival.requester.phone == "+14155550123"
    assert arrival.thread == "7716258"
    assert arrival.occurred_at == datetime(2026, 11, 23, 19, 55, 10, tzinfo=UTC)
    assert not arrival.attachments
    assert not arrival.subject


def test_a_picture_without_words_still_arrives() -> None:
    picture = {"type": "MmsAttachment", "contentType": "image/jpeg", "size": 81_234, "uri": STORED}

    arrival = arrived({**SMS, "subject": "", "attachments": [picture]}, event=SMS_FILTER)

    assert arrival.remarks == ("message without words",)
    (file,) = arrival.attachments
    assert (file.name, file.size_bytes, file.link) == ("media 1", 81_234, STORED)


@pytest.mark.parametrize("words", ["Me duele 😢", "\u202eabc", "nul\x00here", '"}{'])
def test_odd_words_arrive_as_they_were_written(words: str) -> None:
    assert arrived({**SMS, "subject": words}, event=SMS_FILTER).text == words


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({**SMS, "direction": "Outbound"}, id="sent by us"),
        pytest.param({**VOICEMAIL, "availability": "Deleted"}, id="deleted"),
        pytest.param({**SMS, "type": "Fax"}, id="a fax"),
        pytest.param({**SMS, "type": "Pager"}, id="between colleagues"),
        pytest.param({"changes": [{"type": "SMS", "newCount": 1}]}, id="only counted"),
    ],
)
def test_what_is_no_message_of_a_requester_is_ignored(body: object) -> None:
    outcome = received(body, event=SMS_FILTER)

    assert (outcome.kind, outcome.status) == (OutcomeKind.IGNORED, 200)


@pytest.mark.parametrize(
    "event",
    [
        "/restapi/v1.0/account/~/extension/~/presence?detailedTelephonyState=true",
        "/restapi/v1.0/subscription/~?threshold=60&interval=15",
    ],
)
def test_an_event_of_another_kind_is_ignored(event: str) -> None:
    assert received({"telephonyStatus": "Ringing"}, event=event).kind is OutcomeKind.IGNORED


@pytest.mark.parametrize(
    ("body", "fields", "reason"),
    [
        (SMS, {"uuid": None}, "uuid: is missing"),
        (SMS, {"event": None}, "event: is missing"),
        ({**SMS, "type": "Telegram"}, {}, "body.type: must be VoiceMail or SMS"),
        ({**SMS, "type": None}, {}, "body.type: is missing"),
        ({**SMS, "subject": ["x"]}, {}, "body.subject: must be text"),
        ([], {}, "body: must be an object"),
    ],
)
def test_what_cannot_be_read_goes_to_quarantine(
    body: object, fields: dict[str, object], reason: str
) -> None:
    outcome = received(body, **fields)

    assert (outcome.kind, outcome.status) == (OutcomeKind.QUARANTINED, 200)
    assert outcome.reason == reason


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b'{"uuid": "1", "uuid": "2"}'])
def test_a_body_that_is_no_json_goes_to_quarantine(body: bytes) -> None:
    headers, _ = with_token(SECRET, {})

    assert an_outcome((headers, body), SOURCE).kind is OutcomeKind.QUARANTINED


@pytest.mark.parametrize("body", [SMS, {**SMS, "type": "Telegram"}, {**SMS, "type": "Fax"}])
def test_an_answer_leaves_the_1024_bytes_of_ringcentral_to_the_gateway(body: object) -> None:
    outcome = received(body, event=SMS_FILTER)

    assert (outcome.status, outcome.body, outcome.headers) == (200, "", {})


def test_a_ready_transcript_is_listed_as_one() -> None:
    text = {"id": "5", "uri": STORED, "type": "AudioTranscription", "contentType": "text/plain"}
    sound = {"id": "4", "uri": STORED, "type": "AudioRecording", "contentType": "audio/mpeg"}

    arrival = arrived({**VOICEMAIL, "attachments": [sound, text]})

    assert [each.name for each in arrival.attachments] == ["voicemail", "transcript"]


def test_what_the_caller_marked_urgent_is_told_to_staff() -> None:
    arrival = arrived({**VOICEMAIL, "type": "Voicemail", "priority": "High"})

    assert "the caller marked it urgent" in arrival.remarks


def test_a_colleague_of_an_extension_has_no_number() -> None:
    arrival = arrived({**VOICEMAIL, "from": {"extensionNumber": "101", "name": "Front Desk"}})

    assert (arrival.requester.kind, arrival.requester.phone) == (RequesterKind.UNKNOWN, None)
    assert "from extension 101" in arrival.remarks
