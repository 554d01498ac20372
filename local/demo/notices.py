"""What really left the stack: messages that SNS delivered to our queue, and mail in the outbox."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from local.demo.world import HTTP_SECONDS, World

BATCH = 10
_LINK = re.compile(r"/acknowledge/[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """One message of one notice or more; `at` is when SNS handed it over."""

    id: str
    kind: str
    person: str
    site: str
    way: str
    at: datetime
    text: str
    body: str

    @property
    def links(self) -> list[str]:
        """The paths of the links in it that acknowledge a ticket."""
        return _LINK.findall(self.text)


class Pager:
    """Two queues, subscribed to the pages and to the alerts."""

    def __init__(self, world: World) -> None:
        self._sqs, self._sns = world.client("sqs"), world.client("sns")
        self._subscriptions: list[str] = []
        self._delivered: list[Delivered] = []
        self._queues = [
            self._subscribed(world, name, world.stack.outputs[output])
            for name, output in (("demo-pages", "PagesTopicArn"), ("demo-alerts", "AlertsTopicArn"))
        ]

    def remove(self) -> None:
        """End the subscriptions and delete the queues."""
        for subscription in self._subscriptions:
            self._sns.unsubscribe(SubscriptionArn=subscription)
        for url in self._queues:
            self._sqs.delete_queue(QueueUrl=url)

    def delivered(self) -> list[Delivered]:
        """Every message so far, in the order in which they came."""
        self._delivered += [message for url in self._queues for message in self._drained(url)]
        return sorted(self._delivered, key=lambda message: message.at)

    def fresh(self) -> list[Delivered]:
        """Every message that came since the last look of any kind."""
        known = len(self._delivered)
        self.delivered()
        return self._delivered[known:]

    def link_to(self, ticket_id: str, person: str) -> str:
        """The path of the latest link by which a person may acknowledge a ticket; "" for none."""
        return next(
            (
                message.links[0]
                for message in reversed(self.delivered())
                if message.links and message.person == person and ticket_id in message.text
            ),
            "",
        )

    def _subscribed(self, world: World, name: str, topic: str) -> str:
        url: str = self._sqs.create_queue(QueueName=name)["QueueUrl"]
        arn = self._sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
        queue = arn["Attributes"]["QueueArn"]
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": "sns.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": queue,
            "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
        }
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        self._sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
        made = self._sns.subscribe(
            TopicArn=topic, Protocol="sqs", Endpoint=queue, ReturnSubscriptionArn=True
        )
        self._subscriptions.append(made["SubscriptionArn"])
        return url

    def _drained(self, url: str) -> Iterator[Delivered]:
        while True:
            found = self._sqs.receive_message(
                QueueUrl=url, MaxNumberOfMessages=BATCH, AttributeNames=["SentTimestamp"]
            ).get("Messages", [])
            if not found:
                return
            for each in found:
                self._sqs.delete_message(QueueUrl=url, ReceiptHandle=each["ReceiptHandle"])
                if told := _message(each):
                    yield told


def _message(given: dict[str, Any]) -> Delivered | None:
    """A message of ours; None for what an alarm or a test sent without our attributes."""
    envelope = json.loads(given["Body"])
    said = {name: each["Value"] for name, each in envelope.get("MessageAttributes", {}).items()}
    if "kind" not in said:
        return None
    return Delivered(
        id=said.get("notice", ""),  # a report is a message of no notice
        kind=said["kind"],
        person=said.get("person", ""),
        site=said["site"],
        way=said.get("way", ""),
        text=envelope["Message"],
        at=datetime.fromtimestamp(int(given["Attributes"]["SentTimestamp"]) / 1000, UTC),
        # Everything that travelled, subject and attributes too.
        body=given["Body"],
    )


def outbox(world: World) -> list[dict[str, Any]]:
    """Every mail that SES accepted, as the emulator keeps it."""
    answer = world.http.get(
        f"{world.stack.emulator.endpoint}/_ministack/ses/messages", timeout=HTTP_SECONDS
    )
    answer.raise_for_status()
    accounts = answer.json()["messages"]
    return [mail for mails in accounts.values() for mail in mails]
