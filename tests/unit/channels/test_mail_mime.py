"""Whole mails: which part holds the words, in which characters, and what else comes with them."""

import base64
from time import process_time

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.channels.builders import a_source
from tests.unit.channels.mails import WORDS, a_mime, arrived, of_parts
from triagewire.arrival import Attachment
from triagewire.channels.mail.arrival import arrival_from_mime
from triagewire.errors import UnreadableError

PLAIN = f"Content-Type: text/plain\r\n\r\n{WORDS}"
HTML = f"Content-Type: text/html\r\n\r\n<p>{WORDS}</p>"


def base64_part(media_type: str, content: bytes, *headers: str) -> bytes:
    head = [f"Content-Type: {media_type}", "Content-Transfer-Encoding: base64", *headers]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + base64.encodebytes(content)


# ---- which part is read


@pytest.mark.parametrize(
    ("parts", "form"),
    [
        pytest.param((PLAIN, HTML), "alternative", id="plain before HTML"),
        pytest.param((HTML, PLAIN), "alternative", id="HTML before plain"),
        pytest.param((HTML,), "alternative", id="HTML alone"),
        pytest.param(("Content-Type: text/plain\r\n\r\n \r\n", HTML), "alternative", id="empty"),
        pytest.param(
            ("\r\nYour mail program cannot display HTML. Please view it in a browser.", HTML),
            "alternative",
            id="a stand-in for the HTML",
        ),
        pytest.param((PLAIN,), "mixed", id="one part"),
        pytest.param((f"\r\n{WORDS}",), "mixed", id="a part without headers"),
        pytest.param((PLAIN, base64_part("application/pkcs7-signature", b"x")), "signed", id="s"),
    ],
)
def test_the_words_are_found(parts: tuple[str, ...], form: str) -> None:
    assert arrived(of_parts(*parts, form=form)).text == WORDS


def test_words_around_a_picture_are_all_read() -> None:
    picture = base64_part("image/png", b"\x89PNG", "Content-Disposition: inline")
    raw = of_parts("\r\nThis is my rash:", picture, "\r\nIt itches since Monday.")

    assert arrived(raw).text == "This is my rash:\n\nIt itches since Monday."


def test_words_in_html_beside_plain_ones_are_both_read() -> None:
    raw = of_parts(PLAIN, "Content-Type: text/html\r\n\r\n<p>And it hurts.</p>")

    assert arrived(raw).text == f"{WORDS}\n\nAnd it hurts."


def test_two_plain_forms_are_both_read() -> None:
    raw = of_parts("\r\nMe duele el pecho.", "\r\nIt is worse today.", form="alternative")

    assert arrived(raw).text == "Me duele el pecho.\n\nIt is worse today."


def test_html_keeps_no_script() -> None:
    raw = a_mime(
        "Content-Type: text/html; charset=utf-8",
        body="<style>p{}</style><script>alert('x')</script><p>My chest <b>hurts</b></p>",
    )

    assert arrived(raw).text == "My chest hurts"


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(
            a_mime('Content-Type: multipart/mixed; boundary="b"', body=WORDS),
            id="no boundary in it",
        ),
        pytest.param(a_mime("Content-Type: multipart/mixed", body=WORDS), id="no boundary named"),
        pytest.param(
            a_mime(
                'Content-Type: multipart/mixed; boundary="b"',
                body=f"{WORDS}\r\n--b\r\nContent-Type: image/png\r\n\r\nx\r\n--b--\r\n",
            ),
            id="before the first part",
        ),
        pytest.param(
            a_mime(
                'Content-Type: multipart/mixed; boundary="b"',
                body=f"--b\r\nContent-Type: image/png\r\n\r\nx\r\n--b--\r\n{WORDS}",
            ),
            id="after the last part",
        ),
        pytest.param(
            a_mime('Content-Type: multipart/mixed; boundary="b"', body=f"--b\r\n\r\n{WORDS}"),
            id="never closed",
        ),
        pytest.param(a_mime("Content-Type: text", body=WORDS), id="half a type"),
        pytest.param(a_mime("Content-Type: ;;;=", body=WORDS), id="no type"),
        pytest.param(
            a_mime("Content-Type: text/plain; charset*0", body=WORDS), id="half a parameter"
        ),
        pytest.param(a_mime("Content-Transfer-Encoding: odd", body=WORDS), id="unknown coding"),
        pytest.param(a_mime("Content-Transfer-Encoding: base64", body=WORDS), id="not base64"),
        pytest.param(
            of_parts(f"Content-Type: text/x-odd\r\n\r\n{WORDS}"), id="an odd kind of text"
        ),
        pytest.param(
            of_parts("Content-Type: text/plain; name=text_0.txt\r\n\r\n" + WORDS), id="as a file"
        ),
        pytest.param(
            of_parts(
                "Content-Type: message/rfc822\r\n\r\nFrom: a@b.example\r\nSubject: x\r\n\r\n"
                + WORDS
            ),
            id="in a forwarded mail",
        ),
    ],
)
def test_words_in_an_odd_place_are_read_all_the_same(raw: bytes) -> None:
    assert arrived(raw).text == WORDS


