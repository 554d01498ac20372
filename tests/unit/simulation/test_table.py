"""The table in memory finds by its keys and indexes what a DynamoDB would find."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from ops.simulation.table import Memory


def _put(memory: Memory, pk: str, sk: str, **attributes: str) -> None:
    texts = {name: {"S": value} for name, value in attributes.items()}
    memory.put_item(TableName="tickets", Item={"pk": {"S": pk}, "sk": {"S": sk}, **texts})


def _found(memory: Memory, condition: str, index: str = "", **values: str) -> list[str]:
    arguments: dict[str, Any] = {"IndexName": index} if index else {}
    answer = memory.query(
        TableName="tickets",
        KeyConditionExpression=condition,
        ExpressionAttributeValues={f":{name}": {"S": value} for name, value in values.items()},
        **arguments,
    )
    return [item["sk"]["S"] for item in answer["Items"]]


def test_a_query_gives_the_items_of_one_key_in_their_order() -> None:
    memory = Memory()
    for sk in ("MSG#2", "TICKET", "MSG#1"):
        _put(memory, "TICKET#A", sk)
    _put(memory, "TICKET#B", "MSG#0")

    assert _found(memory, "pk = :pk AND begins_with(sk, :p)", pk="TICKET#A", p="MSG#") == [
        "MSG#1",
        "MSG#2",
    ]


def test_an_index_holds_an_item_under_what_it_says_now_and_not_under_what_it_said() -> None:
    memory = Memory()
    due = "timer_shard = :shard AND timer_due <= :now"
    _put(memory, "A", "1", timer_shard="0", timer_due="09:00")
    _put(memory, "A", "1", timer_shard="1", timer_due="09:30")

    assert _found(memory, due, "timer", shard="0", now="10:00") == []
    assert _found(memory, due, "timer", shard="1", now="10:00") == ["1"]
    assert _found(memory, due, "timer", shard="1", now="09:10") == []


def test_a_deleted_item_is_found_by_nothing() -> None:
    memory = Memory()
    _put(memory, "A", "1", queue="north#clinical", queue_rank="4")
    gone = {"pk": {"S": "A"}, "sk": {"S": "1"}}
    memory.transact_write_items(TransactItems=[{"Delete": {"TableName": "tickets", "Key": gone}}])

    assert _found(memory, "pk = :pk", pk="A") == []
    assert _found(memory, "queue = :q", "queue", q="north#clinical") == []


def test_a_transaction_writes_all_or_nothing() -> None:
    memory = Memory()
    _put(memory, "A", "1")
    fresh = {"pk": {"S": "A"}, "sk": {"S": "2"}}
    taken = {"pk": {"S": "A"}, "sk": {"S": "1"}}
    only_new = "attribute_not_exists(pk)"
    puts = [
        {"Put": {"TableName": "tickets", "Item": item, "ConditionExpression": only_new}}
        for item in (fresh, taken)
    ]

    with pytest.raises(ClientError, match="TransactionCanceled"):
        memory.transact_write_items(TransactItems=puts)

    assert _found(memory, "pk = :pk", pk="A") == ["1"]
