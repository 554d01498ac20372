"""SES mail by SNS: Amazon's own signatures, what is looked at before any network, each notice."""

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops.senders.letter import Letter
from ops.senders.sns import CERTIFICATE_ADDRESS, new_secret, signed_sns
from tests.unit.channels.builders import (
    JSON,
    NOW,
    a_request,
    a_source,
    secret_of,
    the_arrival,
)
from triagewire.arrival import Arrival, Channel, FactKind, RequesterKind
from triagewire.channels.alarms.sns_envelope import is_certificate_address, is_confirmation_address
from triagewire.channels.outcome import Outcome, OutcomeKind
from triagewire.channels.receiving import receive
from triagewire.channels.request import WebhookRequest
from triagewire.errors import InvalidFieldError

TOPIC = "arn:aws:sns:us-east-1:123456789012:mail"
SOURCE = a_source("sns", topics=[TOPIC])
OWN = secret_of("sns")

# Two deliveries that Amazon signed, and the certificate that it signed them with: from the test
# suite of its own library for Ruby. The bytes are covered by the signature.
PUBLISHED_CERTIFICATE = """-----BEGIN CERTIFICATE-----
MIIF1zCCBL+gAwIBAgIQB9pYWG3Mi7xej22g9pobJTANBgkqhkiG9w0BAQsFADBG
MQswCQYDVQQGEwJVUzEPMA0GA1UEChMGQW1hem9uMRUwEwYDVQQLEwxTZXJ2ZXIg
Q0EgMUIxDzANBgNVBAMTBkFtYXpvbjAeFw0yMTA5MDcwMDAwMDBaFw0yMjA4MTcy
MzU5NTlaMBwxGjAYBgNVBAMTEXNucy5hbWF6b25hd3MuY29tMIIBIjANBgkqhkiG
9w0BAQEFAAOCAQ8AMIIBCgKCAQEAutFqueT3XgP13udzxE6UpbdjOtVO5DwoMpSM
iDNMnGzF1TYH5/R2LPUOBeTB0SkKnR4kpNcUZhicpGD4aKciz/GEZ6wu65xncfT9
H/KBOQwoXYTuClHwp6fYpGzcGFaFoEYMnijL/o4qmTSd+ukglQUgKpsDw4ofw6rU
m2CttJo+GQSNQ9NfGR1h/0J+zsApkeSYrXRx5wNlu87z8os1C/6PBrUHwt3xXeaf
Xzfwut8aRRYsS8BySOA9DAgLfNHlfdQCjKPXKrG/ussgReyWD6n/HH+j7Uha3xos
TzQqJifcxlTq6MxWdPR6fDaJNvqw6DOE7UjUNxHguXHlVfxhlQIDAQABo4IC6TCC
AuUwHwYDVR0jBBgwFoAUWaRmBlKge5WSPKOUByeWdFv5PdAwHQYDVR0OBBYEFAqz
C+vyouneE7mWWLbi9i0UsWUbMBwGA1UdEQQVMBOCEXNucy5hbWF6b25hd3MuY29t
MA4GA1UdDwEB/wQEAwIFoDAdBgNVHSUEFjAUBggrBgEFBQcDAQYIKwYBBQUHAwIw
OwYDVR0fBDQwMjAwoC6gLIYqaHR0cDovL2NybC5zY2ExYi5hbWF6b250cnVzdC5j
b20vc2NhMWIuY3JsMBMGA1UdIAQMMAowCAYGZ4EMAQIBMHUGCCsGAQUFBwEBBGkw
ZzAtBggrBgEFBQcwAYYhaHR0cDovL29jc3Auc2NhMWIuYW1hem9udHJ1c3QuY29t
MDYGCCsGAQUFBzAChipodHRwOi8vY3J0LnNjYTFiLmFtYXpvbnRydXN0LmNvbS9z
Y2ExYi5jcnQwDAYDVR0TAQH/BAIwADCCAX0GCisGAQQB1nkCBAIEggFtBIIBaQFn
AHYAKXm+8J45OSHwVnOfY6V35b5XfZxgCvj5TV0mXCVdx4QAAAF7vfDVkQAABAMA
RzBFAiEA2XfHuy36aqRFiaL8c3md2mH451go8707+fRE0pEdSRACIE/g5FXTUXUZ
PFcmOhm9TZ+uMY1i4CIQ/CKVWln6C3t+AHYAUaOw9f0BeZxWbbg3eI8MpHrMGyfL
956IQpoN/tSLBeUAAAF7vfDVjAAABAMARzBFAiBF1MhhFP0+FQt3daDFfMYoWwnr
muTInrjNpwfzlvQBugIhAPYadFzr+LaxSJoiZEbEHBvTts7bT0M3eCQONA2O7w6n
AHUAQcjKsd8iRkoQxqE6CUKHXk4xixsD6+tLx2jwkGKWBvYAAAF7vfDVdAAABAMA
RjBEAiAtPapmFAuA71ih4NoSd5hJelzAltNQpxDMcDfDyHyU8gIgWxmaa6+2KbBu
9xdv379zvnJACFR7jc+4asl08Dn4aagwDQYJKoZIhvcNAQELBQADggEBAA54QX0u
oFWXfMmv02CGZv4NWo5TapyeeixQ2kKpZHRdVZjxZrw+hoF6HD7P3kGjH8ztyJll
tDxB0qgMltbPhQdScwhA6iTgoaBYqEUC/VHKd4PmmPT6yIsM36NBZVmkGlzl5uNo
/dBgBaG0SsVJnhr5zro3c2quC7n6fVGEZhf/UgQwRnnvThnvbNKguglDMq4uEqv8
njKyleht+glkcmXO0m9qLKt6BOS0amy6U2GlAwRn0Wx02ndJtnRCSC6kPuRWK/SQ
FEjB7gCK4hdKaAOuWdZpI55vF6ifOeM8toC3g7ofO8qLTnJupAG+ZitY5J3cvHWr
HqOUdKigPDHYLRo=
-----END CERTIFICATE-----"""
PUBLISHED_ADDRESS = (
    "https://sns.us-east-2.amazonaws.com/"
    "SimpleNotificationService-7ff5318490ec183fbaddaa2a969abfda.pem"
)
PUBLISHED_1 = {
    "Type": "Notification",
    "MessageId": "792cda85-518f-5dd3-9163-81d851212f3a",
    "TopicArn": (
        "arn:aws:sns:us-east-2:295079676684:publish-and-verify-892f85fe-4836-424d-8188-ab85bef0f362"
    ),
    "Message": "Hello world",
    "Timestamp": "2022-07-28T21:23:58.317Z",
    "SignatureVersion": "1",
    "Signature": (
        "ghtf+deOBAzHJJZ6s6CdRLfTQAlcGzq9naoFM1wi0CJiq//uVRuZnamrkWNF0fhouMFvuLVRwcz8PZLUMSfnmd5V"
        "pdTKpTyiKmy1qJAZXma0w+yi7G+I33hD1Jyk1Nbym2n0kqp3fVu2aoooiN2ZeLAT2bH0/BtjLSfN1yAOKNoprco4"
        "qV9gGUZinXJdj9a1YdNhDR2jKi33ldlsVtEXAtiaDklGEk7DgRKX38GerBPiLg3FdtgY6KC7cdeGpU/dGK+4hjc8"
        "3Ive1HoFkAwqhpgInM2sMytBosoiXfCmOKmU4xeGD0gHDNZTlJUJQDlzw8Eag0H9f/5zXF9d3uy0YQ=="
    ),
    "SigningCertURL": PUBLISHED_ADDRESS,
}
PUBLISHED_2 = {
    "Type": "Notification",
    "MessageId": "17dea24b-55c2-540b-8362-f916557af765",
    "TopicArn": (
        "arn:aws:sns:us-east-2:295079676684:publish-and-verify-62674b1d-4295-426b-88e7-5fb75652a04e"
    ),
    "Message": "Hello world",
    "Timestamp": "2022-07-28T21:24:08.324Z",
    "SignatureVersion": "2",
    "Signature": (
        "CXVqp9PfZAL+4JHS3Zxo1PFbQsvnOjvmYhtIf17TWpwc+iIVas8kZ8GopuzVzVMdatE7rCl/O4P91Zp05Dwz8lk8"
        "dLhfp8gSu3Njlzxlyrmzo9x3va3Jb7zFnedgS2GKnZWHGBdwTXho+TosNUE+3e10OMSlwN5XGDwX7+R3WL+rn+AX"
        "mFAqp3alg27sYa55h1dLE9cGszGPjScPdtF3BmZsUDMx9wSdNKsCk+vSvE8yBjnCmUl7laSFj3LzPVrlSwgNYCF3"
        "kYnNAkah7NplK4SFhJYLwS0HCVCQJKa8rVbQLf9cBTu60U402mrgy0bN8xWoyimzbYbrOMJjalqkUg=="
    ),
    "SigningCertURL": PUBLISHED_ADDRESS,
}
THEN = datetime(2022, 7, 28, 21, 30, tzinfo=UTC)
MAIL = (
    b"From: Dana Whitfield <dana.whitfield@mail.example>\r\n"
    b"To: desk@riverside.example\r\n"
    b"Subject: Refill\r\n"
    b"Message-ID: <CA81@mail.example>\r\n"
    b"Date: Mon, 23 Nov 2026 14:41:00 +0000\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\n\r\n"
    b"Could you please refill my lisinopril? Gr\xc3\xbc\xc3\x9fe \xf0\x9f\x99\x8f\r\n"
)
SES_ID = "d6iitobk75ur44p8kdnnp7g2n800"


