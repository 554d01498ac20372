"""From a mail to an arrival: who writes, in which conversation, and whether a person does."""

from datetime import UTC, datetime

import pytest

from tests.unit.channels.builders import a_source
from tests.unit.channels.mails import TICKET_TOKEN, WORDS, a_mime, arrived, of_parts, parsed, told
from triagewire.arrival import Channel, FactKind, RequesterKind
from triagewire.channels.mail.arrival import (
    Envelope,
    MailParts,
    arrival_from_mime,
    arrival_from_parts,
)
from triagewire.channels.mail.headers import MailHeaders
from triagewire.channels.mail.parts import Verdicts, mailbox_of
from triagewire.channels.mail.words import words_of
from triagewire.channels.parsed import Ignored
from triagewire.channels.reading.html_text import html_to_text

OWN_ID = "CAF+One.Two@mail.example"


def test_a_plain_mail_arrives_whole() -> None:
    arrival = arrived(a_mime())

    assert (arrival.text, arrival.full_text, arrival.subject) == (WORDS, "", "Refill")
    assert (arrival.channel, arrival.automatic) == (Channel.EMAIL, False)
    assert arrival.event_id == "CAF+One.Two@mail.example"
    assert arrival.occurred_at == datetime(2026, 11, 23, 14, 58, tzinfo=UTC)
    assert (arrival.requester.email, arrival.requester.name) == (
        "dana@mail.example",
        "Dana Whitfield",
    )
    assert arrival.remarks == ()


# ---- who writes


@pytest.mark.parametrize(
    ("line", "name", "address"),
    [
        ("dana@mail.example", None, "dana@mail.example"),
        ('"Whitfield, Dana" <dana@mail.example>', "Whitfield, Dana", "dana@mail.example"),
        ("=?utf-8?b?RMOhbmE=?= <dana@mail.example>", "Dána", "dana@mail.example"),
        (
            "=?iso-8859-1?q?D=E1na?= =?utf-8?q?_W?= <dana@mail.example>",
            "Dána W",
            "dana@mail.example",
        ),
        ("Dana (at home) <dana@mail.example>", "Dana (at home)", "dana@mail.example"),
        ("Dana <dana@mail.example>, Eve <eve@mail.example>", "Dana", "dana@mail.example"),
        ("Dána <dana@mail.example>", "Dána", "dana@mail.example"),
        ("=?utf-8?q?=3Ceve=40evil=2Eexample=3E?= <dana@mail.example>", None, "dana@mail.example"),
        ('"eve@evil.example" <dana@mail.example>', "eve@evil.example", "dana@mail.example"),
        ("undisclosed-recipients:;", None, None),
        ("", None, None),
    ],
)
def test_the_first_mailbox_of_from_is_the_sender(
    line: str, name: str | None, address: str | None
) -> None:
    requester = arrived(a_mime(f"From: {line}")).requester

    assert requester.email == address
    assert name is None or requester.name == name


@pytest.mark.parametrize(
    "line",
    [
        "a@b.example <dana@mail.example> <eve@evil.example>",
        "dana@mail.example)<eve@evil.example>",
        "<<dana@mail.example>",
        "Dana Whitfield",
        "Dana <dana@mail.example>, Eve <eve@evil.example>",
        "Dana <dana@mail.example>\r\nFrom: Eve <eve@evil.example>",
    ],
)
def test_a_from_line_that_reads_two_ways_makes_the_sender_doubtful(line: str) -> None:
    arrival = arrived(a_mime(f"From: {line}"))

    assert arrival.doubtful_sender
    assert "the From line is not clear" in arrival.remarks


def test_an_address_to_answer_is_kept_apart_from_the_sender_s() -> None:
    arrival = arrived(a_mime("Reply-To: Clerk <clerk@forms.example>"))

    assert arrival.requester.email == "dana@mail.example"
    assert arrival.remarks == (
        "answers are wanted at another address (Reply-To): clerk@forms.example",
    )


