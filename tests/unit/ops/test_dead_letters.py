"""What is told of a letter in a failure queue, and that every such queue has its meaning."""

import json
from typing import Any

import pytest

from ops.failure_queues import OF_NAME, letter
from tests.template import resources

MAIL_QUEUE = "arn:aws:sqs:us-east-1:123456789012:mail"
WORDS = "my chest hurts and my name is Ada Lovelace"


def a_message(body: str = "{}", **more: Any) -> Any:  # noqa: ANN401
    system = {"SentTimestamp": "1780000000000", "ApproximateReceiveCount": "2"}
    return {
        "MessageId": "m-1",
        "Body": body,
        "Attributes": {**system, **more.pop("system", {})},
    } | more


def test_every_failure_queue_of_the_template_has_its_meaning() -> None:
    named = {name for name in resources("AWS::SQS::Queue") if name.endswith("Dlq")}

    assert named == set(OF_NAME)


def test_a_letter_knows_the_queue_that_it_came_from() -> None:
    told = letter(a_message(system={"DeadLetterQueueSourceArn": MAIL_QUEUE}))

    assert (told.source, told.received) == (MAIL_QUEUE, 2)


@pytest.mark.parametrize(
    ("target", "back"),
    [(MAIL_QUEUE, MAIL_QUEUE), ("arn:aws:lambda:us-east-1:123456789012:function:escalate", "")],
)
def test_what_a_rule_could_not_deliver_goes_back_to_a_queue_only(target: str, back: str) -> None:
    attribute = {"TARGET_ARN": {"DataType": "String", "StringValue": target}}

    assert letter(a_message(MessageAttributes=attribute)).source == back


def test_of_a_failed_batch_of_the_stream_only_codes_and_counts_are_told() -> None:
    body = {
        "requestContext": {"condition": "RetryAttemptsExhausted", "note": WORDS},
        "DDBStreamBatchInfo": {"shardId": "shardId-1", "batchSize": 3, "said": WORDS},
        "requestPayload": {"text": WORDS},
        "responsePayload": {"errorMessage": WORDS},
    }

    told = letter(a_message(json.dumps(body)))

    assert told.about == {
        "condition": "RetryAttemptsExhausted",
        "shardId": "shardId-1",
        "batchSize": 3,
    }
    assert WORDS not in repr(told)


@pytest.mark.parametrize(
    "body",
    [WORDS, "[]", "null", '{"requestContext": "x"}', "", pytest.param("[" * 200_000, id="nested")],
)
def test_a_body_of_any_other_shape_tells_nothing(body: str) -> None:
    assert letter(a_message(body)).about == {}
