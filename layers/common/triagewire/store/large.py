"""A document that may outgrow one item: its bytes lie in as many items as they need.

DynamoDB takes 400 KB an item. The first part stands under the document's own key and says how many
there are; the others beside it, `#2`, `#3` … All are written in one transaction and never change.
"""

from collections.abc import Mapping
from typing import Any

from triagewire.errors import PolicyMissingError
from triagewire.store.codec import Item, number, pack, read_number, unpack
from triagewire.store.table import Tables, Write, get_item, key

MOST_BYTES = 300_000
DOCUMENT, PARTS = "document", "parts"


def immutable_writes(
    tables: Tables, pk: str, sk: str, value: object, attributes: Mapping[str, Any]
) -> list[Write]:
    """The writes of a new document; `attributes` stand on its first item. They hold only where
    nothing stands yet.
    """
    data = pack(value)
    parts = [data[at : at + MOST_BYTES] for at in range(0, len(data), MOST_BYTES)]
    items = [
        {**key(pk, _sk(sk, place)), DOCUMENT: {"B": part}} for place, part in enumerate(parts, 1)
    ]
    items[0] |= {**attributes, PARTS: number(len(parts))}
    return [Write(immutable(tables, item), f"{pk} {sk}") for item in items]


def immutable(tables: Tables, item: Mapping[str, Any]) -> Any:  # noqa: ANN401
    """The put of an item that nothing may overwrite."""
    return {
        "Put": {
            "TableName": tables.tickets,
            "Item": item,
            "ConditionExpression": "attribute_not_exists(pk)",
        }
    }


def read_large[T](tables: Tables, first: Item, kind: type[T]) -> T:
    """The document that begins in an item.

    Raises PolicyMissingError when a part of it is gone, and what `unpack` raises.
    """
    pk, sk = first["pk"]["S"], first["sk"]["S"]
    data = first[DOCUMENT]["B"]
    for place in range(2, read_number(first, PARTS) + 1):
        item = get_item(tables.client, tables.tickets, pk, _sk(sk, place))
        if item is None:
            raise PolicyMissingError(f"part {place} of {sk} is not in the table")
        data += item[DOCUMENT]["B"]
    return unpack(data, kind)


def _sk(sk: str, place: int) -> str:
    return sk if place == 1 else f"{sk}#{place}"
