"""What a survivor and a parted ticket are, case by case."""

from dataclasses import replace
from datetime import datetime

import pytest

from tests.builders import MONDAY_MORNING, a_site, a_ticket, a_verdict, minutes
from triagewire.clock.sla import start_clock, stop
from triagewire.routing.merge import merge, sealed
from triagewire.routing.unmerge import Ways, alone, part, same_call
from triagewire.ticket import Escalation, Status, Ticket

SITE = a_site()
REFILL = a_ticket(id="REFILL")
LATER = MONDAY_MORNING + minutes(20)
CHEST_PAIN = a_ticket(a_verdict(5), id="CHEST-PAIN", at=LATER)
WHOLE_DAY = start_clock(1440, SITE.calendar, MONDAY_MORNING)


def never(*_: object) -> Ticket:
    """Nothing here is merged later, and nothing is reopened."""
    raise AssertionError


WAYS = Ways(join=never, promise=never, calendar=SITE.calendar)


def merged(survivor: Ticket, newcomer: Ticket, **made: object) -> tuple[Ticket, Ticket]:
    """Both tickets after a merge that also made something of the survivor."""
    both = merge(survivor, newcomer)
    after = replace(both.survivor, **made)  # type: ignore[arg-type]
    return after, sealed(replace(both, survivor=after), survivor, LATER)


def parted(survivor: Ticket, *all_merged: Ticket, now: datetime = LATER) -> Ticket:
    return part(survivor, all_merged, {all_merged[0].id}, WAYS, now).survivor


def test_the_survivor_has_its_own_verdict_again() -> None:
    survivor, newcomer = merged(REFILL, CHEST_PAIN)

    assert parted(survivor, newcomer) == REFILL


def test_a_breach_of_the_shorter_promise_is_none_of_the_own_one() -> None:
    short = start_clock(10, SITE.calendar, MONDAY_MORNING)
    survivor, newcomer = merged(REFILL, CHEST_PAIN, clock=short)
    told = Escalation(breached_at=LATER, told_at=LATER, level=2, reminded_at=LATER)

    after = parted(replace(survivor, escalation=told), newcomer).escalation

    assert (after.breached_at, after.level, after.reminded_at) == (None, 0, None)


def test_what_is_late_all_the_same_is_not_told_again() -> None:
    survivor, newcomer = merged(REFILL, CHEST_PAIN)
    at = MONDAY_MORNING + minutes(121)
    told = Escalation(breached_at=at, told_at=at, level=1)

    after = parted(replace(survivor, escalation=told), newcomer, now=at + minutes(9)).escalation

    assert (after.breached_at, after.told_at, after.level) == (at, at, 1)


def test_a_page_that_was_acknowledged_stays_acknowledged() -> None:
    urgent = a_ticket(a_verdict(5), id="FIRST")
    survivor, newcomer = merged(urgent, CHEST_PAIN)
    told = Escalation(pages=2, paged_at=LATER, acknowledged_at=LATER, acknowledged_by="nick")

    after = parted(replace(survivor, escalation=told), newcomer).escalation

    assert (after.pages, after.acknowledged_by) == (2, "nick")


def test_an_answer_that_a_person_gave_since_ends_the_own_promise() -> None:
    survivor, newcomer = merged(replace(REFILL, clock=WHOLE_DAY), CHEST_PAIN, clock=REFILL.clock)
    assert survivor.clock is not None
    answered = replace(survivor, clock=stop(survivor.clock, LATER + minutes(5)))

    after = parted(answered, newcomer).clock

    assert after is not None
    assert (after.target_minutes, after.stopped_at) == (1440, LATER + minutes(5))
    assert after.due_at == WHOLE_DAY.due_at


def test_who_has_it_and_how_far_they_are_stays() -> None:
    survivor, newcomer = merged(REFILL, CHEST_PAIN)
    held = replace(survivor, assignee="nick", accepted_at=LATER, status=Status.ACCEPTED, load=5)

    after = parted(held, newcomer)

    assert (after.assignee, after.accepted_at, after.status) == ("nick", LATER, Status.ACCEPTED)


def test_a_merge_that_kept_no_past_cannot_be_undone() -> None:
    survivor, newcomer = merged(REFILL, CHEST_PAIN)

    with pytest.raises(ValueError, match="does not say how it was merged"):
        parted(survivor, replace(newcomer, joined=None))


def test_the_parted_ticket_promises_nothing_yet_and_remembers_no_escalation() -> None:
    told = Escalation(pages=1, paged_at=LATER)
    _, newcomer = merged(REFILL, replace(CHEST_PAIN, escalation=told))

    own = alone(newcomer, ("REFILL",))

    assert (own.status, own.merged_into, own.joined) == (Status.ROUTED, None, None)
    assert (own.clock, own.resolution, own.routed_at) == (None, None, None)
    assert (own.escalation, own.linked) == (Escalation(), ("REFILL",))


@pytest.mark.parametrize(
    ("thread", "source", "same"),
    [("h-1", "phone", True), ("h-2", "phone", False), ("h-1", "mailbox", False), ("", "", False)],
)
def test_a_call_is_known_by_its_source_and_its_id(thread: str, source: str, same: bool) -> None:
    recording = replace(REFILL, awaits=True, source="phone", thread_hash="h-1" if thread else "")
    words = replace(REFILL, source=source or "phone", thread_hash=thread)

    assert same_call(words, recording) is same


def test_two_messages_of_one_thread_are_no_call() -> None:
    assert not same_call(replace(REFILL, thread_hash="h"), replace(CHEST_PAIN, thread_hash="h"))
