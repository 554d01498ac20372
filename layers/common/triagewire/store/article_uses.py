"""How often each article was shown, answered a question, and did not: one item an article and
month.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from triagewire.replies.uses import Use
from triagewire.store.codec import number, read_number, read_text, text
from triagewire.store.table import Tables, Write, key, query

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import UpdateTypeDef


type Uses = Mapping[Use, int]


def use_written(tables: Tables, site: str, article: str, month: str, use: Use) -> Write:
    """The write of one use of an article in a month (`2026-03`), for a transaction."""
    return Write({"Update": _counting(tables, site, article, month, use)}, "count of an article")


def count_use(tables: Tables, site: str, article: str, month: str, use: Use) -> None:
    """Count one use by itself."""
    counting = _counting(tables, site, article, month, use)
    tables.client.update_item(
        TableName=counting["TableName"],
        Key=counting["Key"],
        UpdateExpression=counting["UpdateExpression"],
        ExpressionAttributeValues=counting["ExpressionAttributeValues"],
    )


def read_uses(tables: Tables, site: str) -> dict[str, dict[str, Uses]]:
    """The uses of a site's articles, by article and month."""
    found = query(
        tables.client,
        TableName=tables.tickets,
        KeyConditionExpression="pk = :site",
        ExpressionAttributeValues={":site": text(_pk(site))},
    )
    uses: dict[str, dict[str, Uses]] = {}
    for item in found:
        article, _, month = read_text(item, "sk").rpartition("#")
        uses.setdefault(article, {})[month] = {use: read_number(item, use.value) for use in Use}
    return uses


def _counting(tables: Tables, site: str, article: str, month: str, use: Use) -> "UpdateTypeDef":
    return {
        "TableName": tables.tickets,
        "Key": key(_pk(site), f"{article}#{month}"),
        "UpdateExpression": f"ADD {use.value} :one",
        "ExpressionAttributeValues": {":one": number(1)},
    }


def _pk(site: str) -> str:
    return f"KB#{site}"
