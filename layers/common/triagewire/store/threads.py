"""Thread locks: which ticket a sender's own thread belongs to. Its reference stands in no key."""

import hashlib
import hmac

from triagewire.routing.follow_up import ThreadLock
from triagewire.store.codec import read_blob
from triagewire.store.table import Tables, Write, get_item
from triagewire.store.versioned import write_versioned

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
    pk = _pk(lock.site, lock.source, lock.thread_hash)
    return write_versioned(tables, pk, LOCK, lock, lock.expires, "thread lock")


def _pk(site: str, source: str, hashed: str) -> str:
    return f"THREAD#{site}#{source}#{hashed}"
