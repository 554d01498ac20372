"""The ledger of what was taken out of a site as a file: a chain of its own for each site."""

from typing import Any

from triagewire.ledger.chain import extend
from triagewire.ledger.event import Entry, Stamp
from triagewire.store.codec import number, read_number, read_text, text
from triagewire.store.ledger import append
from triagewire.store.table import Tables, Write, get_item, key, only_at

EXPORTS = "EXPORTS"


def exports_subject(site: str) -> str:
    """The ledger's subject of what was exported of a site."""
    return f"{EXPORTS}#{site}"


def exported(tables: Tables, site: str, entry: Entry, stamped: Stamp) -> list[Write]:
    """The writes that record an export: valid only together, and while nobody else records one."""
    subject = exports_subject(site)
    before = get_item(tables.client, tables.tickets, subject, EXPORTS) or {}
    version = read_number(before, "version")
    events = extend(subject, version, read_text(before, "ledger_head"), (entry,), stamped)
    condition = only_at(version)
    item = {
        **key(subject, EXPORTS),
        "version": number(events[-1].sequence),
        "ledger_head": text(events[-1].hash),
    }
    put: Any = {"Put": {"TableName": tables.tickets, "Item": item, **condition}}
    return [Write(put, f"exports of {site}"), *append(tables, events)]
