"""Slack: a message of staff, and a slash command."""

import json
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlencode

from ops.senders.letter import FORM, JSON, Letter, Post, Signed, posted
from triagewire.channels.slack import slack_signature


def sample(letter: Letter) -> Post:
    """A slash command, which needs no workspace."""
    payload = {"command": "/help", "text": letter.text, "trigger_id": letter.event_id}
    made = signed_slack(letter.secret, letter.now, payload, command=True)
    return posted(letter, made)


def signed(letter: Letter, payload: Mapping[str, object]) -> Post:
    """Any event."""
    return posted(letter, signed_slack(letter.secret, letter.now, payload))


def signed_slack(
    secret: str, now: datetime, payload: Mapping[str, object], *, command: bool = False
) -> Signed:
    """A Slack event, or a slash command when `command` is set."""
    body = (urlencode(payload) if command else json.dumps(payload)).encode()
    seconds = str(int(now.timestamp()))
    return {
        "Content-Type": FORM if command else JSON,
        "X-Slack-Request-Timestamp": seconds,
        "X-Slack-Signature": slack_signature(secret, seconds, body).decode(),
    }, body
