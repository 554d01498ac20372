"""SendGrid: the published signature vector, and mails in every character set at once."""

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from ops.senders.letter import Letter
from ops.senders.sendgrid import BOUNDARY, as_multipart, signed_form
from tests.unit.channels.builders import NOW, a_request, a_source, the_arrival
from triagewire.arrival import Arrival, Attachment, FactKind, RequesterKind
from triagewire.channels.outcome import Outcome, OutcomeKind
from triagewire.channels.receiving import receive
from triagewire.channels.request import WebhookRequest
from triagewire.channels.sendgrid import SIGNATURE, TIMESTAMP, verify
from triagewire.errors import InvalidFieldError, RefusedError

SECRET = "triagewire:s3cret"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"
# From the sender's own library for Python: key, signature, time and body belong together.
PUBLISHED_KEY = (
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE83T4O/n84iotIvIW4mdBgQ/7dAfSmpqIM8kF9mN1flpVKS3GRqe62gw"
    "+2fNNRaINXvVpiglSI8eNEc6wEA3F+g=="
)
PUBLISHED_SIGNATURE = (
    "MEUCIGHQVtGj+Y3LkG9fLcxf3qfI10QysgDWmMOVmxG0u6ZUAiEAyBiXDWzM+uOe5W0JuG+luQAbPIqHh89M15TluLt"
    "EZtM="
)
PUBLISHED_TIME = "1600112502"
PUBLISHED_BODY = (
    b'[{"email":"hello@world.com","event":"dropped","reason":"Bounced Address",'
    b'"sg_event_id":"ZHJvcC0xMDk5NDkxOS1MUnpYbF9OSFN0T0doUTRrb2ZTbV9BLTA",'
    b'"sg_message_id":"LRzXl_NHStOGhQ4kofSm_A.filterdrecv-p3mdw1-756b745b58-kmzbl-18-5F5FC76C-9.0",'
    b'"smtp-id":"<LRzXl_NHStOGhQ4kofSm_A@ismtpd0039p1iad1.sendgrid.net>","timestamp":1600112492}]'
    b"\r\n"
)
THEN = datetime.fromtimestamp(int(PUBLISHED_TIME), UTC)
OTHER_KEY = (
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEqTxd43gyp8IOEto2LdIfjRQrIbsd4SXZkLW6jDutdhXSJCWHw8REntlo7"
    "aNDthvj+y7GjUuFDb/R1NGe1OPzpA=="
)
HEADERS = b"""Received: by mx0031p1mdw1.sendgrid.net with SMTP id 9Xk
DKIM-Signature: v=1; a=rsa-sha256; d=mail.example; s=s1
From: =?utf-8?q?Ren=C3=A9_Mart=C3=ADn=2C_Jr=2E?= <Rene.Martin@mail.example>
Date: Mon, 23 Nov 2026 09:41:00 -0500
Message-ID: <CA81+4Zr@mail.example>
Subject: =?cp850?q?Preguntas_del_est=A2mago?=
To: desk@riverside.example
"""
FIELDS = {
    "headers": HEADERS,
    "subject": b"Preguntas del est\xa2mago",
    "to": "Recepci\u00f3n <desk@riverside.example>".encode(),
    "from": "Ren\u00e9 Mart\u00edn, Jr. <Rene.Martin@mail.example>".encode(),
    "html": b"<p>\xbfPuedo ir hoy?</p>",
    "text": b"\x93Puedo ir hoy?\x94 Me duele desde el s\xe1bado\x85",
    "charsets": json.dumps(
        {
            "to": "UTF-8",
            "from": "UTF-8",
            "subject": "cp850",
            "html": "iso-8859-1",
            "text": "windows-1252",
        }
    ).encode(),
    "envelope": b'{"to":["desk@riverside.example"],"from":"rene.martin@mail.example"}',
    "attachments": b"0",
    "dkim": b"{@mail.example : pass}",
    "SPF": b"pass",
    "sender_ip": b"198.51.100.7",
    "spam_score": b"0.1",
}
RAW_MAIL = (
    b"From: Dana Whitfield <dana.whitfield@mail.example>\r\n"
    b"To: desk@riverside.example\r\nSubject: Refill\r\nMessage-ID: <CA82@mail.example>\r\n"
    b"Date: Mon, 23 Nov 2026 09:50:00 -0500\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: text/plain; charset="iso-8859-1"\r\nContent-Transfer-Encoding: 8bit\r\n\r\n'
    b"My caf\xe9 au lait spots are darker.\r\n"
)


