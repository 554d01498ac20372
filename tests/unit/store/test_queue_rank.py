"""The rank of a ticket in its queue: what is more urgent stands first, then what is due sooner, and
what an overview counts can be read from it.
"""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.builders import MONDAY_MORNING, a_new_ticket, a_ticket, a_verdict, minutes
from triagewire.clock.sla import pause
from triagewire.store.codec import text
from triagewire.store.queues import LAST, Queued, _entry, queue_rank
from triagewire.ticket import Ticket

SOME_MINUTES = st.integers(0, 60 * 24 * 400).map(minutes)


def shown(ticket: Ticket) -> Queued:
    """A ticket as the index shows it."""
    return _entry({"pk": text(f"TICKET#{ticket.id}"), "queue_rank": text(queue_rank(ticket))})


@given(st.integers(1, 5), st.integers(1, 5), SOME_MINUTES, SOME_MINUTES)
def test_what_is_more_urgent_stands_first_and_then_what_is_due_sooner(
    one: int, other: int, earlier: timedelta, later: timedelta
) -> None:
    first = a_ticket(a_verdict(one), at=MONDAY_MORNING + earlier, id="A")
    second = a_ticket(a_verdict(other), at=MONDAY_MORNING + later, id="B")
    assert first.clock is not None
    assert second.clock is not None

    in_order = (-one, first.clock.due_at, "A") < (-other, second.clock.due_at, "B")

    assert (queue_rank(first) < queue_rank(second)) is in_order


@given(st.integers(1, 5), SOME_MINUTES)
def test_a_rank_tells_urgency_due_time_and_time_of_receipt(score: int, since: timedelta) -> None:
    ticket = a_ticket(a_verdict(score), at=MONDAY_MORNING + since)
    assert ticket.clock is not None

    entry = shown(ticket)

    assert (entry.urgency, entry.due_at, entry.received_at, entry.runs) == (
        score,
        ticket.clock.due_at,
        ticket.received_at,
        True,
    )


def test_a_promise_that_was_kept_or_stands_is_not_late_whenever_one_looks() -> None:
    running = a_ticket()
    assert running.clock is not None
    kept = replace(running, clock=replace(running.clock, stopped_at=MONDAY_MORNING))
    paused = replace(running, clock=pause(running.clock, MONDAY_MORNING))
    much_later = MONDAY_MORNING + timedelta(days=90)

    assert shown(running).late(much_later)
    assert not shown(kept).late(much_later)
    assert not shown(paused).late(much_later)


def test_a_promise_is_late_from_the_instant_at_which_it_is_due() -> None:
    ticket = a_ticket()
    assert ticket.clock is not None

    assert shown(ticket).late(ticket.clock.due_at)
    assert not shown(ticket).late(ticket.clock.due_at - timedelta(milliseconds=1))


def test_what_nobody_has_scored_stands_with_the_most_urgent() -> None:
    assert shown(replace(a_new_ticket(), verdict=None)).urgency == 5


def test_no_rank_stands_behind_the_end_of_a_queue() -> None:
    assert queue_rank(a_ticket(a_verdict(1))) < LAST
