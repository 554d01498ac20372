"""Identities in one form, so that one person's channels meet; none is dropped as invalid."""

import pytest

from triagewire.channels.identities import email_address, phone_number


@pytest.mark.parametrize(
    ("stated", "country_code", "number"),
    [
        ("+14155550123", "1", "+14155550123"),
        ("+1-916-555-0123", "1", "+19165550123"),
        ("(415) 555-0123", "1", "+14155550123"),
        ("415.555.0123", "1", "+14155550123"),
        ("1 415 555 0123", "1", "+14155550123"),
        ("whatsapp:+14155550123", "1", "+14155550123"),
        ("0044 7700 900513", "1", "+447700900513"),
        ("07700 900513", "44", "+447700900513"),
        ("24365", "1", "24365"),
        ("RIVERSIDE", "1", "RIVERSIDE"),
        ("415-555-0123 ext 4", "1", "415-555-0123 ext 4"),
        ("anonymous", "1", None),
        ("Restricted", "1", None),
        ("+266696687", "1", None),
        ("  ", "1", None),
        (None, "1", None),
    ],
)
def test_a_phone_number_takes_one_form(
    stated: str | None, country_code: str, number: str | None
) -> None:
    assert phone_number(stated, country_code) == number


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
