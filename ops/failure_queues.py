"""The failure queues of the stack: what a letter in each means, and where it goes from there."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from ops.deployed import DeploymentError

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import MessageTypeDef

HIDDEN = 120
"""Seconds for which a letter that is looked at is nobody else's."""
MOST_SEEN = 100
_ABOUT = ("shardId", "batchSize", "approximateArrivalOfFirstRecord")
_WHY = ("condition", "approximateInvokeCount")


class Way(StrEnum):
    """How the letters of a queue are redriven."""

    BACK = "sent back to where it came from"
    BY_TABLE = "taken away once no ticket waits"
    BY_PERSON = "left for a person"


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureQueue:
    """One failure queue by its logical name in the template, in words."""

    name: str
    way: Way
    means: str
    do: str


QUEUES = (
    FailureQueue(
        name="ScoreRouteDlq",
        way=Way.BY_TABLE,
        means="messages of the stream that score_route did not manage; the letter names no ticket",
        do="nothing for the tickets: each sweep scores what is unscored. Look why it failed",
    ),
    FailureQueue(
        name="EscalateDlq",
        way=Way.BY_TABLE,
        means="a run of escalate that did not start or ended with an error",
        do="nothing: the run of the next minute does the same. Look why it failed",
    ),
    FailureQueue(
        name="ReplyDlq",
        way=Way.BACK,
        means="replies that could not be handed on, and requests that the sample rule could not "
        "bring to its queue or whose program did not take them",
        do="redrive after the fault is mended; a reply leaves once, however often it comes",
    ),
    FailureQueue(
        name="MailDlq",
        way=Way.BACK,
        means="stored mails that became no ticket; the mail itself lies in the bucket",
        do="redrive after the fault is mended; look at the oldest soon: a patient wrote it",
    ),
    FailureQueue(
        name="NoticeDlq",
        way=Way.BACK,
        means="notices that no way could deliver and escalate could not take back, and alarms that "
        "did not reach operations",
        do="call the people by phone first; redrive what came from escalate; mend the subscription",
    ),
    FailureQueue(
        name="CheckpointDlq",
        way=Way.BY_PERSON,
        means="events without a copy in the locked bucket, or a checkpoint that was not made",
        do="run `triagewire ledger copy`, which locks away what has none, and `verify --all`",
    ),
    FailureQueue(
        name="ReviewDlq",
        way=Way.BY_PERSON,
        means="a run of review that did not start or ended with an error twice; the letter names "
        "the task and no ticket",
        do="nothing for the reports: the next run makes what is missing of the last two weeks. "
        "Look why it failed",
    ),
)
OF_NAME: Mapping[str, FailureQueue] = {each.name: each for each in QUEUES}


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One message of a failure queue without its body. `source` is the ARN of the queue that it is
    to go back to, empty if it came from none.
    """

    id: str
    sent_at: datetime
    received: int
    size_bytes: int
    source: str
    attributes: tuple[str, ...]
    about: Mapping[str, str | int] = field(default_factory=dict)


def urls(client: "CloudFormationClient", stack: str) -> dict[str, str]:
    """The URL of each queue of a stack by its logical name. Raises DeploymentError without any."""
    found = {
        each["LogicalResourceId"]: each["PhysicalResourceId"]
        for page in client.get_paginator("list_stack_resources").paginate(StackName=stack)
        for each in page["StackResourceSummaries"]
        if each["ResourceType"] == "AWS::SQS::Queue"
    }
    if not found:
        raise DeploymentError(f"stack {stack} has no queues: check --stack")
    return found


def waiting(client: "SQSClient", url: str) -> int:
    """About how many letters lie in a queue, those that somebody looks at included."""
    names: Any = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    found = client.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    return sum(int(found[each]) for each in names)


def received(client: "SQSClient", url: str, most: int) -> "Iterator[MessageTypeDef]":
    """Letters as they come, each hidden from others for a while; at most so many."""
    seen = 0
    while seen < most:
        found = client.receive_message(
            QueueUrl=url,
            MaxNumberOfMessages=min(10, most - seen),
            VisibilityTimeout=HIDDEN,
            MessageSystemAttributeNames=["All"],
            MessageAttributeNames=["All"],
        ).get("Messages", [])
        if not found:
            return
        yield from found
        seen += len(found)


def looked_at(client: "SQSClient", url: str) -> list[Letter]:
    """Up to a hundred letters, the oldest first; they are put back at once."""
    taken = list(received(client, url, MOST_SEEN))
    for each in taken:
        client.change_message_visibility(
            QueueUrl=url, ReceiptHandle=each["ReceiptHandle"], VisibilityTimeout=0
        )
    letters = {each["MessageId"]: letter(each) for each in taken}
    return sorted(letters.values(), key=lambda each: (each.sent_at, each.id))


def letter(message: "MessageTypeDef") -> Letter:
    """What may be told of a message: nothing of its body but codes of the service that failed."""
    system: Mapping[str, str] = message["Attributes"]  # type: ignore[assignment]
    attributes: Mapping[str, Any] = message.get("MessageAttributes", {})
    from_rule = attributes.get("TARGET_ARN", {}).get("StringValue", "")
    return Letter(
        id=message["MessageId"],
        sent_at=datetime.fromtimestamp(int(system["SentTimestamp"]) / 1000, UTC),
        received=int(system["ApproximateReceiveCount"]),
        size_bytes=len(message["Body"].encode()),
        source=system.get("DeadLetterQueueSourceArn") or _queue(from_rule),
        attributes=tuple(sorted(attributes)),
        about=_about(message["Body"]),
    )


def _queue(arn: str) -> str:
    return arn if arn.split(":")[2:3] == ["sqs"] else ""


def _about(body: str) -> dict[str, str | int]:
    """What Lambda says of a failed call: codes, counts and times, by an allow-list."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(said, dict):
        return {}
    parts = ((said.get("requestContext"), _WHY), (said.get("DDBStreamBatchInfo"), _ABOUT))
    return {
        name: part[name]
        for part, names in parts
        if isinstance(part, dict)
        for name in names
        if isinstance(part.get(name), str | int)
    }
