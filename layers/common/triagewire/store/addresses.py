"""What is known of addresses that we write to; the address itself stands in no key."""

from datetime import datetime, timedelta

from triagewire.replies.ways import AddressRecord
from triagewire.store.codec import read_blob
from triagewire.store.table import Tables, Write, get_item
from triagewire.store.versioned import write_versioned

ADDRESS = "ADDRESS"
KEPT = timedelta(days=3650)
"""Who asked for no more texts gets none for as long as anybody remembers the number."""


def load_address(tables: Tables, site: str, address_hash: str) -> AddressRecord:
    """The record of an address; an empty one if nothing is known of it."""
    item = get_item(tables.client, tables.tickets, _pk(site, address_hash), ADDRESS)
    if item is None:
        return AddressRecord(site=site, address_hash=address_hash)
    return read_blob(item, "document", AddressRecord)


def write_address(tables: Tables, record: AddressRecord, now: datetime) -> Write:
    """The write of a record one version above the one read, which holds only if nobody wrote it
    meanwhile.
    """
    pk = _pk(record.site, record.address_hash)
    return write_versioned(tables, pk, ADDRESS, record, now + KEPT, "record of an address")


def _pk(site: str, address_hash: str) -> str:
    return f"ADDRESS#{site}#{address_hash}"
