"""The ledger of what a member tried at a site that is not theirs to see or do: a chain of its own
for each member and site.
"""

from typing import Any

from triagewire.ledger.chain import extend
from triagewire.ledger.event import Entry, Stamp
from triagewire.store.codec import number, read_number, read_text, text
from triagewire.store.ledger import append
from triagewire.store.table import Tables, Write, get_item, key, only_at

DENIED = "DENIED"
PREFIX = "MEMBER#"


def denials_subject(site: str, member: str) -> str:
    """The ledger's subject of what was denied to a member at a site."""
    return f"{DENIED}#{site}#{member}"


def noted_denial(
    tables: Tables, site: str, member: str, entry: Entry, stamped: Stamp
) -> list[Write]:
    """The writes that record a try; they hold while the member's last one is still the last."""
    pk, sk = f"{DENIED}#{site}", PREFIX + member
    before = get_item(tables.client, tables.tickets, pk, sk) or {}
    version = read_number(before, "version")
    subject = denials_subject(site, member)
    events = extend(subject, version, read_text(before, "ledger_head"), (entry,), stamped)
    item = {
        **key(pk, sk),
        "version": number(events[-1].sequence),
        "ledger_head": text(events[-1].hash),
    }
    put: Any = {"Put": {"TableName": tables.tickets, "Item": item, **only_at(version)}}
    return [Write(put, f"denials of {member}"), *append(tables, events)]
