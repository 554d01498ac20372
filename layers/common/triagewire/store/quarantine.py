"""Bodies that were signed but could not be read: kept as they came, with what reads them again.

One item a body. A body that no item can hold stands in the bucket of inbound mail, and the item
has its beginning: staff must see words, and have no bucket.
"""

import zlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from triagewire.quarantined import KeptBody
from triagewire.store.cipher import Place
from triagewire.store.codec import Item, text
from triagewire.store.sealed import read_sealed, read_sealed_bytes, sealed, sealed_bytes
from triagewire.store.table import Tables, Write, get_item, key, query

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

MOST_PACKED_BYTES = 350_000
"""Below the table's limit of 400 KB an item, with room for the rest of it."""
BEGINNING_BYTES = 100_000
"""What is shown of a body that stands in the bucket."""


def fits_an_item(body: bytes) -> bool:
    """Whether the table can hold a body whole."""
    small = len(body) <= MOST_PACKED_BYTES
    return small or len(zlib.compress(body, level=6)) <= MOST_PACKED_BYTES


def put_in_bucket(client: "S3Client", bucket: str, site: str, ticket_id: str, body: bytes) -> str:
    """Put a body under the id of its ticket, again if need be; returns its link.

    The id is computed from the body: what is overwritten by a retry is the same.
    """
    path = f"quarantine/{site}/{ticket_id}"
    client.put_object(Bucket=bucket, Key=path, Body=body)
    return f"s3://{bucket}/{path}"


def keep(tables: Tables, kept: KeptBody, body: bytes) -> Write:
    """The write that keeps a body exactly as it was sent."""
    shown = body[:BEGINNING_BYTES] if kept.link else body
    item: dict[str, Any] = {
        **key(_pk(kept.site), kept.ticket_id),
        "document": sealed(tables, kept.site, _place(kept, "document"), kept),
        "body": sealed_bytes(
            tables, kept.site, _place(kept, "body"), zlib.compress(shown, level=6)
        ),
    }
    put: Any = {
        "Put": {
            "TableName": tables.tickets,
            "Item": item,
            "ConditionExpression": "attribute_not_exists(pk)",
        }
    }
    return Write(put, f"quarantined body of {kept.ticket_id}")


def settle(tables: Tables, kept: KeptBody) -> Write:
    """The write that records how a body ended; it holds only once."""
    update: Any = {
        "Update": {
            "TableName": tables.tickets,
            "Key": key(_pk(kept.site), kept.ticket_id),
            "UpdateExpression": "SET document = :document, settled = :settled",
            "ConditionExpression": "attribute_exists(pk) AND attribute_not_exists(settled)",
            "ExpressionAttributeValues": {
                ":document": sealed(tables, kept.site, _place(kept, "document"), kept),
                ":settled": text(kept.settled or ""),
            },
        }
    }
    return Write(update, f"quarantined body of {kept.ticket_id}")


def emptied(tables: Tables, kept: KeptBody) -> Write:
    """The write that takes the body away, and of what is kept of it all but `kept`."""
    nothing = zlib.compress(b"", level=6)
    update: Any = {
        "Update": {
            "TableName": tables.tickets,
            "Key": key(_pk(kept.site), kept.ticket_id),
            "UpdateExpression": "SET document = :document, body = :body, settled = :settled",
            "ConditionExpression": "attribute_exists(pk)",
            "ExpressionAttributeValues": {
                ":document": sealed(tables, kept.site, _place(kept, "document"), kept),
                ":body": sealed_bytes(tables, kept.site, _place(kept, "body"), nothing),
                ":settled": text(kept.settled or ""),
            },
        }
    }
    return Write(update, f"quarantined body of {kept.ticket_id}")


def load_kept(tables: Tables, site: str, ticket_id: str) -> tuple[KeptBody, bytes] | None:
    """What is kept under a review ticket, and its body: its beginning when it has a link."""
    item = get_item(tables.client, tables.tickets, _pk(site), ticket_id)
    if item is None:
        return None
    return _kept(tables, item), zlib.decompress(read_sealed_bytes(tables, item, "body"))


def whole_body(tables: Tables, kept: KeptBody, bucket: Callable[[], "S3Client"]) -> bytes:
    """A body exactly as it was sent, from wherever it is; `bucket` gives the client to a bucket."""
    if not kept.link:
        found = load_kept(tables, kept.site, kept.ticket_id)
        return found[1] if found else b""
    name, _, path = kept.link.removeprefix("s3://").partition("/")
    return bucket().get_object(Bucket=name, Key=path)["Body"].read()


def all_kept(tables: Tables, site: str) -> Iterator[KeptBody]:
    """Everything in a site's quarantine, settled or not, without the bodies."""
    found = query(
        tables.client,
        TableName=tables.tickets,
        KeyConditionExpression="pk = :site",
        ExpressionAttributeValues={":site": text(_pk(site))},
        ProjectionExpression="pk, sk, document",
        ConsistentRead=True,
    )
    for item in found:
        yield _kept(tables, item)


def _kept(tables: Tables, item: Item) -> KeptBody:
    return read_sealed(tables, item, "document", KeptBody)


def _place(kept: KeptBody, attribute: str) -> Place:
    return Place(_pk(kept.site), kept.ticket_id, attribute)


def _pk(site: str) -> str:
    return f"QUARANTINE#{site}"
