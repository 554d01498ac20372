"""Who has said that they are away: one item a member, under one key a site, so that one query of
every routing decision reads them all.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from triagewire.ledger.chain import extend
from triagewire.ledger.event import Entry, Stamp
from triagewire.routing.presence import Attendance
from triagewire.store.codec import blob, number, read_blob, text
from triagewire.store.ledger import append
from triagewire.store.table import Tables, Write, get_item, key, query

PREFIX = "MEMBER#"


def presence_subject(site: str, member: str) -> str:
    """The ledger's subject of a member's presence."""
    return f"{_pk(site)}#{member}"


def away_members(tables: Tables, site: str, now: datetime) -> frozenset[str]:
    """The ids of those who have said that they are away, until they are back or their time is
    over.
    """
    said = read_attendances(tables, site).values()
    return frozenset(each.member for each in said if each.away(now))


def read_attendances(tables: Tables, site: str) -> dict[str, Attendance]:
    """What the members of a site have said, by their ids; who never said anything is absent."""
    found = query(
        tables.client,
        TableName=tables.tickets,
        KeyConditionExpression="pk = :site",
        ExpressionAttributeValues={":site": text(_pk(site))},
        ConsistentRead=True,
    )
    said = (read_blob(item, "document", Attendance) for item in found)
    return {each.member: each for each in said}


def read_attendance(tables: Tables, site: str, member: str) -> Attendance:
    """What a member has said last."""
    item = get_item(tables.client, tables.tickets, _pk(site), PREFIX + member)
    return Attendance(member=member) if item is None else read_blob(item, "document", Attendance)


def write_attendance(
    tables: Tables, site: str, after: Attendance, entry: Entry, stamped: Stamp
) -> list[Write]:
    """The writes of what a member says and of its ledger event: valid only together, and only while
    `after.version` is still the one that is stored.
    """
    subject = presence_subject(site, after.member)
    events = extend(subject, after.version, after.ledger_head, (entry,), stamped)
    kept = replace(after, version=events[-1].sequence, ledger_head=events[-1].hash)
    condition: dict[str, Any] = {"ConditionExpression": "attribute_not_exists(pk)"}
    if after.version:
        condition = {
            "ConditionExpression": "version = :version",
            "ExpressionAttributeValues": {":version": number(after.version)},
        }
    item = {
        **key(_pk(site), PREFIX + after.member),
        "version": number(kept.version),
        "document": blob(kept),
    }
    put: Any = {"Put": {"TableName": tables.tickets, "Item": item, **condition}}
    return [Write(put, f"presence of {after.member}"), *append(tables, events)]


def _pk(site: str) -> str:
    return f"PRESENCE#{site}"
