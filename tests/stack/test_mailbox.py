"""Mail by SES on the deployed template: from an object in the bucket to a ticket."""

import json
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from uuid import uuid4

import pytest

from local.demo.world import World
from local.stack.clock import SimulatedClock
from tests.stack.probe import Probe
from triagewire.channels.source import source_from
from triagewire.ids import ticket_id
from triagewire.ledger.event import Stamp
from triagewire.message import Message
from triagewire.store.messages import read_messages
from triagewire.store.policies import publish
from triagewire.store.tickets import load_ticket

SITE, SOURCE = "riverside", "ses-mail"
PATIENCE_SECONDS = 120.0
"""A notice that fails once comes again after a minute and a half."""


@pytest.fixture(scope="module")
def mailbox(world: World, clock: SimulatedClock) -> str:
    """The bucket of a stack whose policy has a source that SES serves."""
    site = world.site(SITE)
    source = source_from({"site": SITE, "name": SOURCE, "adapter": "ses"})
    sites = {
        **world.policy.sites,
        SITE: replace(site, sources={**site.sources, SOURCE: source}),
    }
    stamp = Stamp(at=clock.now(), actor="test", policy_version=0)
    publish(world.tables, replace(world.policy, sites=sites), stamp)
    return world.stack.outputs["InboundBucketName"]


def wait_until[T](look: Callable[[], T | None]) -> T:
    """What `look` finds, once it finds something."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(0.5)
    raise AssertionError(f"nothing was found in {PATIENCE_SECONDS} s")


def a_mail(message_id: str, now: datetime) -> bytes:
    return (
        "Return-Path: <dana@mail.example>\r\n"
        "From: =?utf-8?q?Dana_Whitfield?= <dana@mail.example>\r\n"
        "To: desk@riverside.example\r\n"
        "Subject: Refill\r\n"
        f"Message-ID: <{message_id}>\r\n"
        f"Date: {now:%a, %d %b %Y %H:%M:%S} +0000\r\n"
        "\r\n"
        "Could you please refill my lisinopril? I have two tablets left.\r\n"
    ).encode()


def test_a_mail_in_the_bucket_becomes_one_ticket(
    world: World, clock: SimulatedClock, mailbox: str
) -> None:
    message_id = f"{uuid4()}@mail.example"
    raw = a_mail(message_id, clock.now())
    for name in ("first copy", "second+copy"):
        key = f"mail/{SITE}/{SOURCE}/{name} {uuid4()}"
        world.client("s3").put_object(Bucket=mailbox, Key=key, Body=raw)

    opened = ticket_id(SITE, SOURCE, message_id)
    ticket = wait_until(lambda: load_ticket(world.tables, opened))
    messages: list[Message] = list(read_messages(world.tables, opened))

    assert ticket.requester.email == "dana@mail.example"
    assert messages[0].text == "Could you please refill my lisinopril? I have two tablets left."
    wait_until(lambda: _left(world, "MailQueueUrl") == 0)
    assert _left(world, "MailDlqUrl") == 0


def test_the_bucket_is_closed_to_everybody_else(world: World, mailbox: str) -> None:
    s3 = world.client("s3")

    closed = s3.get_public_access_block(Bucket=mailbox)["PublicAccessBlockConfiguration"]
    assert all(closed.values())
    policy = json.loads(s3.get_bucket_policy(Bucket=mailbox)["Policy"])
    assert {each["Sid"] for each in policy["Statement"]} == {"TlsOnly", "ReceiptRulesOfThisAccount"}


@pytest.mark.parametrize("function", ["Intake", "ScoreRoute", "Escalate", "Desk"])
def test_only_intake_reads_stored_mail_and_nobody_but_the_purge_takes_it_away(
    world: World, probe: Probe, function: str
) -> None:
    bucket, queue = (world.stack.outputs[name] for name in ("InboundBucketName", "MailQueueUrl"))
    mail = {"Bucket": bucket, "Key": "mail/probe"}
    body = {"Bucket": bucket, "Key": "quarantine/probe"}

    answers = probe.answers(
        function,
        [
            ("s3", "get_object", mail),
            ("s3", "put_object", {**body, "Body": "x"}),
            ("s3", "put_object", {**mail, "Body": "x"}),
            ("s3", "delete_object", mail),
            ("s3", "list_objects_v2", {"Bucket": bucket}),
            ("sqs", "send_message", {"QueueUrl": queue, "MessageBody": "{}"}),
        ],
    )

    refused = [answer == "refused" for answer in answers]
    own = [False, False] if function == "Intake" else [True, True]
    purges = function == "Escalate"
    assert refused == [*own, True, not purges, True, True], answers


def _left(world: World, queue: str) -> int:
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    found = world.client("sqs").get_queue_attributes(
        QueueUrl=world.stack.outputs[queue], AttributeNames=names
    )["Attributes"]
    return sum(int(found[name]) for name in names)
