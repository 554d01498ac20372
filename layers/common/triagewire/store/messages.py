"""What was said on a ticket, in order; and the outgoing messages whose delivery is still to be
confirmed.
"""

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from triagewire.message import Delivery, Direction, Message
from triagewire.store.cipher import Place
from triagewire.store.codec import Item, read_number, read_text, stamp, text
from triagewire.store.sealed import read_sealed, sealed
from triagewire.store.table import Tables, Write, get_item, key, query
from triagewire.store.tickets import ticket_pk

PREFIX = "MSG#"
REPLIES = "reply#"
"""What the partitions of the timer index begin with in which outgoing messages wait."""
REPLY_SHARDS = 4
AT_ONCE = 8
"""So many tickets are read side by side: fewer than the client has connections."""


def message_sk(message: Message) -> str:
    """The sort key: by time, then by number within one instant."""
    return f"{PREFIX}{stamp(message.at)}#{message.number}"


def add_message(tables: Tables, message: Message, site: str) -> Write:
    """The write that adds a message of a site; the table's stream then hands it to score_route."""
    place = _place(message)
    item = {
        **key(place.pk, place.sk),
        "delivery": text(message.delivery.value),
        "document": sealed(tables, site, place, message),
        **_due(message),
    }
    put: Any = {
        "Put": {
            "TableName": tables.tickets,
            "Item": item,
            "ConditionExpression": "attribute_not_exists(pk)",
        }
    }
    return Write(put, _claims(message.ticket_id))


def is_message_of(ticket_id: str, write: Write) -> bool:
    """Whether a write adds a message of a ticket."""
    return write.claims == _claims(ticket_id)


def load_message(tables: Tables, pk: str, sk: str) -> Message | None:
    """One message by its key, with its present delivery state."""
    item = get_item(tables.client, tables.tickets, pk, sk)
    return None if item is None else message_from(tables, item)


def read_messages(tables: Tables, ticket_id: str) -> Iterator[Message]:
    """The messages of a ticket in the order they were said."""
    found = query(
        tables.client,
        TableName=tables.tickets,
        KeyConditionExpression="pk = :ticket AND begins_with(sk, :prefix)",
        ExpressionAttributeValues={
            ":ticket": text(ticket_pk(ticket_id)),
            ":prefix": text(PREFIX),
        },
        ConsistentRead=True,
    )
    for item in found:
        yield message_from(tables, item)


def read_messages_of(tables: Tables, ticket_ids: Iterable[str]) -> Iterator[Message]:
    """The messages of several tickets, ticket by ticket. Of many they are read side by side: who
    writes a thousand times into one conversation must not keep its ticket from being opened.
    """
    ids = tuple(ticket_ids)
    if len(ids) <= AT_ONCE:
        for each in ids:
            yield from read_messages(tables, each)
        return
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415  few tickets are so long

    with ThreadPoolExecutor(AT_ONCE) as readers:
        for found in readers.map(lambda each: tuple(read_messages(tables, each)), ids):
            yield from found


def first_said(tables: Tables, ticket_id: str) -> Message:
    """What the requester said first; it is written together with the ticket."""
    said = read_messages(tables, ticket_id)
    return next(each for each in said if each.direction is Direction.INBOUND)


def delivered(tables: Tables, message: Message, delivery: Delivery, why: str = "") -> Write:
    """The write that records how a pending outgoing message ended, and the code of what kept it
    from leaving; it holds only while that is open.
    """
    update: Any = {
        "Update": {
            "TableName": tables.tickets,
            "Key": key(ticket_pk(message.ticket_id), message_sk(message)),
            "UpdateExpression": "SET delivery = :ended, why = :why REMOVE timer_shard, timer_due",
            "ConditionExpression": "delivery = :pending",
            "ExpressionAttributeValues": {
                ":ended": text(delivery.value),
                ":why": text(why),
                ":pending": text(Delivery.PENDING.value),
            },
        }
    }
    return Write(update, f"delivery of a message of {message.ticket_id}")


def remark(tables: Tables, message: Message, site: str, remarks: tuple[str, ...]) -> Write:
    """The write that adds remarks to a message, for staff who read it."""
    return rewritten(tables, replace(message, remarks=(*message.remarks, *remarks)), site)


def rewritten(tables: Tables, message: Message, site: str) -> Write:
    """The write that stores what became known of a message after it came; its delivery stays."""
    place = _place(message)
    update: Any = {
        "Update": {
            "TableName": tables.tickets,
            "Key": key(place.pk, place.sk),
            "UpdateExpression": "SET document = :document",
            "ConditionExpression": "attribute_exists(pk)",
            "ExpressionAttributeValues": {":document": sealed(tables, site, place, message)},
        }
    }
    return Write(update, f"contents of a message of {message.ticket_id}")


def _place(message: Message) -> Place:
    return Place(ticket_pk(message.ticket_id), message_sk(message), "document")


def _claims(ticket_id: str) -> str:
    return f"message of {ticket_id}"


def message_from(tables: Tables, item: Item) -> Message:
    """A message with what its item says of its delivery."""
    begun = read_text(item, "begun")
    stored = read_sealed(tables, item, "document", Message)
    return replace(
        stored,
        delivery=Delivery(item["delivery"]["S"]),
        tries=read_number(item, "tries"),
        why=read_text(item, "why"),
        send_at=datetime.fromisoformat(begun) if begun else stored.send_at,
    )


def reply_shard(message: Message) -> str:
    """The partition of the timer index in which an outgoing message waits to be sent."""
    place = f"{message.ticket_id}{message_sk(message)}"
    return f"{REPLIES}{zlib.crc32(place.encode()) % REPLY_SHARDS}"


def _due(message: Message) -> dict[str, Any]:
    """Since when an outgoing message waits to be sent: a queue may lose it, the table does not."""
    if message.delivery is not Delivery.PENDING:
        return {}
    due = text(stamp(message.send_at or message.at))
    return {"timer_shard": text(reply_shard(message)), "timer_due": due}
