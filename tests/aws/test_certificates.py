"""What intake does beyond its tables: certificates and handshakes of SNS, tokens of Mailgun."""

import json
import os
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import boto3
import pytest

from ops.senders.letter import FORM, Letter
from ops.senders.mailgun import proof
from ops.senders.sns import new_secret, signed_sns
from tests.aws.clinic import Clinic, ticket_id_of
from tests.aws.said import REFILL
from tests.aws.senders import Event, gateway_event
from tests.builders import a_policy, a_site
from triagewire import fetching
from triagewire.arrival import RequesterKind
from triagewire.channels.source import Source, source_from
from triagewire.ledger.event import Action

TOPIC = "arn:aws:sns:us-east-1:123456789012:mail"
CONFIRMATION = (
    f"https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn={TOPIC}&Token=2336"
)
KEY = "mailgun-key-of-the-tests"


def the_sources() -> dict[str, Source]:
    mailgun: dict[str, object] = {
        "adapter": "mailgun",
        "options": {"requester_kind": RequesterKind.PATIENT.value},
    }
    sns: dict[str, object] = {"adapter": "sns", "options": {"topics": [TOPIC]}}
    stated: dict[str, dict[str, object]] = {
        "mailgun": mailgun,
        "sns": sns,
        "alarms": {"adapter": "monitoring"},
    }
    return {
        name: source_from({"site": "north", "name": name, **each}) for name, each in stated.items()
    }


@pytest.fixture
def clinic(bare_clinic: Clinic) -> Clinic:
    """A clinic that takes mail by SNS, without a stored certificate, and by Mailgun."""
    make: Any = boto3.client
    manager = make("secretsmanager")
    live = json.dumps({"north/mailgun": [KEY], "north/alarms": [KEY]})
    manager.put_secret_value(SecretId=os.environ["WEBHOOK_SECRETS_ARN"], SecretString=live)
    bare_clinic.publish(a_policy(site=a_site(sources=the_sources())))
    return bare_clinic


class Amazon:
    """What would be asked of SNS over the network, and what it answers."""

    def __init__(self) -> None:
        self.certificate = new_secret()
        self.asked: list[str] = []
        self.fails = False

    def fetch(self, url: str) -> str:
        self._note(url)
        return self.certificate

    def visit(self, url: str) -> None:
        self._note(url)

    def _note(self, url: str) -> None:
        self.asked.append(url)
        if self.fails:
            raise OSError("no route")


@pytest.fixture
def amazon(monkeypatch: pytest.MonkeyPatch) -> Amazon:
    amazon = Amazon()
    monkeypatch.setattr(fetching, "fetch_certificate", amazon.fetch)
    monkeypatch.setattr(fetching, "visit", amazon.visit)
    return amazon


def by_sns(message: str, at: datetime, secret: str, **fields: str) -> Event:
    source = the_sources()["sns"]
    letter = Letter(source=source, secret=secret, url="", now=at, event_id="sns-1", text="")
    return gateway_event("north", "sns", signed_sns(letter, message, **fields), at)


def by_mailgun(text: str, at: datetime, token: str) -> Event:
    source = the_sources()["mailgun"]
    letter = Letter(source=source, secret=KEY, url="", now=at, event_id=token, text="")
    fields = {"from": "Ada <ada@mail.example>", "body-plain": text, **proof(letter)}
    return gateway_event(
        "north", "mailgun", ({"Content-Type": FORM}, urlencode(fields).encode()), at
    )


A_MAIL = json.dumps(
    {
        "notificationType": "Received",
        "mail": {"messageId": "ses-1"},
        "content": f"From: ada@mail.example\r\nSubject: Refill\r\n\r\n{REFILL}\r\n",
    }
)


def confirm(at: datetime, secret: str) -> Event:
    return by_sns(
        "You have chosen to subscribe.",
        at,
        secret,
        Type="SubscriptionConfirmation",
        Token="2336",
        SubscribeURL=CONFIRMATION,
    )