def test_the_words_of_a_forwarded_mail_are_not_the_sender_s_own() -> None:
    inner = "From: a@b.example\r\nSubject: old\r\n\r\nMy father had chest pain."
    arrival = arrived(of_parts(PLAIN, f"Content-Type: message/rfc822\r\n\r\n{inner}"))

    assert arrival.text == WORDS
    assert [each.media_type for each in arrival.attachments] == ["message/rfc822"]


def test_an_attached_mail_that_is_not_read_is_remarked() -> None:
    inner = "From: a@b.example\r\n\r\nMy father had chest pain."
    arrival = arrived(of_parts(PLAIN, f"Content-Type: message/rfc822\r\n\r\n{inner}"))

    assert "a mail is attached, and its words are not read as the sender's" in arrival.remarks


def test_of_a_mail_forwarded_as_a_file_every_word_is_new() -> None:
    inner = "From: a@b.example\r\nSubject: Pain\r\n\r\nMy chest hurts."
    attached = f"Content-Type: message/rfc822\r\n\r\n{inner}"
    arrival = arrived(of_parts("\r\nFor you.", attached, more=("Subject: FW: Pain",)))

    assert arrival.text == "For you.\n\nMy chest hurts."
    assert len(arrival.attachments) == 1


def test_a_mail_in_a_mail_in_a_mail_keeps_its_words() -> None:
    held = "Content-Type: message/rfc822\r\n\r\nFrom: a@b.example\r\n"
    attached = f"{held}{held}\r\nMy chest hurts."

    assert arrived(of_parts(attached)).text == "My chest hurts."
    assert arrived(of_parts(attached, more=("Subject: FW: Pain",))).text == "My chest hurts."


def test_words_below_parts_that_were_closed_too_early_are_read() -> None:
    arrival = arrived(of_parts(PLAIN) + b"\r\nMy chest hurts.")

    assert arrival.text == f"{WORDS}\n\nMy chest hurts."
    assert "words stood below the last part of the mail" in arrival.remarks


def test_the_usual_preamble_is_nobody_s_words() -> None:
    raw = a_mime(
        'Content-Type: multipart/mixed; boundary="b"',
        body="This is a multi-part message in MIME format.\r\n--b\r\nContent-Type: image/png\r\n"
        "\r\nx\r\n--b--\r\n",
    )

    assert arrived(raw).text == ""
    assert "e-mail without words" in arrived(raw).remarks


# ---- characters


@pytest.mark.parametrize(
    ("charset", "text"),
    [
        ("utf-8", "Mi pecho me duele mucho, ¿qué hago? 😟"),
        ("iso-8859-1", "J'ai très mal à la poitrine"),
        ("windows-1252", "It\u2019s \u201cvery\u201d painful \u2013 help"),
        ("iso-2022-jp", "胸が痛いです"),
        ("shift_jis", "胸が痛いです"),
        ("gb2312", "胸口疼"),
        ("big5", "胸口痛"),
        ("euc-kr", "가슴이 아파요"),
        ("koi8-r", "болит грудь"),
        ("windows-1251", "болит грудь"),
        ("windows-1256", "صدري يؤلمني"),
        ("iso-8859-8", "כואב לי בחזה"),
        ("utf-16", "My chest hurts"),
        ("utf-7", "Mon cœur bat très vite"),
    ],
)
def test_words_of_any_character_set_are_read(charset: str, text: str) -> None:
    raw = a_mime(f"Content-Type: text/plain; charset={charset}", body=text.encode(charset))

    assert arrived(raw).text == text


