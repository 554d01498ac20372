"""Ledgers of what is no ticket: an item of the ticket table holds how many events its subject has
and the hash of the last one. The item and its events are written together, or neither is.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from triagewire.ledger.chain import extend
from triagewire.ledger.event import Entry, Stamp
from triagewire.store.codec import number, read_number, read_text, text
from triagewire.store.ledger import append
from triagewire.store.table import Tables, Write, get_item, key, only_at

HEAD = "ledger_head"


class Head(NamedTuple):
    """How far the ledger of a subject has got: 0 and "" before its first event."""

    events: int
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Headed:
    """A subject of the ledger and the item that holds its head, which counts its events in
    `counted`. `claims` names it in the error when somebody else was quicker.
    """

    subject: str
    pk: str
    sk: str
    claims: str
    counted: str = "ledger_events"


def read_head(tables: Tables, at: Headed) -> Head:
    """How far a ledger has got, as the latest write left it."""
    item = get_item(tables.client, tables.tickets, at.pk, at.sk) or {}
    return Head(read_number(item, at.counted), read_text(item, HEAD))


def appended(
    tables: Tables,
    at: Headed,
    head: Head,
    entries: Sequence[Entry],
    stamped: Stamp,
    item_of: Callable[[Head], Mapping[str, Any]] | None = None,
) -> list[Write]:
    """The writes that add entries: valid only together, and only while `head` is still the head.

    `item_of` makes what else stands in the item then, which is replaced whole; without it only the
    head is changed.
    """
    events = extend(at.subject, head.events, head.hash, entries, stamped)
    after = Head(events[-1].sequence, events[-1].hash)
    if item_of is None:
        write = {"Update": _moved(tables, at, head, after)}
    else:
        item = {**key(at.pk, at.sk), **item_of(after)}
        condition = only_at(head.events, at.counted)
        write = {"Put": {"TableName": tables.tickets, "Item": item, **condition}}
    changed: Any = write
    return [Write(changed, at.claims), *append(tables, events)]


def noted(tables: Tables, at: Headed, entry: Entry, stamped: Stamp) -> list[Write]:
    """The writes that add one entry to a ledger; they hold while nobody else adds one."""
    return appended(tables, at, read_head(tables, at), (entry,), stamped)


def of_member(kind: str, site: str, member: str, claims: str) -> Headed:
    """A ledger of a kind that each member has at each site."""
    return Headed(
        subject=f"{kind}#{site}#{member}", pk=f"{kind}#{site}", sk=f"MEMBER#{member}", claims=claims
    )


def in_item(at: Headed, head: Head) -> dict[str, Any]:
    """A head as the attributes of its item."""
    return {at.counted: number(head.events), HEAD: text(head.hash)}


def _moved(tables: Tables, at: Headed, before: Head, after: Head) -> dict[str, Any]:
    values = {":events": number(after.events), ":head": text(after.hash)}
    condition = f"attribute_not_exists({at.counted})"
    if before.events:
        condition = f"{at.counted} = :before"
        values[":before"] = number(before.events)
    return {
        "TableName": tables.tickets,
        "Key": key(at.pk, at.sk),
        "UpdateExpression": f"SET {at.counted} = :events, {HEAD} = :head",
        "ConditionExpression": condition,
        "ExpressionAttributeValues": values,
    }