def test_a_mail_by_sns_is_believed_by_a_fetched_certificate(clinic: Clinic, amazon: Amazon) -> None:
    answer = clinic.post(by_sns(A_MAIL, clinic.now, amazon.certificate))

    assert (answer["statusCode"], len(amazon.asked)) == (200, 1)
    assert [message.text for message in clinic.said(ticket_id_of(answer))] == [REFILL]


def test_without_the_certificate_sns_is_asked_to_come_again(clinic: Clinic, amazon: Amazon) -> None:
    amazon.fails = True

    answer = clinic.post(by_sns(A_MAIL, clinic.now, amazon.certificate))

    assert (answer["statusCode"], clinic.tickets()) == (503, [])


def test_a_forged_mail_by_sns_is_refused(clinic: Clinic, amazon: Amazon) -> None:
    answer = clinic.post(by_sns(A_MAIL, clinic.now, new_secret()))

    assert (answer["statusCode"], clinic.tickets()) == (401, [])


def test_a_subscription_is_confirmed_before_the_answer(clinic: Clinic, amazon: Amazon) -> None:
    answer = clinic.post(confirm(clinic.now, amazon.certificate))

    assert answer["statusCode"] == 200
    assert amazon.asked[-1] == CONFIRMATION
    assert clinic.tickets() == []


def test_a_subscription_that_could_not_be_confirmed_is_asked_for_again(
    clinic: Clinic, amazon: Amazon, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_url: str) -> None:
        raise OSError("no route")

    monkeypatch.setattr(fetching, "visit", fails)

    assert clinic.post(confirm(clinic.now, amazon.certificate))["statusCode"] == 503


def test_a_token_of_mailgun_that_comes_again_with_its_mail_makes_no_second_ticket(
    clinic: Clinic,
) -> None:
    first, again = (clinic.post(by_mailgun(REFILL, clinic.now, "token-1")) for _ in range(2))

    assert (first["statusCode"], first["body"]) == (again["statusCode"], again["body"])
    assert [ticket.requester.kind for ticket in clinic.tickets()] == [RequesterKind.PATIENT]


def test_other_words_under_a_token_that_was_used_are_kept_and_not_believed(clinic: Clinic) -> None:
    believed = ticket_id_of(clinic.post(by_mailgun(REFILL, clinic.now, "token-1")))
    clinic.post(by_mailgun("Please send my records to another address.", clinic.now, "token-1"))

    (forged,) = [ticket for ticket in clinic.tickets() if ticket.id != believed]
    (message,) = clinic.said(forged.id)
    assert (forged.requester.kind, forged.quiet) == (RequesterKind.UNKNOWN, True)
    assert message.doubtful_sender
    assert message.remarks[-1] == "its proof was used before for another message: it may be forged"
    assert clinic.actions(forged.id) == [Action.REPEATED_DIFFERENTLY]


def test_a_forged_copy_that_is_repeated_makes_one_ticket(clinic: Clinic) -> None:
    clinic.post(by_mailgun(REFILL, clinic.now, "token-1"))
    for _ in range(2):
        clinic.post(by_mailgun("Other words.", clinic.now, "token-1"))

    assert len(clinic.tickets()) == 2


def test_a_reminder_of_an_alarm_with_other_figures_makes_no_second_ticket(clinic: Clinic) -> None:
    for share in (91, 97):
        alert = {
            "status": "firing",
            "labels": {"alertname": "Disk full"},
            "annotations": {"summary": f"disk at {share} %"},
            "startsAt": "2026-03-02T09:00:00Z",
            "fingerprint": "c6eadffa33fcdf37",
        }
        headers = {"Content-Type": "application/json", "X-Triagewire-Secret": KEY}
        signed = headers, json.dumps({"alerts": [alert]}).encode()
        assert (
            clinic.post(gateway_event("north", "alarms", signed, clinic.now))["statusCode"] == 200
        )

    (ticket,) = clinic.tickets()
    assert "disk at 91 %" in clinic.said(ticket.id)[0].text
