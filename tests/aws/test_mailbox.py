"""Mail that SES stored: each object becomes one ticket, or an alarm, and nothing in between."""

import json
from datetime import timedelta
from typing import Any
from urllib.parse import quote_plus

import pytest

from functions.intake import handler as intake
from tests.aws.clinic import LAMBDA, Clinic
from tests.builders import a_policy, a_site, a_source, sources_of
from triagewire import aws
from triagewire.arrival import Attachment
from triagewire.channels import ses
from triagewire.flow import mailbox, policies
from triagewire.flow.context import Context
from triagewire.flow.redrive import Redrive, redrive
from triagewire.settings import settings
from triagewire.store import sources as stored_sources
from triagewire.store.quarantine import load_kept

KEY = "mail/north/ses/o3vrnil0e2ic28tr"
MAIL = (
    b"Return-Path: <dana@mail.example>\r\n"
    b"From: Dana Whitfield <dana@mail.example>\r\n"
    b"To: desk@north.example\r\n"
    b"Subject: Refill\r\n"
    b"Message-ID: <CAF-One.Two@mail.example>\r\n"
    b"Date: Mon, 02 Mar 2026 09:58:00 -0500\r\n"
    b"\r\n"
    b"Could you please refill my lisinopril?\r\n"
)
MAIL_WITH_A_CARD = (
    MAIL.partition(b"\r\n\r\n")[0]
    + b'\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n'
    b"--b\r\n\r\nHere is my card.\r\n--b\r\nContent-Type: image/png\r\n"
    b'Content-Disposition: attachment; filename="card.png"\r\n'
    b"Content-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n--b--\r\n"
)


@pytest.fixture
def office(clinic: Clinic) -> Clinic:
    """A clinic whose mail SES stores."""
    sources = {**sources_of("north"), "ses": a_source("ses", "ses", "north")}
    clinic.publish(a_policy(a_site(sources=sources)))
    return clinic


def put(raw: bytes, key: str = KEY) -> None:
    aws.s3().put_object(Bucket=settings().inbound_bucket, Key=key, Body=raw)


def notice_of(clinic: Clinic, key: str = KEY, **stated: Any) -> dict[str, Any]:  # noqa: ANN401
    """What S3 tells the queue: the key comes as in a form."""
    record = {
        "eventVersion": "2.1",
        "eventSource": "aws:s3",
        "eventTime": clinic.now.isoformat().replace("+00:00", "Z"),
        "eventName": stated.get("name", "ObjectCreated:Put"),
        "s3": {
            "bucket": {"name": stated.get("bucket", settings().inbound_bucket)},
            "object": {"key": quote_plus(key, safe="/"), "size": stated.get("size", len(MAIL))},
        },
    }
    return queued({"Records": [record]})


def queued(body: object) -> dict[str, Any]:
    return {"messageId": "notice-1", "eventSource": "aws:sqs", "body": json.dumps(body)}


def taken(*notices: dict[str, Any]) -> list[str]:
    """Hand notices to intake as the queue does; returns the ids of those that must come again."""
    answer = intake.lambda_handler({"Records": list(notices)}, LAMBDA)
    return [each["itemIdentifier"] for each in answer["batchItemFailures"]]


def test_a_stored_mail_becomes_a_ticket(office: Clinic) -> None:
    put(MAIL)

    assert taken(notice_of(office)) == []

    (ticket,) = office.tickets()
    (message,) = office.said(ticket.id)
    assert (ticket.source, ticket.requester.email) == ("ses", "dana@mail.example")
    assert message.text == "Could you please refill my lisinopril?"
    assert office.ledger(ticket.id)[0].actor == "source:north/ses"


def test_a_mail_told_of_twice_is_one_ticket(office: Clinic) -> None:
    put(MAIL)

    assert taken(notice_of(office), notice_of(office)) == []

    assert len(office.tickets()) == 1


def test_a_mail_that_was_stored_for_two_of_our_addresses_is_one_ticket(office: Clinic) -> None:
    other = "mail/north/ses/9d2kq1second"
    put(MAIL)
    put(b"Received: by another.example; Mon, 02 Mar 2026 15:00:00 +0000\r\n" + MAIL, other)

    assert taken(notice_of(office), notice_of(office, other)) == []

    assert len(office.tickets()) == 1


def test_a_mail_that_is_not_there_yet_comes_again(office: Clinic) -> None:
    assert taken(notice_of(office)) == ["notice-1"]

    put(MAIL)
    assert taken(notice_of(office)) == []
    assert len(office.tickets()) == 1


def test_a_ticket_counts_from_when_its_mail_was_stored(office: Clinic) -> None:
    put(MAIL)
    notice, stored_at = notice_of(office), office.now
    office.now += timedelta(hours=3)

    taken(notice)

    assert office.tickets()[0].received_at == stored_at


@pytest.mark.parametrize("name", ["a mail + more.eml", "ümlaut%20x", "a/b"])
def test_the_key_is_read_as_s3_writes_it(office: Clinic, name: str) -> None:
    key = f"mail/north/ses/{name}"
    put(MAIL, key)

    failed = taken(notice_of(office, key))

    assert failed == (["notice-1"] if "/" in name else [])
    assert len(office.tickets()) == (0 if "/" in name else 1)


