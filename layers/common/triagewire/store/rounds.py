"""Rounds through all open tickets, a stretch at a time: what the indexes show of each, and how far
the round has come.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from triagewire.store.codec import Item, read_text, stamp, text
from triagewire.store.sealed import read_sealed
from triagewire.store.table import Tables, get_item, key
from triagewire.store.tickets import ticket_items, timer_shard
from triagewire.ticket import Ticket

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import QueryInputTypeDef

ROUND = "ROUND"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Place:
    """How far a round has come: the queue it is in, and the rank of the last entry it saw there.
    Empty at the beginning of a round.
    """

    queue: str = ""
    rank: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """An open ticket as the queue's index shows it; `timer_at` is None where it shows no timer."""

    ticket_id: str
    rank: str
    timer_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A ticket as it is stored; `indexed` says whether the timer index has it where it belongs."""

    ticket: Ticket
    indexed: bool


def read_place(tables: Tables) -> Place:
    """How far the round has come."""
    item = get_item(tables.client, tables.tickets, ROUND, ROUND)
    return (
        Place(queue=read_text(item, "in_queue"), rank=read_text(item, "rank")) if item else Place()
    )


def write_place(tables: Tables, place: Place) -> None:
    """Note how far the round has come. Of two rounds at once the last one counts: both saw what
    they passed.
    """
    item = {**key(ROUND, ROUND), "in_queue": text(place.queue), "rank": text(place.rank)}
    tables.client.put_item(TableName=tables.tickets, Item=item)


def listed(tables: Tables, place: Place, most: int) -> tuple[list[Listed], bool]:
    """At most so many entries of a queue after a place in it, and whether there are none beyond."""
    arguments: QueryInputTypeDef = {
        "TableName": tables.tickets,
        "IndexName": "queue",
        "KeyConditionExpression": "queue = :queue AND queue_rank > :rank",
        "ExpressionAttributeValues": {
            ":queue": text(place.queue),
            ":rank": text(place.rank or " "),
        },
        "Limit": most,
    }
    answer = tables.client.query(**arguments)
    entries = [_entry(item) for item in answer["Items"]]
    return entries, len(entries) < most and "LastEvaluatedKey" not in answer


def load_stored(tables: Tables, ticket_ids: Sequence[str]) -> list[Stored]:
    """Tickets as the latest writes left them, each with what the timer index is given of it."""
    return [_stored(tables, item) for item in ticket_items(tables, ticket_ids)]


def _entry(item: Item) -> Listed:
    at = read_text(item, "timer_due")
    return Listed(
        ticket_id=read_text(item, "pk").removeprefix("TICKET#"),
        rank=read_text(item, "queue_rank"),
        timer_at=datetime.fromisoformat(at) if at else None,
    )


def _stored(tables: Tables, item: Item) -> Stored:
    ticket = read_sealed(tables, item, "document", Ticket)
    wanted = ("", "")
    if ticket.timer is not None:
        wanted = timer_shard(ticket.id, ticket.timer.kind), stamp(ticket.timer.at)
    known = read_text(item, "timer_shard"), read_text(item, "timer_due")
    return Stored(ticket=ticket, indexed=known == wanted)
