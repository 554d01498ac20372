"""A sealed value opens under the key that it names, where it was sealed, and nowhere else."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triagewire.errors import KeyUnavailableError, SealBrokenError, SealedError
from triagewire.store.cipher import (
    NONCE_BYTES,
    KeyName,
    NoKeys,
    Place,
    is_sealed,
    key_name,
    seal,
    site_key,
    unseal,
)
from triagewire.store.codec import pack

SECRET = bytes(range(32))
MARCH = KeyName("north", "2026-03")
KEY = site_key(MARCH, SECRET)
PLACE = Place("TICKET#01", "MSG#2026-03-02T14:00:00.000Z#0", "document")
WORDS = "Crushing chest pain since breakfast, Quillon Zzyzx, born 1937-11-23"

sites = st.text(min_size=1, max_size=40).filter(lambda each: len(each.encode()) < 256)
months = st.builds("{:04}-{:02}".format, st.integers(1, 5000), st.integers(1, 12))


def sealed(content: bytes = WORDS.encode(), place: Place = PLACE) -> bytes:
    return seal(KEY, place, content, os.urandom(NONCE_BYTES))


@given(content=st.binary(max_size=2000), site=sites, month=months)
def test_what_is_sealed_opens_where_it_was_sealed(content: bytes, site: str, month: str) -> None:
    name = KeyName(site, month)
    key = site_key(name, SECRET)

    stored = seal(key, PLACE, content, os.urandom(NONCE_BYTES))

    assert key_name(stored) == name
    assert unseal(key, PLACE, stored) == content


def test_a_sealed_value_shows_no_word_and_not_the_place() -> None:
    stored = sealed()

    assert b"chest" not in stored
    assert b"TICKET" not in stored
    assert len(stored) == len(WORDS) + 1 + 1 + len("north") + 2 + 12 + 16


def test_the_same_words_are_never_sealed_alike() -> None:
    assert len({sealed() for _ in range(100)}) == 100


@pytest.mark.parametrize(
    "elsewhere",
    [
        Place("TICKET#02", PLACE.sk, PLACE.attribute),
        Place(PLACE.pk, "MSG#2026-03-02T14:00:00.000Z#1", PLACE.attribute),
        Place(PLACE.pk, PLACE.sk, "body"),
        Place(PLACE.pk + PLACE.sk, "", PLACE.attribute),
        Place(PLACE.pk, PLACE.sk + "document", ""),
    ],
)
def test_a_value_moved_to_another_ticket_message_or_attribute_does_not_open(
    elsewhere: Place,
) -> None:
    with pytest.raises(SealBrokenError, match="altered, or moved"):
        unseal(KEY, elsewhere, sealed())


def test_no_byte_can_be_altered_unseen() -> None:
    stored = sealed(b"No chest pain.")

    for at in range(len(stored)):
        altered = stored[:at] + bytes([stored[at] ^ 1]) + stored[at + 1 :]
        with pytest.raises(SealBrokenError):
            unseal(KEY, PLACE, altered)


@given(data=st.data())
def test_what_is_cut_short_or_no_sealed_value_is_an_error_of_ours(data: st.DataObject) -> None:
    stored = sealed()
    cut = data.draw(st.integers(0, len(stored) - 1).map(lambda to: stored[:to]) | st.binary())

    with pytest.raises(SealBrokenError):
        unseal(KEY, PLACE, cut)


def test_another_site_s_key_does_not_open_even_with_the_same_bytes() -> None:
    for name in (KeyName("west", "2026-03"), KeyName("north", "2026-04")):
        with pytest.raises(SealBrokenError, match="another key"):
            unseal(site_key(name, SECRET), PLACE, sealed())


def test_another_key_of_the_same_name_does_not_open() -> None:
    with pytest.raises(SealBrokenError):
        unseal(site_key(MARCH, b"k" * 32), PLACE, sealed())


def test_the_error_names_the_attribute_and_no_value() -> None:
    with pytest.raises(SealedError) as caught:
        unseal(KEY, Place(PLACE.pk, "MSG#other", "document"), sealed())

    assert str(caught.value) == "document: altered, or moved from elsewhere"


def test_a_key_shows_nothing_of_its_bytes() -> None:
    assert SECRET.hex() not in repr(KEY)
    assert repr(SECRET) not in repr(KEY)


def test_what_earlier_versions_stored_is_not_taken_for_sealed() -> None:
    assert not is_sealed(pack({"any": "value"}))
    assert is_sealed(sealed())


@pytest.mark.parametrize("month", ["2026-3", "2026-13", "2026", "2026-03-02", ""])
def test_a_key_is_named_by_a_year_and_a_month(month: str) -> None:
    with pytest.raises(ValueError, match="month"):
        seal(site_key(KeyName("north", month), SECRET), PLACE, b"", os.urandom(NONCE_BYTES))


def test_who_is_given_no_keys_seals_and_opens_nothing() -> None:
    with pytest.raises(KeyUnavailableError):
        NoKeys().sealing("north")
    with pytest.raises(KeyUnavailableError):
        NoKeys().opening(MARCH)