@pytest.mark.parametrize(
    "key",
    [
        "mail/north/unknown/x",
        "mail/nowhere/ses/x",
        "mail/north/mailbox/x",
        "mail/x",
        "elsewhere/north/ses/x",
        "mail/north/ses/",
    ],
)
def test_a_mail_of_no_known_source_waits_for_a_person(office: Clinic, key: str) -> None:
    put(MAIL, key)

    assert taken(notice_of(office, key)) == ["notice-1"]
    assert office.tickets() == []


def test_a_notice_of_another_bucket_is_not_believed(office: Clinic) -> None:
    assert taken(notice_of(office, bucket="somebody-elses")) == ["notice-1"]


@pytest.mark.parametrize("body", ["", "[]", '{"Records": [{}]}', '{"a": 1}', "x" * 100])
def test_a_notice_that_cannot_be_read_is_kept_for_a_person(office: Clinic, body: str) -> None:
    assert taken({"messageId": "notice-1", "body": body}) == ["notice-1"]


def test_the_trials_of_s3_and_of_ses_are_no_mail(office: Clinic) -> None:
    setup = "mail/north/ses/AMAZON_SES_SETUP_NOTIFICATION"
    put(b"Subject: Amazon SES Setup Notification\r\n\r\nYou received this message\r\n", setup)
    trial = queued({"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "inbound"})

    assert taken(trial, notice_of(office, setup)) == []
    assert taken(notice_of(office, name="ObjectRemoved:Delete")) == []
    assert office.tickets() == []


def test_one_mail_that_fails_does_not_hold_up_another(office: Clinic) -> None:
    put(MAIL)
    missing = {**notice_of(office, "mail/north/ses/missing"), "messageId": "notice-2"}

    assert taken(missing, notice_of(office)) == ["notice-2"]
    assert len(office.tickets()) == 1


def test_of_a_mail_over_the_limit_the_beginning_is_read(
    office: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailbox, "MOST_MAIL_BYTES", 1_000)
    monkeypatch.setattr(mailbox, "BEGINNING_BYTES", len(MAIL) + 100)
    put(MAIL + b"x" * 5_000)

    taken(notice_of(office, size=len(MAIL) + 5_000))

    (message,) = office.said(office.newest())
    assert message.text.startswith("Could you please refill my lisinopril?")
    assert "the whole of it is attached" in message.remarks[-1]
    assert message.attachments == (
        Attachment(
            name="mail.eml",
            media_type="message/rfc822",
            size_bytes=len(MAIL) + 5_000,
            link=f"s3://{settings().inbound_bucket}/{KEY}",
        ),
    )


def test_bytes_that_are_no_mail_go_to_review(office: Clinic) -> None:
    put(b"\x00\x01\x02\n\n\xff")

    assert taken(notice_of(office)) == []

    (ticket,) = office.tickets()
    assert ticket.unreadable


def test_files_are_linked_to_the_mail_that_holds_them(office: Clinic) -> None:
    put(MAIL_WITH_A_CARD)

    taken(notice_of(office))

    (message,) = office.said(office.newest())
    assert message.text == "Here is my card."
    assert message.attachments == (
        Attachment(
            name="card.png",
            media_type="image/png",
            size_bytes=8,
            link=f"s3://{settings().inbound_bucket}/{KEY}",
        ),
    )


def test_nothing_of_a_mail_is_logged(office: Clinic, caplog: pytest.LogCaptureFixture) -> None:
    put(MAIL)
    taken(notice_of(office), notice_of(office, "mail/north/Dana-Whitfield/x"))

    logged = " ".join(str(vars(record)) for record in caplog.records)
    assert "mail not stored" in logged
    assert not any(each in logged for each in ("Dana", "lisinopril", "mail.example"))


def test_the_mail_of_a_source_that_is_new_need_not_wait(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stored_sources, "NEW_SOURCE_SECONDS", 0.0)
    put(MAIL)
    assert taken(notice_of(clinic)) == ["notice-1"]
    sources = {**sources_of("north"), "ses": a_source("ses", "ses", "north")}
    clinic.publish(a_policy(a_site(sources=sources)))

    assert taken(notice_of(clinic)) == []


def test_the_trials_need_no_policy(bare_clinic: Clinic) -> None:
    setup = notice_of(bare_clinic, "mail/north/ses/AMAZON_SES_SETUP_NOTIFICATION")

    assert taken(queued({"Service": "Amazon S3", "Event": "s3:TestEvent"}), setup) == []


def test_a_mail_that_could_not_be_read_is_read_again_after_a_fix(
    office: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(ses, "arrival_from_mime", lambda *_args, **_kwargs: 1 / 0)
        put(MAIL_WITH_A_CARD)
        assert taken(notice_of(office)) == []
    (review,) = office.tickets()
    kept = load_kept(aws.tables(), "north", review.id)
    assert kept is not None
    policy = policies.current_policy().get()
    context = Context(tables=aws.tables(), policy=policy, now=office.now, actor="ops")

    assert redrive(context, *kept).came is Redrive.REDRIVEN

    (mail,) = (each for each in office.tickets() if each.id != review.id)
    (message,) = office.said(mail.id)
    assert message.text == "Here is my card."
    assert message.attachments[0].link == f"s3://{settings().inbound_bucket}/{KEY}"
