"""Ledger events in their own table: appended with the change they record, read back in order, never
rewritten.
"""

import base64
import zlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from triagewire.errors import InvalidFieldError
from triagewire.ledger.event import Action, Detail, Event
from triagewire.store.codec import blob, number, read_blob, read_number, read_text, stamp, text
from triagewire.store.table import Tables, Write, key, query


def append(tables: Tables, events: Sequence[Event]) -> list[Write]:
    """The writes that append events. A put could overwrite, so each holds only where nothing stands
    yet.
    """
    return [Write(_put(tables.ledger, event), f"ledger of {event.subject}") for event in events]


def read_events(tables: Tables, subject: str, after: int = 0) -> Iterator[Event]:
    """The events of a subject in the order they were recorded, those `after` a sequence number."""
    found = query(
        tables.client,
        TableName=tables.ledger,
        KeyConditionExpression="pk = :subject AND sk > :after",
        ExpressionAttributeValues={":subject": text(subject), ":after": text(_place(after))},
        ConsistentRead=True,
    )
    for item in found:
        yield _event(item)


def stored_event(item: Mapping[str, Any]) -> Event:
    """The event of an item of the table, or of an image in its stream, where bytes are base64.

    Raises InvalidFieldError for what `append` would not have written.
    """
    try:
        detail = item["detail"]["B"]
        plain = detail if isinstance(detail, bytes) else base64.b64decode(detail, validate=True)
        event = _event({**item, "detail": {"B": plain}})
        whole = _put("", event)["Put"]["Item"]
    except (KeyError, ValueError, TypeError, zlib.error) as error:
        raise InvalidFieldError("item", f"is no ledger event ({type(error).__name__})") from None
    for name in whole.keys() | item.keys():
        if name != "detail" and whole.get(name) != item.get(name):
            raise InvalidFieldError(name, "is not as an event has it")
    return event


def _put(table: str, event: Event) -> Any:  # noqa: ANN401
    item = {
        **key(event.subject, _place(event.sequence)),
        "at": text(event.at.isoformat(timespec="microseconds")),
        "day": text(stamp(event.at)[:10]),
        "actor": text(event.actor),
        "action": text(event.action.value),
        "why": text(event.why),
        "detail": blob(dict(event.detail)),
        "policy_version": number(event.policy_version),
        "request_id": text(event.request_id),
        "previous": text(event.previous),
        "hash": text(event.hash),
    }
    return {
        "Put": {
            "TableName": table,
            "Item": item,
            "ConditionExpression": "attribute_not_exists(pk)",
        }
    }


def _event(item: Any) -> Event:  # noqa: ANN401
    detail: dict[str, Detail] = read_blob(item, "detail", dict)
    return Event(
        subject=read_text(item, "pk"),
        sequence=int(read_text(item, "sk")),
        at=datetime.fromisoformat(read_text(item, "at")),
        actor=read_text(item, "actor"),
        action=Action(read_text(item, "action")),
        why=read_text(item, "why"),
        detail=detail,
        policy_version=read_number(item, "policy_version"),
        request_id=read_text(item, "request_id"),
        previous=read_text(item, "previous"),
        hash=read_text(item, "hash"),
    )


def _place(sequence: int) -> str:
    return f"{sequence:08d}"
