"""SNS gives up on somebody, minutes or hours later, and says so: the ladder waits for nobody who
cannot hear.
"""

import json
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
import time_machine

from functions.escalate import handler as escalate
from tests.aws.clinic import LAMBDA, Clinic
from tests.aws.said import APPOINTMENT, CHEST_PAIN
from tests.aws.senders import by_portal
from tests.aws.wire import Died, Fault
from tests.builders import AT_NIGHT, MEMBERS, a_policy, a_requester, a_site, minutes
from tests.conftest import Written
from triagewire.flow.policies import current_policy
from triagewire.ladder import Way
from triagewire.ledger.event import Action

EVERY_WAY = {Way.SMS: "+15550100001", Way.EMAIL: "lead@clinic.example", Way.PAGER: "https://p/1"}


@pytest.fixture
def clinic(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> Clinic:
    """The clinic, where sami and dr-okafor can be told by text, mail and pager."""
    monkeypatch.setattr(escalate, "subscribed", None)  # what SNS knows of them is not looked at
    reachable = {
        who: replace(MEMBERS[who], ways=EVERY_WAY) for who in ("sami", "dr-okafor", "nora")
    }
    clinic.publish(a_policy(a_site(members={**MEMBERS, **reachable})))
    current_policy.cache_clear()
    clinic.wire.calls.clear()
    return clinic


def paged(clinic: Clinic) -> str:
    """A patient with chest pain at night; returns the ticket that pages dr-okafor."""
    clinic.now = AT_NIGHT
    return clinic.take(by_portal(CHEST_PAIN, AT_NIGHT, "evt-1", who=a_requester()))


def breached(clinic: Clinic) -> str:
    """A request about an appointment that nobody answered in time."""
    ticket = clinic.take(by_portal(APPOINTMENT, clinic.now, "evt-1"))
    clinic.sweep(clinic.ticket(ticket).clock.due_at)  # type: ignore[union-attr]
    assert clinic.notices("breach")
    return ticket


def last_sent(clinic: Clinic, kind: str, way: Way) -> dict[str, Any]:
    """The last message of a kind by a way, as SNS got it."""
    wanted = {"kind": kind, "way": way.value}
    sent: dict[str, Any]
    for sent in reversed(clinic.wire.of("Publish")):
        named = {name: each["StringValue"] for name, each in sent["MessageAttributes"].items()}
        if wanted.items() <= named.items():
            return sent
    raise AssertionError(f"no {kind} was sent by {way}")


def a_record(sent: dict[str, Any], number: int = 1) -> dict[str, Any]:
    """A message as SNS puts it into the queue when it gives up."""
    attributes = {
        name: {"Type": each["DataType"], "Value": each["StringValue"]}
        for name, each in sent["MessageAttributes"].items()
    }
    envelope = {
        "Type": "Notification",
        "MessageId": f"00000000-0000-0000-0000-{number:012d}",
        "TopicArn": sent["TopicArn"],
        "Subject": sent["Subject"],
        "Message": sent["Message"],
        "MessageAttributes": attributes,
    }
    return a_body(json.dumps(envelope), number)


def a_body(body: str, number: int = 1) -> dict[str, Any]:
    return {
        "messageId": f"letter-{number}",
        "body": body,
        "attributes": {"ApproximateReceiveCount": "1"},
        "messageAttributes": {"ErrorCode": {"stringValue": "NoPermission"}},
        "eventSource": "aws:sqs",
    }


def given_back(clinic: Clinic, *records: dict[str, Any]) -> list[str]:
    """Hand a batch of the queue to escalate; returns what must come again."""
    with time_machine.travel(clinic.now, tick=False):
        answer = escalate.lambda_handler({"Records": list(records)}, LAMBDA)
    return [each["itemIdentifier"] for each in answer["batchItemFailures"]]


def failures(clinic: Clinic, ticket: str) -> list[tuple[object, object]]:
    events = [each for each in clinic.ledger(ticket) if each.action is Action.NOTICE_FAILED]
    return [(each.detail["person"], each.detail["way"]) for each in events]


def people_paged(clinic: Clinic) -> list[str]:
    """Who was paged, once each, in order."""
    return list(dict.fromkeys(clinic.paged()))


def test_a_page_that_reached_nobody_goes_on_to_the_next_step_at_once(
    clinic: Clinic, written: Written
) -> None:
    ticket = paged(clinic)
    clinic.now += minutes(1)

    assert given_back(clinic, a_record(last_sent(clinic, "page", Way.SMS))) == []

    assert people_paged(clinic) == ["dr-okafor", "nora"]
    assert failures(clinic, ticket) == [("dr-okafor", "sms")]
    assert '"PageUndelivered":[1.0]' in written.getvalue()


def test_an_acknowledged_page_wakes_nobody_else(clinic: Clinic) -> None:
    ticket = paged(clinic)
    clinic.now += minutes(1)
    clinic.acknowledge(ticket, "dr-okafor")

    assert given_back(clinic, a_record(last_sent(clinic, "page", Way.SMS))) == []

    assert people_paged(clinic) == ["dr-okafor"]
    assert failures(clinic, ticket) == [("dr-okafor", "sms")]


def test_the_same_letter_twice_and_those_of_other_ways_page_nobody_twice(clinic: Clinic) -> None:
    ticket = paged(clinic)
    clinic.now += minutes(1)
    by_text, by_pager = (a_record(last_sent(clinic, "page", way)) for way in (Way.SMS, Way.PAGER))
    given_back(clinic, by_text)
    after_the_first = clinic.paged()

    assert given_back(clinic, by_text, by_pager) == []

    assert clinic.paged() == after_the_first
    assert ("dr-okafor", "pager") in failures(clinic, ticket)


def test_a_letter_that_comes_hours_later_moves_no_ladder_that_has_gone_on(clinic: Clinic) -> None:
    ticket = paged(clinic)
    letter = a_record(last_sent(clinic, "page", Way.SMS))
    clinic.pass_minutes(12)
    before = clinic.paged()

    assert given_back(clinic, letter) == []

    assert clinic.paged() == before
    assert failures(clinic, ticket) == [("dr-okafor", "sms")]


def test_an_alert_goes_by_the_next_way_and_never_back(clinic: Clinic) -> None:
    ticket = breached(clinic)
    assert [each["way"] for each in clinic.notices("breach")] == ["sms"]

    for way in (Way.SMS, Way.EMAIL, Way.PAGER):
        clinic.now += minutes(3)
        assert given_back(clinic, a_record(last_sent(clinic, "breach", way))) == []
        clinic.pass_minutes(3)

    assert [each["way"] for each in clinic.notices("breach")] == ["sms", "email", "pager"]
    assert [way for _, way in failures(clinic, ticket)] == ["sms", "email", "pager"]


def test_an_alert_of_what_was_settled_meanwhile_goes_no_other_way(clinic: Clinic) -> None:
    ticket = breached(clinic)
    letter = a_record(last_sent(clinic, "breach", Way.SMS))
    clinic.resolve(ticket, "sami")

    assert given_back(clinic, letter) == []
    clinic.pass_minutes(3)

    assert len(clinic.notices("breach")) == 1
    assert failures(clinic, ticket) == [("sami", "sms")]


@pytest.mark.parametrize(
    "body",
    [
        "no JSON",
        json.dumps({"Type": "Notification", "Message": json.dumps({"AlarmName": "Heartbeat"})}),
        json.dumps(
            {
                "MessageAttributes": {
                    "notice": {"Type": "String", "Value": "FORGED-1-page-dr-okafor"},
                    "person": {"Type": "String", "Value": "dr-okafor"},
                    "way": {"Type": "String", "Value": "sms"},
                }
            }
        ),
    ],
    ids=["no JSON", "an alarm of operations", "a message that was never sent"],
)
def test_what_is_not_known_stays_for_a_person_and_holds_up_nothing_else(
    clinic: Clinic, body: str
) -> None:
    paged(clinic)
    clinic.now += minutes(1)

    failed = given_back(clinic, a_body(body, 7), a_record(last_sent(clinic, "page", Way.SMS), 8))

    assert failed == ["letter-7"]
    assert people_paged(clinic) == ["dr-okafor", "nora"]


def test_a_letter_that_cannot_be_recorded_comes_again(clinic: Clinic) -> None:
    ticket = paged(clinic)
    clinic.now += minutes(1)
    letter = a_record(last_sent(clinic, "page", Way.SMS))

    with clinic.wire.failing(
        lambda _at, call: Fault.REFUSED if call.operation == "TransactWriteItems" else None
    ):
        assert given_back(clinic, letter) == ["letter-1"]
    assert given_back(clinic, letter) == []

    assert failures(clinic, ticket) == [("dr-okafor", "sms")]
    assert people_paged(clinic) == ["dr-okafor", "nora"]


@pytest.mark.parametrize("fault", [Fault.DIES_BEFORE, Fault.DIES_AFTER])
@pytest.mark.parametrize("nth", range(3))
def test_whoever_dies_over_a_letter_leaves_the_ladder_to_the_next_minute(
    clinic: Clinic, fault: Fault, nth: int
) -> None:
    ticket = paged(clinic)
    clinic.now += minutes(1)
    letter = a_record(last_sent(clinic, "page", Way.SMS))
    writes = iter(range(99))

    with (
        clinic.wire.failing(
            lambda _at, call: (
                fault if call.operation == "TransactWriteItems" and next(writes) == nth else None
            )
        ),
        suppress(Died),
    ):
        given_back(clinic, letter)
    clinic.pass_minutes(1)
    assert given_back(clinic, letter) == []
    clinic.pass_minutes(1)

    assert people_paged(clinic) == ["dr-okafor", "nora"]
    assert ("dr-okafor", "sms") in failures(clinic, ticket)
