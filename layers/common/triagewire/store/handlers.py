"""Who last worked for a requester: known by a keyed hash of an identity, without a word of PHI."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from triagewire.store.codec import blob, number, read_blob
from triagewire.store.table import Tables, Write, get_item, key

HANDLER = "HANDLER"


@dataclass(frozen=True, slots=True, kw_only=True)
class Handler:
    """The member who answered or settled a requester's last ticket, the team, and when (UTC)."""

    member: str
    team: str
    at: datetime


def load_handler(tables: Tables, site: str, identity_hash: str) -> Handler | None:
    """Who last worked for an identity, expired or not: the table forgets only days later."""
    item = get_item(tables.client, tables.tickets, _pk(site, identity_hash), HANDLER)
    return None if item is None else read_blob(item, "document", Handler)


def write_handler(
    tables: Tables, site: str, identity_hash: str, handler: Handler, expires: datetime
) -> Write:
    """The write of who worked for an identity; the last one counts. The table forgets it some time
    after `expires` (UTC).
    """
    item = {
        **key(_pk(site, identity_hash), HANDLER),
        "expires": number(int(expires.timestamp())),
        "document": blob(handler),
    }
    put: Any = {"Put": {"TableName": tables.tickets, "Item": item}}
    return Write(put, "last handler")


def _pk(site: str, identity_hash: str) -> str:
    return f"HANDLER#{site}#{identity_hash}"
