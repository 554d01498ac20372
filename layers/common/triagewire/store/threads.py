"""Thread locks: which ticket a sender's own thread belongs to. Its reference stands in no key."""

import hashlib
import hmac
from typing import Any

from triagewire.routing.follow_up import ThreadLock
from triagewire.store.codec import blob, number, read_blob
from triagewire.store.table import Tables, Write, get_item, key

LOCK = "LOCK"


def thread_hash(identity_key: bytes, site: str, source: str, thread: str) -> str:
    """The keyed hash that stands for a thread: senders put addresses into their references."""
    content = "\0".join((site, source, thread)).encode("utf-8", "surrogatepass")
    return hmac.new(identity_key, content, hashlib.sha256).hexdigest()[:32]


def load_thread(tables: Tables, site: str, source: str, hashed: str) -> ThreadLock | None:
    """The lock of a thread, expired or not: the table forgets expired ones only days later."""
    item = get_item(tables.client, tables.tickets, _pk(site, source, hashed), LOCK)
    return None if item is None else read_blob(item, "document", ThreadLock)


def write_thread(tables: Tables, lock: ThreadLock) -> Write:
    """The write of a lock, which holds only if nobody wrote it since this one was decided."""
    item = {
        **key(_pk(lock.site, lock.source, lock.thread_hash), LOCK),
        "version": number(lock.version),
        "expires": number(int(lock.expires.timestamp())),
        "document": blob(lock),
    }
    condition: dict[str, Any] = {"ConditionExpression": "attribute_not_exists(pk)"}
    if lock.version > 1:
        condition = {
            "ConditionExpression": "attribute_not_exists(pk) OR version = :decided_from",
            "ExpressionAttributeValues": {":decided_from": number(lock.version - 1)},
        }
    put: Any = {"Put": {"TableName": tables.tickets, "Item": item, **condition}}
    return Write(put, "thread lock")


def _pk(site: str, source: str, hashed: str) -> str:
    return f"THREAD#{site}#{source}#{hashed}"