def test_the_envelope_is_nobody_s_identity() -> None:
    envelope = Envelope(sender="bounce+1@lists.example", recipients=("desk@riverside.example",))

    assert arrived(a_mime(), envelope=envelope).requester.email == "dana@mail.example"


@pytest.mark.parametrize(
    ("result", "doubtful", "failed"),
    [
        ("mx.example; spf=pass; dkim=pass; dmarc=pass", False, ()),
        ("mx.example; spf=pass; dkim=pass; dmarc=fail", True, ("DMARC",)),
        ("mx.example; spf=fail; dkim=none; dmarc=none", True, ("SPF",)),
        ("mx.example; spf=fail; dkim=fail; dkim=pass; dmarc=pass", False, ("SPF",)),
        ("mx.example; spf=softfail; dmarc=none", False, ()),
        ("mx.example; none", False, ()),
        (
            "amazonses.com;\r\n spf=fail smtp.mailfrom=x;\r\n dmarc=fail header.from=y",
            True,
            ("SPF", "DMARC"),
        ),
    ],
)
def test_a_sender_whose_domain_disowns_the_mail_is_not_believed(
    result: str, doubtful: bool, failed: tuple[str, ...]
) -> None:
    raw = a_mime(f"Authentication-Results: {result}")
    source = a_source("ses", requester_kind="patient")
    found = arrival_from_mime(raw, source, event_id=None)
    assert not isinstance(found, Ignored)
    (arrival,) = found

    assert arrival.doubtful_sender is doubtful
    kind = RequesterKind.UNKNOWN if doubtful else RequesterKind.PATIENT
    assert arrival.requester.kind is kind
    remarks = (f"the sender's address failed {', '.join(failed)}",) if failed else ()
    assert arrival.remarks == remarks


@pytest.mark.parametrize(
    "result",
    [
        'mx.example; spf=pass smtp.mailfrom="x; dmarc=pass"@evil.example; dmarc=fail',
        "mx.example; spf=pass (helo dmarc=pass; dmarc=pass); dmarc=fail",
        "mx.example; spf=pass smtp.helo=dmarc=pass; dmarc=fail",
        "mx.example; dmarc=pass header.from=a; dmarc=fail header.from=b",
    ],
)
def test_a_sender_cannot_write_its_own_result(result: str) -> None:
    assert arrived(a_mime(f"Authentication-Results: {result}")).doubtful_sender


def test_only_the_topmost_results_count_for_the_receiver_wrote_them() -> None:
    raw = a_mime(
        "Authentication-Results: mx.example; dmarc=fail",
        "Authentication-Results: evil.example; dmarc=pass",
    )

    assert arrived(raw).doubtful_sender


@pytest.mark.parametrize(
    ("header", "remark"),
    [
        ("X-SES-Spam-Verdict: FAIL", "the mail service takes it for spam"),
        ("X-Spam-Flag: YES", "the mail service takes it for spam"),
        ("X-Spam-Status: Yes, score=9.1", "the mail service takes it for spam"),
        (
            "X-SES-Virus-Verdict: FAIL",
            "the mail service found a virus in it: do not open its attachments",
        ),
    ],
)
def test_spam_and_viruses_are_remarked_and_never_dropped(header: str, remark: str) -> None:
    arrival = arrived(a_mime(header))

    assert (arrival.text, arrival.remarks) == (WORDS, (remark,))


# ---- which event, which conversation


@pytest.mark.parametrize(
    ("header", "event_id"),
    [
        ("Message-ID: <AbC@mail.example>", "AbC@mail.example"),
        ("Message-ID: AbC@mail.example", "AbC@mail.example"),
        ("Message-Id:\r\n <AbC@mail.example>", "AbC@mail.example"),
        ("message-id: <AbC@mail.example> (a remark)", "AbC@mail.example"),
    ],
)
def test_the_mail_s_own_id_is_the_event_s(header: str, event_id: str) -> None:
    assert arrived(a_mime(header)).event_id == event_id