def posted(body: bytes, **options: object) -> Outcome:
    source = a_source("sendgrid", **options)
    letter = Letter(source=source, secret=SECRET, url="", now=NOW, event_id="", text="")
    post = signed_form(letter, body)
    return receive(a_request((dict(post.headers), post.body)), source, (SECRET,), NOW)


def received(change: dict[str, bytes | None] | None = None) -> Outcome:
    fields = {**FIELDS, **(change or {})}
    return posted(as_multipart({name: each for name, each in fields.items() if each is not None}))


def arrived(change: dict[str, bytes | None] | None = None) -> Arrival:
    return the_arrival(received(change))


def believe(
    *,
    key: str = PUBLISHED_KEY,
    signature: str = PUBLISHED_SIGNATURE,
    seconds: str = PUBLISHED_TIME,
    body: bytes = PUBLISHED_BODY,
    now: datetime = THEN,
) -> None:
    headers = {SIGNATURE: signature, TIMESTAMP: seconds}
    verify(
        WebhookRequest(headers=headers, body=body), a_source("sendgrid", public_key=key), (), now
    )


# Believing


def test_the_published_vector_is_believed() -> None:
    believe()


@pytest.mark.parametrize(
    "key",
    [
        f"{OTHER_KEY},{PUBLISHED_KEY}",
        f"{PUBLISHED_KEY}, {OTHER_KEY}",
        f"-----BEGIN PUBLIC KEY----- {PUBLISHED_KEY} -----END PUBLIC KEY-----",
    ],
    ids=["second of two", "first of two", "as PEM"],
)
def test_a_key_may_be_one_of_two_and_have_its_pem_marks(key: str) -> None:
    believe(key=key)


@pytest.mark.parametrize(
    "change",
    [
        {"key": OTHER_KEY},
        {"body": PUBLISHED_BODY.strip()},
        {"body": b""},
        {"seconds": "1600112503"},
        {"seconds": "soon"},
        {"seconds": "nan"},
        {"seconds": ""},
        {"signature": ""},
        {"signature": "é"},
        {"signature": "%%%"},
        {"signature": base64.b64encode(bytes(70)).decode()},
        {"now": THEN + timedelta(seconds=301)},
        {"now": THEN - timedelta(seconds=301)},
    ],
    ids=repr,
)
def test_anything_else_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(RefusedError) as refusal:
        believe(**change)  # type: ignore[arg-type]

    assert refusal.value.status == 401


@pytest.mark.parametrize("key", ["no base64", "AAAA", f"{PUBLISHED_KEY},x", PUBLISHED_KEY[:-4]])
def test_a_key_that_is_none_is_refused_when_the_policy_is_read(key: str) -> None:
    with pytest.raises(InvalidFieldError, match=r"options\.public_key"):
        a_source("sendgrid", public_key=key)


@given(signature=st.text(), seconds=st.text(), body=st.binary())
def test_malformed_requests_are_only_ever_a_refusal(
    signature: str, seconds: str, body: bytes
) -> None:
    with pytest.raises(RefusedError) as refusal:
        believe(signature=signature, seconds=seconds, body=body)

    assert refusal.value.status == 401


def test_a_source_with_a_public_key_needs_no_stored_secret() -> None:
    private = ec.generate_private_key(ec.SECP256R1())
    pem = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()
    public = private.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    source = a_source("sendgrid", public_key=base64.b64encode(public).decode())
    letter = Letter(source=source, secret=pem, url="", now=NOW, event_id="", text="")
    post = signed_form(letter, as_multipart(FIELDS))

    outcome = receive(a_request((dict(post.headers), post.body)), source, (), NOW)

    assert outcome.kind is OutcomeKind.ACCEPTED


