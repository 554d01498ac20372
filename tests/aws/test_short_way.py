"""The short way to the mock of DynamoDB gives what the long one gives, and refuses what it does."""

from typing import Any
from unittest.mock import patch

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError, ParamValidationError
from moto.dynamodb.models.table import Table

from tests.aws import quick_tables
from tests.aws.clinic import Clinic
from tests.aws.senders import by_portal
from tests.aws.short_way import long_way
from triagewire import aws


def compared(name: str, **arguments: Any) -> Any:  # noqa: ANN401
    """What both ways answer to a call that changes nothing, which must be the same."""
    client = aws.tables().client
    short = getattr(client, name)(**arguments)
    with patch.object(BaseClient, "_make_api_call", long_way):
        long = getattr(client, name)(**arguments)
    del short["ResponseMetadata"], long["ResponseMetadata"]
    assert short == long
    return short


def test_every_item_that_a_day_leaves_reads_the_same(clinic: Clinic) -> None:
    clinic.take(by_portal("My knee hurts since Friday.", clinic.now, "event-1"))
    clinic.take(by_portal("Please move my appointment.", clinic.now, "event-2"))

    items = compared("scan", TableName="tickets")["Items"]
    keys = [{name: item[name] for name in ("pk", "sk")} for item in items]

    assert {next(iter(held)) for item in items for held in item.values()} >= {"S", "N", "B"}
    assert [compared("get_item", TableName="tickets", Key=key)["Item"] for key in keys] == items
    assert compared("batch_get_item", RequestItems={"tickets": {"Keys": keys}})["Responses"]
    for key in keys:
        found = compared(
            "query",
            TableName="tickets",
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": key["pk"]},
            Limit=1,
        )
        assert found["Count"] == 1
    assert "Item" not in compared("get_item", TableName="ledger", Key=keys[0])


def test_what_was_read_is_the_callers_own(clinic: Clinic) -> None:
    clinic.take(by_portal("Please move my appointment.", clinic.now, "event-2"))
    table = aws.tables().client

    for item in table.scan(TableName="tickets")["Items"]:
        item.clear()

    assert all(table.scan(TableName="tickets")["Items"])


def test_a_refused_write_is_told_as_ever(clinic: Clinic) -> None:
    new: Any = {"ConditionExpression": "attribute_not_exists(pk)"}
    clinic.take(by_portal("Please move my appointment.", clinic.now, "event-2"))
    (item, *_) = clinic.items()
    table: Any = aws.tables().client

    with pytest.raises(ClientError) as alone:
        table.put_item(TableName="tickets", Item=item, **new)
    with pytest.raises(ClientError) as together:
        table.transact_write_items(
            TransactItems=[{"Put": {"TableName": "tickets", "Item": item, **new}}]
        )

    assert alone.value.response["Error"]["Code"] == "ConditionalCheckFailedException"
    reasons: Any = together.value.response
    assert [each["Code"] for each in reasons["CancellationReasons"]] == ["ConditionalCheckFailed"]


def test_a_call_that_no_client_would_send_is_not_sent(clinic: Clinic) -> None:
    table: Any = aws.tables().client
    with pytest.raises(ParamValidationError):
        table.get_item(TableName="tickets", Key={"pk": "TICKET#1"})


@pytest.mark.parametrize(
    ("index", "key"), [(None, "pk"), ("queue", "queue"), ("timer", "timer_shard")]
)
def test_a_query_finds_what_a_look_through_the_whole_table_finds(
    clinic: Clinic, index: str | None, key: str
) -> None:
    for number in range(3):
        clinic.take(by_portal("Please move my appointment.", clinic.now, f"event-{number}"))
    table: Any = aws.tables().client
    values = {item[key]["S"] for item in clinic.items() if key in item}
    assert values

    def found() -> list[Any]:
        where = {"IndexName": index} if index else {}
        asked = {"TableName": "tickets", "KeyConditionExpression": f"{key} = :value", **where}
        given = ({":value": {"S": value}} for value in sorted(values))
        return [
            table.query(ExpressionAttributeValues=each, **asked, **turned)["Items"]
            for each in given
            for turned in ({}, {"ScanIndexForward": False}, {"Limit": 1})
        ]

    narrow = found()
    with patch.object(Table, "query", quick_tables._query):
        assert found() == narrow


def test_a_transaction_that_fails_at_its_last_write_leaves_nothing_of_the_others(
    clinic: Clinic,
) -> None:
    clinic.take(by_portal("Please move my appointment.", clinic.now, "event-2"))
    first, second, *_, last = clinic.items()
    before = list(clinic.items())
    keys = [{name: item[name] for name in ("pk", "sk")} for item in (first, second)]
    put: Any = {"TableName": "tickets", "Item": {"pk": {"S": "NEW"}, "sk": {"S": "NEW"}}}
    update: Any = {
        "TableName": "tickets",
        "Key": keys[0],
        "UpdateExpression": "SET site = :site ADD told :who",
        "ExpressionAttributeValues": {":site": {"S": "west"}, ":who": {"SS": ["nora"]}},
    }
    refused: Any = {
        "TableName": "tickets",
        "Item": last,
        "ConditionExpression": "attribute_not_exists(pk)",
    }
    table: Any = aws.tables().client

    with pytest.raises(ClientError, match="TransactionCanceled"):
        table.transact_write_items(
            TransactItems=[
                {"Put": put},
                {"Update": update},
                {"Delete": {"TableName": "tickets", "Key": keys[1]}},
                {"Put": refused},
            ]
        )

    assert list(clinic.items()) == before
