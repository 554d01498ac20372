"""What is stored is what is read back."""

import zlib
from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import MONDAY_MORNING, a_new_ticket, a_policy, a_requester, a_ticket
from tests.strategies import channels, messages, moments, verdicts, words
from triagewire.arrival import Channel, RequesterKind
from triagewire.message import Message
from triagewire.policy.model import Policy
from triagewire.store.codec import pack, pack_small, stamp, unpack
from triagewire.store.names import NAMES
from triagewire.ticket import Escalation, Ticket
from triagewire.verdict import Verdict

optional_moments = st.none() | moments
escalations = st.builds(
    Escalation,
    pages=st.integers(0, 99),
    paged_at=optional_moments,
    acknowledged_at=optional_moments,
    acknowledged_by=st.none() | words,
    reminded_at=optional_moments,
    breached_at=optional_moments,
    level=st.integers(0, 99),
    told_at=optional_moments,
)


@given(
    verdict=verdicts,
    at=st.integers(0, 10_000).map(lambda past: MONDAY_MORNING + timedelta(minutes=past)),
    escalation=escalations,
    seen=st.lists(channels, min_size=1, max_size=4, unique=True).map(tuple),
    name=st.none() | words,
    kind=st.sampled_from(list(RequesterKind)),
    merged=st.lists(words, max_size=3).map(tuple),
)
def test_a_ticket_is_read_back_as_it_was_stored(
    verdict: Verdict,
    at: datetime,
    escalation: Escalation,
    seen: tuple[Channel, ...],
    name: str | None,
    kind: RequesterKind,
    merged: tuple[str, ...],
) -> None:
    ticket = a_ticket(
        verdict,
        at,
        escalation=escalation,
        channels=seen,
        requester=a_requester(name=name, kind=kind),
        merged_from=merged,
    )

    assert unpack(pack(ticket), Ticket) == ticket


def test_a_new_ticket_is_read_back_as_it_was_stored() -> None:
    assert unpack(pack(a_new_ticket()), Ticket) == a_new_ticket()


@given(messages)
def test_a_message_is_read_back_letter_by_letter(message: Message) -> None:
    assert unpack(pack(message), Message) == message


def test_a_policy_is_read_back_as_it_was_published() -> None:
    rules = {"clinical": {"rules": {"chest-pain": {"score": 5, "when": ["chest pain"]}}}}
    policy = a_policy(rules=rules)

    assert unpack(pack(policy), Policy) == policy


def test_what_does_not_fit_is_an_error_and_never_half_a_ticket() -> None:
    with pytest.raises(msgspec.ValidationError):
        unpack(pack({"id": "A", "site": "north"}), Ticket)


@given(moments, moments)
def test_stamps_sort_as_times_do(one: datetime, other: datetime) -> None:
    if stamp(one) < stamp(other):
        assert one < other


def test_a_stamp_is_in_utc_whatever_zone_the_time_came_in() -> None:
    summer = timezone(timedelta(hours=2))

    assert stamp(datetime(2026, 7, 1, 14, 0, tzinfo=summer)) == "2026-07-01T12:00:00.000Z"
    assert stamp(datetime(2026, 7, 1, 12, 0, 0, 7_900, tzinfo=UTC)) == "2026-07-01T12:00:00.007Z"


def test_a_ticket_is_packed_small_and_read_back_with_the_shape_that_tickets_have_in_common() -> (
    None
):
    ticket = a_ticket(requester=a_requester(name="Ada Byron"))

    assert unpack(pack_small(ticket), Ticket) == ticket
    assert len(pack_small(ticket)) < 0.6 * len(pack(ticket))


def test_the_common_shape_never_changes_because_what_is_stored_is_read_with_it() -> None:
    assert zlib.adler32(NAMES) == 309027013


@pytest.mark.parametrize("cut", [b"", pack_small(a_new_ticket())[:-3], pack(a_new_ticket())[:-3]])
def test_what_was_cut_short_is_an_error_and_no_part_of_it_a_value(cut: bytes) -> None:
    with pytest.raises(zlib.error):
        unpack(cut, Ticket)
