"""Simulated time reaches every place from which the functions take theirs."""

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import boto3
import pytest

from local.stack.clock import SimulatedClock
from local.stack.deployment import Stack

SLACK = timedelta(seconds=5)
_CODE = """
import time

def lambda_handler(event, context):
    return {"clock": time.time(), "stopwatch": time.monotonic()}
"""


@pytest.fixture(scope="module")
def timepiece(stack: Stack) -> Iterator[str]:
    """A function that tells the time."""
    functions = boto3.client("lambda", **stack.aws())
    role = functions.get_function_configuration(FunctionName=stack.outputs["DeskFunctionName"])
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("handler.py", _CODE)
    functions.create_function(
        FunctionName="timepiece",
        Runtime="python3.13",
        Role=role["Role"],
        Handler="handler.lambda_handler",
        Code={"ZipFile": code.getvalue()},
    )
    yield "timepiece"
    functions.delete_function(FunctionName="timepiece")


def _told(stack: Stack, timepiece: str) -> tuple[datetime, float]:
    answer = boto3.client("lambda", **stack.aws()).invoke(FunctionName=timepiece)
    told = json.loads(answer["Payload"].read())
    return datetime.fromtimestamp(told["clock"], UTC), told["stopwatch"]


def test_a_warm_function_follows_each_move_of_the_clock(
    stack: Stack, clock: SimulatedClock, timepiece: str
) -> None:
    for hours in (0, 3, 26):
        moment = clock.now() + timedelta(hours=hours)
        clock.move_to(moment)

        assert abs(_told(stack, timepiece)[0] - moment) < SLACK


def test_stopwatches_run_on_in_real_time(
    stack: Stack, clock: SimulatedClock, timepiece: str
) -> None:
    before = _told(stack, timepiece)[1]
    clock.move_to(clock.now() + timedelta(hours=2))

    assert _told(stack, timepiece)[1] - before < SLACK.total_seconds()


def test_a_stream_record_carries_simulated_time(stack: Stack, clock: SimulatedClock) -> None:
    moment = clock.now() + timedelta(hours=5)
    clock.move_to(moment)
    dynamodb = boto3.client("dynamodb", **stack.aws())
    table = stack.outputs["TicketsTableName"]
    dynamodb.put_item(
        TableName=table, Item={"pk": {"S": "PROBE#TIME"}, "sk": {"S": moment.isoformat()}}
    )

    streams = boto3.client("dynamodbstreams", **stack.aws())
    arn = dynamodb.describe_table(TableName=table)["Table"]["LatestStreamArn"]
    (shard,) = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
    iterator = streams.get_shard_iterator(
        StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
    )["ShardIterator"]
    (record,) = [
        each["dynamodb"]
        for each in streams.get_records(ShardIterator=iterator)["Records"]
        if each["dynamodb"]["Keys"]["sk"]["S"] == moment.isoformat()
    ]
    assert abs(record["ApproximateCreationDateTime"].astimezone(UTC) - moment) < SLACK
