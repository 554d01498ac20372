"""Mailgun: a signature that covers no content, and every form in which a mail is posted."""

import json
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops.senders.letter import Letter
from ops.senders.mailgun import proof
from ops.senders.sendgrid import BOUNDARY, as_multipart
from tests.unit.channels.builders import FORM, JSON, NOW, a_request, a_source, the_arrival
from triagewire.arrival import Arrival, Attachment, Channel, FactKind, RequesterKind
from triagewire.channels.outcome import Outcome, OutcomeKind
from triagewire.channels.receiving import receive

KEY = "signing-key-of-the-account"
# From the test suite of a web framework that takes mail of Mailgun.
PUBLISHED_KEY = "tbsy84uSV1Kt3ZJZELY2TmShPRs91E3yL4tzf96297vBCkDWgL"
SOURCE = a_source("mailgun")
TOKEN = "06c96bafc3f42a66b9edd546347a2fe18dc23461fe80dc52f0"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"
HEADERS = [
    ["X-Mailgun-Dkim-Check-Result", "Pass"],
    ["X-Mailgun-Spf", "Pass"],
    ["X-Mailgun-Sflag", "No"],
    ["X-Envelope-From", "<dana.whitfield@mail.example>"],
    ["From", '"Whitfield, Dana" <Dana.Whitfield@mail.example>'],
    ["Date", "Mon, 23 Nov 2026 09:41:00 -0500"],
    ["Message-Id", "<CAEPk3R+4Zr@mail.example>"],
    ["Subject", "Refill"],
    ["To", "desk@riverside.example"],
]
MAIL = {
    "recipient": "desk@riverside.example",
    "sender": "dana.whitfield@mail.example",
    "from": '"Whitfield, Dana" <Dana.Whitfield@mail.example>',
    "subject": "Refill",
    "body-plain": "Could you refill my lisinopril?\n\nOn Mon, 23 Nov 2026, Desk wrote:\n> Hello\n",
    "stripped-text": "Could you refill my lisinopril?",
    "body-html": "<p>Could you refill my lisinopril?</p>",
    "message-headers": json.dumps(HEADERS),
}


def a_letter(token: str = TOKEN, now: datetime = NOW) -> Letter:
    return Letter(source=SOURCE, secret=KEY, url="", now=now, event_id=token, text="")


def posted(headers: dict[str, str], body: bytes, *secrets: str, now: datetime = NOW) -> Outcome:
    return receive(a_request((headers, body)), SOURCE, secrets or (KEY,), now)


def received(fields: dict[str, str], **more: str) -> Outcome:
    form = {**fields, **proof(a_letter()), **more}
    return posted({"Content-Type": FORM}, urlencode(form).encode())


def arrived(fields: dict[str, str]) -> Arrival:
    return the_arrival(received(fields))


def told(event: dict[str, object]) -> Outcome:
    body = json.dumps({"signature": proof(a_letter()), "event-data": event}).encode()
    return posted({"Content-Type": JSON}, body)


# Believing


def test_the_published_vector_is_believed() -> None:
    published = {
        "timestamp": "1539112500",
        "token": "7VwW7k6Ak7zcTwoSoNm7aTtbk1g67MKAnsYLfUB7PdszbgR5Xi",
        "signature": "ef24c5225322217bb065b80bb54eb4f9206d764e3e16abab07f0a64d1cf477cc",
    }
    body = urlencode({**MAIL, **published}).encode()
    then = datetime.fromtimestamp(1539112500, UTC)

    assert posted({"Content-Type": FORM}, body, PUBLISHED_KEY, now=then).status == 200
    assert posted({"Content-Type": FORM}, body, KEY, now=then).status == 401


@pytest.mark.parametrize(
    "change",
    [
        {"signature": "0" * 64},
        {"signature": ""},
        {"signature": "é"},
        {"token": "another"},
        {"token": ""},
        {"token": "x" * 300},
        {"token": "\x00"},
        {"timestamp": "nan"},
        {"timestamp": ""},
        {"timestamp": "9" * 400},
        {"timestamp": str(int(NOW.timestamp()) + 1)},
    ],
    ids=repr,
)
def test_a_wrong_proof_is_refused_and_may_be_sent_again(change: dict[str, str]) -> None:
    assert received(MAIL, **change).status == 401


@pytest.mark.parametrize("seconds", [301, -301])
def test_a_proof_out_of_its_time_is_refused(seconds: int) -> None:
    body = urlencode({**MAIL, **proof(a_letter())}).encode()

    outcome = posted({"Content-Type": FORM}, body, now=NOW + timedelta(seconds=seconds))

    assert outcome.status == 401