def test_the_id_of_the_mail_service_comes_first() -> None:
    assert arrived(a_mime(), event_id="svc-1").event_id == "svc-1"


@pytest.mark.parametrize(
    "header",
    [
        "Message-ID:",
        "Message-ID: <>",
        "Message-ID: < >",
        "Message-ID: none was given",
        f"Message-ID: <{'a' * 300}@mail.example>",
    ],
)
def test_a_mail_without_an_id_gets_one_from_its_bytes(header: str) -> None:
    first, again, other = (
        arrived(a_mime(header, body=body)).event_id for body in ("one", "one", "two")
    )

    assert first == again != other
    assert first.startswith("derived:sha256:")


@pytest.mark.parametrize(
    ("headers", "thread"),
    [
        ((), OWN_ID),
        (("In-Reply-To: <b@x.example>",), "b@x.example"),
        (("References: <a@x.example>\r\n <b@x.example>",), "a@x.example"),
        (("In-Reply-To: <c@x.example>", "References: <a@x.example>"), "a@x.example"),
        (("In-Reply-To: Your message of Monday <c@x.example>",), "c@x.example"),
        (("In-Reply-To: <>",), OWN_ID),
    ],
)
def test_a_conversation_is_named_by_the_mail_that_began_it(
    headers: tuple[str, ...], thread: str
) -> None:
    assert arrived(a_mime(*headers)).thread == thread


@pytest.mark.parametrize(
    "header",
    [
        f"To: Desk <desk+{TICKET_TOKEN}@riverside.example>",
        f"Cc: x@y.example, DESK+{TICKET_TOKEN.upper()}@riverside.example",
        f"Delivered-To: desk+{TICKET_TOKEN}@riverside.example",
        f"X-Original-To: {TICKET_TOKEN}@riverside.example",
        f"In-Reply-To: <{TICKET_TOKEN}@riverside.example>",
        f"References: <a@b.example>\r\n <{TICKET_TOKEN}@riverside.example> <c@d.example>",
        f"Received: by mx.example for <desk+{TICKET_TOKEN}@riverside.example>; Mon, 1 Jan 2026",
    ],
)
def test_our_own_token_is_found_wherever_it_comes_back(header: str) -> None:
    assert arrived(a_mime(header)).thread_token == TICKET_TOKEN


def test_our_own_token_is_found_in_the_envelope() -> None:
    envelope = Envelope(recipients=(f"desk+{TICKET_TOKEN}@riverside.example",))

    assert arrived(a_mime(), envelope=envelope).thread_token == TICKET_TOKEN


def test_a_token_in_the_words_of_a_mail_is_no_token_of_ours() -> None:
    assert arrived(a_mime(body=f"see {TICKET_TOKEN}")).thread_token is None


# ---- the words


def test_the_reply_part_is_taken_and_the_whole_kept() -> None:
    body = "Yes.\r\n\r\nOn Mon, 23 Nov 2026, Desk <d@x.example> wrote:\r\n> Thursday?\r\n"
    arrival = arrived(a_mime(body=body))

    assert arrival.text == "Yes."
    assert arrival.full_text.endswith("> Thursday?")
    assert arrival.remarks == ("quoted text or signature left out",)


@pytest.mark.parametrize(
    "prefix", ["Fwd:", "FW:", "WG:", "TR :", "RV:", "[EXTERNAL] FW:", "转发:", "VB:"]
)
def test_of_a_forwarded_mail_every_word_is_new(prefix: str) -> None:
    body = "See below.\r\n\r\nFrom: Lab\r\nSent: Monday\r\nTo: Dana\r\n\r\nPotassium 6.9"
    arrival = arrived(a_mime(f"Subject: {prefix} Labs", body=body))

    assert arrival.text.endswith("Potassium 6.9")
    assert arrival.remarks == ("forwarded: some words may be somebody else's",)


