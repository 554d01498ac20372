"""Attributes that hold what patients say and who they are: packed, then sealed under a key of their
site, at their own place in the table.
"""

import os
import zlib
from typing import TYPE_CHECKING

import msgspec

from triagewire.errors import SealBrokenError
from triagewire.store.cipher import NONCE_BYTES, Place, is_sealed, key_name, seal, unseal
from triagewire.store.codec import Item, pack_small, read_text, unpack
from triagewire.store.table import PK, SK, Tables

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef


def sealed(tables: Tables, site: str, place: Place, value: object) -> "AttributeValueTypeDef":
    """A packed value as a sealed attribute. Raises KeyUnavailableError."""
    return sealed_bytes(tables, site, place, pack_small(value))


def sealed_bytes(
    tables: Tables, site: str, place: Place, content: bytes
) -> "AttributeValueTypeDef":
    """Bytes as a sealed attribute. Raises KeyUnavailableError."""
    key = tables.keys.sealing(site)
    return {"B": seal(key, place, content, os.urandom(NONCE_BYTES))}


def read_sealed[T](tables: Tables, item: Item, attribute: str, kind: type[T]) -> T:
    """A sealed attribute's value, or that of one which an earlier version stored unsealed; the item
    must have its keys. Raises KeyUnavailableError, and SealBrokenError for whatever else stands
    there: who changes its first byte makes of a sealed value one that was never sealed.
    """
    try:
        return unpack(read_sealed_bytes(tables, item, attribute), kind)
    except (KeyError, RecursionError, msgspec.MsgspecError, zlib.error):
        raise SealBrokenError(f"{attribute}: nothing that was stored") from None


def read_sealed_bytes(tables: Tables, item: Item, attribute: str) -> bytes:
    """The bytes of a sealed attribute, or as they are. Raises as `read_sealed` does."""
    stored = item[attribute]["B"]
    if not is_sealed(stored):
        return stored
    place = Place(read_text(item, PK), read_text(item, SK), attribute)
    return unseal(tables.keys.opening(key_name(stored)), place, stored)
