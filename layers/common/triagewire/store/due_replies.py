"""Outgoing messages on their way: what is due, who sends it now, when it is tried again, and what a
site has not got through.

An item's `timer_due` says when it is due. Who sends it moves that time ahead first, and so keeps
all others away; if they die, it is due again.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from triagewire.message import Delivery, Message
from triagewire.replies.undelivered import State, Undelivered
from triagewire.store.codec import (
    blob,
    number,
    read_blob,
    read_number,
    read_text,
    stamp,
    text,
)
from triagewire.store.messages import (
    REPLIES,
    REPLY_SHARDS,
    message_from,
    message_sk,
    reply_shard,
)
from triagewire.store.table import Tables, Write, condition_failed, get_item, key, query
from triagewire.store.tickets import ticket_pk

KEPT = timedelta(days=30)
KEPT_SETTLED = timedelta(days=1)
MOST_LISTED = 200


@dataclass(frozen=True, slots=True)
class Pending:
    """An outgoing message as it is stored, and when it is due (`""`: it is not timed). Of the last
    `unsettled` tries nobody has said how they went: who tried may have died before, or after it
    left.
    """

    message: Message
    due: str
    unsettled: int = 0


def load_pending(tables: Tables, pk: str, sk: str) -> Pending | None:
    """A message and when it is due; None if there is none."""
    item = get_item(tables.client, tables.tickets, pk, sk)
    if item is None:
        return None
    unsettled = read_number(item, "unsettled")
    return Pending(message_from(tables, item), read_text(item, "timer_due"), unsettled)


def due_replies(tables: Tables, now: datetime) -> Iterator[tuple[str, str]]:
    """The keys of the messages that should have left by `now`, those first that wait longest."""
    for shard in range(REPLY_SHARDS):
        for item in query(
            tables.client,
            TableName=tables.tickets,
            IndexName="timer",
            KeyConditionExpression="timer_shard = :shard AND timer_due <= :now",
            ExpressionAttributeValues={
                ":shard": text(f"{REPLIES}{shard}"),
                ":now": text(stamp(now)),
            },
        ):
            yield read_text(item, "pk"), read_text(item, "sk")


def claim(tables: Tables, pending: Pending, until: datetime) -> bool:
    """Take a message to send it, so that nobody else does before `until`; False if somebody has
    taken it, or taken it back, meanwhile.
    """
    seen = "timer_due = :seen" if pending.due else "attribute_not_exists(timer_due)"
    values = {
        ":pending": text(Delivery.PENDING.value),
        ":shard": text(reply_shard(pending.message)),
        ":until": text(stamp(until)),
        ":one": number(1),
        **({":seen": text(pending.due)} if pending.due else {}),
    }
    try:
        tables.client.update_item(
            TableName=tables.tickets,
            Key=_key(pending.message),
            UpdateExpression="SET timer_shard = :shard, timer_due = :until"
            " ADD tries :one, unsettled :one",
            ConditionExpression=f"delivery = :pending AND {seen}",
            ExpressionAttributeValues=values,
        )
    except ClientError as error:
        if condition_failed(error):
            return False
        raise
    return True


def put_off(tables: Tables, message: Message, until: datetime, why: str) -> Write:
    """The write that lets a message wait for its next try, with the code of what went wrong."""
    return _update(
        message,
        tables,
        "SET timer_due = :until, why = :why REMOVE unsettled",
        "delivery = :pending",
        {
            ":until": text(stamp(until)),
            ":why": text(why),
            ":pending": text(Delivery.PENDING.value),
        },
    )


def withdrawn(tables: Tables, message: Message) -> Write:
    """The write that takes a message back; it holds only as long as nobody has tried to send it."""
    return _update(
        message,
        tables,
        "SET delivery = :withdrawn REMOVE timer_shard, timer_due",
        "delivery = :pending AND attribute_not_exists(tries)",
        {
            ":withdrawn": text(Delivery.WITHDRAWN.value),
            ":pending": text(Delivery.PENDING.value),
        },
    )


def came_back(tables: Tables, message: Message, why: str) -> Write:
    """The write that says that a message which had left did not arrive."""
    return _update(
        message,
        tables,
        "SET delivery = :failed, why = :why",
        "delivery = :sent",
        {
            ":failed": text(Delivery.FAILED.value),
            ":sent": text(Delivery.SENT.value),
            ":why": text(why),
        },
    )


def begun_again(tables: Tables, message: Message, now: datetime) -> Write:
    """The write that lets a failed message be sent as if it had been written now, under its old
    id.
    """
    return _update(
        message,
        tables,
        "SET delivery = :pending, begun = :now, timer_due = :now, timer_shard = :shard, why = :why"
        " REMOVE tries, unsettled",
        "delivery = :failed",
        {
            ":pending": text(Delivery.PENDING.value),
            ":failed": text(Delivery.FAILED.value),
            ":now": text(stamp(now)),
            ":shard": text(reply_shard(message)),
            ":why": text(message.why),
        },
    )


def noted(tables: Tables, undelivered: Undelivered) -> Write:
    """The write that lists what did not get through, or takes it off the list again."""
    settled = undelivered.state is State.SETTLED
    expires = undelivered.tried_at + (KEPT_SETTLED if settled else KEPT)
    item = {
        **key(
            _pk(undelivered.site),
            f"{stamp(undelivered.at)}#{undelivered.ticket_id}#{undelivered.sk}",
        ),
        "expires": number(int(expires.timestamp())),
        "document": blob(undelivered),
    }
    put: Any = {"Put": {"TableName": tables.tickets, "Item": item}}
    return Write(put, "list of what did not get through")


def undelivered(tables: Tables, site: str) -> list[Undelivered]:
    """What a site has not got through and is still to, or never will; what was written last first,
    at most `MOST_LISTED`.
    """
    found: list[Undelivered] = []
    for item in query(
        tables.client,
        TableName=tables.tickets,
        KeyConditionExpression="pk = :site",
        ExpressionAttributeValues={":site": text(_pk(site))},
        ScanIndexForward=False,
    ):
        each = read_blob(item, "document", Undelivered)
        if each.state is not State.SETTLED:
            found.append(each)
        if len(found) == MOST_LISTED:
            break
    return sorted(found, key=lambda each: each.at, reverse=True)


def _update(
    message: Message, tables: Tables, change: str, condition: str, values: dict[str, Any]
) -> Write:
    update: Any = {
        "Update": {
            "TableName": tables.tickets,
            "Key": _key(message),
            "UpdateExpression": change,
            "ConditionExpression": condition,
            "ExpressionAttributeValues": values,
        }
    }
    return Write(update, f"delivery of a message of {message.ticket_id}")


def _key(message: Message) -> dict[str, Any]:
    return key(ticket_pk(message.ticket_id), message_sk(message))


def _pk(site: str) -> str:
    return f"UNDELIVERED#{site}"