BLOCK = "From: Desk <d@x.example>\nSent: Monday\nTo: Me\nSubject: Visit\n\nMy chest hurts"


@pytest.mark.parametrize(
    ("headers", "text"),
    [
        pytest.param(("In-Reply-To: <a@b.example>",), "See below.", id="it names a mail"),
        pytest.param(("Subject: [EXT] RE: Visit",), "See below.", id="its subject says so"),
        pytest.param((), f"See below.\n\n{BLOCK}", id="it answers nothing"),
    ],
)
def test_lines_like_headers_begin_the_earlier_mail_of_an_answer(
    headers: tuple[str, ...], text: str
) -> None:
    assert arrived(a_mime(*headers, body=f"See below.\n\n{BLOCK}")).text == text


def test_a_plain_form_that_is_only_a_preview_gives_way_to_the_page() -> None:
    plain = "I need a refill of my pills, and th"
    page = "<p>I need a refill of my pills, and there is chest pain since morning.</p>"

    assert words_of(plain, page).text == html_to_text(page)


def test_a_text_beyond_all_measure_is_cut_and_says_so() -> None:
    arrival = arrived(a_mime(body="ouch" * 300_000))

    assert len(arrival.text) == 1_000_000
    assert arrival.remarks == ("text cut: 200000 characters at the end were left out",)


def test_a_mail_without_words_is_still_somebody_s() -> None:
    arrival = arrived(a_mime(body=" \r\n"))

    assert (arrival.text, arrival.remarks) == ("", ("e-mail without words",))


@pytest.mark.parametrize(
    ("stated", "language"),
    [("es", "es"), ("es-MX, en", "es"), ("EN_us", "en"), ("", None), ("?", None), ("x" * 99, None)],
)
def test_the_stated_language_is_taken(stated: str, language: str | None) -> None:
    assert arrived(a_mime(f"Content-Language: {stated}")).language == language


@pytest.mark.parametrize(
    ("stated", "subject"),
    [
        ("=?utf-8?q?Dolor_de_coraz=C3=B3n?=", "Dolor de corazón"),
        ("=?utf-8?b?8J+Ynw==?= help", "😟 help"),
        ("=?utf-8?q?Dolor_de?=\r\n =?utf-8?q?_coraz=C3=B3n?=", "Dolor de corazón"),
        ("=?utf-8?q?coraz=C3?=\r\n =?UTF-8?B?s24gbWFs?=", "corazón mal"),
        ("=?x-unknown?q?tr=E8s?=", "très"),
        ("=?rot13?q?tr=E8s?=", "très"),
        ("=?utf-8?b?!!!?=", ""),
        ("très mal", "très mal"),
        ("a\x00b", "a b"),
    ],
)
def test_the_subject_is_decoded(stated: str, subject: str) -> None:
    assert arrived(a_mime(f"Subject: {stated}")).subject == subject


@pytest.mark.parametrize("stated", ["", "yesterday", "Mon, 99 Foo 2026", "Mon, 23 Nov 2026 25:00"])
def test_an_odd_date_does_not_cost_the_mail(stated: str) -> None:
    assert arrived(a_mime(f"Date: {stated}")).occurred_at is None


# ---- robots and mail systems


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: auto-generated",
        "Precedence: bulk",
        "List-Id: <news.example>",
        "X-Autoreply: yes",
        "X-Auto-Response-Suppress: All",
        "X-Mail-Autoreply: mailer",
        "X-Loop: help@desk.example",
        "Subject: Automatic reply: away",
        "Subject: OOO: back on Monday",
        "Subject: Out of the office",
        "Subject: Autoreply: thank you",
        "Subject: Respuesta autom=?utf-8?q?=C3=A1?=tica",
        "Subject: Fuera de la oficina hasta el lunes",
        "Subject: Abwesenheitsnotiz",
        "Subject: Automatische Antwort: Urlaub",
        "Subject: Message d'absence",
        "Subject: Absence du bureau",
        "From: postmaster@mail.example",
    ],
)
def test_a_robot_s_mail_arrives_and_is_marked(header: str) -> None:
    assert arrived(a_mime(header)).automatic


