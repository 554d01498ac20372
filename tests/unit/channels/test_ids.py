"""Ticket ids: one for each event, whoever computes it and how often."""

import re

from hypothesis import given
from hypothesis import strategies as st

from triagewire.ids import derived_event_id, ticket_id

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
