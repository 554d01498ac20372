"""Postmark: credentials, the new part of a mail, and robots that write mails."""

import base64
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops.senders.postmark import basic_postmark
from tests.unit.channels.builders import JSON, NOW, a_mail, a_source, an_outcome, the_arrival
from triagewire.arrival import Arrival, Attachment, Channel, FactKind, RequesterKind
from triagewire.channels.outcome import Outcome, OutcomeKind
from triagewire.channels.postmark import verify
from triagewire.channels.request import WebhookRequest
from triagewire.errors import RefusedError

SECRET = "inbound:correct-horse-battery"


def received(mail: dict[str, object], **options: object) -> Outcome:
    return an_outcome(basic_postmark(SECRET, mail), a_source("postmark", **options), SECRET)


def arrived(**fields: object) -> Arrival:
    return the_arrival(received(a_mail(**fields)))


def header(name: str, value: str) -> dict[str, object]:
    return {"Headers": [{"Name": name, "Value": value}]}


def test_a_mail_arrives_and_is_answered_with_200() -> None:
    outcome = received(a_mail(Date="Mon, 23 Nov 2026 09:00:00 -0500"))
    arrival = the_arrival(outcome)

    assert outcome.status == 200
    assert arrival.text == "Could you please refill my lisinopril? I have two tablets left."
    assert (arrival.channel, arrival.subject) == (Channel.EMAIL, "Refill")
    assert arrival.event_id == "73e6d360-66eb-11ed-9c19-0242ac120002"
    assert arrival.occurred_at == datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


def test_a_forgeable_address_makes_nobody_known() -> None:
    requester = arrived().requester

    assert (requester.email, requester.name) == ("dana.whitfield@mail.example", "Dana Whitfield")
    assert requester.kind is RequesterKind.UNKNOWN


def test_the_policy_may_say_that_patients_write_to_this_address() -> None:
    outcome = received(a_mail(), requester_kind="patient")

    assert the_arrival(outcome).requester.kind is RequesterKind.PATIENT


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Basic",
        "Basic !!!",
        "Bearer abc",
        "Basic " + base64.b64encode(b"inbound:wrong").decode(),
        "Basic " + base64.b64encode(b"\xff\xfe").decode(),
    ],
)
def test_other_credentials_are_refused_with_403(authorization: str) -> None:
    _, body = basic_postmark(SECRET, a_mail())
    headers = {"Content-Type": JSON, "Authorization": authorization}

    assert an_outcome((headers, body), a_source("postmark"), SECRET).status == 403


@given(authorization=st.text() | st.text().map(lambda text: f"Basic {text}"))
def test_malformed_credentials_are_only_ever_a_refusal(authorization: str) -> None:
    request = WebhookRequest(headers={"authorization": authorization}, body=b"")

    with pytest.raises(RefusedError):
        verify(request, a_source("postmark"), (SECRET,), NOW)


def test_a_reply_arrives_without_the_quoted_mail() -> None:
    arrival = arrived(
        TextBody=(
            "Yes, Thursday works.\r\n\r\nOn Mon, 23 Nov 2026 at 09:00, Front Desk\r\n"
            "<desk@riverside.example> wrote:\r\n\r\n> Does Thursday work?\r\n"
        )
    )

    assert arrival.text == "Yes, Thursday works."
    assert arrival.remarks == ("quoted text or signature left out",)


def test_a_mail_of_html_alone_reads_as_text() -> None:
    arrival = arrived(TextBody="", HtmlBody="<p>My son has a <b>rash</b>.</p><script>x()</script>")

    assert arrival.text == "My son has a rash."


def test_a_mail_without_words_still_arrives() -> None:
    assert arrived(TextBody="").remarks == ("e-mail without words",)


def test_files_are_listed_without_their_content() -> None:
    files = [{"Name": "card.png", "ContentType": "image/png", "ContentLength": 4, "Content": "AA="}]

    assert arrived(Attachments=files).attachments == (
        Attachment(name="card.png", media_type="image/png", size_bytes=4),
    )


def test_an_answer_belongs_to_the_thread_it_names() -> None:
    assert arrived(**header("References", "<a@x.example> <b@x.example>")).thread == "a@x.example"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Auto-Submitted", "auto-generated"),
        ("auto-submitted", "auto-notified; owner-email=x@y.example"),
        ("Precedence", "bulk"),
        ("List-Id", "<news.example>"),
        ("X-Autoreply", "yes"),
    ],
)
def test_a_robot_s_mail_is_marked(name: str, value: str) -> None:
    assert arrived(**header(name, value)).automatic