def test_both_live_keys_are_believed() -> None:
    body = urlencode({**MAIL, **proof(a_letter())}).encode()

    assert posted({"Content-Type": FORM}, body, "newer", KEY).status == 200
    assert posted({"Content-Type": FORM}, body, "newer", "older").status == 401


def test_what_no_repeat_can_mend_is_stopped() -> None:
    assert posted({"Content-Type": "text/plain"}, b"x").status == 406
    assert posted({"Content-Type": FORM}, b"x" * 1_100_000).status == 406


@pytest.mark.parametrize(
    ("media_type", "body"),
    [(JSON, b"["), (JSON, b"{}"), (JSON, b'{"signature":[]}'), (MULTIPART, b"x"), (FORM, b"&&")],
)
def test_a_body_that_cannot_be_read_proves_nothing(media_type: str, body: bytes) -> None:
    assert posted({"Content-Type": media_type}, body).status == 401


def test_a_mail_that_the_signature_does_not_cover_says_so() -> None:
    assert arrived(MAIL).unproven


FIELDS = st.sampled_from(
    [*sorted(MAIL), "body-mime", "attachments", "message-url", "event", "Date"]
)


@given(fields=st.dictionaries(FIELDS, st.binary()))
def test_no_believed_form_is_refused_or_raises(fields: dict[str, bytes]) -> None:
    body = urlencode({**fields, **proof(a_letter())}).encode()

    outcome = posted({"Content-Type": FORM}, body)

    assert outcome.status == 200
    for arrival in outcome.arrivals:
        repr(arrival).encode()


# Mail in parts


def test_a_mail_arrives_with_the_token_as_its_event() -> None:
    arrival = arrived(MAIL)

    assert (arrival.event_id, arrival.subject) == (TOKEN, "Refill")
    assert arrival.text == "Could you refill my lisinopril?"
    assert "> Hello" in arrival.full_text
    assert (arrival.channel, arrival.requester.kind) == (Channel.EMAIL, RequesterKind.UNKNOWN)
    assert arrival.requester.email == "dana.whitfield@mail.example"
    assert arrival.requester.name == "Whitfield, Dana"
    assert arrival.occurred_at == datetime(2026, 11, 23, 14, 41, tzinfo=UTC)


def test_sender_and_subject_may_be_among_the_headers_alone() -> None:
    fields = {name: MAIL[name] for name in ("recipient", "body-plain", "message-headers")}

    arrival = arrived(fields)

    assert (arrival.subject, arrival.requester.name) == ("Refill", "Whitfield, Dana")


def test_a_mail_as_html_alone_reads_as_text() -> None:
    assert arrived({**MAIL, "body-plain": "", "stripped-text": ""}).text == (
        "Could you refill my lisinopril?"
    )


def test_a_mail_without_words_is_still_a_ticket() -> None:
    arrival = arrived({**MAIL, "body-plain": "", "stripped-text": "", "body-html": ""})

    assert arrival.remarks == ("e-mail without words",)


@pytest.mark.parametrize("odd", ["", "{", "{}", "null", "[1]", '[["a"]]', '[["a", 1]]', "[[[]]]"])
def test_odd_headers_cost_no_mail(odd: str) -> None:
    assert arrived({**MAIL, "message-headers": odd}).requester.email


def test_a_sender_that_fails_its_checks_is_doubted() -> None:
    headers = [["X-Mailgun-Spf", "Fail"], ["X-Mailgun-Dkim-Check-Result", "Fail"], *HEADERS[4:]]

    assert arrived({**MAIL, "message-headers": json.dumps(headers)}).doubtful_sender


def test_a_mail_with_files_comes_as_multipart() -> None:
    fields = {name: value.encode() for name, value in {**MAIL, **proof(a_letter())}.items()}
    file = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="attachment-1"; '
        f'filename="C:\\\\scans\\\\rash.png"\r\nContent-Type: image/png\r\n\r\n1234\r\n'
    )
    body = as_multipart(fields).replace(
        f"--{BOUNDARY}--".encode(), f"{file}--{BOUNDARY}--".encode()
    )

    arrival = the_arrival(posted({"Content-Type": MULTIPART}, body))

    assert arrival.attachments == (
        Attachment(name="rash.png", media_type="image/png", size_bytes=4),
    )


def test_a_reply_says_what_it_answers() -> None:
    headers = [*HEADERS, ["In-Reply-To", "<0102@riverside.example>"]]

    assert arrived({**MAIL, "message-headers": json.dumps(headers)}).thread == (
        "0102@riverside.example"
    )


def test_our_own_token_comes_back_in_the_recipient() -> None:
    token = "tw-aaaaaaaaaaaaaaaaaaaaaaaaaa-bbbbbbbbbbbbbbbb"

    arrival = arrived({**MAIL, "recipient": f"desk+{token}@riverside.example"})

    assert arrival.thread_token == token