def a_notice(**parts: object) -> dict[str, object]:
    verdicts = {f"{name}Verdict": {"status": "PASS"} for name in ("spam", "virus", "spf", "dkim")}
    return {
        "notificationType": "Received",
        "mail": {
            "timestamp": "2026-11-23T14:41:02.000Z",
            "source": "dana.whitfield@mail.example",
            "messageId": SES_ID,
            "destination": ["desk@riverside.example"],
            "headersTruncated": False,
            "headers": [
                {"name": "From", "value": "Dana Whitfield <dana.whitfield@mail.example>"},
                {"name": "Subject", "value": "Refill"},
            ],
            "commonHeaders": {
                "from": ["Dana Whitfield <dana.whitfield@mail.example>"],
                "subject": "Refill",
                "date": "Mon, 23 Nov 2026 14:41:00 +0000",
            },
        },
        "receipt": {
            "recipients": ["desk@riverside.example"],
            "action": {"type": "SNS", "encoding": "BASE64"},
            **verdicts,
        },
        "content": base64.b64encode(MAIL).decode(),
        **parts,
    }


NAMES = st.sampled_from(
    [
        "notificationType",
        "mail",
        "receipt",
        "content",
        "bounce",
        "name",
        "value",
        "headers",
        "commonHeaders",
        "action",
        "status",
        "messageId",
        "source",
        "recipients",
        "encoding",
        "bucketName",
        "objectKey",
        "from",
    ]
)
STORED = {
    "recipients": ["desk@riverside.example"],
    "action": {"type": "S3", "bucketName": "triagewire-mail", "objectKey": f"in/{SES_ID}"},
}