@pytest.mark.parametrize(
    ("label", "content", "text"),
    [
        pytest.param("x-unknown", "très mal".encode(), "très mal", id="unknown, UTF-8"),
        pytest.param("x-unknown", b"tr\xe8s mal", "très mal", id="unknown, Latin-1"),
        pytest.param("us-ascii", "très mal".encode(), "très mal", id="ASCII by name only"),
        pytest.param("us-ascii", b"tr\xe8s mal", "très mal", id="ASCII by name only, Latin-1"),
        pytest.param(
            "iso-8859-1", b"it\x92s bad", "it\u2019s bad", id="Windows-1252 called Latin-1"
        ),
        pytest.param("iso-8859-1", "été".encode(), "été", id="UTF-8 called Latin-1"),
        pytest.param("utf-8", b"tr\xe8s mal", "très mal", id="Latin-1 called UTF-8"),
        pytest.param("gb2312", "镕".encode("gbk"), "镕", id="GBK called GB 2312"),
        pytest.param("punycode", b"mal", "mal", id="a codec, no character set"),
        pytest.param("zlib", b"mal", "mal", id="a codec that unpacks"),
        pytest.param("rot13", b"tr\xe8s mal", "très mal", id="a codec that scrambles"),
        pytest.param("koi8-r", "болит".encode(), "болит", id="UTF-8 called KOI8"),
        pytest.param("utf-16", b"hurts!", "hurts!", id="UTF-8 called UTF-16"),
        pytest.param("", "胸口痛".encode("utf-16"), "胸口痛", id="UTF-16 by its mark alone"),
        pytest.param("", "胸が痛い".encode("iso-2022-jp"), "胸が痛い", id="Japanese by its signs"),
        pytest.param(
            "iso-2022-jp", b"\x1b$B6;$,DK$$-!\x1b(B", "胸が痛い①", id="a later edition's letter"
        ),
        pytest.param("utf-8", b"a\0b", "ab", id="NUL"),
        pytest.param("utf-8", "\ufeffmal".encode(), "mal", id="byte order mark"),
        pytest.param("utf-8", "كيف حالك \u202e!".encode(), "كيف حالك \u202e!", id="right to left"),
        pytest.param("utf-8", b"\xed\xa0\x80 mal", "í\xa0€ mal", id="half a character"),
    ],
)
def test_a_wrong_label_costs_no_words(label: str, content: bytes, text: str) -> None:
    raw = a_mime(f"Content-Type: text/plain; charset={label}", body=content)

    assert arrived(raw).text == text


def test_a_page_may_name_its_character_set_itself() -> None:
    page = '<html><head><meta charset="shift_jis"></head><p>胸が痛い</p>'.encode("shift_jis")

    assert arrived(a_mime("Content-Type: text/html", body=page)).text == "胸が痛い"


@pytest.mark.parametrize(
    ("coding", "content"),
    [
        ("base64;", base64.b64encode(WORDS.encode())),
        ("BASE64 (always)", base64.b64encode(WORDS.encode())),
        ("quoted-printable;", WORDS.replace("C", "=43").encode()),
    ],
)
def test_a_coding_with_something_after_it_is_undone(coding: str, content: bytes) -> None:
    assert arrived(a_mime(f"Content-Transfer-Encoding: {coding}", body=content)).text == WORDS


def test_quoted_printable_is_undone() -> None:
    raw = a_mime(
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: quoted-printable",
        body="Me duele el coraz=C3=B3n desde =\r\nayer.",
    )

    assert arrived(raw).text == "Me duele el corazón desde ayer."


@pytest.mark.parametrize(
    ("parameters", "body", "text"),
    [
        ("format=flowed", "I have no \r\nchest pain.\r\nNone.", "I have no chest pain.\nNone."),
        ("format=flowed; delsp=yes", "胸が \r\n痛い", "胸が痛い"),
        ("format=flowed", " From here \r\nto there", "From here to there"),
        ("format=flowed", "a \r\n> b \r\n> c\r\nd", "a \nd"),
        ("format=fixed", "I have no \r\nchest pain.", "I have no \nchest pain."),
    ],
)
def test_lines_that_a_mailer_broke_are_joined_again(parameters: str, body: str, text: str) -> None:
    raw = a_mime(f"Content-Type: text/plain; charset=utf-8; {parameters}", body=body)

    assert arrived(raw).text == text


