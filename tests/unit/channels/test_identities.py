"""Identities in one form, so that one person's channels meet; none is dropped as invalid."""

import subprocess
import sys

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.template import ROOT
from triagewire.channels.reading.identities import email_address, phone_number


@pytest.mark.parametrize(
    ("stated", "country_code", "number"),
    [
        ("+14155550123", "1", "+14155550123"),
        ("+1-916-555-0123", "1", "+19165550123"),
        ("(415) 555-0123", "1", "+14155550123"),
        ("415.555.0123", "1", "+14155550123"),
        ("1 415 555 0123", "1", "+14155550123"),
        ("whatsapp:+14155550123", "1", "+14155550123"),
        ("tel:+1-415-555-0123", "1", "+14155550123"),
        ("415\u2011555\u20110123", "1", "+14155550123"),
        ("\u0664\u0661\u0665\u0665\u0665\u0665\u0660\u0661\u0662\u0663", "1", "+14155550123"),
        ("0044 7700 900513", "1", "+447700900513"),
        ("011 44 7700 900513", "1", "+447700900513"),
        ("+44 (0)7700 900513", "1", "+447700900513"),
        ("07700 900513", "44", "+447700900513"),
        ("06 123 45678", "39", "+390612345678"),
        ("030 123456", "49", "+4930123456"),
    ],
)
def test_a_phone_number_takes_one_form(stated: str, country_code: str, number: str) -> None:
    assert phone_number(stated, country_code) == number


@pytest.mark.parametrize(
    "stated",
    [
        pytest.param("24365", id="a short code"),
        pytest.param("555-0123", id="a local number without its area"),
        pytest.param("RIVERSIDE", id="a sender's name"),
        pytest.param("+99912345678", id="a country that is none"),
        pytest.param("+1415555012345678", id="too long"),
        pytest.param("415 555 0123 or 415 555 0199", id="two numbers"),
        pytest.param("9" * 500, id="no number at all"),
    ],
)
def test_what_is_no_whole_number_stays_as_stated(stated: str) -> None:
    assert phone_number(stated) == stated


def test_a_number_that_nobody_can_own_is_still_an_identity() -> None:
    assert not phonenumbers.is_valid_number(phonenumbers.parse("+447700900513"))

    assert phone_number("+44 7700 900513") == "+447700900513"


def test_two_extensions_of_one_number_are_two_identities() -> None:
    numbers = [phone_number(f"415-555-0123 {extension}") for extension in ("ext 4", "x5", "")]

    assert numbers == ["+14155550123;ext=4", "+14155550123;ext=5", "+14155550123"]


@pytest.mark.parametrize("code", ["1", "44", "800", "999"])
def test_a_number_in_its_final_form_keeps_it_whatever_the_source_s_country(code: str) -> None:
    assert phone_number("+447700900513", code) == "+447700900513"
    assert phone_number("+14155550123;ext=4", code) == "+14155550123;ext=4"


@pytest.mark.parametrize(
    "stated",
    [
        "anonymous",
        "Restricted",
        "whatsapp:anonymous",
        "Blocked",
        "No Caller ID",
        "+266696687",
        "+7378742833",
        "  ",
        "",
        None,
    ],
)
def test_a_hidden_caller_has_no_number(stated: str | None) -> None:
    assert phone_number(stated) is None


@given(st.from_regex(r"\+1[2-9][0-9]{9}", fullmatch=True))
def test_what_skips_the_library_is_what_the_library_would_say(stated: str) -> None:
    number = phonenumbers.parse(stated)
    said = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)

    assert phone_number(stated) == said == stated


@given(st.text())
def test_no_text_raises(stated: str) -> None:
    assert phone_number(stated) != ""


@given(st.text("0123456789+-()/.# x;=", min_size=1))
def test_nothing_with_a_digit_is_dropped(stated: str) -> None:
    assert phone_number(f"{stated}7") is not None


def test_the_number_of_an_ordinary_caller_does_not_load_the_library() -> None:
    program = (
        "import sys; from triagewire.channels.reading.identities import phone_number;"
        "phone_number('+14155550123'); sys.exit('phonenumbers' in sys.modules)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONPATH": str(ROOT / "layers" / "common")},
        check=False,
    )

    assert ended.returncode == 0


@pytest.mark.parametrize(
    ("stated", "address"),
    [
        (" Dana@Mail.EXAMPLE ", "dana@mail.example"),
        ("dana+clinic@mail.example", "dana+clinic@mail.example"),
        ("n/a", None),
        ("a@b@c", None),
        ("a@b.example\nBcc: c@d.example", None),
        ("", None),
    ],
)
def test_an_email_address_takes_one_form(stated: str, address: str | None) -> None:
    assert email_address(stated) == address