def test_credentials_do_not_stand_in_for_a_signature() -> None:
    credentials = base64.b64encode(SECRET.encode()).decode()
    headers = {"Content-Type": MULTIPART, "Authorization": f"Basic {credentials}"}
    source = a_source("sendgrid", public_key=PUBLISHED_KEY)

    outcome = receive(a_request((headers, as_multipart(FIELDS))), source, (SECRET,), NOW)

    assert outcome.status == 401


def test_without_a_public_key_the_credentials_of_the_address_are_asked_for() -> None:
    body = as_multipart(FIELDS)
    source = a_source("sendgrid")

    assert posted(body).status == 200
    for headers in ({}, {"Authorization": "Basic é"}, {"Authorization": "Basic dTpw"}):
        request = a_request(({"Content-Type": MULTIPART, **headers}, body))
        assert receive(request, source, (SECRET,), NOW).status == 401


@given(
    fields=st.dictionaries(st.sampled_from([*sorted(FIELDS), "email", "attachment1"]), st.binary()),
)
def test_no_believed_form_is_refused_or_raises(fields: dict[str, bytes]) -> None:
    outcome = posted(as_multipart(fields))

    assert outcome.status == 200
    for arrival in outcome.arrivals:
        repr(arrival).encode()


# Mail in parts


def test_each_field_is_read_in_its_own_character_set() -> None:
    arrival = arrived()

    assert arrival.subject == "Preguntas del est\u00f3mago"
    assert arrival.text == "\u201cPuedo ir hoy?\u201d Me duele desde el s\u00e1bado\u2026"
    assert arrived({"text": b""}).text == "\u00bfPuedo ir hoy?"


def test_the_sender_is_read_where_a_comma_cannot_part_the_name() -> None:
    requester = arrived().requester

    assert (requester.name, requester.email) == (
        "Ren\u00e9 Mart\u00edn, Jr.",
        "rene.martin@mail.example",
    )
    assert requester.kind is RequesterKind.UNKNOWN


def test_the_time_is_that_of_the_mail() -> None:
    assert arrived().occurred_at == datetime(2026, 11, 23, 14, 41, tzinfo=UTC)


@pytest.mark.parametrize("charset", ["x-klingon", "", "\ud83d", "é", "hex", "utf-7", "idna"])
def test_an_unknown_character_set_costs_no_words(charset: str) -> None:
    charsets = json.dumps({"text": charset}).encode()
    text = "Hallo, \U0001f600 \u202e\u05e9\u05dc\u05d5\u05dd"

    arrival = arrived({"charsets": charsets, "text": text.encode()})

    assert "Hallo" in arrival.text
    assert "\U0001f600" in arrival.text


@pytest.mark.parametrize("odd", [b"", b"{", b"[]", b"null", b'{"text": 7}', b"\xff"])
@pytest.mark.parametrize("field", ["charsets", "envelope", "attachment-info", "dkim", "SPF"])
def test_an_odd_field_beside_the_mail_costs_no_mail(field: str, odd: bytes) -> None:
    assert "Puedo ir hoy" in arrived({field: odd}).text


def test_a_copy_of_a_mail_is_the_same_event_whatever_else_changed() -> None:
    first = arrived()

    assert first.event_id.startswith("derived:sha256:")
    assert arrived({"spam_score": b"0.3"}).event_id == first.event_id
    other = HEADERS.replace(b"CA81", b"CA99")
    assert arrived({"headers": other}).event_id != first.event_id


def test_without_an_id_of_its_own_a_mail_is_known_by_its_content() -> None:
    nameless = HEADERS.replace(b"Message-ID: <CA81+4Zr@mail.example>\n", b"")
    first = arrived({"headers": nameless})

    assert first.event_id == arrived({"headers": nameless, "sender_ip": b"198.51.100.9"}).event_id
    assert first.event_id != arrived({"headers": nameless, "text": b"other words"}).event_id
    assert arrived({"headers": b""}).requester.email == "rene.martin@mail.example"


