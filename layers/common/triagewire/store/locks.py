"""Duplicate locks: which ticket stands for an identity and topic until the merge window ends."""

from triagewire.routing.duplicates import Lock
from triagewire.store.codec import read_blob
from triagewire.store.table import Tables, Write, get_item
from triagewire.store.versioned import write_versioned

LOCK = "LOCK"


def load_lock(tables: Tables, site: str, identity_hash: str, topic: str) -> Lock | None:
    """The lock of an identity and topic, expired or not: the table forgets expired ones only days
    later.
    """
    item = get_item(tables.client, tables.tickets, _pk(site, identity_hash, topic), LOCK)
    return None if item is None else read_blob(item, "document", Lock)


def write_lock(tables: Tables, lock: Lock) -> Write:
    """The write of a lock, which holds only if nobody wrote it since this one was decided."""
    pk = _pk(lock.site, lock.identity_hash, lock.topic)
    return write_versioned(tables, pk, LOCK, lock, lock.expires, "duplicate lock")


def _pk(site: str, identity_hash: str, topic: str) -> str:
    return f"DUP#{site}#{identity_hash}#{topic}"
