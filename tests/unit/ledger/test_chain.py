"""The hash chain of the ledger: whatever is done to it afterwards is found."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.builders import MONDAY_MORNING, a_stamp, an_entry
from tests.strategies import entries
from triagewire.ledger.chain import digest, extend, first_fault, genesis
from triagewire.ledger.event import Action, Entry, Event

SUBJECT = "TICKET#A"
CHAIN = extend(SUBJECT, 0, "", [an_entry(why=f"step {n}") for n in range(5)], a_stamp())

histories = st.lists(entries, min_size=2, max_size=8).map(
    lambda said: extend(SUBJECT, 0, "", said, a_stamp())
)

CHANGES: dict[str, Callable[[Event], Event]] = {
    "who": lambda event: replace(event, actor=f"{event.actor}!"),
    "when": lambda event: replace(event, at=event.at - timedelta(microseconds=1)),
    "why": lambda event: replace(event, why=f"{event.why}!"),
    "what": lambda event: replace(event, action=_other(event.action)),
    "details": lambda event: replace(event, detail={**event.detail, "extra": 1}),
    "policy version": lambda event: replace(event, policy_version=event.policy_version + 1),
    "request": lambda event: replace(event, request_id="another"),
    "hash": lambda event: replace(event, hash="0" * 64),
    "number": lambda event: replace(event, sequence=event.sequence + 1),
}


def fault(events: Sequence[Event], whole: Sequence[Event], subject: str = SUBJECT) -> str | None:
    """What is found when `events` stand where `whole` was recorded."""
    return first_fault(subject, events, len(whole), whole[-1].hash)


def test_an_untouched_chain_has_no_fault() -> None:
    assert fault(CHAIN, CHAIN) is None


def test_the_first_event_hangs_on_its_subject() -> None:
    assert CHAIN[0].previous == genesis(SUBJECT)


def test_an_empty_ledger_of_a_subject_that_says_so_is_whole() -> None:
    assert first_fault(SUBJECT, (), 0, "") is None


@given(histories)
def test_a_chain_written_in_one_go_or_in_parts_is_the_same(events: tuple[Event, ...]) -> None:
    first, *rest = (_entry_of(event) for event in events)
    begun = extend(SUBJECT, 0, "", [first], a_stamp())
    continued = extend(SUBJECT, 1, begun[-1].hash, rest, a_stamp())

    assert begun + continued == events


@pytest.mark.parametrize("field", sorted(CHANGES))
@given(events=histories, data=st.data())
def test_an_event_of_which_anything_was_altered_is_found(
    field: str, events: tuple[Event, ...], data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(events) - 1))
    altered = [*events[:at], CHANGES[field](events[at]), *events[at + 1 :]]

    assert fault(altered, events)


@given(events=histories, data=st.data())
def test_an_altered_event_is_found_even_when_its_own_hash_was_made_to_fit(
    events: tuple[Event, ...], data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(events) - 1))
    forged = replace(events[at], why=f"{events[at].why}!")
    altered = [*events[:at], replace(forged, hash=digest(forged)), *events[at + 1 :]]

    assert fault(altered, events)


@given(events=histories, data=st.data())
def test_an_event_that_was_dropped_is_found_the_last_one_too(
    events: tuple[Event, ...], data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(events) - 1))

    assert fault([*events[:at], *events[at + 1 :]], events)


@given(events=histories, data=st.data())
def test_a_tail_that_was_cut_off_is_found(events: tuple[Event, ...], data: st.DataObject) -> None:
    left = data.draw(st.integers(0, len(events) - 1))

    assert fault(events[:left], events)


@given(events=histories, data=st.data())
def test_events_in_another_order_are_found(events: tuple[Event, ...], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(events))
    assume(tuple(shuffled) != events)

    assert fault(shuffled, events)


@given(events=histories, extra=entries, data=st.data())
def test_an_event_put_in_between_is_found(
    events: tuple[Event, ...], extra: Entry, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(events)))
    before = events[at - 1].hash if at else ""
    (forged,) = extend(SUBJECT, at, before, [extra], a_stamp())

    assert fault([*events[:at], forged, *events[at:]], events)


@given(histories)
def test_a_chain_that_was_moved_to_another_ticket_is_found(events: tuple[Event, ...]) -> None:
    assert fault(events, events, subject="TICKET#B")
    moved = [replace(event, subject="TICKET#B") for event in events]
    assert fault(moved, events, subject="TICKET#B")


def test_the_words_of_a_fault_say_which_event_it_is() -> None:
    assert fault([CHAIN[0], CHAIN[2]], CHAIN) == (
        "event 2 is missing: number 3 stands in its place"
    )
    assert fault([CHAIN[0], CHANGES["why"](CHAIN[1]), *CHAIN[2:]], CHAIN) == "event 2 was altered"
    assert fault(CHAIN[:3], CHAIN) == "5 events were recorded and 3 are there"


def test_the_same_moment_in_another_zone_is_the_same_event() -> None:
    event = CHAIN[0]

    assert digest(replace(event, at=MONDAY_MORNING.astimezone())) == event.hash


def _other(action: Action) -> Action:
    return Action.VIEWED if action is not Action.VIEWED else Action.CLAIMED


def _entry_of(event: Event) -> Entry:
    return an_entry(action=event.action, why=event.why, detail=event.detail)


def test_what_was_done_with_emergency_access_says_so_and_nothing_else_does() -> None:
    entry = an_entry(detail={"team": "clinical"})

    (marked,) = extend(SUBJECT, 0, "", [entry], a_stamp(emergency=True))
    (plain,) = extend(SUBJECT, 0, "", [entry], a_stamp())

    assert marked.detail == {"team": "clinical", "emergency": True}
    assert plain.detail == {"team": "clinical"}
    assert first_fault(SUBJECT, [marked], 1, marked.hash) is None
    stripped = replace(marked, detail=plain.detail)
    assert first_fault(SUBJECT, [stripped], 1, marked.hash) == "event 1 was altered"
