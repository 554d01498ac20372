"""Two tickets that a person makes one, and two again: no urgency and no minute is lost."""

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import datetime, timedelta
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import (
    MONDAY_MORNING,
    a_published_policy,
    a_requester,
    a_site,
    a_ticket,
    a_verdict,
)
from triagewire.arrival import Requester, RequesterKind
from triagewire.clock.promise import Clock, PauseReason
from triagewire.clock.segments import answered, asleep, awake
from triagewire.clock.sla import is_breached
from triagewire.flow.context import Context
from triagewire.flow.placing import regraded, standing
from triagewire.flow.taking import Pair, take_in_by_hand
from triagewire.flow.unmerging import ways_of
from triagewire.policy.targets import Target, Targets
from triagewire.routing.hand_merge import MergeReason, who_differs
from triagewire.routing.merge import Merge, sealed
from triagewire.routing.unmerge import alone, part
from triagewire.ticket import Status, Ticket
from triagewire.verdict import Urgency

SETTLING = Targets(**{each.name: Target(minutes=600) for each in fields(Targets)})
SITE = a_site(resolution=SETTLING)
POLICY = a_published_policy(site=SITE)

type Act = Callable[[Ticket, datetime], Ticket]


def context_at(now: datetime) -> Context:
    """The surroundings of a decision that reads and writes nothing."""
    return Context(tables=cast("Any", None), policy=POLICY, now=now, actor="staff:nick")


def _answer(ticket: Ticket, now: datetime) -> Ticket:
    return answered(ticket, now)


def _wait(ticket: Ticket, now: datetime) -> Ticket:
    if not ticket.at_work or ticket.must_page:
        return ticket
    return asleep(ticket, PauseReason.PAYER, now + timedelta(days=1), now)


def _wake(ticket: Ticket, now: datetime) -> Ticket:
    return awake(ticket, SITE.calendar, now)


def _regrade(ticket: Ticket, now: datetime) -> Ticket:
    if not ticket.at_work:
        return ticket
    return regraded(ticket, Urgency.ADMINISTRATIVE_STANDARD, "scheduling", SITE, context_at(now))


gaps = st.integers(0, 200).map(lambda past: timedelta(minutes=past))
acts: st.SearchStrategy[Act] = st.sampled_from([_answer, _wait, _wake, _regrade])
lives = st.tuples(st.integers(2, 5), gaps, st.lists(st.tuples(gaps, acts), max_size=4))
type Life = tuple[int, timedelta, list[tuple[timedelta, Act]]]


def lived(name: str, life: Life) -> tuple[Ticket, datetime]:
    """A ticket after what people did to it, and when they had done it."""
    score, late, events = life
    now = MONDAY_MORNING + late
    bare = a_ticket(a_verdict(score), at=now, id=name, clock=None, resolution=None)
    ticket, _ = standing(bare, a_verdict(score), SITE, context_at(now))
    for gap, act in events:
        now += gap
        ticket = act(ticket, now)
    return ticket, now


def made_one(mine: Ticket, theirs: Ticket, now: datetime) -> Merge:
    up = awake(theirs, SITE.calendar, now)
    pair = Pair(before=theirs, newcomer=up, survivor=mine, why=MergeReason.SAME_NEED.value)
    return take_in_by_hand(context_at(now), pair).merged


def both(first: Life, second: Life) -> tuple[Ticket, Ticket, datetime]:
    (mine, until), (theirs, then) = lived("MINE", first), lived("THEIRS", second)
    return mine, theirs, max(until, then) + timedelta(minutes=1)


@given(lives, lives)
@settings(max_examples=150, deadline=None)
def test_the_one_is_as_urgent_as_the_worse_and_no_running_promise_of_either_is_due_later(
    first: Life, second: Life
) -> None:
    mine, theirs, now = both(first, second)

    one = made_one(mine, theirs, now).survivor

    assert one.urgency == max(mine.urgency, theirs.urgency)
    up = [awake(each, SITE.calendar, now) for each in (mine, theirs)]
    for name in ("clock", "resolution"):
        clocks: list[Clock] = [getattr(each, name) for each in up]
        running = [clock.due_at for clock in clocks if clock.stopped_at is None]
        after: Clock = getattr(one, name)
        assert (after.stopped_at is None) is bool(running)
        assert all(after.due_at <= due for due in running)
        assert after.paused_at is None


