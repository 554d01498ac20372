"""Which policy version is active, and the item of a version; `policies` and `sources` read it."""

import zlib
from collections.abc import Callable

import msgspec

from triagewire.errors import PolicyMissingError
from triagewire.store.codec import Item, read_number
from triagewire.store.table import Tables, get_item

POLICY = "POLICY"
ACTIVE = "ACTIVE"
WHOLE = "V"
SOURCES = "SOURCES"
"""A version's sources stand in an item of their own: intake reads them often and nothing else."""
FALL_BACK_VERSIONS = 5
"""How many versions are tried, from the active one backwards, until one can be read."""


def active_version(tables: Tables) -> int:
    """The number of the active version. Raises PolicyMissingError before the first was
    published.
    """
    item = get_item(tables.client, tables.tickets, POLICY, ACTIVE)
    if item is None:
        raise PolicyMissingError("no policy is published: run `triagewire policy publish`")
    return read_number(item, "active")


def version_item(tables: Tables, version: int, part: str = WHOLE) -> Item:
    """The item of a version, or the small one of its sources. Raises PolicyMissingError."""
    item = get_item(tables.client, tables.tickets, POLICY, version_sk(version, part))
    if item is None:
        raise PolicyMissingError(f"policy version {version} is not in the table")
    return item


def last_usable[T](active: int, read: Callable[[int], T]) -> T:
    """What `read` gives of the active version or, if this code cannot, of the last good one before.

    Raises PolicyMissingError when there is none among the last versions.
    """
    for version in range(active, max(0, active - FALL_BACK_VERSIONS), -1):
        try:
            return read(version)
        except (msgspec.MsgspecError, zlib.error, PolicyMissingError):
            continue
    raise PolicyMissingError(f"none of the last {FALL_BACK_VERSIONS} policy versions can be read")


def version_sk(version: int, part: str = WHOLE) -> str:
    """The sort key of a version, or of its sources."""
    return f"{part}#{version:08d}"
