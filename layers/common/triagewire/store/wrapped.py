"""The keys of sites as the table keeps them: wrapped by KMS, of no use without it. Kept for good,
because whatever was sealed under one is lost without it.
"""

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from triagewire.store.cipher import KeyName
from triagewire.store.table import condition_failed, get_item, key

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


def load_wrapped(client: "DynamoDBClient", table: str, name: KeyName) -> bytes | None:
    """A wrapped key; None where that site has none for that month."""
    item = get_item(client, table, _pk(name), name.month)
    return None if item is None else item["wrapped"]["B"]


def add_wrapped(client: "DynamoDBClient", table: str, name: KeyName, wrapped: bytes) -> bool:
    """Keep a new wrapped key; False if somebody else has made that site's key meanwhile."""
    try:
        client.put_item(
            TableName=table,
            Item={**key(_pk(name), name.month), "wrapped": {"B": wrapped}},
            ConditionExpression="attribute_not_exists(pk)",
        )
    except ClientError as error:
        if condition_failed(error):
            return False
        raise
    return True


def _pk(name: KeyName) -> str:
    return f"KEYS#{name.site}"