def test_a_mail_that_says_no_robot_wrote_it_is_a_person_s() -> None:
    assert not arrived(a_mime("Auto-Submitted: no", "Subject: Automatic reply: x")).automatic


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param(("Auto-Submitted: auto-replied",), id="RFC 3834"),
        pytest.param(("Auto-Submitted: Auto-Replied (vacation)", "Return-Path: <>"), id="vacation"),
        pytest.param(
            (
                "Auto-Submitted: auto-generated",
                "X-Auto-Response-Suppress: All",
                "Subject: Automatic reply: Your ticket",
            ),
            id="Exchange",
        ),
        pytest.param(
            ("X-Autoreply: yes", "Subject: =?utf-8?q?R=C3=A9ponse_automatique?= : absent"),
            id="French",
        ),
        pytest.param(("Precedence: auto_reply",), id="precedence"),
        pytest.param(("Auto-Submitted: (vacation) auto-replied",), id="a comment in front"),
    ],
)
def test_an_automatic_answer_is_a_fact_of_its_conversation(headers: tuple[str, ...]) -> None:
    raw = a_mime(*headers, f"In-Reply-To: <{TICKET_TOKEN}@riverside.example>")
    fact = told(raw)

    assert (fact.kind, fact.thread_token) == (FactKind.AUTOMATIC_ANSWER, TICKET_TOKEN)
    assert fact.event_id == "CAF+One.Two@mail.example"


REPORT = """\
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; dana@mail.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such user
""".replace("\n", "\r\n")
RETURNED = (
    "Content-Type: text/rfc822-headers\r\n\r\n"
    f"From: desk+{TICKET_TOKEN}@riverside.example\r\nSubject: Your refill\r\n"
)


def a_report(status: str = REPORT, kind: str = "delivery-status") -> bytes:
    return of_parts(
        "\r\nYour mail could not be delivered.",
        status,
        RETURNED,
        form=f"report; report-type={kind}",
        more=("From: mx@mail.example",),
    )


def test_a_bounce_is_a_fact_about_the_mail_that_bounced() -> None:
    fact = told(a_report())

    assert (fact.kind, fact.permanent) == (FactKind.BOUNCE, True)
    assert fact.thread_token == TICKET_TOKEN


@pytest.mark.parametrize(
    ("status", "kind", "permanent", "state"),
    [
        (REPORT.replace("5.1.1", "4.4.7"), FactKind.BOUNCE, False, "failed"),
        (
            REPORT.replace("failed", "delayed").replace("5.1.1", "4.4.1"),
            FactKind.DELIVERY,
            False,
            "delayed",
        ),
        (
            REPORT.replace("failed", "delivered").replace("5.1.1", "2.0.0"),
            FactKind.DELIVERY,
            False,
            "delivered",
        ),
    ],
)
def test_a_delivery_report_says_what_became_of_the_mail(
    status: str, kind: FactKind, permanent: bool, state: str
) -> None:
    fact = told(a_report(status))

    assert (fact.kind, fact.permanent, fact.state) == (kind, permanent, state)


