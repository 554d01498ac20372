"""What was said on a ticket, in order; and the outgoing messages whose delivery is still to be
confirmed.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from triagewire.message import Delivery, Direction, Message
from triagewire.store.codec import Item, blob, read_blob, stamp, text
from triagewire.store.table import Tables, Write, get_item, key, query
from triagewire.store.tickets import ticket_pk

PREFIX = "MSG#"


def message_sk(message: Message) -> str:
    """The sort key: by time, then by number within one instant."""
    return f"{PREFIX}{stamp(message.at)}#{message.number}"


def add_message(tables: Tables, message: Message) -> Write:
    """The write that adds a message; the table's stream then hands it to score_route."""
    item = {
        **key(ticket_pk(message.ticket_id), message_sk(message)),
        "delivery": text(message.delivery.value),
        "document": blob(message),
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
    return None if item is None else _message(item)


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
        yield _message(item)


def first_said(tables: Tables, ticket_id: str) -> Message:
    """What the requester said first; it is written together with the ticket."""
    said = read_messages(tables, ticket_id)
    return next(each for each in said if each.direction is Direction.INBOUND)


def delivered(tables: Tables, message: Message, delivery: Delivery) -> Write:
    """The write that records how a pending outgoing message ended; it holds only while that is
    open.
    """
    update: Any = {
        "Update": {
            "TableName": tables.tickets,
            "Key": key(ticket_pk(message.ticket_id), message_sk(message)),
            "UpdateExpression": "SET delivery = :ended",
            "ConditionExpression": "delivery = :pending",
            "ExpressionAttributeValues": {
                ":ended": text(delivery.value),
                ":pending": text(Delivery.PENDING.value),
            },
        }
    }
    return Write(update, f"delivery of a message of {message.ticket_id}")


def remark(tables: Tables, message: Message, remarks: tuple[str, ...]) -> Write:
    """The write that adds remarks to a message, for staff who read it."""
    return rewritten(tables, replace(message, remarks=(*message.remarks, *remarks)))


def rewritten(tables: Tables, message: Message) -> Write:
    """The write that stores what became known of a message after it came; its delivery stays."""
    update: Any = {
        "Update": {
            "TableName": tables.tickets,
            "Key": key(ticket_pk(message.ticket_id), message_sk(message)),
            "UpdateExpression": "SET document = :document",
            "ConditionExpression": "attribute_exists(pk)",
            "ExpressionAttributeValues": {":document": blob(message)},
        }
    }
    return Write(update, f"contents of a message of {message.ticket_id}")


def _claims(ticket_id: str) -> str:
    return f"message of {ticket_id}"


def _message(item: Item) -> Message:
    stored = read_blob(item, "document", Message)
    return replace(stored, delivery=Delivery(item["delivery"]["S"]))
