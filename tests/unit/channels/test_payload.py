"""Raw bodies: what bounds the work that a sender can cause, and labels that are not believed."""

import time

import pytest

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