def a_delivery(message: object, secret: str = OWN, **fields: str) -> WebhookRequest:
    text = message if isinstance(message, str) else json.dumps(message)
    letter = Letter(source=SOURCE, secret=secret, url="", now=NOW, event_id="sns-1", text="")
    return a_request(signed_sns(letter, text, **fields))


def received(message: object, **fields: str) -> Outcome:
    return receive(a_delivery(message, **fields), SOURCE, (OWN,), NOW)


def arrived(message: object) -> Arrival:
    return the_arrival(received(message))


def published(
    envelope: dict[str, str], now: datetime = THEN, certificate: str = PUBLISHED_CERTIFICATE
) -> Outcome:
    source = a_source("sns", topics=[PUBLISHED_1["TopicArn"], PUBLISHED_2["TopicArn"]])
    headers = {"Content-Type": "text/plain; charset=UTF-8"}
    return receive(a_request((headers, json.dumps(envelope).encode())), source, (certificate,), now)


def nobody(_url: str) -> str:
    raise AssertionError("nothing may be fetched")


# Believing


@pytest.mark.parametrize("envelope", [PUBLISHED_1, PUBLISHED_2], ids=["SHA-1", "SHA-256"])
def test_what_amazon_signed_is_believed(envelope: dict[str, str]) -> None:
    assert published(envelope).kind is OutcomeKind.QUARANTINED  # "Hello world" is no notice of SES


