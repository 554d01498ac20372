"""Duplicate locks: which ticket stands for an identity and topic until the merge window ends."""

from datetime import datetime
from typing import Any

from triagewire.routing.duplicates import Lock
from triagewire.store.codec import blob, number, read_blob
from triagewire.store.table import Tables, Write, get_item, key

LOCK = "LOCK"


def load_lock(tables: Tables, site: str, identity_hash: str, topic: str) -> Lock | None:
    """The lock of an identity and topic, expired or not: the table forgets expired ones only days
    later.
    """
    item = get_item(tables.client, tables.tickets, _pk(site, identity_hash, topic), LOCK)
    return None if item is None else read_blob(item, "document", Lock)


def write_lock(tables: Tables, lock: Lock) -> Write:
    """The write of a lock, which holds only if nobody wrote it since this one was decided."""
    item = {
        **key(_pk(lock.site, lock.identity_hash, lock.topic), LOCK),
        "version": number(lock.version),
        "expires": number(_epoch(lock.expires)),
        "document": blob(lock),
    }
    condition: dict[str, Any] = {"ConditionExpression": "attribute_not_exists(pk)"}
    if lock.version > 1:
        condition = {
            "ConditionExpression": "attribute_not_exists(pk) OR version = :decided_from",
            "ExpressionAttributeValues": {":decided_from": number(lock.version - 1)},
        }
    put: Any = {"Put": {"TableName": tables.tickets, "Item": item, **condition}}
    return Write(put, "duplicate lock")


def _pk(site: str, identity_hash: str, topic: str) -> str:
    return f"DUP#{site}#{identity_hash}#{topic}"


def _epoch(at: datetime) -> int:
    return int(at.timestamp())