@pytest.mark.parametrize(
    ("report_type", "kind"),
    [
        ("feedback-report", FactKind.COMPLAINT),
        ("disposition-notification", FactKind.DELIVERY),
    ],
)
def test_complaints_and_read_receipts_are_facts_too(report_type: str, kind: FactKind) -> None:
    assert told(a_report(kind=report_type)).kind is kind


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param(("From: MAILER-DAEMON@mx.example",), id="mailer daemon"),
        pytest.param(("From: Mail Delivery <mailer-daemon@mx.example>",), id="with a name"),
        pytest.param(("Return-Path: <>",), id="empty envelope sender"),
        pytest.param(("Return-Path: <>", "From: postmaster@mx.example"), id="postmaster"),
        pytest.param(("X-Failed-Recipients: dana@mail.example",), id="Exim"),
    ],
)
def test_a_bounce_without_a_form_is_known_too(headers: tuple[str, ...]) -> None:
    body = f"dana@mail.example: 550 5.1.1 no such user\r\nFrom: <{TICKET_TOKEN}@riverside.example>"
    fact = told(a_mime(*headers, body=body))

    assert (fact.kind, fact.permanent, fact.thread_token) == (FactKind.BOUNCE, True, TICKET_TOKEN)


@pytest.mark.parametrize(
    "subject",
    [
        "Undeliverable: Your visit",
        "Mail delivery failed: returning message to sender",
        "Delivery Status Notification (Failure)",
        "failure notice",
        "Returned mail: see transcript for details",
        "Mail System Error - Returned Mail",
        "Message not delivered",
        "Unzustellbar: Termin",
        "Non remis : rendez-vous",
        "No se puede entregar: cita",
    ],
)
def test_an_empty_envelope_sender_is_known_from_the_envelope(subject: str) -> None:
    raw = a_mime(f"Subject: {subject}")

    assert told(raw, Envelope(sender="")).kind is FactKind.BOUNCE
    assert not isinstance(parsed(raw, envelope=Envelope(sender="a@b.example")), Ignored)


def test_an_answer_with_an_empty_envelope_sender_is_a_robot_s() -> None:
    raw = a_mime("Subject: Out of office: back on Monday")

    assert told(raw, Envelope(sender="")).kind is FactKind.AUTOMATIC_ANSWER


def test_a_mail_is_no_bounce_only_because_its_envelope_names_nobody() -> None:
    arrival = arrived(a_mime(), envelope=Envelope(sender=""))

    assert arrival.text == WORDS
    assert arrival.automatic


def test_a_person_s_outlook_does_not_make_a_mail_an_automatic_answer() -> None:
    raw = a_mime("X-Auto-Response-Suppress: DR, OOF, AutoReply", "Subject: Auto: hit from behind")

    assert arrived(raw).text == WORDS


@pytest.mark.parametrize(
    "header",
    ["X-Auto-Response-Suppress: DR", "List-Id: <desk.riverside.example>", "Precedence: list"],
)
def test_what_outlook_and_lists_write_makes_no_robot_of_who_answers_us(header: str) -> None:
    answer = f"In-Reply-To: <{TICKET_TOKEN}@riverside.example>"

    assert arrived(a_mime(header)).automatic
    assert not arrived(a_mime(header, answer)).automatic


# ---- mail in parts


def test_a_mail_in_parts_reads_like_a_whole_one() -> None:
    parts = MailParts(
        headers=MailHeaders(
            [("From", "Dana <dana@mail.example>"), ("Subject", "=?utf-8?q?=C3=A9?=")]
        ),
        plain="",
        html="<p>My chest hurts</p>",
        recipients=(f"desk+{TICKET_TOKEN}@riverside.example",),
        verdicts=Verdicts(dmarc="fail"),
        raw=b"x",
    )
    found = arrival_from_parts(parts, a_source("ses"), event_id=None)
    assert not isinstance(found, Ignored)
    (arrival,) = found

    assert (arrival.text, arrival.subject) == ("My chest hurts", "é")
    assert arrival.thread_token == TICKET_TOKEN
    assert arrival.doubtful_sender
    assert arrival.event_id.startswith("derived:sha256:")


def test_a_mailbox_s_name_holds_no_line_breaks() -> None:
    assert mailbox_of("=?utf-8?q?a=0D=0AX=3A_b?= <dana@mail.example>").name == "a X: b"
