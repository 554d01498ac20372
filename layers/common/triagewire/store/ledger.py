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
from triagewire.ledger.lines import TEXTS, canonical, read_line
from triagewire.ledger.moments import exact
from triagewire.store.codec import (
    Item,
    blob,
    number,
    read_blob,
    read_number,
    read_text,
    stamp,
    text,
    unpack,
)
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


def stored_event(item: Item) -> Event:
    """The event of an item of the table. Raises InvalidFieldError for what `append` would not have
    written.
    """
    try:
        event = _event(item)
        whole = _put("", event)["Put"]["Item"]
    except (KeyError, ValueError, TypeError, zlib.error) as error:
        raise InvalidFieldError("item", f"is no ledger event ({type(error).__name__})") from None
    for name in whole.keys() | item.keys():
        if name != "detail" and whole.get(name) != item.get(name):
            raise InvalidFieldError(name, "is not as an event has it")
    return event


def stored_line(image: Mapping[str, Any]) -> str:
    """The line of an event by its image in the table's stream, where bytes are base64, also of one
    whose action a later version added. Raises InvalidFieldError for what is no event.
    """
    try:
        packed = base64.b64decode(image["detail"]["B"], validate=True)
        fields = {name: image[name]["S"] for name in TEXTS if name != "subject"}
        line = canonical(
            fields
            | {
                "subject": image["pk"]["S"],
                "at": exact(datetime.fromisoformat(fields["at"])),
                "sequence": int(image["sk"]["S"]),
                "policy_version": int(image["policy_version"]["N"]),
                "detail": unpack(packed, dict),
            }
        )
    except (KeyError, ValueError, TypeError, zlib.error) as error:
        raise InvalidFieldError("image", f"is no ledger event ({type(error).__name__})") from None
    read_line(line)
    return line


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