@given(lives, lives)
@settings(max_examples=150, deadline=None)
def test_what_was_made_one_and_two_again_has_both_urgencies_and_all_four_promises(
    first: Life, second: Life
) -> None:
    mine, theirs, now = both(first, second)
    merged = made_one(mine, theirs, now)
    gone = sealed(merged, mine, now)
    later = now + timedelta(minutes=30)

    parted = part(merged.survivor, [gone], {"THEIRS"}, ways_of(context_at(later), SITE), later)

    own, kept = alone(gone, ("MINE",)), parted.survivor
    up_then = [awake(each, SITE.calendar, now) for each in (mine, theirs)]
    for before, after in zip(up_then, (kept, own), strict=True):
        assert (after.urgency, after.verdict, after.team) == (
            before.urgency,
            before.verdict,
            before.team,
        )
        assert (after.clock, after.resolution) == (before.clock, before.resolution)
    assert (own.status, own.merged_into, own.escalation) == (
        Status.ROUTED,
        None,
        theirs.escalation,
    )
    assert kept.merged_from == ()


@given(lives, lives)
@settings(max_examples=100, deadline=None)
def test_a_breach_that_was_told_of_either_is_not_told_again(first: Life, second: Life) -> None:
    mine, theirs, now = both(first, second)
    now += timedelta(days=2)
    told = replace(theirs.escalation, breached_at=now, told_at=now)

    one = made_one(mine, replace(theirs, escalation=told), now).survivor

    late = one.clock is not None and is_breached(one.clock, now)
    assert not late or one.escalation.breached_at == now


ADA = a_requester()
PHONE_ONLY = a_requester(patient_id=None, email=None, name=None, date_of_birth=None)
NOBODY = Requester(kind=RequesterKind.UNKNOWN)


@pytest.mark.parametrize(
    ("one", "other", "word"),
    [
        (ADA, ADA, ""),
        (ADA, PHONE_ONLY, ""),
        (NOBODY, NOBODY, ""),
        (ADA, replace(ADA, kind=RequesterKind.UNKNOWN), ""),
        (ADA, replace(ADA, patient_id="MRN-9"), "patient id"),
        (PHONE_ONLY, replace(PHONE_ONLY, on_behalf=True), "behalf"),
        (replace(ADA, patient_id=None), replace(ADA, patient_id=None, name="Ben Marlow"), "name"),
        (ADA, replace(ADA, kind=RequesterKind.STAFF), "staff"),
        (ADA, NOBODY, "share"),
        (ADA, replace(ADA, patient_id=None, email="b@mail.example", phone=None), "share"),
        (replace(NOBODY, name="Ada Marlow"), replace(NOBODY, name="Ada Marlow"), "share"),
    ],
)
def test_two_people_are_never_one_and_the_words_hold_nothing_of_either(
    one: Requester, other: Requester, word: str
) -> None:
    found, turned = who_differs(one, other), who_differs(other, one)

    assert found == turned
    assert bool(found) is bool(word)
    assert word in found
    assert not any(value in found for value in ("Marlow", "MRN", "@", "555"))


@given(lives, lives)
@settings(max_examples=100, deadline=None)
def test_what_was_told_of_a_promise_that_was_kept_hides_no_breach_of_the_one_that_runs(
    first: Life, second: Life
) -> None:
    mine, theirs, now = both(first, second)
    kept = answered(mine, now)
    kept = replace(kept, escalation=replace(kept.escalation, breached_at=now))

    one = made_one(kept, theirs, now).survivor

    runs = one.clock is not None and one.clock.stopped_at is None
    assert not runs or one.escalation.breached_at is None
