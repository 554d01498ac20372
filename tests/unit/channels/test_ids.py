"""Ticket ids: one for each event, whoever computes it and how often."""

import re

from hypothesis import assume, given
from hypothesis import strategies as st

from triagewire.ids import (
    derived_event_id,
    find_thread_token,
    thread_token,
    ticket_id,
    ticket_of_token,
)

NAMES = st.from_regex(r"[a-z0-9-]{1,8}", fullmatch=True)
EVENTS = st.tuples(NAMES, NAMES, st.text())


@given(EVENTS)
def test_an_id_is_26_characters_of_base32(event: tuple[str, str, str]) -> None:
    assert re.fullmatch(r"[A-Z2-7]{26}", ticket_id(*event))


@given(EVENTS, EVENTS)
def test_two_events_share_an_id_only_if_they_are_one(
    one: tuple[str, str, str], other: tuple[str, str, str]
) -> None:
    assert (ticket_id(*one) == ticket_id(*other)) == (one == other)


def test_an_event_of_another_source_is_another_ticket() -> None:
    assert ticket_id("riverside", "epic", "1") != ticket_id("riverside", "web", "1")


def test_a_derived_id_says_that_it_is_derived() -> None:
    assert derived_event_id("riverside", "web", b"x").startswith("derived:sha256:")


KEYS = st.binary(min_size=1, max_size=64)
TICKETS = st.text(alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", min_size=26, max_size=26)


@given(KEYS, TICKETS)
def test_a_thread_token_names_its_ticket_also_in_capitals(key: bytes, ticket: str) -> None:
    token = thread_token(key, ticket)

    assert ticket_of_token(key, token) == ticket_of_token(key, token.upper()) == ticket


@given(KEYS, TICKETS, st.integers(0, 200), st.characters())
def test_an_altered_thread_token_names_no_ticket(
    key: bytes, ticket: str, at: int, instead: str
) -> None:
    token = thread_token(key, ticket)
    place = at % len(token)
    altered = token[:place] + instead + token[place + 1 :]
    assume(altered.casefold() != token.casefold())

    assert ticket_of_token(key, altered) is None


@given(KEYS, KEYS, TICKETS)
def test_a_thread_token_of_another_key_names_no_ticket(
    key: bytes, other: bytes, ticket: str
) -> None:
    assume(key.rstrip(b"\0") != other.rstrip(b"\0"))  # HMAC fills a short key up with NUL

    assert ticket_of_token(other, thread_token(key, ticket)) is None


@given(KEYS, TICKETS, TICKETS)
def test_the_proof_of_one_ticket_is_none_of_another(key: bytes, one: str, other: str) -> None:
    assume(one != other)
    proof = thread_token(key, one).rpartition("-")[2]

    assert ticket_of_token(key, f"tw-{other.lower()}-{proof}") is None


@given(st.text())
def test_no_text_at_all_breaks_the_search_for_a_token(text: str) -> None:
    found = find_thread_token(text)

    assert found is None or ticket_of_token(b"key", found) is None


@given(TICKETS)
def test_a_token_is_found_in_the_address_and_the_headers_that_carry_it(ticket: str) -> None:
    token = thread_token(b"key", ticket)

    assert find_thread_token(f"desk+{token.upper()}@clinic.example") == token
    assert find_thread_token(f"<a@mail.example> <{token}@clinic.example>") == token
