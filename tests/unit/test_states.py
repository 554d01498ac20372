"""The table of states: what may follow what, and that everything else is refused by name."""

from dataclasses import replace

import pytest

from tests.builders import a_new_ticket, a_ticket
from triagewire.errors import ForbiddenTransitionError
from triagewire.states import TRANSITIONS, require_transition
from triagewire.ticket import OPEN, Status

PAIRS = [(one, two) for one in Status for two in Status]
LEGAL = [(one, two) for one, two in PAIRS if one is two or two in TRANSITIONS[one]]


@pytest.mark.parametrize(("before", "after"), LEGAL)
def test_what_the_table_allows_is_let_through(before: Status, after: Status) -> None:
    ticket = a_ticket(status=before)

    require_transition(ticket, replace(ticket, status=after))


@pytest.mark.parametrize(("before", "after"), [each for each in PAIRS if each not in LEGAL])
def test_what_the_table_does_not_have_is_refused_with_the_present_state_and_what_may_follow(
    before: Status, after: Status
) -> None:
    ticket = a_ticket(status=before)

    with pytest.raises(ForbiddenTransitionError) as refused:
        require_transition(ticket, replace(ticket, status=after))

    said = str(refused.value)
    assert said.startswith(f"the ticket is {before.value} and cannot become {after.value}")
    assert all(each.value in said for each in TRANSITIONS[before])


def test_a_ticket_begins_as_new() -> None:
    require_transition(None, a_new_ticket())
    with pytest.raises(ForbiddenTransitionError):
        require_transition(None, a_ticket())


def test_every_state_has_a_row() -> None:
    assert set(TRANSITIONS) == set(Status)


def test_what_is_closed_stays_closed() -> None:
    assert TRANSITIONS[Status.CLOSED] == frozenset()


@pytest.mark.parametrize("status", sorted(OPEN))
def test_everything_open_can_still_be_settled(status: Status) -> None:
    assert Status.RESOLVED in TRANSITIONS[status]


def test_nothing_is_waited_for_before_it_was_scored() -> None:
    assert not {Status.WAITING, Status.ACCEPTED} & TRANSITIONS[Status.NEW]