def test_an_empty_envelope_sender_is_a_mail_system() -> None:
    outcome = received({**MAIL, "sender": "", "subject": "failure notice"})

    assert [fact.kind for fact in outcome.facts] == [FactKind.BOUNCE]


# Mail as it was sent


def test_a_whole_mail_is_read_in_its_own_character_set() -> None:
    whole = (
        b"From: Dana <dana@mail.example>\r\nSubject: =?utf-8?q?Caf=C3=A9?=\r\n"
        b"Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        b"The caf\xe9 was closed.\r\n"
    )
    form = {"recipient": "desk@riverside.example", "body-mime": whole, **proof(a_letter())}

    arrival = the_arrival(posted({"Content-Type": FORM}, urlencode(form).encode()))

    assert (arrival.subject, arrival.text) == ("Caf\u00e9", "The caf\u00e9 was closed.")
    assert (arrival.event_id, arrival.unproven) == (TOKEN, True)


# Mail that Mailgun stores

AT_MAILGUN = "https://storage.mailgun.example/v3/domains/riverside.example/messages/KEY"


def test_a_notice_of_a_stored_mail_becomes_a_ticket_that_says_where_its_text_is() -> None:
    notice = {
        "domain": "riverside.example",
        "message-url": AT_MAILGUN,
        "From": "Dana <dana@mail.example>",
        "Subject": "Refill",
        "recipient": "desk@riverside.example",
    }

    arrival = arrived(notice)

    assert (arrival.text, arrival.subject, arrival.pointer) == ("", "Refill", AT_MAILGUN)
    assert arrival.requester.email == "dana@mail.example"
    assert arrival.remarks[0].startswith("only a notice came")


def test_the_files_of_a_stored_mail_are_linked_and_not_fetched() -> None:
    files = [{"url": f"{AT_MAILGUN}/attachments/0", "content-type": "application/pdf"}]
    files[0].update({"name": "referral.pdf"})

    arrival = arrived({**MAIL, "message-url": AT_MAILGUN, "attachments": json.dumps(files)})

    assert arrival.text
    assert arrival.attachments[0].link == f"{AT_MAILGUN}/attachments/0"
    assert arrival.attachments[0].name == "referral.pdf"


def test_an_event_of_a_stored_mail_becomes_a_ticket_too() -> None:
    outcome = told(
        {
            "event": "stored",
            "storage": {"url": AT_MAILGUN},
            "message": {"headers": {"from": "Dana <dana@mail.example>", "subject": "Refill"}},
        }
    )

    arrival = the_arrival(outcome)

    assert (arrival.pointer, arrival.subject, arrival.unproven) == (AT_MAILGUN, "Refill", True)


# What became of mail of ours


@pytest.mark.parametrize(
    ("event", "kind", "permanent"),
    [
        ({"event": "failed", "severity": "permanent"}, FactKind.BOUNCE, True),
        ({"event": "failed", "severity": "temporary"}, FactKind.BOUNCE, False),
        ({"event": "complained"}, FactKind.COMPLAINT, False),
        ({"event": "delivered", "timestamp": 1_795_445_000.5}, FactKind.DELIVERY, False),
    ],
)
def test_what_became_of_mail_of_ours_is_recorded_and_makes_no_ticket(
    event: dict[str, object], kind: FactKind, *, permanent: bool
) -> None:
    message = {"headers": {"message-id": "0102@riverside.example"}}

    outcome = told({**event, "message": message})

    (fact,) = outcome.facts
    assert (outcome.kind, outcome.status) == (OutcomeKind.IGNORED, 200)
    assert (fact.kind, fact.permanent, fact.thread) == (kind, permanent, "0102@riverside.example")


def test_the_older_webhooks_tell_the_same_in_a_form() -> None:
    outcome = received({"event": "bounced", "Message-Id": "<0102@riverside.example>"})

    (fact,) = outcome.facts
    assert (fact.kind, fact.permanent, fact.thread) == (
        FactKind.BOUNCE,
        True,
        "0102@riverside.example",
    )


def test_an_event_that_tells_nothing_is_acknowledged() -> None:
    assert told({"event": "clicked"}).kind is OutcomeKind.IGNORED


@pytest.mark.parametrize("event", [{}, {"event": None}, {"event": "surprise"}, {"event": []}])
def test_an_event_that_nobody_knows_is_kept_for_a_person(event: dict[str, object]) -> None:
    assert told(event).kind is OutcomeKind.QUARANTINED


@pytest.mark.parametrize("fields", [{}, {"hello": "1"}, {"subject": "x"}])
def test_what_is_no_mail_is_kept_for_a_person(fields: dict[str, str]) -> None:
    outcome = received(fields)

    assert (outcome.kind, outcome.status) == (OutcomeKind.QUARANTINED, 200)
