"""Requests that a program may settle, put on the deployment's own event bus.

`docs/automation.md` is the contract.
"""

import json
from typing import Any

from triagewire import aws
from triagewire.errors import UndeliverableError
from triagewire.message import Message
from triagewire.observability import logger
from triagewire.replies.automation import CallbackLink, callback_token
from triagewire.secrets import link_key
from triagewire.settings import settings

SOURCE = "triagewire"
DETAIL_TYPE = "Request made"


def announce(message: Message) -> None:
    """Put a queued request on the bus, with the address by which a program says how it went: the
    same event at each try, so who has seen its ticket and `callback` has seen it.

    In debug mode nothing leaves. Raises UndeliverableError where there is no bus, and RuntimeError
    for an event that the bus did not take.
    """
    names = settings()
    if not names.notify_people:
        logger.info("not told: debug mode", kind="automation", ticket_id=message.ticket_id)
        return
    if not names.automation_bus or not names.link_url:
        raise UndeliverableError("there is no bus for programs", "no_bus")
    entry: Any = {
        "Time": message.at,
        "Source": SOURCE,
        "DetailType": DETAIL_TYPE,
        "Detail": json.dumps(detail_of(message, link_key().get(), names.link_url)),
        "EventBusName": names.automation_bus,
    }
    answer = aws.events().put_events(Entries=[entry])
    if answer["FailedEntryCount"]:
        # Its code only: the message may repeat what was sent.
        code = answer["Entries"][0].get("ErrorCode", "unknown")
        raise RuntimeError(f"the bus did not take the event: {code}")


def detail_of(message: Message, key: bytes, link_url: str) -> dict[str, Any]:
    """What a queued request says, with its callback."""
    said: dict[str, Any] = json.loads(message.text)
    link = CallbackLink(
        ticket_id=message.ticket_id, requested_at=message.at, type=str(said["type"])
    )
    base = link_url.rstrip("/")
    return {**said, "callback": f"{base}/automation/{callback_token(key, link)}"}
