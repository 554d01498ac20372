"""What SNS must be told so that its topics hear by the roster: what to subscribe, mend and remove.

A subscription that this command made is known by its filter policy, which names people and a way
and nothing else. All others were made by hand, and are left alone.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from triagewire.escalation.addresses import PROTOCOLS, Address, Subscription
from triagewire.ladder import Way

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient

PAGER_RETRIES = {
    "minDelayTarget": 5,
    "maxDelayTarget": 15,
    "numRetries": 4,
    "numNoDelayRetries": 0,
    "numMinDelayRetries": 0,
    "numMaxDelayRetries": 0,
    "backoffFunction": "linear",
}
"""SNS gives a pager service up after about 40 seconds (the four waits are 5, 8, 12 and 15), so that
the page comes back and the ladder goes on before its own wait is over.
"""


@dataclass(frozen=True, slots=True)
class Found:
    """A subscription with the attributes that SNS keeps of it; none while it is not confirmed."""

    subscription: Subscription
    attributes: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_ours(self) -> bool:
        """Whether this command made it."""
        policy = _read(self.attributes.get("FilterPolicy"))
        return set(policy) == {"person", "way"} and policy["way"] in [[way] for way in PROTOCOLS]

    @property
    def people(self) -> tuple[str, ...]:
        """Whom it tells, of one that is ours."""
        return tuple(_read(self.attributes.get("FilterPolicy")).get("person", ()))


class Deed(StrEnum):
    """What is done to a subscription."""

    SUBSCRIBE = "subscribe"
    ASK_AGAIN = "ask again"
    MEND = "mend"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing to do: `attributes` are those to give it, `arn` is that of an existing one."""

    deed: Deed
    address: Address
    people: tuple[str, ...]
    arn: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)


def attributes_of(address: Address, people: Collection[str], dead_letters: str) -> dict[str, str]:
    """The attributes of a subscription: it hears what is for these people and this way, and gives
    back what it could not deliver.
    """
    found: dict[str, Any] = {
        "FilterPolicy": {"person": sorted(people), "way": [address.way.value]},
        "RedrivePolicy": {"deadLetterTargetArn": dead_letters},
    }
    if address.way is Way.PAGER:
        found["DeliveryPolicy"] = {"healthyRetryPolicy": PAGER_RETRIES}
    return {name: json.dumps(value) for name, value in found.items()}


def found_in(client: "SNSClient", subscriptions: Iterable[Subscription]) -> tuple[Found, ...]:
    """The subscriptions with their attributes, where they are of a way and confirmed."""

    def attributes(each: Subscription) -> Mapping[str, str]:
        if not each.arn or each.address is None:
            return {}
        answer = client.get_subscription_attributes(SubscriptionArn=each.arn)
        return answer["Attributes"]

    return tuple(Found(each, attributes(each)) for each in subscriptions)


def changes(
    wanted: Mapping[Address, frozenset[str]],
    needed: Collection[Address],
    found: Iterable[Found],
    dead_letters: str,
    *,
    again: bool = False,
) -> Iterator[Change]:
    """What is missing, wrong or too much. What is still `needed` elsewhere is not removed; with
    `again` those who have not confirmed are asked once more.
    """
    known = {each.subscription.address: each for each in found}
    for address, people in wanted.items():
        there = known.get(address)
        right = attributes_of(address, people, dead_letters)
        told = tuple(sorted(people))
        if there is None:
            yield Change(deed=Deed.SUBSCRIBE, address=address, people=told, attributes=right)
        elif not there.subscription.arn:
            if again:
                yield Change(deed=Deed.ASK_AGAIN, address=address, people=told, attributes=right)
        elif there.is_ours and (wrong := _wrong(there.attributes, right)):
            arn = there.subscription.arn
            yield Change(deed=Deed.MEND, address=address, people=told, arn=arn, attributes=wrong)
    for left, each in known.items():
        if left is not None and each.is_ours and left not in wanted and left not in needed:
            arn = each.subscription.arn
            yield Change(deed=Deed.REMOVE, address=left, people=each.people, arn=arn)


def make(client: "SNSClient", topics: Mapping[bool, str], change: Change) -> str:
    """Do a change; returns the code of the error for which SNS did not take it, else nothing."""
    try:
        if change.deed is Deed.REMOVE:
            client.unsubscribe(SubscriptionArn=change.arn)
        elif change.deed is Deed.MEND:
            for name, value in change.attributes.items():
                client.set_subscription_attributes(
                    SubscriptionArn=change.arn, AttributeName=name, AttributeValue=value
                )
        else:
            client.subscribe(
                TopicArn=topics[change.address.page],
                Protocol=PROTOCOLS[change.address.way],
                Endpoint=change.address.endpoint,
                Attributes=dict(change.attributes),
                ReturnSubscriptionArn=True,
            )
    except ClientError as error:
        return error.response["Error"]["Code"]
    return ""


def _wrong(there: Mapping[str, str], right: Mapping[str, str]) -> dict[str, str]:
    """Those of the right attributes that are otherwise; SNS adds fields of its own to some."""
    return {
        name: value
        for name, value in right.items()
        if not _holds(_read(there.get(name)), json.loads(value))
    }


def _holds(there: Any, right: Any) -> bool:  # noqa: ANN401 JSON
    if isinstance(right, dict):
        return isinstance(there, dict) and all(
            _holds(there.get(name), value) for name, value in right.items()
        )
    if isinstance(right, list):
        return isinstance(there, list) and sorted(there) == sorted(right)
    return bool(there == right)


def _read(value: str | None) -> dict[str, Any]:
    try:
        found = json.loads(value or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
