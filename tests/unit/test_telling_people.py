"""What leaves for SNS: once for each way, and in debug mode nothing at all."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.builders import a_message
from triagewire import aws, telling
from triagewire.escalation.bundle import Bundle
from triagewire.escalation.notice import NoticeKind, PersonNotice
from triagewire.ladder import Way
from triagewire.settings import settings

NOW = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
NOTICE = PersonNotice(
    kind=NoticeKind.UNREACHABLE,
    person="nora",
    site="north",
    about="dr-lind",
    broken=(Way.SMS,),
    since=NOW,
    at=NOW,
)
BUNDLE = Bundle(person="nora", site="north", notices=(NOTICE,))


class Service:
    """Takes notices as SNS does, and mail as SES does."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []

    def publish(self, **notice: Any) -> None:  # noqa: ANN401 whatever SNS takes
        self.sent.append(notice)

    def send_email(self, **mail: Any) -> None:  # noqa: ANN401 whatever SES takes
        self.sent.append(mail)


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    taken = Service()
    for client in ("sns", "ses"):
        monkeypatch.setattr(aws, client, lambda: taken)
    for name in ("TICKETS_TABLE", "LEDGER_TABLE", "ALERTS_TOPIC_ARN"):
        monkeypatch.setenv(name, name)
    monkeypatch.setenv("SENDER_ADDRESS", "desk@clinic.example")
    settings.cache_clear()
    yield taken
    settings.cache_clear()


@pytest.fixture
def debug_mode(service: Service, monkeypatch: pytest.MonkeyPatch) -> Service:
    monkeypatch.setenv("NOTIFY_PEOPLE", "false")
    settings.cache_clear()
    return service


def test_subscriptions_find_the_person_and_the_way(service: Service) -> None:
    telling.publish(BUNDLE, Way.EMAIL)

    named = {k: v["StringValue"] for k, v in service.sent[0]["MessageAttributes"].items()}
    assert (named["person"], named["way"], named["about"]) == ("nora", "email", "dr-lind")


def test_a_text_is_sent_for_delivery_and_not_for_price(service: Service) -> None:
    telling.publish(BUNDLE, Way.SMS)
    telling.publish(BUNDLE, Way.EMAIL)

    text, mail = (each["MessageAttributes"] for each in service.sent)
    assert text["AWS.SNS.SMS.SMSType"]["StringValue"] == "Transactional"
    assert "AWS.SNS.SMS.SMSType" not in mail


def test_in_debug_mode_no_notice_leaves(debug_mode: Service) -> None:
    telling.publish(BUNDLE, Way.EMAIL)

    assert debug_mode.sent == []


def test_in_debug_mode_no_reply_leaves(debug_mode: Service) -> None:
    telling.mail(a_message(to="ada@mail.example"))

    assert debug_mode.sent == []


def test_what_debug_mode_kept_back_is_in_the_log_by_its_ids(
    debug_mode: Service, caplog: pytest.LogCaptureFixture
) -> None:
    telling.publish(BUNDLE, Way.EMAIL)
    telling.mail(a_message(to="ada@mail.example", text="I feel faint"))

    notice, reply = caplog.records[-2:]
    assert (notice.message, vars(notice)["notice"]) == ("not told: debug mode", NOTICE.id)
    assert reply.message == "not told: debug mode"
    assert debug_mode.sent == []
    assert not any("ada@" in str(vars(each)) for each in caplog.records)