@pytest.mark.parametrize("envelope", [PUBLISHED_1, PUBLISHED_2], ids=["SHA-1", "SHA-256"])
@pytest.mark.parametrize(
    "change",
    [
        {"Message": "Hello World"},
        {"MessageId": "792cda85-518f-5dd3-9163-81d851212f3b"},
        {"Subject": "Hello"},
        {"Timestamp": "2022-07-28T21:23:59.317Z"},
        {"SignatureVersion": "3"},
        {"SignatureVersion": "é"},
        {"Signature": "bad"},
        {"Signature": "=é="},
        {"Signature": ""},
        {"Signature": base64.b64encode(bytes(256)).decode()},
    ],
    ids=str,
)
def test_what_was_changed_on_the_way_is_refused(
    envelope: dict[str, str], change: dict[str, str]
) -> None:
    assert published({**envelope, **change}).status == 401


def test_the_version_of_the_signature_cannot_be_swapped() -> None:
    assert published({**PUBLISHED_1, "SignatureVersion": "2"}).status == 401
    assert published({**PUBLISHED_2, "SignatureVersion": "1"}).status == 401


def test_what_is_not_signed_may_change() -> None:
    unsigned = {"UnsubscribeURL": "https://sns.us-east-2.amazonaws.com/?Action=Unsubscribe"}

    assert published({**PUBLISHED_2, **unsigned}).kind is OutcomeKind.QUARANTINED


@pytest.mark.parametrize("minutes", [70, -70])
def test_an_envelope_more_than_an_hour_off_is_refused(minutes: int) -> None:
    assert published(PUBLISHED_2, THEN + timedelta(minutes=minutes)).status == 401


def test_another_certificate_is_not_believed() -> None:
    assert published(PUBLISHED_2, certificate=new_secret()).status == 401


@pytest.mark.parametrize(
    "certificate", ["-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", "no PEM at all"]
)
def test_a_secret_that_is_no_certificate_fits_nothing(certificate: str) -> None:
    assert published(PUBLISHED_2, certificate=certificate).status == 401


@pytest.mark.parametrize("version", ["1", "2"])
def test_both_live_certificates_are_believed(version: str) -> None:
    letter = Letter(source=SOURCE, secret=OWN, url="", now=NOW, event_id="sns-1", text="")
    request = a_request(signed_sns(letter, json.dumps(a_notice()), version))

    for secrets in ((new_secret(), OWN), (OWN, new_secret())):
        assert receive(request, SOURCE, secrets, NOW).kind is OutcomeKind.ACCEPTED


def test_a_certificate_that_is_not_stored_is_fetched_from_the_address_that_was_checked() -> None:
    asked: list[str] = []

    def fetch(url: str) -> str:
        asked.append(url)
        return OWN

    assert receive(a_delivery(a_notice()), SOURCE, (), NOW, fetch).kind is OutcomeKind.ACCEPTED
    assert receive(a_delivery(a_notice()), SOURCE, (new_secret(),), NOW, fetch).status == 200
    assert asked == [CERTIFICATE_ADDRESS] * 2


def test_a_stored_certificate_that_fits_needs_no_network() -> None:
    assert receive(a_delivery(a_notice()), SOURCE, (OWN,), NOW, nobody).status == 200


def test_a_certificate_that_cannot_be_fetched_asks_sns_to_come_again() -> None:
    def fails(_url: str) -> str:
        raise OSError("no route")

    outcome = receive(a_delivery(a_notice()), SOURCE, (), NOW, fails)

    assert (outcome.status, outcome.headers["retry-after"]) == (503, "5")


@pytest.mark.parametrize(
    ("topic", "status"),
    [
        pytest.param("arn:aws:sns:us-east-1:999999999999:mail", 403, id="of a stranger"),
        pytest.param("arn:aws:sns:us-east-1:123456789012:other", 503, id="of our own account"),
        pytest.param("mail", 403, id="no topic"),
        pytest.param(f"{TOPIC}\n", 403, id="with a line break"),
    ],
)
def test_a_topic_that_is_not_listed_is_refused_before_any_network(topic: str, status: int) -> None:
    request = a_delivery(a_notice(), TopicArn=topic)

    assert receive(request, SOURCE, (), NOW, nobody).status == status
    assert receive(request, SOURCE, (OWN,), NOW).status == status


