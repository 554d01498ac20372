"""How many automatic texts an address had lately; the address itself stands in no key."""

from datetime import datetime

from triagewire.replies.limits import LONGEST, Texts
from triagewire.store.codec import read_blob
from triagewire.store.table import Tables, Write, get_item
from triagewire.store.versioned import write_versioned

COUNT = "COUNT"


def load_texts(tables: Tables, site: str, address_hash: str) -> Texts:
    """The record of an address; an empty one if it had none yet."""
    item = get_item(tables.client, tables.tickets, _pk(site, address_hash), COUNT)
    return (
        read_blob(item, "document", Texts) if item else Texts(site=site, address_hash=address_hash)
    )


def write_texts(tables: Tables, texts: Texts, now: datetime) -> Write:
    """The write of a record, which holds only if no other text was counted since it was read."""
    pk = _pk(texts.site, texts.address_hash)
    return write_versioned(tables, pk, COUNT, texts, now + LONGEST, "count of automatic texts")


def _pk(site: str, address_hash: str) -> str:
    return f"TEXTS#{site}#{address_hash}"
