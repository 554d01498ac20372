"""Texts to telephones by Amazon SNS."""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.builders import a_message
from triagewire import aws, texting
from triagewire.errors import UndeliverableError
from triagewire.settings import settings

NUMBER = "+13125550100"


class Service:
    """Takes texts as SNS does; `fails` says by the number of the call with which code it does
    not.
    """

    def __init__(self) -> None:
        self.texts: list[dict[str, Any]] = []
        self.fails: dict[int, str] = {}

    def publish(self, **text: Any) -> None:  # noqa: ANN401 whatever SNS takes
        code = self.fails.get(len(self.texts))
        self.texts.append(text)
        if code:
            raise ClientError({"Error": {"Code": code, "Message": NUMBER}}, "Publish")


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    taken = Service()
    monkeypatch.setattr(aws, "sns", lambda: taken)
    for name in ("TICKETS_TABLE", "LEDGER_TABLE"):
        monkeypatch.setenv(name, name)
    settings.cache_clear()
    yield taken
    settings.cache_clear()


def send(text: str = "Your refill is ready.") -> None:
    """Send a text."""
    texting.text(a_message(to=NUMBER, text=text))


def test_a_text_goes_to_the_number_for_delivery_and_not_for_price(service: Service) -> None:
    send()

    (sent,) = service.texts
    assert (sent["PhoneNumber"], sent["Message"]) == (NUMBER, "Your refill is ready.")
    assert sent["MessageAttributes"]["AWS.SNS.SMS.SMSType"]["StringValue"] == "Transactional"
    assert "TopicArn" not in sent


def test_a_long_text_leaves_in_parts_that_sns_takes(service: Service) -> None:
    send("one more word " * 200)

    assert len(service.texts) == 2
    assert all(len(each["Message"]) <= 1_600 for each in service.texts)


@pytest.mark.parametrize("code", ["OptedOut", "OptedOutException"])
def test_a_number_that_said_stop_is_told_apart(service: Service, code: str) -> None:
    service.fails[0] = code

    with pytest.raises(UndeliverableError) as error:
        send()

    assert error.value.code == "opted_out"
    assert NUMBER not in str(error.value)


def test_a_number_that_is_none_is_not_tried_again(service: Service) -> None:
    service.fails[0] = "InvalidParameter"

    with pytest.raises(UndeliverableError) as error:
        send()

    assert error.value.code == "refused"


def test_a_fault_of_the_service_is_passed_on(service: Service) -> None:
    service.fails[0] = "Throttling"

    with pytest.raises(ClientError):
        send()


def test_what_left_in_part_does_not_come_again_whole(service: Service) -> None:
    service.fails[1] = "Throttling"

    with pytest.raises(UndeliverableError) as error:
        send("one more word " * 200)

    assert error.value.code == "cut_off"


def test_in_debug_mode_nothing_leaves(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTIFY_PEOPLE", "false")
    settings.cache_clear()

    send()

    assert service.texts == []
