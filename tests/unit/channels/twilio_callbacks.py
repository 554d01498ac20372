"""Twilio's callbacks of synthetic people, and what intake makes of them."""

from ops.senders.twilio import signed_twilio
from tests.unit.channels.builders import TOKEN, URL, a_source, an_outcome, the_arrival
from triagewire.arrival import Arrival
from triagewire.channels.outcome import Outcome

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


def received(fields: dict[str, str], **options: object) -> Outcome:
    source = a_source("twilio", **options)
    return an_outcome(signed_twilio(TOKEN, URL, fields), source, TOKEN)


def arrived(fields: dict[str, str], **options: object) -> Arrival:
    return the_arrival(received(fields, **options))
