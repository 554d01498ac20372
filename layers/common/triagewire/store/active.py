"""Which policy version is active, and the item of a version; `policies` and `sources` read it."""

from triagewire.errors import PolicyMissingError
from triagewire.store.codec import Item, read_number
from triagewire.store.table import Tables, get_item

POLICY = "POLICY"
ACTIVE = "ACTIVE"


def active_version(tables: Tables) -> int:
    """The number of the active version. Raises PolicyMissingError before the first was
    published.
    """
    item = get_item(tables.client, tables.tickets, POLICY, ACTIVE)
    if item is None:
        raise PolicyMissingError("no policy is published: run `triagewire policy publish`")
    return read_number(item, "active")


def version_item(tables: Tables, version: int) -> Item:
    """The item of a version. Raises PolicyMissingError if there is none."""
    item = get_item(tables.client, tables.tickets, POLICY, version_sk(version))
    if item is None:
        raise PolicyMissingError(f"policy version {version} is not in the table")
    return item


def version_sk(version: int) -> str:
    """The sort key of a version."""
    return f"V#{version:08d}"
