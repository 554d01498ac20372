"""Dialpad: what becomes of voicemail, text messages and other events."""

from datetime import UTC, datetime

import pytest

from tests.unit.channels.dialpad_events import LINK, SMS, VOICEMAIL, WORDS, arrived, received
from triagewire.arrival import Channel, FactKind, RequesterKind
from triagewire.channels.outcome import OutcomeKind


def test_a_voicemail_waits_for_its_words_under_the_same_thread() -> None:
    sound, words = arrived(VOICEMAIL), arrived({**VOICEMAIL, **WORDS})

    assert (sound.awaits, sound.text) == (True, "")
    assert (words.awaits, words.text) == (False, WORDS["transcription_text"])
    assert sound.thread == words.thread == "5635304278851584"
    assert sound.event_id == "5635304278851584:voicemail:1795445710123"
    assert words.event_id == "5635304278851584:transcription:1795445760456"


def test_a_voicemail_says_who_called_when_and_where_it_is_heard() -> None:
    arrival = arrived(VOICEMAIL)

    assert arrival.channel is Channel.PHONE
    assert arrival.requester.kind is RequesterKind.PATIENT
    assert (arrival.requester.name, arrival.requester.phone) == ("Dana Whitfield", "+14155550123")
    assert arrival.requester.email == "dana.whitfield@mail.example"
    assert arrival.occurred_at == datetime(2026, 11, 23, 14, 55, 10, 123_000, tzinfo=UTC)
    assert [each.link for each in arrival.attachments] == [LINK]


def test_a_stored_voicemail_with_words_waits_for_nothing() -> None:
    arrival = arrived({**VOICEMAIL, **WORDS, "state": "voicemail_uploaded"})

    assert (arrival.awaits, arrival.remarks) == (False, ())


def test_a_stored_voicemail_without_words_is_kept_and_waits() -> None:
    assert arrived({**VOICEMAIL, "state": "voicemail_uploaded"}).awaits


@pytest.mark.parametrize("text", [None, "", "  "])
def test_a_transcription_without_words_is_still_somebody_s_call(text: object) -> None:
    arrival = arrived({**VOICEMAIL, **WORDS, "transcription_text": text})

    assert (arrival.awaits, arrival.remarks) == (False, ("voicemail, no transcript",))


@pytest.mark.parametrize("number", ["blocked", "anonymous", "", None])
def test_a_hidden_caller_is_an_unknown_requester(number: object) -> None:
    event = {**VOICEMAIL, "external_number": number, "contact": {"name": "Blocked", "phone": ""}}

    requester = arrived(event).requester

    assert (requester.phone, requester.kind) == (None, RequesterKind.UNKNOWN)


@pytest.mark.parametrize("at", ["1795445710123", "soon", "9" * 40, -1])
def test_an_odd_time_costs_no_voicemail(at: object) -> None:
    assert arrived({**VOICEMAIL, "event_timestamp": at}).thread == "5635304278851584"


@pytest.mark.parametrize(
    "state", ["hangup", "ringing", "missed", "recording", "call_transcription"]
)
def test_another_state_of_a_call_is_ignored(state: str) -> None:
    outcome = received({**VOICEMAIL, "state": state})

    assert (outcome.kind, outcome.status) == (OutcomeKind.IGNORED, 200)


def test_a_voicemail_that_we_left_elsewhere_is_ignored() -> None:
    assert received({**VOICEMAIL, "direction": "outbound"}).kind is OutcomeKind.IGNORED


def test_a_text_message_arrives_with_its_words() -> None:
    arrival = arrived(SMS)

    assert (arrival.channel, arrival.text) == (Channel.SMS, SMS["text"])
    assert arrival.event_id == "sms:6095823680520192"
    assert arrival.requester.phone == "+14155550123"
    assert arrival.requester.name is None, "the number again is no name"
    assert arrival.occurred_at == datetime(2026, 11, 23, 14, 55, 10, tzinfo=UTC)


@pytest.mark.parametrize("words", ["Me duele 😢", "\u202eabc", "nul\x00here", '"}{'])
def test_odd_words_arrive_as_they_were_written(words: str) -> None:
    assert arrived({**SMS, "text": words}).text == words


def test_a_later_state_of_a_text_message_is_the_same_message() -> None:
    first = received(SMS)
    later = received({**SMS, "message_status": "success", "event_timestamp": 1795445719999})

    assert (first.ticket_ids, first.body) == (later.ticket_ids, later.body)


def test_a_text_that_dialpad_left_out_must_be_read_there() -> None:
    kept = {key: value for key, value in SMS.items() if not key.startswith("text")}

    arrival = arrived(kept)

    assert arrival.pointer == "Dialpad"
    assert arrival.remarks == ("the text was not sent and must be read in Dialpad",)


def test_a_picture_without_words_still_arrives() -> None:
    arrival = arrived({**SMS, "text": "", "text_content": "", "mms": True, "mms_url": LINK})

    assert arrival.remarks == ("message without words",)
    assert [each.link for each in arrival.attachments] == [LINK]


def test_what_became_of_our_own_text_message_is_a_fact() -> None:
    outcome = received({**SMS, "direction": "outbound", "message_status": "undelivered"})

    assert outcome.kind is OutcomeKind.IGNORED
    assert [(each.kind, each.state) for each in outcome.facts] == [
        (FactKind.DELIVERY, "undelivered")
    ]


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        ({"contact": {}}, "call_id: is missing, and so is from_number"),
        ({**VOICEMAIL, "state": None}, "state: is missing"),
        ({**VOICEMAIL, "event_timestamp": None}, "event_timestamp: is missing"),
        ({**SMS, "id": None}, "id: is missing"),
        ({**SMS, "contact": "Dana"}, "contact: must be an object"),
        ([SMS], "body: must be an object"),
    ],
)
def test_what_cannot_be_read_goes_to_quarantine_and_is_answered_with_200(
    event: object, reason: str
) -> None:
    outcome = received(event)

    assert (outcome.kind, outcome.status) == (OutcomeKind.QUARANTINED, 200)
    assert outcome.reason == reason
