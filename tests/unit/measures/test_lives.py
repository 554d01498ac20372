"""What events make of a life, and that it does not matter how they were cut, mixed or repeated."""

import itertools
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import MONDAY_MORNING, minutes
from tests.generated_ledger import events_of
from tests.generated_plots import plots
from tests.measured import AROUND, Desk, life_of
from triagewire.ledger.event import Action, Event
from triagewire.measures.gathering import KEPT_AFTER_CLOSING, Gathering
from triagewire.measures.kept import Mark, from_file, to_file
from triagewire.measures.life import SHORTEST, SITTING, Life
from triagewire.measures.samples import is_triage, open_minutes

LEDGER = [event for plot in plots(24, seed=11) for event in events_of(plot)]
GATHERED = Gathering()
GATHERED.take_all(LEDGER)


def received(desk: Desk, ticket: str = "A") -> None:
    desk.happens(
        ticket, 0, Action.RECEIVED, "source:form", site="north", channel="web", requester="patient"
    )


def told(desk: Desk, ticket: str = "A") -> Life:
    return life_of(desk.chains[ticket])


@settings(max_examples=25, deadline=None)
@given(st.permutations(LEDGER), st.lists(st.integers(0, len(LEDGER)), max_size=4))
def test_a_ledger_tells_the_same_lives_however_it_comes(
    events: list[Event], cuts: list[int]
) -> None:
    edges = [0, *sorted(cuts), len(events)]
    gathering = Gathering()
    for begins, ends in itertools.pairwise(edges):
        gathering.take_all([*events[begins:ends], *events[:3]])
        _, gathering = from_file(to_file(Mark(), gathering))

    assert gathering.lives == GATHERED.lives
    assert not gathering.waiting


@given(st.lists(st.integers(0, 60), min_size=1, max_size=12))
def test_looks_are_one_sitting_until_somebody_pauses_for_longer(gaps: list[int]) -> None:
    desk = Desk()
    received(desk)
    minute = 0
    for gap in gaps:
        minute += gap
        desk.happens("A", minute, Action.VIEWED, "staff:bela")

    sittings = told(desk).sittings
    breaks = sum(minutes(gap) > SITTING for gap in gaps[1:])
    assert len(sittings) == 1 + breaks
    assert sum((each.ends - each.begins for each in sittings), timedelta()) == minutes(
        sum(gap for gap in gaps[1:] if minutes(gap) <= SITTING)
    )
    assert all(each.length >= SHORTEST for each in sittings)


@pytest.mark.parametrize("action", [Action.ROUTED, Action.RETURNED])
def test_what_becomes_of_a_ticket_by_what_somebody_does_elsewhere_is_no_touch(
    action: Action,
) -> None:
    desk = Desk()
    received(desk)
    desk.happens("A", 5, action, "staff:nick", team="clinical", member=None)

    life = told(desk)
    assert (life.sittings, life.acted_at) == ([], None)


def test_a_reply_counts_when_it_was_written_and_is_no_touch_when_it_leaves() -> None:
    desk = Desk()
    received(desk)
    written = desk.happens("A", 5, Action.REPLY_WRITTEN, "staff:bela")
    desk.happens("A", 60, Action.REPLY_SENT, "staff:bela")
    answered_at = written.at.isoformat()
    desk.happens("A", 60, Action.RESPONDED, "staff:bela", in_time=True, answered_at=answered_at)

    life = told(desk)
    assert life.responded_at == written.at
    assert [each.ends for each in life.sittings] == [written.at]


def test_who_resolves_without_a_word_has_answered_then() -> None:
    desk = Desk()
    received(desk)
    desk.happens("A", 9, Action.RESOLVED, "staff:bela", in_time=True, team="billing")

    assert told(desk).responded_at == MONDAY_MORNING + minutes(9)


def test_a_program_that_resolves_answers_nobody() -> None:
    desk = Desk()
    received(desk)
    desk.happens("A", 9, Action.RESOLVED, "program:locker", in_time=True)

    assert told(desk).responded_at is None


@pytest.mark.parametrize("how", ["reassigned", "absorbed", "rescored"])
def test_a_wait_is_over_when_the_state_says_so_whatever_ended_it(how: str) -> None:
    desk = Desk()
    received(desk)
    desk.happens("A", 5, Action.PAUSED, "staff:bela", state_after=["status=waiting"])
    desk.happens("A", 65, Action(how), "staff:bela", state_after=["status=routed"])

    (wait,) = told(desk).waits
    assert wait.ends == MONDAY_MORNING + minutes(65)