@pytest.mark.parametrize("value", ["no", "No", "no (a person)"])
def test_a_mail_that_says_it_is_not_automatic_is_a_person_s(value: str) -> None:
    assert not arrived(**header("Auto-Submitted", value)).automatic


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param(header("Auto-Submitted", "auto-replied"), id="out of office"),
        pytest.param(header("Content-Type", "multipart/report; a=b"), id="delivery report"),
        pytest.param(
            {**header("Return-Path", "<>"), "Subject": "Undeliverable: Your visit"},
            id="empty envelope sender",
        ),
        pytest.param({"FromFull": {"Email": "MAILER-DAEMON@mx.example"}}, id="mailer daemon"),
        pytest.param({"MessageID": "00000000-0000-0000-0000-000000000000"}, id="test button"),
    ],
)
def test_what_is_nobody_s_message_is_ignored_with_200(fields: dict[str, object]) -> None:
    outcome = received(a_mail(**fields))

    assert (outcome.kind, outcome.status) == (OutcomeKind.IGNORED, 200)


def test_a_mail_without_an_id_gets_one_from_its_content() -> None:
    first, second = (arrived(MessageID=None).event_id for _ in range(2))

    assert first == second
    assert first.startswith("derived:sha256:")


def test_a_body_that_is_no_mail_goes_to_quarantine() -> None:
    outcome = received({"hello": "world"})

    assert (outcome.kind, outcome.status) == (OutcomeKind.QUARANTINED, 200)
    assert outcome.reason == "MessageID: is missing"


@pytest.mark.parametrize(
    "date", ["", "yesterday", "Mon, 99 Foo 2026", "Fri, 31 Dec 9999 23:59:59 -2359"]
)
def test_an_odd_date_does_not_cost_the_mail(date: str) -> None:
    assert arrived(Date=date).occurred_at is None


# ---- what every mail has in common


TOKEN = "tw-abcdefghijklmnopqrstuvwxyz-abcdefghijklmnop"


@pytest.mark.parametrize(
    "fields",
    [
        {"OriginalRecipient": f"desk+{TOKEN}@in.riverside.example"},
        {"ToFull": [{"Email": f"desk+{TOKEN}@in.riverside.example", "MailboxHash": TOKEN}]},
        {"BccFull": [{"Email": f"desk+{TOKEN}@in.riverside.example"}]},
        {"MailboxHash": TOKEN},
        header("In-Reply-To", f"<{TOKEN}@riverside.example>"),
    ],
)
def test_our_own_token_is_found_wherever_postmark_puts_it(fields: dict[str, object]) -> None:
    assert arrived(**fields).thread_token == TOKEN


def test_a_mailbox_hash_names_the_conversation() -> None:
    both = {"MailboxHash": "case-81", **header("In-Reply-To", "<a@x.example>")}

    assert arrived(**both).thread == "case-81"


def test_the_whole_of_a_reply_is_kept_beside_its_new_part() -> None:
    whole = "Yes.\n\nOn Mon, 23 Nov 2026, Desk <desk@riverside.example> wrote:\n> Thursday?"

    assert arrived(TextBody=whole).full_text == whole


def test_our_own_cut_counts_and_not_postmark_s() -> None:
    mail = {
        "TextBody": "It hurts.\n\nDana\n\nP.S. It is my chest.",
        "StrippedTextReply": "It hurts.",
    }

    assert arrived(**mail).text.endswith("P.S. It is my chest.")


def test_a_forged_sender_is_doubtful_and_no_patient() -> None:
    failed = header("Authentication-Results", "mx.example; spf=fail; dkim=none; dmarc=fail")
    arrival = the_arrival(received(a_mail(**failed), requester_kind="patient"))

    assert (arrival.doubtful_sender, arrival.requester.kind) == (True, RequesterKind.UNKNOWN)
    assert arrival.remarks == ("the sender's address failed SPF, DMARC",)


def test_spam_is_remarked_and_still_arrives() -> None:
    arrival = arrived(**header("X-Spam-Status", "Yes, score=9.1 tests=DKIM_SIGNED"))

    assert arrival.remarks == ("the mail service takes it for spam",)


def test_a_bounce_is_recorded_for_the_mail_that_bounced() -> None:
    mail = {
        "FromFull": {"Email": "MAILER-DAEMON@mx.example"},
        "TextBody": f"550 5.1.1 no such user\n\nFrom: desk+{TOKEN}@riverside.example",
    }
    (fact,) = received(a_mail(**mail)).facts

    assert (fact.kind, fact.permanent, fact.thread_token) == (FactKind.BOUNCE, True, TOKEN)


