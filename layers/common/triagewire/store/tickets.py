"""Tickets in the table: the ticket itself, and the timer index that escalate reads."""

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from triagewire.errors import TimerMissingError
from triagewire.ledger.chain import extend
from triagewire.ledger.event import Entry, Stamp
from triagewire.store.cipher import Place
from triagewire.store.codec import Item, number, read_text, stamp, text
from triagewire.store.ledger import append
from triagewire.store.queues import queue_of, queue_rank
from triagewire.store.sealed import read_sealed, sealed
from triagewire.store.table import Tables, Write, get_item, key, query
from triagewire.ticket import Ticket, TimerKind

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

TICKET = "TICKET"
PAGES = "page#"
PURGES = "purge#"
"""The shards of what nobody waits for: a late purge holds up no page and silences no heartbeat."""
BATCH = 100
"""The most keys one BatchGetItem takes."""
PAGE = 500
"""How many due timers are read at once: more than one sweep gets done in a shard."""
SHARDS = 8
"""How many partitions share the timer index. A sweep reads them all; ample up to 100 tickets a
second.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A timer that the index shows as due."""

    ticket_id: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A ticket before and after a decision, and what the ledger says of it. `before` is None for a
    new ticket.
    """

    before: Ticket | None
    after: Ticket
    entries: tuple[Entry, ...]


def ticket_pk(ticket_id: str) -> str:
    """The partition of a ticket, its messages and its ledger."""
    return f"TICKET#{ticket_id}"


def changed(tables: Tables, change: Change, stamped: Stamp) -> tuple[Ticket, list[Write]]:
    """The ticket as it will be stored, with its ledger events: writes of one transaction, valid
    only together.

    The ticket's version is the number of its ledger events; the write holds only on the version it
    was decided from. Raises TimerMissingError for an open ticket without a timer: it would be
    forgotten.
    """
    if change.after.is_open and change.after.timer is None:
        raise TimerMissingError(f"ticket {change.after.id} is open and has no timer")
    base = change.before or change.after
    events = extend(ticket_pk(base.id), base.version, base.ledger_head, change.entries, stamped)
    after = replace(
        change.after,
        version=events[-1].sequence,
        ledger_head=events[-1].hash,
        policy_version=stamped.policy_version,
    )
    condition: dict[str, Any] = {"ConditionExpression": "attribute_not_exists(pk)"}
    if change.before is not None:
        condition = {
            "ConditionExpression": "version = :version",
            "ExpressionAttributeValues": {":version": number(change.before.version)},
        }
    put: Any = {"Put": {"TableName": tables.tickets, "Item": _item(tables, after), **condition}}
    writes = [Write(put, f"ticket {after.id}"), *append(tables, events)]
    return after, writes


def load_ticket(tables: Tables, ticket_id: str) -> Ticket | None:
    """A ticket as the latest write left it."""
    item = get_item(tables.client, tables.tickets, ticket_pk(ticket_id), TICKET)
    return None if item is None else read_sealed(tables, item, "document", Ticket)


def load_tickets(tables: Tables, ticket_ids: Sequence[str]) -> dict[str, Ticket]:
    """Several tickets by id, as the latest writes left them; ids that are not there are absent."""
    items = ticket_items(tables, ticket_ids)
    tickets = (read_sealed(tables, item, "document", Ticket) for item in items)
    return {ticket.id: ticket for ticket in tickets}


def ticket_items(tables: Tables, ticket_ids: Sequence[str]) -> Iterator[Item]:
    """The items of several tickets, as the latest writes left them, in no order."""
    for at in range(0, len(ticket_ids), BATCH):
        keys = [key(ticket_pk(each), TICKET) for each in ticket_ids[at : at + BATCH]]
        request: Any = {tables.tickets: {"Keys": keys, "ConsistentRead": True}}
        while request:
            answer = tables.client.batch_get_item(RequestItems=request)
            yield from answer["Responses"].get(tables.tickets, [])
            request = answer.get("UnprocessedKeys")


def due_timers(tables: Tables, shard: str, now: datetime, page: int = PAGE) -> Iterator[Due]:
    """The timers of one shard that are due at `now`, those first that have been for longest; read
    from the index by so many at once, as far as the caller looks.
    """
    for pk, at in due_in(tables, shard, now, Limit=page):
        yield Due(ticket_id=pk.removeprefix("TICKET#"), at=at)


def due_in(
    tables: Tables,
    shard: str,
    now: datetime,
    **arguments: Any,  # noqa: ANN401
) -> Iterator[tuple[str, datetime]]:
    """The partition keys of what the timer index shows as due in a shard, and since when."""
    found = query(
        tables.client,
        TableName=tables.tickets,
        IndexName="timer",
        KeyConditionExpression="timer_shard = :shard AND timer_due <= :now",
        ExpressionAttributeValues={":shard": text(shard), ":now": text(stamp(now))},
        **arguments,
    )
    for item in found:
        yield read_text(item, "pk"), datetime.fromisoformat(read_text(item, "timer_due"))


def timer_shards(*prefixes: str) -> Iterator[str]:
    """The partitions of the timer index: those of pages (`PAGES`) and those of all else (``), or
    both; those of purges (`PURGES`) only where they are named.
    """
    for prefix in prefixes or (PAGES, ""):
        yield from (f"{prefix}{number}" for number in range(SHARDS))


def timer_shard(ticket_id: str, kind: TimerKind) -> str:
    """The partition of the timer index in which a ticket's timer stands."""
    prefix = {TimerKind.PAGE: PAGES, TimerKind.PURGE: PURGES}.get(kind, "")
    return f"{prefix}{zlib.crc32(ticket_id.encode()) % SHARDS}"


def _item(tables: Tables, ticket: Ticket) -> dict[str, "AttributeValueTypeDef"]:
    """The stored form: the whole ticket, packed and sealed, and beside it only what keys, indexes
    and conditions need.
    """
    place = Place(ticket_pk(ticket.id), TICKET, "document")
    item: dict[str, AttributeValueTypeDef] = {
        **key(place.pk, place.sk),
        "version": number(ticket.version),
        "document": sealed(tables, ticket.site, place, ticket),
    }
    if ticket.timer is not None:
        item["timer_shard"] = text(timer_shard(ticket.id, ticket.timer.kind))
        item["timer_due"] = text(stamp(ticket.timer.at))
    if ticket.is_open:
        item["queue"] = text(queue_of(ticket.site, ticket.team))
        item["queue_rank"] = text(queue_rank(ticket))
        item["status"] = text(ticket.status.value)
        if ticket.assignee is not None:
            item["assignee"] = text(ticket.assignee)
    return item