@pytest.mark.parametrize(
    ("spf", "dkim", "doubtful"),
    [
        (b"pass", b"{@mail.example : pass}", False),
        (b"fail", b"{@mail.example : pass}", False),
        (b"fail", b"{@other.example : fail, @mail.example : pass}", False),
        (b"fail", b"{@mail.example : fail}", True),
        (b"fail", b"none", True),
        (b"softfail", b"none", False),
        (b"none", b"", False),
    ],
)
def test_a_sender_that_fails_its_checks_is_doubted(
    spf: bytes, dkim: bytes, *, doubtful: bool
) -> None:
    assert arrived({"SPF": spf, "dkim": dkim}).doubtful_sender is doubtful


def test_files_are_named_as_the_mail_named_them() -> None:
    info = {
        "attachment1": {"filename": "\\share\\mail\\forwarded.msg", "type": "message/rfc822"},
        "attachment2": {"filename": "rash.png", "type": "image/png", "content-id": "abc123"},
    }
    body = as_multipart({**FIELDS, "attachment-info": json.dumps(info).encode()})
    files = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="attachment1"; filename="x.msg"\r\n'
        f"Content-Type: message/rfc822\r\n\r\n1234\r\n"
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="attachment2"\r\n\r\n12345\r\n'
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="attachment3"; filename="b.pdf"\r\n'
        f"Content-Type: application/pdf\r\n\r\n123456\r\n--{BOUNDARY}--\r\n"
    )

    arrival = the_arrival(posted(body.replace(f"--{BOUNDARY}--\r\n".encode(), files.encode())))

    assert sorted(arrival.attachments, key=lambda each: each.size_bytes or 0) == [
        Attachment(name="forwarded.msg", media_type="message/rfc822", size_bytes=4),
        Attachment(name="rash.png", media_type="image/png", size_bytes=5),
        Attachment(name="b.pdf", media_type="application/pdf", size_bytes=6),
    ]


def test_our_own_token_comes_back_in_the_address_of_the_envelope() -> None:
    token = "tw-aaaaaaaaaaaaaaaaaaaaaaaaaa-bbbbbbbbbbbbbbbb"
    envelope = json.dumps({"to": [f"desk+{token}@riverside.example"], "from": "a@mail.example"})

    assert arrived({"envelope": envelope.encode()}).thread_token == token


def test_a_mail_without_words_is_still_a_ticket() -> None:
    arrival = arrived({"text": b"", "html": None})

    assert (arrival.text, arrival.remarks) == ("", ("e-mail without words",))


def test_an_automatic_answer_is_a_fact() -> None:
    outcome = received({"headers": HEADERS + b"Auto-Submitted: auto-replied\n"})

    assert (outcome.kind, outcome.status) == (OutcomeKind.IGNORED, 200)
    assert [fact.kind for fact in outcome.facts] == [FactKind.AUTOMATIC_ANSWER]


# Mail as it was sent


def test_a_whole_mail_is_read_in_its_own_character_set() -> None:
    whole = {name: FIELDS[name] for name in ("envelope", "dkim", "SPF", "to", "from")}

    arrival = the_arrival(posted(as_multipart({**whole, "email": RAW_MAIL})))

    assert arrival.text == "My caf\u00e9 au lait spots are darker."
    assert (arrival.subject, arrival.requester.name) == ("Refill", "Dana Whitfield")
    assert arrival.event_id.startswith("derived:sha256:")


# What cannot be read


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"hello",
        f"--{BOUNDARY}".encode(),
        as_multipart({"hello": b"1"}),
        as_multipart({"text": b"", "email": b""}),
    ],
)
def test_what_is_no_mail_is_kept_for_a_person(body: bytes) -> None:
    outcome = posted(body)

    assert (outcome.kind, outcome.status) == (OutcomeKind.QUARANTINED, 200)


def test_of_a_repeated_field_the_last_counts() -> None:
    body = as_multipart(FIELDS).replace(
        f"--{BOUNDARY}--".encode(),
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="text"\r\n\r\nthe last\r\n'
        f"--{BOUNDARY}--".encode(),
    )

    assert the_arrival(posted(body)).text == "the last"


def test_a_nul_is_left_out_of_the_text() -> None:
    assert arrived({"text": b"chest\0 pain"}).text == "chest pain"
