"""What each member of a site carries, moved in the same transaction as the ticket that they carry.

A load is the person's, whatever the team: all loads of a site are under one key, so that one query
of every routing decision reads them.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from triagewire.routing.balance import Load
from triagewire.store.codec import number, read_number, read_text, stamp, text
from triagewire.store.table import Tables, Write, key, query

PREFIX = "MEMBER#"


@dataclass(frozen=True, slots=True)
class Moved(Write):
    """The write that moves one load. DynamoDB takes one write an item and transaction, so what a
    decision does to the same load twice (off a member and onto them again) is joined.
    """

    tables: Tables
    site: str
    member: str
    more: int
    chosen: Load | None = None
    at: datetime | None = None

    def joined(self, other: Write) -> Write | None:
        """One write for two that move the same load."""
        if not isinstance(other, Moved) or (other.site, other.member) != (self.site, self.member):
            return None
        first = self if self.chosen else other
        return _moved(replace(first, more=self.more + other.more))


def read_loads(tables: Tables, site: str) -> dict[str, Load]:
    """The loads of a site by member id; members who never got work are absent."""
    found = query(
        tables.client,
        TableName=tables.tickets,
        KeyConditionExpression="pk = :site",
        ExpressionAttributeValues={":site": text(_pk(site))},
        ConsistentRead=True,
    )
    loads = {}
    for item in found:
        member = read_text(item, "sk").removeprefix(PREFIX)
        at = read_text(item, "assigned_at")
        loads[member] = Load(
            member=member,
            weight=read_number(item, "weight"),
            assigned_at=datetime.fromisoformat(at) if at else None,
            version=read_number(item, "version"),
            recent=tuple(map(_time, read_text(item, "recent").split())),
        )
    return loads


def take_on(tables: Tables, site: str, load: Load, weight: int, now: datetime) -> Write:
    """Add `weight` to the load that a choice was made from, with its `recent` as it will be; fails
    if the member was given other work meanwhile.
    """
    bare = Moved({}, "", tables, site, load.member, weight, load, now)
    return _moved(bare)


def shift(tables: Tables, site: str, member: str, more: int) -> Write:
    """Add `more` (or less) to a load without a choice behind it: right in any order, never a
    conflict.
    """
    return _moved(Moved({}, "", tables, site, member, more))


def outdated(tables: Tables, site: str, member: str) -> Write:
    """Let every choice of a member fail that was made from their load as it is now."""
    update: Any = {
        "Update": {
            "TableName": tables.tickets,
            "Key": key(_pk(site), PREFIX + member),
            "UpdateExpression": "ADD version :one",
            "ExpressionAttributeValues": {":one": number(1)},
        }
    }
    return Write(update, f"load of {member}")


def put_down(tables: Tables, site: str, member: str, weight: int) -> Write:
    """Take the weight of a ticket off a member."""
    return shift(tables, site, member, -weight)


def _moved(move: Moved) -> Moved:
    """The same move with the write that it comes to."""
    arguments: dict[str, Any] = {
        "TableName": move.tables.tickets,
        "Key": key(_pk(move.site), PREFIX + move.member),
        "UpdateExpression": "ADD weight :more",
        "ExpressionAttributeValues": {":more": number(move.more)},
    }
    if move.chosen and move.at:
        known = move.chosen.version
        arguments["UpdateExpression"] = (
            "SET assigned_at = :now, recent = :recent, version = :next ADD weight :more"
        )
        arguments["ConditionExpression"] = (
            "version = :version" if known else "attribute_not_exists(version)"
        )
        arguments["ExpressionAttributeValues"] |= {
            ":now": text(stamp(move.at)),
            ":recent": text(" ".join(str(int(each.timestamp())) for each in move.chosen.recent)),
            ":next": number(known + 1),
            **({":version": number(known)} if known else {}),
        }
    update: Any = {"Update": arguments}
    return replace(move, item=update, claims=f"load of {move.member}")


def _time(seconds: str) -> datetime:
    return datetime.fromtimestamp(int(seconds), UTC)


def _pk(site: str) -> str:
    return f"LOADS#{site}"
