"""Who has said that they are away: one item a member, under one key a site, so that one query of
every routing decision reads them all.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from triagewire.ledger.event import Entry, Stamp
from triagewire.routing.presence import Attendance
from triagewire.store.chained import Head, Headed, appended
from triagewire.store.codec import blob, number, read_blob, read_text, text
from triagewire.store.table import Tables, Write, get_item, key, query

PREFIX = "MEMBER#"
ROSTER = "ROSTER"


def presence_subject(site: str, member: str) -> str:
    """The ledger's subject of a member's presence."""
    return f"{_pk(site)}#{member}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SitePresence:
    """What the members of a site have said, by their ids, without those who never said anything;
    and the digest of the roster that its work was last held against, "" for none.
    """

    said: Mapping[str, Attendance]
    roster: str


def away_members(tables: Tables, site: str, now: datetime) -> frozenset[str]:
    """The ids of those who have said that they are away, until they are back or their time is
    over.
    """
    said = read_presence(tables, site).said.values()
    return frozenset(each.member for each in said if each.away(now))


def read_presence(tables: Tables, site: str) -> SitePresence:
    """All that is known of who is at work in a site, in one query."""
    found = query(
        tables.client,
        TableName=tables.tickets,
        KeyConditionExpression="pk = :site",
        ExpressionAttributeValues={":site": text(_pk(site))},
        ConsistentRead=True,
    )
    said, roster = {}, ""
    for item in found:
        if read_text(item, "sk") == ROSTER:
            roster = read_text(item, "digest")
        else:
            each = read_blob(item, "document", Attendance)
            said[each.member] = each
    return SitePresence(said=said, roster=roster)


def keep_roster(tables: Tables, site: str, digest: str) -> None:
    """Remember against which roster the work of a site was held."""
    item = {**key(_pk(site), ROSTER), "digest": text(digest)}
    tables.client.put_item(TableName=tables.tickets, Item=item)


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
    at = Headed(
        subject=presence_subject(site, after.member),
        pk=_pk(site),
        sk=PREFIX + after.member,
        claims=f"presence of {after.member}",
        counted="version",
    )

    def item_of(head: Head) -> dict[str, Any]:
        kept = replace(after, version=head.events, ledger_head=head.hash)
        return {"version": number(kept.version), "document": blob(kept)}

    head = Head(after.version, after.ledger_head)
    return appended(tables, at, head, (entry,), stamped, item_of)


def _pk(site: str) -> str:
    return f"PRESENCE#{site}"
