"""Bodies that were signed but could not be read: kept as they came, in parts that fit an item."""

import zlib
from typing import Any

from triagewire.store.codec import text
from triagewire.store.table import Tables, Write, key, query

PART_BYTES = 350_000
"""Below the table's limit of 400 KB an item, with room for keys."""


def keep_body(tables: Tables, site: str, ticket_id: str, body: bytes) -> list[Write]:
    """The writes that keep a body exactly as it was sent."""
    packed = zlib.compress(body, level=6)
    parts = [packed[at : at + PART_BYTES] for at in range(0, len(packed), PART_BYTES)]
    return [
        Write(_put(tables, site, f"{ticket_id}#{number}", part), "quarantined body")
        for number, part in enumerate(parts)
    ]


def read_body(tables: Tables, site: str, ticket_id: str) -> bytes:
    """A quarantined body exactly as it was sent; `b""` if there is none."""
    parts = query(
        tables.client,
        TableName=tables.tickets,
        KeyConditionExpression="pk = :site AND begins_with(sk, :ticket)",
        ExpressionAttributeValues={":site": text(_pk(site)), ":ticket": text(f"{ticket_id}#")},
        ConsistentRead=True,
    )
    packed = b"".join(bytes(item["body"]["B"]) for item in parts)
    return zlib.decompress(packed) if packed else b""


def _put(tables: Tables, site: str, sk: str, part: bytes) -> Any:  # noqa: ANN401
    item = {**key(_pk(site), sk), "body": {"B": part}}
    return {
        "Put": {
            "TableName": tables.tickets,
            "Item": item,
            "ConditionExpression": "attribute_not_exists(pk)",
        }
    }


def _pk(site: str) -> str:
    return f"QUARANTINE#{site}"
