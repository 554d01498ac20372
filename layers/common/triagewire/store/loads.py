"""What each member carries in each team, moved in the same transaction as the ticket that they
carry.
"""

from datetime import datetime
from typing import Any

from triagewire.routing.route import Load
from triagewire.store.codec import number, read_number, read_text, stamp, text
from triagewire.store.table import Tables, Write, key, query

PREFIX = "MEMBER#"


def read_loads(tables: Tables, site: str, team: str) -> dict[str, Load]:
    """The loads of a team by member id; members who never got work are absent."""
    found = query(
        tables.client,
        TableName=tables.tickets,
        KeyConditionExpression="pk = :team",
        ExpressionAttributeValues={":team": text(_pk(site, team))},
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
        )
    return loads


def take_on(tables: Tables, site: str, team: str, load: Load, weight: int, now: datetime) -> Write:
    """Add `weight` to the load the choice was made from; fails if the member got other work
    meanwhile.
    """
    update: Any = {
        "Update": {
            "TableName": tables.tickets,
            "Key": key(_pk(site, team), PREFIX + load.member),
            "UpdateExpression": "SET weight = :weight, assigned_at = :now, version = :next",
            "ConditionExpression": "version = :version"
            if load.version
            else "attribute_not_exists(version)",
            "ExpressionAttributeValues": {
                ":weight": number(load.weight + weight),
                ":now": text(stamp(now)),
                ":next": number(load.version + 1),
                **({":version": number(load.version)} if load.version else {}),
            },
        }
    }
    return Write(update, f"load of {load.member}")


def shift(tables: Tables, site: str, team: str, member: str, more: int) -> Write:
    """Add `more` (or less) to a load without a choice behind it: right in any order, never a
    conflict.
    """
    update: Any = {
        "Update": {
            "TableName": tables.tickets,
            "Key": key(_pk(site, team), PREFIX + member),
            "UpdateExpression": "ADD weight :more, version :one",
            "ExpressionAttributeValues": {":more": number(more), ":one": number(1)},
        }
    }
    return Write(update, f"load of {member}")


def put_down(tables: Tables, site: str, team: str, member: str, weight: int) -> Write:
    """Take the weight of a ticket off a member."""
    return shift(tables, site, team, member, -weight)


def _pk(site: str, team: str) -> str:
    return f"TEAM#{site}#{team}"
