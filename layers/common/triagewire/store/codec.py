"""Values to bytes and back: JSON, compressed, so that a ticket stays near one write unit."""

import zlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec

from triagewire.store.names import NAMES

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

type Item = Mapping[str, "AttributeValueTypeDef"]

MOST_BYTES = 32_000_000
"""Of anything that is unpacked: an item of 400 KB could else become as many megabytes."""


def pack(value: object) -> bytes:
    """Any of our values as compressed JSON."""
    return zlib.compress(msgspec.json.encode(value), level=6)


def pack_small(value: object) -> bytes:
    """A ticket, a message or the like in half of the bytes: against what all of them have in
    common.
    """
    packer = zlib.compressobj(level=6, zdict=NAMES)
    return packer.compress(msgspec.json.encode(value)) + packer.flush()


def unpack[T](data: bytes, kind: type[T], most: int = MOST_BYTES) -> T:
    """The value of type `kind` that `pack` or `pack_small` made; raises `msgspec.ValidationError`
    or `zlib.error` for anything else, and for what is longer than `most` bytes.
    """
    return msgspec.json.decode(decompressed(data, most), type=kind)


def decompressed(data: bytes, most: int = MOST_BYTES) -> bytes:
    """What either has compressed. Raises `zlib.error`."""
    reader = zlib.decompressobj(zdict=NAMES)
    content = reader.decompress(data, most)
    if not reader.eof:
        raise zlib.error("cut short, or too long")
    return content


def stamp(at: datetime) -> str:
    """A time as text that sorts as time does: UTC, milliseconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


def text(value: str) -> "AttributeValueTypeDef":
    """A string attribute."""
    return {"S": value}


def number(value: int) -> "AttributeValueTypeDef":
    """A whole-number attribute."""
    return {"N": str(value)}


def blob(value: object) -> "AttributeValueTypeDef":
    """A packed value as a binary attribute."""
    return {"B": pack(value)}


def read_text(item: Item, name: str) -> str:
    """A string attribute's value, `""` where it is absent."""
    return item[name]["S"] if name in item else ""


def read_number(item: Item, name: str) -> int:
    """A whole-number attribute's value, 0 where it is absent."""
    return int(item[name]["N"]) if name in item else 0


def read_blob[T](item: Item, name: str, kind: type[T]) -> T:
    """A packed attribute's value."""
    return unpack(item[name]["B"], kind)
