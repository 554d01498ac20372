"""The EHR's integration engine: `patient_message.received`."""

from collections.abc import Mapping
from datetime import datetime

from ops.senders.letter import Letter, Post, Signed
from ops.senders.standard import new_secret, signed, signed_standard

__all__ = ["new_secret", "sample", "signed", "signed_epic"]


def sample(letter: Letter) -> Post:
    """A portal message of nobody: its record number is that of no patient."""
    payload = {
        "type": "patient_message.received",
        "timestamp": letter.now.isoformat(),
        "data": {
            "message_id": letter.event_id,
            "patient": {"mrn": "triagewire-test"},
            "sender": {"kind": "unknown"},
            "body": letter.text,
        },
    }
    return signed(letter, payload)


def signed_epic(
    secret: str, now: datetime, payload: Mapping[str, object], *, event_id: str
) -> Signed:
    """An EHR portal event, as an integration engine posts it."""
    return signed_standard(secret, now, payload, event_id=event_id)
