"""The queue of replies as score_route takes it, and what of a reply stands where."""

import json
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from functions.score_route.handler import lambda_handler
from tests.aws.clinic import Clinic
from tests.aws.replying import hand_queue_over, queued
from tests.aws.said import APPOINTMENT, HOURS
from tests.aws.senders import by_portal
from tests.aws.test_desk_calls import Desk, a_desk
from tests.aws.test_desk_replies import AFTER, MAIL, WAITS, Ways, leave
from tests.aws.wire import Fault
from tests.builders import MONDAY_MORNING, minutes
from triagewire.delivering import keys_of
from triagewire.errors import TryLaterError
from triagewire.ledger.event import Action
from triagewire.message import Delivery, Direction

WORDS = "the biopsy was benign"


@pytest.fixture
def desk() -> Iterator[Desk]:
    """A desk with a ticket that nick holds."""
    with a_desk(WAITS) as opened:
        yield opened


def test_nothing_of_a_reply_stands_outside_its_message(desk: Desk) -> None:
    desk.act("nick", "reply", text=WORDS, subject="Re: biopsy")
    ways = Ways()
    ways.error = TryLaterError(f"{MAIL} is down", "http_503")
    leave(desk, MONDAY_MORNING + AFTER, ways)
    client = desk.tables.client

    tickets = client.scan(TableName="tickets")["Items"]
    ledger = client.scan(TableName="ledger")["Items"]

    open_parts = [
        {name: value for name, value in item.items() if "B" not in value}
        for item in [*tickets, *ledger]
    ]
    for word in (WORDS, "biopsy", MAIL):
        assert word not in json.dumps(open_parts)
        assert word not in desk.log.getvalue()


def test_the_queue_brings_what_was_lost_on_the_stream(clinic: Clinic) -> None:
    clinic.post(by_portal(HOURS, clinic.now, "evt-1"))
    clinic.hand_over(clinic.records())
    (ticket,) = clinic.tickets()
    assert clinic.mails() == []

    assert hand_queue_over(clinic, clinic.now + minutes(1)) == []

    assert len(clinic.mails()) == 1
    assert list(queued(clinic)) == []
    assert Action.REPLY_SENT in clinic.actions(ticket.id)


def test_a_message_of_the_queue_that_is_none_is_named_alone(clinic: Clinic) -> None:
    clinic.post(by_portal(APPOINTMENT, clinic.now, "evt-1"))
    clinic.hand_over(clinic.records())
    good = list(queued(clinic))
    bad: list[dict[str, Any]] = [
        {"messageId": "m-1", "body": "no json"},
        {"messageId": "m-2", "body": '{"pk": "TICKET#X"}'},
        {"messageId": "m-3", "body": '["pk", "sk"]'},
    ]

    answer = lambda_handler({"Records": [*bad, *good]}, SimpleNamespace(aws_request_id="r"))

    failed = [each["itemIdentifier"] for each in answer["batchItemFailures"]]
    assert failed == ["m-1", "m-2", "m-3"]
    assert len(clinic.mails()) == 1


def test_keys_of_nothing_send_nothing(clinic: Clinic) -> None:
    body = '{"pk": "TICKET#NONE", "sk": "MSG#none"}'
    record = {"messageId": "m-1", "body": body}

    answer = lambda_handler({"Records": [record]}, SimpleNamespace(aws_request_id="r"))

    assert answer == {"batchItemFailures": []}
    assert keys_of(body) == ("TICKET#NONE", "MSG#none")


def test_an_outage_of_the_mail_service_delays_and_loses_nothing(clinic: Clinic) -> None:
    clinic.post(by_portal(APPOINTMENT, clinic.now, "evt-1"))
    clinic.hand_over(clinic.records())
    with clinic.wire.failing(
        lambda _at, call: Fault.REFUSED if call.operation == "SendEmail" else None
    ):
        for minute in range(1, 40):
            assert hand_queue_over(clinic, MONDAY_MORNING + minutes(minute)) == []

    hand_queue_over(clinic, MONDAY_MORNING + minutes(300))

    (ticket,) = clinic.tickets()
    (reply,) = [each for each in clinic.said(ticket.id) if each.direction is Direction.OUTBOUND]
    assert (reply.delivery, reply.tries) == (Delivery.SENT, 5)