def test_an_address_to_answer_is_kept_apart() -> None:
    arrival = arrived(ReplyTo="Clerk <clerk@forms.example>")

    assert arrival.requester.email == "dana.whitfield@mail.example"
    assert "clerk@forms.example" in arrival.remarks[0]


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"FromFull": None, "From": '"Whitfield, Dana" <dana@x.example>'}, "Whitfield, Dana"),
        ({"FromFull": None, "From": "dana@x.example", "FromName": "Dana"}, "Dana"),
        ({"FromFull": {"Email": "dana@x.example", "Name": "Dána 😟"}}, "Dána 😟"),
    ],
)
def test_the_sender_is_read_from_what_there_is(fields: dict[str, object], name: str) -> None:
    requester = arrived(**fields).requester

    assert (requester.email, requester.name) == (requester.email, name)
    assert requester.email is not None


@pytest.mark.parametrize("key", ["Content", "Data"])
def test_an_attachment_is_listed_under_either_key_of_its_content(key: str) -> None:
    files = [
        {"Name": r"\share\card.png", "ContentType": "image/png", "ContentLength": 3, key: "AA"}
    ]

    assert [each.name for each in arrived(Attachments=files).attachments] == ["card.png"]


def test_more_files_than_a_ticket_lists_are_counted() -> None:
    files = [{"Name": f"{number}.png", "ContentType": "image/png"} for number in range(60)]
    arrival = arrived(Attachments=files)

    assert len(arrival.attachments) == 50
    assert arrival.remarks == ("10 more attachments",)


WHOLE = (
    "Received: from mail.example by inbound.postmark.example\n"
    "Return-Path: <anybody@else.example>\n"
    "Message-ID: <CAEPk3R+4Zr@mail.example>\n"
    'From: "Dana Whitfield" <dana+clinic@mail.example>\n'
    "To: Riverside <inbox@riverside.example>\n"
    "Subject: Refill\n"
    "Date: Wed, 11 Oct 2017 18:31:04 -0700\n"
    'Content-Type: multipart/mixed; boundary="b1"\n\n'
    '--b1\nContent-Type: text/plain; charset="utf-8"\n\nTwo tablets left \u2026\n'
    "--b1\nContent-Type: text/plain\n"
    'Content-Disposition: attachment; filename="list.txt"\n\nlisinopril\n--b1--\n'
)
"""With line feeds alone, as Postmark sends it."""


def test_a_mail_that_comes_whole_alone_is_read() -> None:
    mail: dict[str, object] = {
        "RawEmail": WHOLE,
        "OriginalRecipient": "inbox@riverside.example",
        "MessageID": "22c74902-a0c1-4511-804f-341342852c90",
        "Headers": [{"Name": "Return-Path", "Value": "<dana@mail.example>"}],
    }

    arrival = the_arrival(received(mail))

    assert arrival.event_id == "22c74902-a0c1-4511-804f-341342852c90"
    assert (arrival.text, arrival.subject) == ("Two tablets left \u2026", "Refill")
    assert arrival.requester.email == "dana+clinic@mail.example"
    assert arrival.occurred_at == datetime(2017, 10, 12, 1, 31, 4, tzinfo=UTC)
    assert [each.name for each in arrival.attachments] == ["list.txt"]


def test_a_whole_mail_beside_its_parts_adds_nothing() -> None:
    arrival = arrived(RawEmail=WHOLE)

    assert arrival.text == "Could you please refill my lisinopril? I have two tablets left."
    assert arrival.attachments == ()


@pytest.mark.parametrize(
    ("kind", "fact"),
    [
        ("Bounce", FactKind.BOUNCE),
        ("Delivery", FactKind.DELIVERY),
        ("SpamComplaint", FactKind.COMPLAINT),
        ("Open", None),
        ("Click", None),
        ("SubscriptionChange", None),
    ],
)
def test_an_event_of_our_own_mail_is_no_message(kind: str, fact: FactKind | None) -> None:
    event: dict[str, object] = {"RecordType": kind, "MessageID": "m-1", "Type": "HardBounce"}

    outcome = received(event)

    assert (outcome.kind, outcome.status) == (OutcomeKind.IGNORED, 200)
    assert [each.kind for each in outcome.facts] == ([fact] if fact else [])


def test_a_mail_that_says_it_came_in_is_a_message() -> None:
    assert arrived(RecordType="Inbound").subject == "Refill"
