"""RingCentral: a text message to an extension."""

import json
from collections.abc import Mapping

from ops.senders.letter import JSON, Letter, Post, Signed, new_token, posted

new_secret = new_token

SMS_FILTER = "/restapi/v1.0/account/1/extension/2/message-store/instant?type=SMS"


def sample(letter: Letter) -> Post:
    """A text message from a hidden number."""
    return signed(
        letter,
        {
            "uuid": letter.event_id,
            "event": SMS_FILTER,
            "body": {"id": "1", "type": "SMS", "direction": "Inbound", "subject": letter.text},
        },
    )


def signed(letter: Letter, payload: Mapping[str, object]) -> Post:
    """Any event."""
    return posted(letter, with_token(letter.secret, payload))


def with_token(secret: str, payload: Mapping[str, object]) -> Signed:
    """An event as the subscription with this verification token sends it."""
    headers = {"Content-Type": JSON, "Verification-Token": secret}
    return headers, json.dumps(payload).encode()
