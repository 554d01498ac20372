"""The token of an acknowledge link: good for one ticket, one person and a while, and for nothing
else.
"""

import base64
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import MONDAY_MORNING, minutes
from triagewire.errors import BadLinkError
from triagewire.escalation.links import (
    AcknowledgeLink,
    acknowledge_token,
    read_acknowledge_token,
)
from triagewire.ids import thread_token, ticket_id

KEY = b"k" * 64
TICKET = ticket_id("north", "portal", "evt-1")
OTHER = ticket_id("north", "portal", "evt-2")
UNTIL = MONDAY_MORNING + minutes(60)
TOKEN = acknowledge_token(KEY, TICKET, "dr-okafor", UNTIL)

ids = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", min_size=26, max_size=26)
people = st.text(st.characters(codec="utf-8"), min_size=1, max_size=60) | st.sampled_from(
    ["nick", "dr.o'hara", "nurse@north.example", "ana-maría", "n.x-7"]
)
whole_times = st.integers(1_577_836_800, 4_000_000_000).map(
    lambda seconds: datetime.fromtimestamp(seconds, UTC)
)


@given(ids, people, whole_times)
def test_what_was_put_in_comes_out_while_it_holds(
    ticket: str, person: str, expires: datetime
) -> None:
    token = acknowledge_token(KEY, ticket, person, expires)

    read = read_acknowledge_token(KEY, token, expires - minutes(1))

    assert read == AcknowledgeLink(ticket_id=ticket, person=person, expires=expires)


@given(ids, people, whole_times)
def test_a_token_can_stand_in_an_address_and_at_the_end_of_a_sentence(
    ticket: str, person: str, expires: datetime
) -> None:
    token = acknowledge_token(KEY, ticket, person, expires)

    assert set(token) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    assert token[-1].isalnum()


def test_the_token_of_somebody_with_a_usual_name_fits_into_a_text_message() -> None:
    assert len(acknowledge_token(KEY, TICKET, "nurse.x", UNTIL)) == 60


def test_a_notice_that_is_sent_again_has_the_same_token() -> None:
    assert acknowledge_token(KEY, TICKET, "dr-okafor", UNTIL) == TOKEN


@pytest.mark.parametrize("late", [0, 1, 60 * 24 * 365])
def test_a_token_ends_with_its_time(late: int) -> None:
    with pytest.raises(BadLinkError):
        read_acknowledge_token(KEY, TOKEN, UNTIL + minutes(late))


def test_another_key_signs_nothing_that_holds() -> None:
    forged = acknowledge_token(b"x" * 64, TICKET, "dr-okafor", UNTIL)

    with pytest.raises(BadLinkError):
        read_acknowledge_token(KEY, forged, MONDAY_MORNING)


def test_what_the_key_signs_for_another_purpose_is_no_link() -> None:
    with pytest.raises(BadLinkError):
        read_acknowledge_token(KEY, thread_token(KEY, TICKET), MONDAY_MORNING)


def mixed(proof_of: str, said_of: str) -> str:
    """The proof of one token on what another one says."""
    proof, said = (
        base64.urlsafe_b64decode(each + "=" * (-len(each) % 4)) for each in (proof_of, said_of)
    )
    return base64.urlsafe_b64encode(proof[:16] + said[16:]).decode().rstrip("=")


@pytest.mark.parametrize(
    ("ticket", "person", "expires"),
    [
        pytest.param(OTHER, "dr-okafor", UNTIL, id="for another ticket"),
        pytest.param(TICKET, "director", UNTIL, id="in the name of another"),
        pytest.param(TICKET, "dr-okafor", UNTIL + minutes(600), id="for longer"),
    ],
)
def test_the_proof_of_one_token_does_not_hold(ticket: str, person: str, expires: datetime) -> None:
    wanted = acknowledge_token(KEY, ticket, person, expires)

    with pytest.raises(BadLinkError):
        read_acknowledge_token(KEY, mixed(TOKEN, wanted), MONDAY_MORNING)


@pytest.mark.parametrize("place", range(len(TOKEN)))
def test_a_token_with_one_letter_changed_does_not_hold(place: int) -> None:
    changed = TOKEN[:place] + ("B" if TOKEN[place] == "A" else "A") + TOKEN[place + 1 :]

    with pytest.raises(BadLinkError):
        read_acknowledge_token(KEY, changed, MONDAY_MORNING)


@pytest.mark.parametrize("length", range(len(TOKEN)))
def test_a_token_that_was_cut_off_does_not_hold(length: int) -> None:
    with pytest.raises(BadLinkError):
        read_acknowledge_token(KEY, TOKEN[:length], MONDAY_MORNING)


@pytest.mark.parametrize("more", ["A", "=", "==", "\n", " ", "%00", "/", ".", "é", TOKEN])
def test_a_token_with_something_added_does_not_hold(more: str) -> None:
    for changed in (TOKEN + more, more + TOKEN):
        with pytest.raises(BadLinkError):
            read_acknowledge_token(KEY, changed, MONDAY_MORNING)


@given(
    st.text(max_size=420)
    | st.binary(max_size=300).map(lambda raw: base64.urlsafe_b64encode(raw).decode().rstrip("="))
    | st.from_regex(r"[A-Za-z0-9_-]{50,410}", fullmatch=True)
)
def test_whatever_somebody_sends_is_refused_in_one_way(sent: str) -> None:
    with pytest.raises(BadLinkError) as refused:
        read_acknowledge_token(KEY, sent, MONDAY_MORNING)

    assert str(refused.value) == "no link that holds"
