"""What the topics of pages and alerts have in SNS: who is subscribed, and who has said STOP."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from triagewire import aws
from triagewire.escalation.addresses import Subscribed, Subscription
from triagewire.observability import count, logger
from triagewire.settings import settings

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient


def subscribed(numbers: Iterable[str]) -> Subscribed:
    """What the topics of this deployment have now; of the numbers, those that have said STOP."""
    names = settings()
    topics = {True: names.pages_topic_arn, False: names.alerts_topic_arn}
    return subscribed_to(aws.sns(), topics, numbers)


def subscribed_to(
    client: "SNSClient", topics: Mapping[bool, str], numbers: Iterable[str]
) -> Subscribed:
    """What these topics have now: that of pages stands under True, that of alerts under False."""
    found = [each for page, topic in topics.items() for each in _of_topic(client, topic, page=page)]
    stopped: set[str] = set()
    known = True
    try:
        stopped.update(each for each in numbers if _has_stopped(client, each))
    except ClientError as error:
        # Better to text somebody in vain than to know nothing of all the others.
        count("StopsNotRead")
        logger.error("stops not read", error=error.response["Error"]["Code"])
        known = False
    return Subscribed(subscriptions=tuple(found), stopped=frozenset(stopped), stops_known=known)


def _of_topic(client: "SNSClient", topic: str, *, page: bool) -> Iterator[Subscription]:
    arguments = {"TopicArn": topic}
    while True:
        answer = client.list_subscriptions_by_topic(**arguments)
        for each in answer["Subscriptions"]:
            # Until its owner has confirmed it, the words PendingConfirmation stand for the ARN.
            arn = each["SubscriptionArn"]
            yield Subscription(
                page=page,
                protocol=each["Protocol"],
                endpoint=each["Endpoint"],
                arn=arn if arn.startswith("arn:") else "",
            )
        if not (token := answer.get("NextToken")):
            return
        arguments["NextToken"] = token


def _has_stopped(client: "SNSClient", number: str) -> bool:
    return client.check_if_phone_number_is_opted_out(phoneNumber=number)["isOptedOut"]