NO_ADDRESSES = [
    "http://sns.us-east-1.amazonaws.com/SimpleNotificationService-ab12.pem",
    "https://sns.us-east-1.amazonaws.com.evil.example/SimpleNotificationService-ab12.pem",
    "https://evil.example/sns.us-east-1.amazonaws.com/SimpleNotificationService-ab12.pem",
    "https://sns.us-east-1.amazonaws.com@evil.example/SimpleNotificationService-ab12.pem",
    "https://u:p@sns.us-east-1.amazonaws.com/SimpleNotificationService-ab12.pem",
    "https://sns.us-east-1.amazonaws.com:8443/SimpleNotificationService-ab12.pem",
    "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-ab12.pem?x=1",
    "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-ab12.pem#x",
    "https://sns.us-east-1.amazonaws.com/x/../SimpleNotificationService-ab12.pem",
    "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-ab12.pem\n",
    "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-ZZ.pem",
    "https://bucket.s3.amazonaws.com/SimpleNotificationService-ab12.pem",
    # A bucket may be called `sns`, and then its owner would sign for every topic.
    "https://sns.s3.amazonaws.com/SimpleNotificationService-ab12.pem",
    "https://sns.s3-us-west-2.amazonaws.com/SimpleNotificationService-ab12.pem",
    "https://sns.s3-external-1.amazonaws.com/SimpleNotificationService-ab12.pem",
    "https://sns.a.b.amazonaws.com/SimpleNotificationService-ab12.pem",
    "https://169.254.169.254/SimpleNotificationService-ab12.pem",
    "file:///SimpleNotificationService-ab12.pem",
    "//sns.us-east-1.amazonaws.com/SimpleNotificationService-ab12.pem",
    "",
]


@pytest.mark.parametrize("url", NO_ADDRESSES)
def test_a_certificate_elsewhere_is_refused_before_any_network(url: str) -> None:
    request = a_delivery(a_notice(), SigningCertURL=url)

    assert receive(request, SOURCE, (), NOW, nobody).status == 401
    assert receive(request, SOURCE, (OWN,), NOW).status == 401


@pytest.mark.parametrize(
    "region", ["us-east-1", "ap-southeast-7", "us-gov-west-1", "us-isob-east-1"]
)
def test_the_certificate_of_every_region_may_be_fetched(region: str) -> None:
    tail = "SimpleNotificationService-7ff5318490ec183f.pem"

    assert is_certificate_address(f"https://sns.{region}.amazonaws.com/{tail}")
    assert is_certificate_address(f"https://sns.{region}.amazonaws.com.cn/{tail}")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"hello",
        b"\xff\xfe",
        b"[]",
        b"null",
        b'{"Type":"Notification"}',
        b'{"Type":["Notification"],"TopicArn":"x"}',
        b'{"Type":"Notification","TopicArn":null}',
        b'{"Type":"Notification","TopicArn":"a","TopicArn":"b"}',
        b'{"Type":"Other","TopicArn":"arn:aws:sns:us-east-1:123456789012:mail"}',
        b"[" * 100_000,
    ],
)
def test_a_body_that_is_no_envelope_is_refused(body: bytes) -> None:
    request = a_request(({"Content-Type": "text/plain"}, body))

    assert receive(request, SOURCE, (OWN,), NOW).status == 401
    assert receive(request, SOURCE, (), NOW, nobody).status == 401


def test_a_missing_signed_field_is_refused() -> None:
    lacking = {name: value for name, value in PUBLISHED_2.items() if name != "MessageId"}

    assert published(lacking).status == 401


def test_raw_message_delivery_is_asked_for_again_for_it_may_be_mended() -> None:
    headers = {"Content-Type": "text/plain", "x-amz-sns-rawdelivery": "true"}
    request = a_request((headers, json.dumps(a_notice()).encode()))

    assert receive(request, SOURCE, (OWN,), NOW).status == 503


@given(junk=st.dictionaries(st.sampled_from(sorted(PUBLISHED_1)), st.text() | st.none()))
def test_no_junk_in_an_envelope_raises_or_is_believed(junk: dict[str, str | None]) -> None:
    body = json.dumps({**PUBLISHED_2, "Message": "", **junk}).encode()

    outcome = receive(a_request(({"Content-Type": JSON}, body)), SOURCE, (OWN,), THEN)

    assert outcome.status in {401, 403}