# ---- files


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ('Content-Disposition: attachment; filename="card.png"', "card.png"),
        (r'Content-Disposition: attachment; filename="\\share\\mail\\card.png"', "card.png"),
        ('Content-Disposition: attachment; filename="../../etc/card.png"', "card.png"),
        (
            'Content-Disposition: attachment; filename="=?utf-8?q?r=C3=A9sum=C3=A9.pdf?="',
            "résumé.pdf",
        ),
        ("Content-Disposition: attachment; filename*=utf-8''r%C3%A9sum%C3%A9.pdf", "résumé.pdf"),
        (
            "Content-Disposition: attachment; filename*0*=utf-8''r%C3%A9; filename*1=sum.pdf",
            "résum.pdf",
        ),
        ("Content-Disposition: attachment", "unnamed"),
        ('Content-Disposition: attachment; filename="a\tb.png"', "a b.png"),
        ('Content-Disposition: attachment; filename="' + "x" * 2_000 + '.png"', "x" * 251 + ".png"),
    ],
)
def test_a_file_is_named_without_its_path(header: str, name: str) -> None:
    raw = of_parts(PLAIN, base64_part("application/octet-stream", b"abcd", header))

    assert arrived(raw, link="s3://bucket/mail").attachments == (
        Attachment(
            name=name,
            media_type="application/octet-stream",
            size_bytes=4,
            link="s3://bucket/mail",
        ),
    )


@pytest.mark.parametrize(
    ("media_type", "name"),
    [
        ("image/png", "image001.png"),
        ("text/calendar", "invite.ics"),
        ("application/pkcs7-signature", "smime.p7s"),
        ("text/csv", "readings.csv"),
        ("application/zip", "scan.zip"),
        ("audio/amr", "voice.amr"),
    ],
)
def test_every_kind_of_file_is_listed(media_type: str, name: str) -> None:
    raw = of_parts(PLAIN, base64_part(f"{media_type}; name={name}", b"x", "Content-ID: <1>"))

    (file,) = arrived(raw).attachments
    assert (file.name, file.media_type) == (name, media_type)


def test_outlook_s_own_file_is_remarked() -> None:
    raw = of_parts(PLAIN, base64_part("application/ms-tnef; name=winmail.dat", b"x"))

    assert "a file in Outlook's own form (winmail.dat) may hold words and files" in (
        arrived(raw).remarks
    )


@pytest.mark.parametrize(
    "raw",
    [
        a_mime("Content-Type: application/pkcs7-mime; name=smime.p7m", body="MIAGCSqGSIb3"),
        of_parts("Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1", form="encrypted"),
    ],
)
def test_an_encrypted_mail_says_that_a_person_must_open_it(raw: bytes) -> None:
    arrival = arrived(raw)

    assert arrival.text == ""
    assert "the mail is encrypted or sealed, and its words could not be read" in arrival.remarks


def test_a_packed_file_is_never_opened() -> None:
    bomb = base64_part("application/zip; name=bomb.zip", b"PK\x03\x04" + b"\0" * 3_000_000)
    started = process_time()

    (file,) = arrived(of_parts(PLAIN, bomb)).attachments

    assert file.size_bytes == 3_000_004
    assert process_time() - started < 2


# ---- hostile mails


