"""SES: stored mails, the names of their objects, and callers who look for a webhook."""

from datetime import UTC, datetime

import pytest

from ops.senders.letter import Letter
from ops.senders.ses import sample
from tests.unit.channels.builders import JSON, NOW, SECRET, a_source
from triagewire.arrival import Attachment, Channel
from triagewire.channels import ses
from triagewire.channels.outcome import Outcome, OutcomeKind
from triagewire.channels.receiving import receive, understood
from triagewire.channels.request import WebhookRequest
from triagewire.channels.ses import StoredMail, request_of
from triagewire.errors import InvalidFieldError

KEY = "mail/riverside/ses/o3vrnil0e2ic28tr"


def stored(key: str = KEY) -> StoredMail:
    return StoredMail(bucket="inbound", key=key, size_bytes=1, stored_at=NOW)


def outcome_of(raw: bytes) -> Outcome:
    return understood(ses, request_of(stored(), raw), a_source("ses"), NOW)


def test_the_sample_becomes_a_ticket() -> None:
    letter = Letter(
        source=a_source("ses"),
        secret="",
        url="",
        now=NOW,
        event_id="evt-0001",
        text="Could somebody call me back about my refill?",
    )
    post = sample(letter)

    outcome = outcome_of(post.body)
    (arrival,) = outcome.arrivals
    assert post.url == "mail/riverside/ses/evt-0001"
    assert (arrival.text, arrival.channel) == (letter.text, Channel.EMAIL)
    assert arrival.event_id == "evt-0001@triagewire.invalid"
    assert arrival.occurred_at == datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


def test_the_name_of_an_object_names_its_source() -> None:
    assert stored().source_name == "riverside/ses"


@pytest.mark.parametrize(
    "key",
    [
        "",
        "mail",
        "mail/riverside/ses",
        "mail/riverside/ses/",
        "mail//ses/x",
        "mail/a/b/c/d",
        "quarantine/riverside/ses/x",
        "/mail/riverside/ses/x",
    ],
)
def test_another_name_names_no_source(key: str) -> None:
    with pytest.raises(InvalidFieldError):
        _ = stored(key).source_name


def test_what_ses_writes_to_try_the_bucket_is_known() -> None:
    assert stored("mail/riverside/ses/AMAZON_SES_SETUP_NOTIFICATION").is_setup_notice
    assert not stored().is_setup_notice


def test_files_are_linked_to_the_stored_mail() -> None:
    raw = (
        b"From: dana@mail.example\nContent-Type: image/png; name=rash.png\n"
        b"Content-Transfer-Encoding: base64\n\niVBORw0KGgo=\n"
    )

    (arrival,) = outcome_of(raw).arrivals

    assert arrival.attachments == (
        Attachment(
            name="rash.png", media_type="image/png", size_bytes=8, link=f"s3://inbound/{KEY}"
        ),
    )


def test_an_object_without_content_is_no_mail() -> None:
    assert outcome_of(b" \r\n").kind is OutcomeKind.IGNORED


def test_a_body_that_is_no_mail_goes_to_quarantine_whole() -> None:
    outcome = outcome_of(b"\n\nno header")

    assert outcome.kind is OutcomeKind.QUARANTINED
    assert (outcome.raw, outcome.reason) == (b"\n\nno header", "the mail has no header")


@pytest.mark.parametrize("method", ["POST", "GET", "PUT"])
@pytest.mark.parametrize("media_type", [JSON, "message/rfc822"])
def test_nobody_can_post_mail_to_the_webhook(method: str, media_type: str) -> None:
    request = WebhookRequest(method=method, headers={"content-type": media_type}, body=b"x: y\n\nz")

    outcome = receive(request, a_source("ses"), (SECRET,), NOW)

    assert (outcome.kind, outcome.status) == (OutcomeKind.REFUSED, 405)
    assert outcome.reason == "this source takes no webhook: SES stores its mail"


def test_nobody_is_believed_by_a_secret() -> None:
    request = WebhookRequest(headers={}, body=b"")

    with pytest.raises(Exception, match="takes no webhook"):
        ses.verify(request, a_source("ses"), (SECRET,), NOW)
