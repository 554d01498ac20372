"""The tables, and the one place where DynamoDB's errors become ours."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from triagewire.errors import ConflictError
from triagewire.store.cipher import Keyring, NoKeys
from triagewire.store.codec import Item, number, text

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

PK = "pk"
SK = "sk"
NO_KEYS: Keyring = NoKeys()


@dataclass(frozen=True, slots=True)
class Tables:
    """The client and the names of the two tables; `keys` seal and open what patients say."""

    client: "DynamoDBClient"
    tickets: str
    ledger: str
    keys: Keyring = NO_KEYS


@dataclass(frozen=True, slots=True)
class Write:
    """One part of a transaction; `claims` says in words what it relies on, for the error when that
    fails.
    """

    item: "TransactWriteItemTypeDef"
    claims: str

    def joined(self, _other: "Write") -> "Write | None":
        """One write that does what both do to the same item; None where they are kept apart."""
        return None


def key(pk: str, sk: str) -> dict[str, Any]:
    """The primary key of an item."""
    return {PK: text(pk), SK: text(sk)}


def get_item(client: "DynamoDBClient", table: str, pk: str, sk: str) -> Item | None:
    """One item by its key, as the latest write left it."""
    answer = client.get_item(TableName=table, Key=key(pk, sk), ConsistentRead=True)
    return answer.get("Item")


def query(client: "DynamoDBClient", **arguments: Any) -> Iterator[Item]:  # noqa: ANN401
    """Every item of a query, page by page as the caller consumes them."""
    while True:
        answer = client.query(**arguments)
        yield from answer["Items"]
        if "LastEvaluatedKey" not in answer:
            return
        arguments["ExclusiveStartKey"] = answer["LastEvaluatedKey"]


def commit(tables: Tables, writes: Sequence[Write]) -> None:
    """Write everything or nothing. Raises ConflictError naming what somebody else had changed
    meanwhile.

    botocore sends its own idempotency token, so its retry of a write whose answer was lost does not
    conflict with that same write.
    """
    writes = _one_an_item(writes)
    try:
        tables.client.transact_write_items(TransactItems=[write.item for write in writes])
    except ClientError as error:
        lost = _lost_claims(error, writes)
        if not lost:
            raise
        raise ConflictError("changed meanwhile: " + ", ".join(lost)) from error


def _one_an_item(writes: Sequence[Write]) -> list[Write]:
    """The writes with those joined that must be one, because a transaction touches an item once."""
    kept: list[Write] = []
    for write in writes:
        for at, other in enumerate(kept):
            if (both := other.joined(write)) is not None:
                kept[at] = both
                break
        else:
            kept.append(write)
    return kept


def _lost_claims(error: ClientError, writes: Sequence[Write]) -> list[str]:
    """The claims whose condition failed; empty when the error is another one."""
    if error.response["Error"]["Code"] != "TransactionCanceledException":
        return []
    response: Any = error.response
    reasons = response.get("CancellationReasons", [])
    lost = {"ConditionalCheckFailed", "TransactionConflict"}
    return [
        write.claims
        for write, reason in zip(writes, reasons, strict=False)
        if reason.get("Code") in lost
    ]


def only_at(version: int, attribute: str = "version") -> dict[str, Any]:
    """The condition of a put that replaces just this version of an item; 0 is that there is none
    yet.
    """
    if not version:
        return {"ConditionExpression": f"attribute_not_exists({PK})"}
    return {
        "ConditionExpression": f"{attribute} = :{attribute}",
        "ExpressionAttributeValues": {f":{attribute}": number(version)},
    }


def condition_failed(error: ClientError) -> bool:
    """Whether a single write was refused by its own condition."""
    return error.response["Error"]["Code"] == "ConditionalCheckFailedException"