@pytest.mark.parametrize("topic", ["mail", "arn:aws:sns:us-east-1:1234:mail", f"{TOPIC} x", "*"])
def test_a_topic_that_is_none_is_refused_when_the_policy_is_read(topic: str) -> None:
    with pytest.raises(InvalidFieldError, match=r"options\.topics\[1\]"):
        a_source("sns", topics=[TOPIC, topic])


# Handshakes

CONFIRMATION = (
    "https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription"
    f"&TopicArn={TOPIC}&Token=2336412f37fb687f5d51e6e2425c464cefc96b"
)


def confirmed(url: str, kind: str = "SubscriptionConfirmation") -> Outcome:
    text = "You have chosen to subscribe to the topic."
    return received(text, Type=kind, Token="2336412f37fb", SubscribeURL=url)


def test_a_subscription_to_a_listed_topic_is_confirmed_by_a_visit() -> None:
    outcome = confirmed(CONFIRMATION)

    assert (outcome.kind, outcome.status) == (OutcomeKind.IGNORED, 200)
    assert outcome.visit == CONFIRMATION


def test_an_unsubscription_is_never_visited_for_that_would_subscribe_again() -> None:
    outcome = confirmed(CONFIRMATION, "UnsubscribeConfirmation")

    assert (outcome.kind, outcome.status, outcome.visit) == (OutcomeKind.IGNORED, 200, "")


@pytest.mark.parametrize(
    "url",
    [
        CONFIRMATION.replace("https", "http"),
        CONFIRMATION.replace("amazonaws.com", "amazonaws.com.evil.example"),
        CONFIRMATION.replace("https://", "https://x@"),
        CONFIRMATION.replace("amazonaws.com/", "amazonaws.com:444/"),
        CONFIRMATION.replace("ConfirmSubscription", "Publish"),
        CONFIRMATION.replace("ConfirmSubscription", "Publish&Action=ConfirmSubscription"),
        CONFIRMATION.replace(TOPIC, "arn:aws:sns:us-east-1:999999999999:mail"),
        f"{CONFIRMATION}#x",
        f"{CONFIRMATION}\r\nHost: evil.example",
        "",
    ],
)
def test_no_other_address_is_visited(url: str) -> None:
    outcome = confirmed(url)

    assert (outcome.kind, outcome.visit) == (OutcomeKind.QUARANTINED, "")


def test_an_address_that_only_looks_like_a_confirmation_is_none() -> None:
    assert is_confirmation_address(CONFIRMATION)
    assert not is_confirmation_address(CONFIRMATION.replace("/?", "/x?"))


INNER = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)


@given(notice=st.dictionaries(NAMES, INNER), kind=st.sampled_from(["Received", "Bounce"]))
def test_no_believed_notice_is_refused_or_raises(notice: dict[str, object], kind: str) -> None:
    outcome = received({**notice, "notificationType": kind})

    assert outcome.status == 200
    for arrival in outcome.arrivals:
        repr(arrival).encode()


# Mail


def test_a_mail_in_the_notice_arrives_whole() -> None:
    arrival = arrived(a_notice())

    assert (
        arrival.text == "Could you please refill my lisinopril? Grüße \N{PERSON WITH FOLDED HANDS}"
    )
    assert (arrival.subject, arrival.event_id) == ("Refill", SES_ID)
    assert (arrival.channel, arrival.requester.kind) == (Channel.EMAIL, RequesterKind.UNKNOWN)
    assert arrival.requester.email == "dana.whitfield@mail.example"
    assert arrival.requester.name == "Dana Whitfield"
    assert arrival.occurred_at == datetime(2026, 11, 23, 14, 41, tzinfo=UTC)
    assert not arrival.doubtful_sender


def test_a_mail_in_plain_text_arrives_whole() -> None:
    receipt = {"action": {"type": "SNS", "encoding": "UTF8"}}

    arrival = arrived(a_notice(receipt=receipt, content=MAIL.decode()))

    assert "Grüße" in arrival.text