def in_each_other(levels: int, body: bytes) -> bytes:
    raw = body
    for level in range(levels):
        head = b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (level, level)
        raw = head + (b"" if level else b"\r\n") + raw
    return b"From: a@b.example\r\n" + raw


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"a: b\r\n\r\n", id="nearly nothing"),
        pytest.param(a_mime("From: " + "a@b.example, " * 60_000), id="a million of senders"),
        pytest.param(a_mime("To: " + "(" * 200_000), id="brackets in brackets"),
        pytest.param(a_mime("Content-Type: text/plain" + "; a=b" * 200_000), id="parameters"),
        pytest.param(a_mime("Subject: " + "=?utf-8?q?a?= " * 80_000), id="encoded words"),
        pytest.param(a_mime("Subject: " + "=?" * 400_000), id="broken encoded words"),
        pytest.param(a_mime("References: " + "<a@b.example> " * 80_000), id="references"),
        pytest.param(a_mime("Message-ID: " + "<" * 500_000), id="brackets of an id"),
        pytest.param(a_mime("Authentication-Results: " + "dmarc " * 200_000), id="results"),
        pytest.param(of_parts(*["\r\nx"] * 20_000), id="many parts"),
        pytest.param(a_mime(body="> " * 400_000), id="quotes"),
        pytest.param(a_mime(body="On " * 200_000), id="introductions"),
        pytest.param(a_mime(body="From: x\nSent: y\n" * 40_000), id="header blocks"),
        pytest.param(a_mime(*["X-A: b"] * 50_000), id="many headers"),
        pytest.param(
            a_mime("Content-Type: text/plain; format=flowed", body="a \r\n" * 300_000),
            id="one line over many",
        ),
        pytest.param(
            of_parts(*["Content-Type: text/plain; " + "a*0=b; " * 2_500 + "\r\n\r\nx"] * 60),
            id="many long headers",
        ),
        pytest.param(of_parts(*["\r\nx"] * 150_000), id="very many parts"),
        pytest.param(
            of_parts("Content-Type: message/delivery-status\r\n\r\n" + "a: b\r\n\r\n" * 150_000),
            id="very many blocks of a report",
        ),
        pytest.param(in_each_other(90, b"\n" * 1_500_000), id="many lines in many levels"),
        pytest.param(a_mime(body=b"\n" * 10_000_000), id="nothing but lines"),
    ],
)
def test_a_hostile_mail_takes_no_long_time(raw: bytes) -> None:
    started = process_time()

    arrived(raw)

    assert process_time() - started < 5


def test_a_costly_mail_is_read_from_its_beginning_and_says_so() -> None:
    arrival = arrived(of_parts(PLAIN, *["\r\nx"] * 30_000))

    assert arrival.text.startswith(WORDS)
    assert "only the beginning of an oddly built mail was read" in arrival.remarks


def test_a_long_name_of_a_file_is_read_although_many_headers_are_long() -> None:
    name = "%E8%83%B8" * 80
    part = f"Content-Type: image/png\r\nContent-Disposition: attachment; filename*=utf-8''{name}"
    files = arrived(of_parts(PLAIN, *[f"{part}\r\n\r\nx"] * 12)).attachments

    assert {file.name for file in files} == {"胸" * 80}


def test_parts_in_parts_without_end_go_to_quarantine() -> None:
    raw = b"From: a@b.example\r\n"
    for depth in range(3_000):
        raw += f'Content-Type: multipart/mixed; boundary="{depth}"\r\n\r\n--{depth}\r\n'.encode()

    with pytest.raises(UnreadableError, match="nested too deeply"):
        arrival_from_mime(raw + WORDS.encode(), a_source("ses"), event_id=None)


@pytest.mark.parametrize("raw", [b"", b"\r\n\r\nhello", b"\x00\xff\xfe\n\n"])
def test_bytes_without_a_header_are_no_mail(raw: bytes) -> None:
    with pytest.raises(UnreadableError):
        arrival_from_mime(raw, a_source("ses"), event_id=None)


HEADERS = st.sampled_from(
    (
        *("From", "To", "Subject", "Message-ID", "Date", "Content-Type", "Content-Disposition"),
        *("References", "Return-Path", "Content-Transfer-Encoding", "Auto-Submitted", "Received"),
        *("Reply-To", "Content-Language", "Authentication-Results", "X-Odd"),
    )
)
ODD_VALUES = (
    b"multipart/mixed; boundary=b",
    b"text/html; charset=\xff",
    b"attachment; filename*=x''%",
    b"=?utf-8?q?=ZZ?=",
    b"=?x?b?!?=",
    b"base64",
    b"<>,;:",
    b"a@b@c",
    b'"',
    b"(",
)
VALUES = st.binary(max_size=80) | st.sampled_from(ODD_VALUES)


@settings(max_examples=300, deadline=None)
@given(
    headers=st.lists(st.tuples(HEADERS, VALUES), min_size=1, max_size=8),
    body=st.binary(max_size=300) | st.just(b"--b\r\n\r\nx\r\n--b--"),
)
def test_no_mail_raises_anything_but_that_it_is_unreadable(
    headers: list[tuple[str, bytes]], body: bytes
) -> None:
    raw = b"".join(name.encode() + b": " + value + b"\r\n" for name, value in headers)

    try:
        found = arrival_from_mime(raw + b"\r\n" + body, a_source("ses"), event_id=None)
    except UnreadableError:
        return
    msgspec.json.encode(found)
