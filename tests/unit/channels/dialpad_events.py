"""Dialpad's events of synthetic people, and what intake makes of them."""

from typing import Any

from ops.senders.dialpad import signed_dialpad
from tests.unit.channels.builders import SECRET, a_source, an_outcome, the_arrival
from triagewire.arrival import Arrival
from triagewire.channels.outcome import Outcome

LINK = "https://dialpad.example/v/0123456789"
# The members are those of Dialpad's own samples, with null and "FALSE" where it sends them.
VOICEMAIL: dict[str, object] = {
    "call_id": 5635304278851584,
    "state": "voicemail",
    "direction": "inbound",
    "external_number": "+14155550123",
    "internal_number": "+14155550100",
    "contact": {
        "id": 6051533200162816,
        "type": "local",
        "email": "Dana.Whitfield@mail.example",
        "phone": "+14155550123",
        "name": "Dana Whitfield",
    },
    "target": {"id": 1, "type": "office", "name": "Riverside", "phone": "+14155550100"},
    "entry_point_target": {},
    "is_transferred": "FALSE",
    "date_started": 1795445700000,
    "event_timestamp": 1795445710123,
    "voicemail_link": LINK,
    "voicemail_recording_id": None,
    "transcription_text": None,
    "recording_details": [],
}
WORDS = {
    "state": "transcription",
    "transcription_text": "Hi, my chest hurts since this morning.",
    "event_timestamp": 1795445760456,
}
SMS: dict[str, object] = {
    "id": 6095823680520192,
    "created_date": 1795445710000,
    "event_timestamp": 1795445710500,
    "direction": "inbound",
    "contact": {"id": 1, "name": "(415) 555-0123", "phone_number": "+14155550123"},
    "target": {"id": 2, "name": "Riverside", "phone_number": "(415) 555-0100", "type": "office"},
    "from_number": "+14155550123",
    "to_number": ["+14155550100"],
    "is_internal": False,
    "message_status": "pending",
    "message_delivery_result": None,
    "mms": False,
    "mms_url": None,
    "sender_id": None,
    "text": "Could you refill my inhaler?",
    "text_content": "Could you refill my inhaler?",
}


def received(event: Any) -> Outcome:  # noqa: ANN401  also what is no object
    made = signed_dialpad(SECRET, event)
    return an_outcome(made, a_source("dialpad"))


def arrived(event: Any) -> Arrival:  # noqa: ANN401
    return the_arrival(received(event))