def test_a_mail_whose_from_failed_its_checks_is_stated_and_not_believed() -> None:
    verdicts = {"dmarcVerdict": {"status": "FAIL"}, "spfVerdict": {"status": "GRAY"}}
    receipt = {"action": {"type": "SNS", "encoding": "BASE64"}, **verdicts}

    arrival = arrived(a_notice(receipt=receipt))

    assert arrival.doubtful_sender
    assert arrival.remarks == ("the sender's address failed DMARC",)


def test_a_stored_mail_becomes_a_ticket_that_says_where_its_text_is() -> None:
    notice = {key: part for key, part in a_notice(receipt=STORED).items() if key != "content"}

    arrival = arrived(notice)

    assert (arrival.text, arrival.subject) == ("", "Refill")
    assert arrival.pointer == f"s3://triagewire-mail/in/{SES_ID}"
    assert arrival.requester.email == "dana.whitfield@mail.example"
    assert arrival.remarks == (
        "only the headers came: the text must be read where the mail is stored",
    )


def test_a_notice_with_next_to_nothing_in_it_is_still_somebody_s_mail() -> None:
    arrival = arrived({"notificationType": "Received", "mail": {}})

    assert arrival.event_id == "sns-1"
    assert arrival.pointer


def test_a_bounce_that_comes_as_mail_is_a_fact() -> None:
    bounce = MAIL.replace(b"Dana Whitfield <dana.whitfield@", b"<mailer-daemon@")

    outcome = received(a_notice(content=base64.b64encode(bounce).decode()))

    assert outcome.kind is OutcomeKind.IGNORED
    assert [fact.kind for fact in outcome.facts] == [FactKind.BOUNCE]


@pytest.mark.parametrize(
    ("notice", "kind", "permanent"),
    [
        (
            {"notificationType": "Bounce", "bounce": {"bounceType": "Permanent"}},
            FactKind.BOUNCE,
            True,
        ),
        ({"eventType": "Bounce", "bounce": {"bounceType": "Transient"}}, FactKind.BOUNCE, False),
        ({"notificationType": "Complaint", "complaint": {}}, FactKind.COMPLAINT, False),
        ({"notificationType": "Delivery", "delivery": {}}, FactKind.DELIVERY, False),
        ({"eventType": "DeliveryDelay"}, FactKind.DELIVERY, False),
    ],
)
def test_what_became_of_mail_of_ours_is_recorded_and_makes_no_ticket(
    notice: dict[str, object], kind: FactKind, *, permanent: bool
) -> None:
    token = "tw-aaaaaaaaaaaaaaaaaaaaaaaaaa-bbbbbbbbbbbbbbbb"
    mail = {
        "messageId": "0102",
        "timestamp": "2026-11-23T14:00:00.000Z",
        "headers": [{"name": "Reply-To", "value": f"desk+{token}@riverside.example"}],
    }

    outcome = received({**notice, "mail": mail})

    (fact,) = outcome.facts
    assert (outcome.kind, outcome.status) == (OutcomeKind.IGNORED, 200)
    assert (fact.kind, fact.permanent, fact.thread_token) == (kind, permanent, token)
    assert (fact.event_id, fact.thread) == ("sns-1", "0102")


@pytest.mark.parametrize(
    "message",
    [
        "Successfully validated SNS topic for Amazon SES event publishing.",
        {"notificationType": "Received", "mail": {"messageId": "AMAZON_SES_SETUP_NOTIFICATION"}},
        {"eventType": "Open", "mail": {}},
    ],
)
def test_a_notice_that_tells_nothing_is_acknowledged(message: object) -> None:
    outcome = received(message)

    assert (outcome.kind, outcome.status, outcome.facts) == (OutcomeKind.IGNORED, 200, ())


@pytest.mark.parametrize(
    "message",
    [
        "somebody typed this in at the console",
        {"notificationType": "Surprise"},
        {"notificationType": None},
        {"notificationType": "Received", "mail": "none"},
        a_notice(content="%%%"),
        a_notice(content=""),
        "[]",
        '{"a":1,"a":2}',
    ],
)
def test_what_nobody_understands_is_kept_for_a_person(message: object) -> None:
    outcome = received(message)

    assert (outcome.kind, outcome.status) == (OutcomeKind.QUARANTINED, 200)
    assert outcome.raw
