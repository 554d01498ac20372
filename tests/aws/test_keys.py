"""The keys of messages in KMS: what happens while it does not answer, and who may use them."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import boto3
import pytest

from functions.suggest import handler as suggest
from tests.aws.clinic import Clinic
from tests.aws.deployment import REGION, forget
from tests.aws.said import CHEST_PAIN, HOURS, REFILL
from tests.aws.senders import by_portal, unreadable
from tests.aws.wire import Call, Died, Fault
from tests.builders import AT_NIGHT, minutes
from tests.template import resources
from triagewire import aws
from triagewire.errors import KeyUnavailableError, SealBrokenError
from triagewire.flow.sweeping import all_is_well
from triagewire.ledger.event import Action
from triagewire.store.tickets import load_ticket

keys_of_a_function = aws._keys
"""As the module makes them; the clinic of the tests puts others in their place."""
GIVEN = {"IntakeFunction", "ScoreRouteFunction", "EscalateFunction", "DeskFunction"}


@pytest.fixture
def clinic_with_kms(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clinic]:
    """The clinic, whose functions have just started and ask KMS for the keys of messages."""
    made = boto3.client("kms", region_name=REGION).create_key()["KeyMetadata"]["Arn"]
    monkeypatch.setenv("MESSAGE_KEY_ARN", made)
    monkeypatch.setattr(aws, "_keys", keys_of_a_function)
    forget()
    clinic.wire.calls.clear()
    yield clinic
    forget()
    aws.tables()  # kept for the clinic's own last look, which comes when KMS is gone


def kms_is_down(_number: int, call: Call) -> Fault | None:
    """A fault of KMS alone."""
    return Fault.REFUSED if call.service == "kms" else None


def asked_of_kms(clinic: Clinic) -> list[str]:
    """The calls to KMS, in order."""
    return [call.operation for call in clinic.wire.calls if call.service == "kms"]


def test_the_first_webhook_of_a_site_and_month_makes_its_key_and_the_others_ask_nothing(
    clinic_with_kms: Clinic,
) -> None:
    for number in range(3):
        clinic_with_kms.take(by_portal(REFILL, clinic_with_kms.now, f"evt-{number}"))

    assert asked_of_kms(clinic_with_kms) == ["GenerateDataKey"]
    (context,) = clinic_with_kms.wire.of("GenerateDataKey")
    assert context["EncryptionContext"] == {"site": "north", "purpose": "triagewire-message"}
    assert [item["sk"]["S"] for item in clinic_with_kms.items() if _is_key(item)] == ["2026-03"]


def test_a_function_that_has_just_started_asks_once(clinic_with_kms: Clinic) -> None:
    clinic_with_kms.take(by_portal(REFILL, clinic_with_kms.now, "evt-1"))
    forget()
    clinic_with_kms.wire.calls.clear()

    clinic_with_kms.take(by_portal(CHEST_PAIN, clinic_with_kms.now, "evt-2"))
    clinic_with_kms.pass_minutes(3)

    assert asked_of_kms(clinic_with_kms) == ["Decrypt"]


@pytest.mark.parametrize("known", [False, True], ids=["first of the month", "key is there"])
def test_without_kms_a_sender_is_asked_to_come_again_and_nothing_is_lost_or_half_done(
    clinic_with_kms: Clinic, known: bool
) -> None:
    clinic = clinic_with_kms
    if known:
        clinic.take(by_portal(HOURS, clinic.now, "evt-0"))
    before = len(clinic.tickets())
    forget()
    event = by_portal(CHEST_PAIN, clinic.now, "evt-1")

    with clinic.wire.failing(kms_is_down):
        refused = clinic.post(event)
    forget()

    assert refused["statusCode"] == 503
    assert int(refused["headers"]["retry-after"]) > 0
    assert len(clinic.tickets()) == before
    assert clinic.post(event)["statusCode"] == 202
    clinic.settle()
    assert clinic.paged()
    assert len(clinic.tickets()) == before + 1


@pytest.mark.parametrize("fault", [Fault.REFUSED, Fault.LOST, Fault.DIES_BEFORE, Fault.DIES_AFTER])
def test_whatever_befalls_the_making_of_a_key_one_key_and_one_ticket_come_of_it(
    clinic_with_kms: Clinic, fault: Fault
) -> None:
    clinic = clinic_with_kms
    event = by_portal(REFILL, clinic.now, "evt-1")
    begin_again = clinic.remember()
    clinic.post(event)

    for nth in range(len(clinic.wire.calls)):
        begin_again()
        with clinic.wire.faulty(fault, nth), suppress(Died):
            clinic.post(event)
        forget()

        assert clinic.post(event)["statusCode"] == 202
        assert len([item for item in clinic.items() if _is_key(item)]) == 1
        assert len(clinic.tickets()) == 1
    clinic.settle()


def test_without_kms_a_body_that_cannot_be_read_is_asked_for_again_too(
    clinic_with_kms: Clinic,
) -> None:
    event = unreadable(clinic_with_kms.now, "evt-1", {"type": "lab_result.created"})

    with clinic_with_kms.wire.failing(kms_is_down):
        assert clinic_with_kms.post(event)["statusCode"] == 503
    forget()

    assert clinic_with_kms.post(event)["statusCode"] == 202
    clinic_with_kms.settle()


def test_a_message_that_cannot_be_opened_comes_again_from_the_stream_and_pages_then(
    clinic_with_kms: Clinic,
) -> None:
    clinic = clinic_with_kms
    clinic.post(by_portal(CHEST_PAIN, clinic.now, "evt-1"))
    forget()

    with clinic.wire.failing(kms_is_down):
        failed = clinic.hand_over(clinic.records())
    forget()
    assert len(failed) == 1
    assert clinic.tickets()[0].team is None
    clinic.settle()

    (ticket,) = clinic.tickets()
    assert clinic.actions(ticket.id).count(Action.ROUTED) == 1
    assert len(clinic.paged()) == 1


def test_functions_that_are_warm_take_route_page_and_climb_the_ladder_without_kms(
    clinic_with_kms: Clinic,
) -> None:
    clinic = clinic_with_kms
    clinic.now = AT_NIGHT
    clinic.take(by_portal(REFILL, AT_NIGHT, "evt-0"))

    with clinic.wire.failing(kms_is_down):
        clinic.take(by_portal(CHEST_PAIN, AT_NIGHT, "evt-1"))
        clinic.pass_minutes(6)

    assert clinic.paged() == ["dr-okafor", "nora"]


def test_a_page_that_waits_in_the_outbox_goes_out_though_its_ticket_cannot_be_opened(
    clinic_with_kms: Clinic,
) -> None:
    clinic = clinic_with_kms
    clinic.now = AT_NIGHT
    clinic.post(by_portal(CHEST_PAIN, AT_NIGHT, "evt-1"))

    def no_page_leaves(_number: int, call: Call) -> Fault | None:
        return Fault.REFUSED if call.operation == "Publish" else None

    with clinic.wire.failing(no_page_leaves):
        clinic.hand_over(clinic.records())
    assert clinic.tickets()[0].team == "clinical"
    clinic.wire.calls.clear()
    forget()

    with clinic.wire.failing(kms_is_down):
        clinic.sweep(clinic.now + minutes(2))

    assert clinic.paged() == ["dr-okafor"]
    forget()
    clinic.settle()


def test_a_due_ticket_that_cannot_be_opened_silences_the_heart_and_is_served_once_kms_answers(
    clinic_with_kms: Clinic,
) -> None:
    clinic = clinic_with_kms
    clinic.now = AT_NIGHT
    clinic.take(by_portal(CHEST_PAIN, AT_NIGHT, "evt-1"))
    forget()

    with clinic.wire.failing(kms_is_down):
        done = clinic.sweep(clinic.now + minutes(6))
    assert not all_is_well(done)
    assert clinic.paged() == ["dr-okafor"]
    forget()
    clinic.pass_minutes(1)

    assert clinic.paged() == ["dr-okafor", "nora"]


def test_another_site_s_wrapped_key_opens_nothing(clinic_with_kms: Clinic) -> None:
    refill = clinic_with_kms.take(by_portal(REFILL, clinic_with_kms.now, "evt-1"))
    aws.tables().keys.sealing("west")
    keys = {item["pk"]["S"]: item for item in clinic_with_kms.items() if _is_key(item)}
    swapped: Any = keys["KEYS#north"] | {"wrapped": keys["KEYS#west"]["wrapped"]}
    aws.tables().client.put_item(TableName="tickets", Item=swapped)
    forget()

    with pytest.raises(SealBrokenError, match="another site"):
        load_ticket(aws.tables(), refill)
    original: Any = keys["KEYS#north"]
    aws.tables().client.put_item(TableName="tickets", Item=original)


# Who may


def test_only_the_functions_that_work_on_messages_are_given_their_key() -> None:
    functions = resources("AWS::Serverless::Function")
    given = {
        name
        for name, each in functions.items()
        if "MESSAGE_KEY_ARN" in each["Properties"].get("Environment", {}).get("Variables", {})
    }

    assert given == GIVEN
    assert {"SuggestFunction", "CheckpointFunction", "AuthorizeFunction"} <= functions.keys()


def test_a_function_without_the_key_reads_the_policy_and_opens_no_ticket(
    clinic_with_kms: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    refill = clinic_with_kms.take(by_portal(REFILL, clinic_with_kms.now, "evt-1"))
    warm = aws.tables().keys
    monkeypatch.delenv("MESSAGE_KEY_ARN")
    forget()
    clinic_with_kms.wire.calls.clear()

    answer = suggest.lambda_handler(_asks(clinic_with_kms), None)

    assert answer["statusCode"] in {200, 403}
    with pytest.raises(KeyUnavailableError):
        load_ticket(aws.tables(), refill)
    assert asked_of_kms(clinic_with_kms) == []
    monkeypatch.setattr(aws, "_keys", lambda: warm)
    aws.tables.cache_clear()


def _asks(clinic: Clinic) -> dict[str, Any]:
    return {
        "httpMethod": "GET",
        "path": "/kb/suggest",
        "headers": {},
        "queryStringParameters": {"site": "north", "q": HOURS},
        "requestContext": {
            "requestTimeEpoch": int(1000 * clinic.now.timestamp()),
            "identity": {"sourceIp": "203.0.113.7"},
        },
    }


def _is_key(item: dict[str, Any]) -> bool:
    return str(item["pk"]["S"]).startswith("KEYS#")