def test_waiting_for_somebody_outside_is_no_open_time() -> None:
    desk = Desk()
    received(desk)
    desk.happens("A", 60, Action.PAUSED, "staff:bela", state_after=["status=waiting"])
    desk.happens("A", 24 * 60 + 30, Action.RESUMED, "staff:bela", state_after=["status=accepted"])

    ends = MONDAY_MORNING + minutes(24 * 60 + 90)
    # An hour before the wait, and from 9:30 to 10:30 on the next day.
    assert open_minutes(told(desk), AROUND, MONDAY_MORNING, ends, 1) == 120


def test_a_look_after_somebody_began_to_work_is_no_triage() -> None:
    desk = Desk()
    received(desk)
    desk.happens("A", 1, Action.VIEWED, "staff:lena")
    desk.happens("A", 20, Action.NOTED, "staff:bela")
    desk.happens("A", 40, Action.VIEWED, "staff:lena")

    life = told(desk)
    assert [is_triage(each, life) for each in life.sittings] == [True, False, False]


def test_taking_apart_what_had_opened_a_ticket_again_lets_its_resolution_stand() -> None:
    desk = Desk()
    received(desk)
    desk.happens("A", 9, Action.RESOLVED, "staff:bela", state_after=["status=resolved"])
    desk.happens("A", 20, Action.REOPENED, state_after=["status=reopened"])
    desk.happens("A", 30, Action.UNMERGED, "staff:bela", state_after=["status=resolved"])

    life = told(desk)
    assert life.resolved is not None
    assert not life.is_open


def test_a_merged_ticket_is_kept_for_as_long_as_it_may_be_taken_apart() -> None:
    desk = Desk()
    for ticket in ("A", "B"):
        received(desk, ticket)
    merged = ["status=merged", "merged_into=A"]
    desk.happens("B", 5, Action.MERGED, into="A", state_after=merged)
    gathering = Gathering()
    gathering.take_all([*desk.chains["A"], *desk.chains["B"]])
    later = MONDAY_MORNING + 2 * KEPT_AFTER_CLOSING

    assert gathering.settled_before(later) == []
    closed = desk.happens("A", 10, Action.CLOSED, state_after=["status=closed"])
    gathering.take(closed)
    assert {each.ticket for each in gathering.settled_before(later)} == {"A", "B"}


def labelled(desk: Desk, after: float, scored: int, score: int) -> None:
    desk.happens(
        "A", after, Action.LABELLED, "staff:rhea", scored=scored, candidate=scored, score=score
    )


def test_a_second_label_is_held_against_scoring_and_not_against_the_first() -> None:
    desk = Desk()
    received(desk)
    labelled(desk, 5, scored=5, score=2)
    labelled(desk, 9, scored=2, score=5)

    assert [(each.scored, each.score) for each in told(desk).judged] == [(5, 2), (5, 5)]


def test_a_label_of_what_scoring_raised_since_is_held_against_that() -> None:
    desk = Desk()
    received(desk)
    labelled(desk, 5, scored=2, score=2)
    labelled(desk, 9, scored=5, score=5)

    assert [each.under_triaged for each in told(desk).judged] == [False, False]


def test_tickets_that_seem_merged_into_each_other_are_over_as_others_are() -> None:
    ends = MONDAY_MORNING + KEPT_AFTER_CLOSING
    gathering = Gathering()
    for ticket, into in (("A", "B"), ("B", "A")):
        gathering.lives[ticket] = Life(ticket=ticket, at=MONDAY_MORNING, merged_into=into)

    assert not gathering.settled_before(ends - minutes(1))
    assert {each.ticket for each in gathering.settled_before(ends)} == {"A", "B"}


def test_a_chain_of_merged_tickets_may_be_of_any_length() -> None:
    gathering = Gathering()
    for number in range(1_500):
        ticket, into = str(number), str(number + 1)
        gathering.lives[ticket] = Life(ticket=ticket, at=MONDAY_MORNING, merged_into=into)

    assert len(gathering.settled_before(MONDAY_MORNING + KEPT_AFTER_CLOSING)) == 1_500
