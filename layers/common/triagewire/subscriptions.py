"""What the topics of pages and alerts have in SNS: who is subscribed, and who has confirmed it."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from triagewire import aws
from triagewire.escalation.addresses import Subscription
from triagewire.settings import settings

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient


def subscribed() -> tuple[Subscription, ...]:
    """What the topics of this deployment have now."""
    names = settings()
    return subscribed_to(aws.sns(), {True: names.pages_topic_arn, False: names.alerts_topic_arn})


def subscribed_to(client: "SNSClient", topics: Mapping[bool, str]) -> tuple[Subscription, ...]:
    """What these topics have now: that of pages stands under True, that of alerts under False."""
    return tuple(
        each for page, topic in topics.items() for each in _of_topic(client, topic, page=page)
    )


def _of_topic(client: "SNSClient", topic: str, *, page: bool) -> Iterator[Subscription]:
    pages = client.get_paginator("list_subscriptions_by_topic").paginate(TopicArn=topic)
    for each in (found for answer in pages for found in answer["Subscriptions"]):
        # Until its owner has confirmed it, the word PendingConfirmation stands for the ARN.
        arn = each["SubscriptionArn"]
        yield Subscription(
            page=page,
            protocol=each["Protocol"],
            endpoint=each["Endpoint"],
            arn=arn if arn.startswith("arn:") else "",
        )
