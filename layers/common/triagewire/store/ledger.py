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
from triagewire.ledger.lines import TEXTS, canonical, check_detail, read_line
from triagewire.ledger.moments import exact, read_exact
from triagewire.store.codec import (
    Item,
    blob,
    number,
    read_number,
    read_text,
    stamp,
    text,
    unpack,
)
from triagewire.store.table import Tables, Write, key, query

MOST_DETAIL = 1_000_000
"""Bytes of a detail when it is unpacked. Ours have some hundred; a few packed kilobytes that become
a gigabyte would end the function that copies the ledger, and with it the copies.
"""
_NO_EVENT = (
    KeyError,
    ValueError,
    TypeError,
    OverflowError,
    RecursionError,
    zlib.error,
)
"""What reading raises of an item that somebody else wrote. Whatever it holds, it may stop neither
the copies nor a verification.
"""


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
    except _NO_EVENT as error:
        raise InvalidFieldError("item", f"is no ledger event ({type(error).__name__})") from None
    for name in whole.keys() | item.keys():
        if name != "detail" and whole.get(name) != item.get(name):
            raise InvalidFieldError(name, "is not as an event has it")
    check_detail(event.detail)
    return event


def stored_line(image: Mapping[str, Any]) -> str:
    """The line of an event by its image in the table's stream, where bytes are base64, also of one
    whose action a later version added. Raises InvalidFieldError for what is no event.
    """
    try:
        packed = base64.b64decode(image["detail"]["B"], validate=True)
        fields = {name: image[name]["S"] for name in TEXTS if name != "subject"}
        sequence = int(image["sk"]["S"])
        line = canonical(
            fields
            | {
                "subject": image["pk"]["S"],
                "at": exact(read_exact(fields["at"])),
                "sequence": sequence,
                "policy_version": int(image["policy_version"]["N"]),
                "detail": unpack(packed, dict, MOST_DETAIL),
            }
        )
        if image["sk"]["S"] != _place(sequence):
            raise ValueError("not a place of an event")
    except _NO_EVENT as error:
        raise InvalidFieldError("image", f"is no ledger event ({type(error).__name__})") from None
    read_line(line)
    return line


def _put(table: str, event: Event) -> Any:  # noqa: ANN401
    item = {
        **key(event.subject, _place(event.sequence)),
        "at": text(exact(event.at)),
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
    detail: dict[str, Detail] = unpack(item["detail"]["B"], dict, MOST_DETAIL)
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
