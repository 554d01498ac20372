"""Twilio: what becomes of voicemail recordings, their transcriptions and other calls."""

from datetime import UTC, datetime

import pytest

from tests.unit.channels.twilio_callbacks import RECORDING, VOICEMAIL, arrived, received
from triagewire.arrival import Channel, RequesterKind
from triagewire.channels.outcome import OutcomeKind


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


def test_a_stated_confidence_goes_with_the_words() -> None:
    assert arrived({**VOICEMAIL, "Confidence": "0.83"}).speech == 0.83


@pytest.mark.parametrize("stated", ["", "high", "83", "nan", "-1"])
def test_a_confidence_on_another_scale_is_none(stated: str) -> None:
    assert arrived({**VOICEMAIL, "Confidence": stated}).speech is None


def test_staff_can_hear_a_transcribed_voicemail() -> None:
    link = "https://api.twilio.example/2010-04-01/Accounts/AC01/Recordings/RE0123"

    (sound,) = arrived({**VOICEMAIL, "RecordingUrl": link}).attachments

    assert (sound.name, sound.media_type, sound.link) == ("voicemail", "audio/wav", link)


def test_a_recording_waits_for_its_transcription_under_the_same_thread() -> None:
    recording = arrived({**RECORDING, "RecordingSid": "RE0123", "RecordingDuration": "45"})
    words = arrived(VOICEMAIL)

    assert (recording.awaits, recording.text) == (True, "")
    assert not words.awaits
    assert recording.thread == words.thread == "RE0123"
    assert recording.event_id != words.event_id


def test_a_recording_says_how_long_it_is_when_it_was_made_and_where_it_is_heard() -> None:
    link = "https://api.twilio.example/2010-04-01/Accounts/AC01/Recordings/RE9"
    fields = {"RecordingUrl": link, "RecordingStartTime": "Mon, 23 Nov 2026 14:55:10 +0000"}

    arrival = arrived({**RECORDING, **fields, "RecordingDuration": "45"})

    assert arrival.attachments[0].name == "voicemail, 45 s"
    assert arrival.attachments[0].link == link
    assert arrival.occurred_at == datetime(2026, 11, 23, 14, 55, 10, tzinfo=UTC)


@pytest.mark.parametrize("stated", ["", "soon", "Mon, 99 Nov 2026", "0 0 0", "1,,,,", "-" * 500])
def test_an_odd_time_costs_no_recording(stated: str) -> None:
    assert arrived({**RECORDING, "RecordingStartTime": stated}).event_id == "RE9"


@pytest.mark.parametrize("seconds", ["1", "121", "", "soon"])
def test_a_recording_that_nobody_transcribes_waits_for_nothing(seconds: str) -> None:
    arrival = arrived({**RECORDING, "RecordingDuration": seconds})

    assert (arrival.event_id, arrival.awaits) == ("RE9", False)
    assert arrival.remarks == ("voicemail, no transcript",)


def test_a_source_without_transcriptions_takes_each_recording() -> None:
    fields = {**RECORDING, "RecordingDuration": "45"}

    arrival = arrived(fields, transcribed=False)

    assert (arrival.awaits, arrival.remarks) == (False, ("voicemail, no transcript",))


def test_a_failed_recording_is_still_somebody_s_call() -> None:
    assert arrived({**RECORDING, "RecordingStatus": "failed"}).thread == "RE9"


def test_a_caller_who_said_nothing_left_no_message() -> None:
    assert received({**RECORDING, "RecordingStatus": "absent"}).kind is OutcomeKind.IGNORED


def test_a_call_status_is_no_message() -> None:
    assert received({"CallSid": "CA1", "CallStatus": "ringing"}).kind is OutcomeKind.IGNORED


@pytest.mark.parametrize(
    "event", ["transcription-started", "transcription-content", "transcription-stopped"]
)
def test_the_live_transcription_of_a_call_is_no_message(event: str) -> None:
    fields = {"TranscriptionSid": "GT1", "TranscriptionEvent": event, "CallSid": "CA1"}

    assert received(fields).kind is OutcomeKind.IGNORED


def test_words_spoken_to_a_menu_are_kept_for_a_person_to_read() -> None:
    fields = {"CallSid": "CA1", "CallStatus": "in-progress", "SpeechResult": "my chest hurts"}

    assert received(fields).kind is OutcomeKind.QUARANTINED
