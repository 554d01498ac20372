"""A clinic whose people have ways of their own, and what its topics have for them."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.sns.models import sns_backends

from ops.deployed import Deployed
from tests.aws.clinic import REGION
from tests.builders import MEMBERS, a_site
from triagewire.ladder import Way
from triagewire.policy.model import Policy
from triagewire.settings import settings

OKAFOR = {Way.SMS: "+15550100001", Way.PAGER: "https://pager.clinic.example/okafor"}
LIND = {Way.SMS: "+15550100002", Way.EMAIL: "Lind@clinic.example"}
VANCE = {Way.EMAIL: "vance@clinic.example"}
LEADS = ("nora", "bela", "sami", "pia", "ivo", "rhea")
STOPPED = "+15550100099"
"""moto takes every number that ends so for one that has said STOP."""

type People = Callable[..., tuple[int, str, str]]
"""Calls the command; returns its code and what it printed."""


def a_roster(**ways: dict[Way, str]) -> Policy:
    """A group of one clinic whose on-call people, catch-all and leads have ways of their own."""
    usual = {"dr-okafor": OKAFOR, "dr-lind": LIND, "director": VANCE}
    usual |= {person: {Way.EMAIL: f"{person}@clinic.example"} for person in LEADS}
    stated = usual | {person.replace("_", "-"): each for person, each in ways.items()}
    members = {
        person: replace(member, ways=stated.get(person, {})) for person, member in MEMBERS.items()
    }
    return Policy(group="lakeside", sites={"north": a_site(members=members)}, rules={})


def a_stack(**more: str) -> Deployed:
    """What the command knows of the deployment."""
    names = settings()
    outputs = {
        "TicketsTableName": "tickets",
        "LedgerTableName": "ledger",
        "PagesTopicArn": names.pages_topic_arn,
        "AlertsTopicArn": names.alerts_topic_arn,
        "UndeliveredQueueArn": "arn:aws:sqs:us-east-1:123456789012:undelivered",
    }
    return Deployed(outputs | more)


def subscriptions(topic: str = "pages") -> dict[str, dict[str, Any]]:
    """The attributes of what a topic has, by endpoint."""
    names = settings()
    arn = names.pages_topic_arn if topic == "pages" else names.alerts_topic_arn
    return {
        each.endpoint: each.attributes
        for each in sns_backends[DEFAULT_ACCOUNT_ID][REGION].subscriptions.values()
        if each.topic.arn == arn
    }


def leave_unconfirmed(endpoint: str) -> None:
    """SNS lists a subscription so until its owner has confirmed it; moto confirms by itself."""
    for each in sns_backends[DEFAULT_ACCOUNT_ID][REGION].subscriptions.values():
        if each.endpoint == endpoint:
            each.arn = "PendingConfirmation"


def confirm(endpoint: str) -> None:
    """Let the owner of an address confirm it."""
    for arn, each in sns_backends[DEFAULT_ACCOUNT_ID][REGION].subscriptions.items():
        if each.endpoint == endpoint:
            each.arn = arn
