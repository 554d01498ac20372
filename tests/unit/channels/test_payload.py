"""Raw bodies: what bounds the work that a sender can cause, and labels that are not believed."""

import time

import pytest

from triagewire.channels.mail.mime import parts_of
from triagewire.channels.reading.payload import decoded


@pytest.mark.parametrize("charset", ["punycode", "idna", "unicode_escape", "raw-unicode-escape"])
def test_a_codec_that_is_no_character_set_is_not_used(charset: str) -> None:
    assert decoded(rb"caf\u00e9 xn--caf-dma a-b", charset) == r"caf\u00e9 xn--caf-dma a-b"


@pytest.mark.parametrize("charset", ["punycode", "PUNYCODE", "idna", "utf-7", "utf-16", "hz"])
def test_no_label_makes_a_large_text_take_long(charset: str) -> None:
    began = time.perf_counter()
    decoded(b"a" * 400_000, charset)

    assert time.perf_counter() - began < 1


@pytest.mark.parametrize("charset", ["", "zlib", "hex", "rot13", "no-such-set", "a\0b", "\udc80"])
def test_a_label_of_no_character_set_costs_no_words(charset: str) -> None:
    assert decoded("déjà vu".encode(), charset) == "déjà vu"


@pytest.mark.parametrize("charset", ["punycode", "idna", "hex", "u\0tf-8", "no-such-set"])
@pytest.mark.parametrize("kind", ["text/plain", "text/html", "text/csv; name=a.csv"])
def test_no_label_makes_a_mail_take_long_or_costs_its_words(charset: str, kind: str) -> None:
    raw = (
        f'From: a@mail.example\r\nContent-Type: {kind}; charset="{charset}"\r\n'
        "Content-Transfer-Encoding: 8bit\r\n\r\nMy knee hurts, d\xe9j\xe0 vu.\xff-"
    ).encode("latin-1") + b"a" * 200_000
    began = time.perf_counter()
    parts = parts_of(raw)

    assert time.perf_counter() - began < 1
    assert "My knee hurts" in parts.plain
